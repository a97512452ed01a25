"""Goals of tasks as data in files and links; everything read from outside is checked."""

from collections.abc import Mapping
from typing import Any

from cnnviz.ui.classroom.task_goal import Goal
from cnnviz.ui.classroom.task_goals import (
    SYMMETRIES,
    Is,
    KernelSum,
    Like,
    Rank,
    Size,
    Symmetric,
    Typed,
    Within,
    Zero,
)

LARGEST = 1e12
MAX_NAME, MAX_QUERY = 60, 3000  # characters
MOST_VALUES = 24


def read_goal(data: object) -> Goal:
    """Parse a goal from unchecked data; raise ValueError if it is not valid.

    Examples
    --------
    >>> read_goal({"measure": "map.zeros", "from": 90, "to": 100})
    Within(name='map.zeros', low=90.0, high=100.0, measured=True)
    """
    match data:
        case {"setting": name, "is": [_, *_] as values, **rest} if not rest:
            return Is(_name(name), tuple(_name(value, MAX_QUERY) for value in values[:MOST_VALUES]))
        case {"range": name, "from": low, "to": high, **rest} if not rest:
            return Within(_name(name), *_ends(low, high))
        case {"measure": name, "from": low, "to": high, **rest} if not rest:
            return Within(_name(name), *_ends(low, high), measured=True)
        case {"size": name, "rows": int(rows), "columns": int(columns), **rest} if not rest:
            return Size(_name(name), int(_real(rows)), int(_real(columns)))
        case {"zero": name, **rest} if rest.keys() <= {"within"}:
            return Zero(_name(name), _within(rest))
        case {"like": name, "settings": settings, **rest} if rest.keys() <= {"within"}:
            return Like(_name(name), _name(settings, MAX_QUERY), _within(rest))
        case {"number": wanted, **rest} if rest.keys() <= {"within"}:
            named = isinstance(wanted, str)
            return Typed(_name(wanted) if named else _real(wanted), _within(rest))
        case {"sum": total, **rest} if rest.keys() <= {"within"}:
            return KernelSum(_real(total), _within(rest))
        case {"symmetry": str(kind), **rest} if not rest and kind in SYMMETRIES:
            return Symmetric(kind)
        case {"rank": int(wanted), **rest} if not rest and 0 <= wanted <= MOST_VALUES:
            return Rank(int(wanted))
    raise ValueError("One of the goals in this file cannot be read: check its fields.")


def goal_data(goal: Goal) -> dict[str, Any]:
    """Return a goal as data for a file."""
    data: dict[str, Any]
    match goal:
        case Is(setting, values):
            data = {"setting": setting, "is": list(values)}
        case Within(name, low, high, measured):
            data = {"measure" if measured else "range": name, "from": low, "to": high}
        case Size(map, rows, columns):
            data = {"size": map, "rows": rows, "columns": columns}
        case Zero(map, within):
            data = {"zero": map, "within": within}
        case Like(map, settings, within):
            data = {"like": map, "settings": settings, "within": within}
        case Typed(wanted, within):
            data = {"number": wanted, "within": within}
        case KernelSum(total, within):
            data = {"sum": total, "within": within}
        case Symmetric(kind):
            data = {"symmetry": kind}
        case Rank(rank):
            data = {"rank": rank}
        case _:
            raise TypeError(f"{goal!r} is not a goal")
    return {name: value for name, value in data.items() if name != "within" or value}


def _name(value: object, most: int = MAX_NAME) -> str:
    if not isinstance(value, str) or not value.isprintable() or len(value) > most:
        raise ValueError(f"A name is a text of up to {most} characters.")
    return value


def _real(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= LARGEST:
        raise ValueError(f"A number is at most {LARGEST:g}.")
    return float(value)


def _ends(low: object, high: object) -> tuple[float, float]:
    ends = _real(low), _real(high)
    if ends[0] > ends[1]:
        raise ValueError(f"A range goes from {ends[0]:g} up, not down to {ends[1]:g}.")
    return ends


def _within(rest: Mapping[Any, Any]) -> float:
    value = _real(rest.get("within", 0))
    if value < 0:
        raise ValueError("A limit is not below 0.")
    return value
