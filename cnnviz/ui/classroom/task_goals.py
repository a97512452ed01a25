"""What counts as solved: conditions on a screen, and what is said of one that is not met.

A goal never says what would meet it. It says what is there, on which side of the aim that lies,
and roughly how far off.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple, Protocol

from numpy.typing import NDArray

from cnnviz.kernels import Kernel, rank, weight_sum
from cnnviz.ui.widgets.text import number, percent

NEARLY, FAR = 0.1, 0.5  # of the larger of both numbers
LARGEST = 1e12
MAX_NAME = 60
MAX_QUERY = 3000
MOST_VALUES = 24
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")


class Screen(Protocol):
    """What a goal can look at: the settings of a page, and what follows from them."""

    @property
    def answer(self) -> str:
        """What has been typed."""

    def text(self, setting: str) -> str:
        """Return a setting as it stands in a link."""

    def value(self, setting: str) -> Any:  # noqa: ANN401
        """Return the value of a setting."""

    def title(self, name: str) -> str:
        """Return what a setting, a map or a measure is called on the screen."""

    def measure(self, name: str) -> float:
        """Return a number that the page computes."""

    def missed(self, name: str) -> str:
        """Return what is said of a measure that is no matter of too high or too low."""

    def map(self, name: str) -> NDArray:
        """Return a map that the page shows, (H, W)."""

    def kernel(self) -> Kernel:
        """Return the kernel that is worked on."""

    def at(self, query: str) -> "Screen":
        """Return the screen with the settings of a link."""

    def start(self) -> "Screen":
        """Return the screen where the task begins."""


class Verdict(NamedTuple):
    """Whether a goal is met, and a sentence that helps."""

    met: bool
    text: str = ""


MET = Verdict(True)


class Goal:
    """One thing that has to be so. Subclasses say what."""

    typed: ClassVar[bool] = False

    def check(self, screen: Screen) -> Verdict:
        """Compare the screen with the goal; raise ValueError where the settings do not fit."""
        raise NotImplementedError


@dataclass(frozen=True)
class Is(Goal):
    """A setting has one of a few values, written as in a link."""

    setting: str
    values: tuple[str, ...]

    def check(self, screen: Screen) -> Verdict:
        """Compare the setting with the values."""
        if screen.text(self.setting) in self.values:
            return MET
        title = screen.title(self.setting)
        wanted = [float(value) for value in self.values if _is_number(value)]
        now = screen.value(self.setting)
        if wanted and _is_real(now):
            side = _off(now, min(wanted), max(wanted))
            return Verdict(False, f"{title} is {number(now)}. That is {side}.")
        return Verdict(False, f"{title}: not yet what is asked for.")


@dataclass(frozen=True)
class Within(Goal):
    """A setting or a measure lies in a range, both ends included."""

    name: str
    low: float
    high: float
    measured: bool = False

    def check(self, screen: Screen) -> Verdict:
        """Compare the number with the range."""
        value = screen.measure(self.name) if self.measured else screen.value(self.name)
        slack = 1e-9 * max(1, abs(self.low), abs(self.high))
        if self.low - slack <= value <= self.high + slack:
            return MET
        if self.measured and (sentence := screen.missed(self.name)):
            return Verdict(False, sentence)
        said = f"{screen.title(self.name)}: {number(value)}. "
        return Verdict(False, f"{said}That is {_off(value, self.low, self.high)}.")


@dataclass(frozen=True)
class Size(Goal):
    """A map has so many rows and columns."""

    map: str
    rows: int
    columns: int

    def check(self, screen: Screen) -> Verdict:
        """Compare the sizes."""
        rows, columns = screen.map(self.map).shape
        if (rows, columns) == (self.rows, self.columns):
            return MET
        said = [
            f"{_off(have, want, want, 'few', 'many')} {name}"
            for have, want, name in (
                (rows, self.rows, "rows"),
                (columns, self.columns, "columns"),
            )
            if have != want
        ]
        title = screen.title(self.map)
        return Verdict(False, f"{title}: {rows} × {columns} cells. That is {' and '.join(said)}.")


@dataclass(frozen=True)
class Zero(Goal):
    """A map is zero everywhere, but for what is within the limit."""

    map: str
    within: float = 0

    def check(self, screen: Screen) -> Verdict:
        """Count the cells that are not zero."""
        values = abs(screen.map(self.map))
        other = values > self.within + 1e-9
        if not other.any():
            return MET
        return Verdict(
            False,
            f"{screen.title(self.map)}: {percent(float(other.mean()))} of the cells are not 0; "
            f"the largest is {number(float(values.max()), 3)} away from it.",
        )


@dataclass(frozen=True)
class Like(Goal):
    """A map equals the one that the page shows with other settings, to within the limit."""

    map: str
    settings: str
    within: float = 0

    def check(self, screen: Screen) -> Verdict:
        """Compare the maps cell by cell."""
        have, want = screen.map(self.map), screen.at(self.settings).map(self.map)
        title = screen.title(self.map)
        if have.shape != want.shape:
            return Verdict(
                False,
                f"{title} has {have.shape[0]} × {have.shape[1]} cells; "
                f"the wanted one has {'more' if want.size > have.size else 'fewer'}.",
            )
        off = have - want
        slack = self.within + 1e-9 * max(1.0, float(abs(want).max(initial=0)))
        wrong = abs(off) > slack
        if not wrong.any():
            return MET
        high = float((off[wrong] > 0).mean())
        side = "mostly too high" if high > 0.65 else "mostly too low"
        if 0.35 <= high <= 0.65:
            side = "now too high, now too low"
        return Verdict(
            False,
            f"{title} agrees in {percent(1 - float(wrong.mean()))} of the cells. "
            f"Where it does not, it is {side}.",
        )


@dataclass(frozen=True)
class Typed(Goal):
    """A number is typed: a given one, or one that the page computes where the task begins."""

    number: float | str
    within: float = 0
    typed: ClassVar[bool] = True

    def check(self, screen: Screen) -> Verdict:
        """Compare what was typed."""
        if not screen.answer.strip():
            return Verdict(False, "Type your number first.")
        read = readings(screen.answer)
        if not read:
            return Verdict(False, "That is no number. Write it as 12, −0.5 or 1/9.")
        want = self.wanted(screen)
        slack = self.within + 1e-9 * max(1.0, abs(want))
        if any(abs(value - want) <= slack for value in read):
            return MET
        value = read[0]
        if want and abs(value + want) <= slack:
            return Verdict(False, "The size is right. Look at the sign.")
        if abs(value - want) <= max(0.01 * abs(want), 2 * slack):
            return Verdict(False, "Very close. Look at the last digits, or at the rounding.")
        return Verdict(False, f"Your number is {_off(value, want, want, 'low', 'high')}.")

    def wanted(self, screen: Screen) -> float:
        """Return the number that is right."""
        if isinstance(self.number, str):
            return screen.start().measure(self.number)
        return self.number


SYMMETRIES = {
    "left-right": (lambda m: m[:, ::-1], "mirrored from left to right"),
    "up-down": (lambda m: m[::-1], "mirrored from top to bottom"),
    "turn": (lambda m: m[::-1, ::-1], "turned by 180°"),
    "diagonal": (lambda m: m.T, "with rows and columns swapped"),
    "opposite": (lambda m: -m[:, ::-1], "mirrored from left to right and with every sign changed"),
}


@dataclass(frozen=True)
class KernelSum(Goal):
    """The weights of the kernel add up to a number."""

    total: float
    within: float = 0

    def check(self, screen: Screen) -> Verdict:
        """Add the weights up."""
        have = weight_sum(screen.kernel())
        if abs(have - self.total) <= self.within + 1e-9 * max(1, abs(self.total)):
            return MET
        side = _off(have, self.total, self.total, "little", "much")
        return Verdict(False, f"The weights add up to {number(have)}. That is {side}.")


@dataclass(frozen=True)
class Symmetric(Goal):
    """The kernel is the same when mirrored, turned or transposed, and not all zero."""

    kind: str

    def check(self, screen: Screen) -> Verdict:
        """Compare the kernel with its image."""
        weights = screen.kernel().weights
        if not weights.any():
            return Verdict(False, "All weights are 0.")
        turn, words = SYMMETRIES[self.kind]
        image = turn(weights)
        if image.shape != weights.shape:
            return Verdict(False, f"A kernel that is not square is another {words}.")
        other = int((abs(weights - image) > 1e-9 * abs(weights).max()).sum())
        if not other:
            return MET
        cells = "one cell differs" if other == 1 else f"{other} cells differ"
        return Verdict(False, f"Laid on itself {words}, {cells}.")


@dataclass(frozen=True)
class Rank(Goal):
    """The kernel has a rank: it is the sum of so many products of a column and a row."""

    rank: int

    def check(self, screen: Screen) -> Verdict:
        """Count the products."""
        have = rank(screen.kernel())
        if have == self.rank:
            return MET
        return Verdict(
            False, f"Its rank is {have}. That is too {'high' if have > self.rank else 'low'}."
        )


def readings(text: str) -> list[float]:
    """Return what a typed number can mean, the likeliest first: none where it is no number.

    Examples
    --------
    >>> readings("−1/9"), readings("67 500"), readings("0,5"), readings("67,500"), readings("x")
    ([-0.1111111111111111], [67500.0], [0.5], [67.5, 67500.0], [])
    """
    text = text.strip().replace("−", "-").replace("–", "-").rstrip("%")
    text = "".join(text.split()).replace("\N{NARROW NO-BREAK SPACE}", "")
    ways = [text.replace(",", ".") if text.count(",") == 1 else text]
    if GROUPED.fullmatch(text):
        ways.append(text.replace(",", ""))
    found = []
    for way in ways:
        try:
            value = float(Fraction(way)) if "/" in way and len(way) < 40 else float(way)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        if math.isfinite(value):
            found.append(value)
    return found


def read_goal(data: object) -> Goal:
    """Return a goal from data that is not yet checked; raise ValueError where it is none.

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
    raise ValueError("Something that counts as solved cannot be understood.")


def goal_data(goal: Goal) -> dict[str, Any]:
    """Return a goal as a file has it."""
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
            raise TypeError(f"{goal!r} is no goal")
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


def _off(value: float, low: float, high: float, below: str = "low", above: str = "high") -> str:
    """Say on which side of a range a number lies, and roughly how far off.

    Examples
    --------
    >>> _off(98, 100, 100), _off(60, 100, 100), _off(900, 100, 200, "few", "many"), _off(1, 0, 0)
    ('a little too low', 'too low', 'far too many', 'a little too high')
    """
    edge = low if value < low else high
    share = abs(value - edge) / max(abs(value), abs(edge))
    next_to = abs(value - edge) == 1
    how = "a little too" if share <= NEARLY or next_to else "too" if share <= FAR else "far too"
    return f"{how} {below if value < low else above}"


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_real(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
