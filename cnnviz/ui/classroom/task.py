"""Tasks as data: the question, the controls to use, and the goal.

A sheet is a sequence of tasks, each for one page. It comes in a link or a file, and both are
untrusted: everything read here is checked and limited in size.

    >>> sheet = {"title": "Edges", "tasks": [{
    ...     "page": "lab",
    ...     "text": "Find the kernel that responds to vertical edges.",
    ...     "start": "kernels=box",  # settings as in a link; the others are at their defaults
    ...     "show": ["kernel"],  # controls that learners may use
    ...     "lock": ["padding"],  # controls that they only see
    ...     "goal": [{"setting": "kernels", "is": ["sobel_x"]}],
    ...     "hints": ["Its weights differ from left to right."],
    ...     "solved": "What is said then.",
    ...     "solution": "kernels=sobel_x",
    ...     "answer": "",
    ... }]}
    >>> read_sheet(json.dumps(sheet)).tasks[0].start
    'kernels=box'
"""

import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cnnviz.ui.classroom.task_goal import Goal
from cnnviz.ui.classroom.task_goal_data import MAX_QUERY, goal_data, read_goal
from cnnviz.ui.widgets.settings import MAX_LINK_VALUE

MOST_TASKS, MOST_HINTS, MOST_GOALS, MOST_CONTROLS = 20, 6, 5, 24
MAX_TEXT, MAX_TITLE = 500, 80  # characters
MAX_BYTES = 64 * 1024  # of a sheet, before compression
SHEETS = Path(__file__).with_name("sheets")
# Line ends are allowed; other control characters, and those that change direction, are not.
MARKS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Task:
    """One task on one page.

    Parameters
    ----------
    page : str
        The task's page, for instance "lab".
    text : str
        The question; shown as plain text.
    goal : tuple of Goal
        The task is solved when all are met.
    start, solution : str
        Settings as in a link: the start, and the changes from there that solve the task.
    show, lock : tuple of str
        Names of controls that learners may use, and of those that they only see.
    hints : tuple of str
        Shown one after the other.
    solved : str
        Shown once the task is solved.
    answer : str
        The number to type, if the task asks for one.
    """

    page: str
    text: str
    goal: tuple[Goal, ...]
    start: str = ""
    show: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    solved: str = ""
    solution: str = ""
    answer: str = ""

    @property
    def typed(self) -> bool:
        """Whether the task asks for a number."""
        return any(goal.typed for goal in self.goal)

    def data(self) -> dict[str, Any]:
        """Return the task as data for a file, without empty fields."""
        goal = [goal_data(each) for each in self.goal]
        return {name: value for name, value in {**asdict(self), "goal": goal}.items() if value}


@dataclass(frozen=True)
class Sheet:
    """A sequence of tasks."""

    title: str
    tasks: tuple[Task, ...]

    def data(self) -> dict[str, Any]:
        """Return the sheet as data for a file."""
        return {"title": self.title, "tasks": [task.data() for task in self.tasks]}

    def file(self) -> str:
        """Return the sheet as the text of a file."""
        return json.dumps(self.data(), indent=2, ensure_ascii=False) + "\n"

    def packed(self) -> str:
        """Return the sheet encoded, of any length; see `sheet_of`."""
        plain = json.dumps(self.data(), separators=(",", ":"), ensure_ascii=False)
        return urlsafe_b64encode(zlib.compress(plain.encode(), 9)).decode().rstrip("=")

    def code(self) -> str:
        """Return the sheet encoded for a link; raise ValueError if it is too long for one.

        Examples
        --------
        >>> from cnnviz.ui.classroom.task_goals import Typed
        >>> sheet = Sheet("", (Task("lab", "What is 2 + 2?", (Typed(4),)),))
        >>> sheet_of(sheet.code()) == sheet
        True
        """
        code = self.packed()
        if len(code) > MAX_LINK_VALUE:
            raise ValueError(
                f"A link has room for {MAX_LINK_VALUE} characters of tasks, and these take "
                f"{len(code)}. Hand them out as a file, or remove some."
            )
        return code


@lru_cache(maxsize=64)
def sheet_of(text: str) -> Sheet:
    """Return the sheet that a link names or contains; raise ValueError if there is none.

    Examples
    --------
    >>> len(sheet_of("lab").tasks)
    8
    >>> sheet_of("banana")
    Traceback (most recent call last):
    ValueError: no tasks
    """
    if text in ready():
        return read_sheet((SHEETS / f"{text}.json").read_text(encoding="utf-8"))
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        reader = zlib.decompressobj()
        plain = reader.decompress(packed, MAX_BYTES + 1)
    except (Error, ValueError, zlib.error):
        raise ValueError("no tasks") from None
    if len(plain) > MAX_BYTES or not reader.eof:
        raise ValueError("no tasks")
    return read_sheet(plain)


@lru_cache(maxsize=1)
def ready() -> frozenset[str]:
    """Return the names of the sheets that come with the app."""
    return frozenset(path.stem for path in SHEETS.glob("*.json"))


def read_sheet(text: str | bytes) -> Sheet:
    """Parse a sheet from a file; if it is not valid, raise ValueError with words for its author."""
    if len(text) > MAX_BYTES:
        raise ValueError(f"A file of tasks has at most {MAX_BYTES // 1024} kB.")
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ValueError("This is not a file of tasks.") from None
    data = _fields(data, "A sheet", {"title": "", "tasks": None})
    tasks = _list(data["tasks"], "tasks", MOST_TASKS)
    if not tasks:
        raise ValueError("A sheet has at least one task.")
    return Sheet(_text(data["title"], "title", MAX_TITLE), tuple(map(_task, tasks)))


def _task(data: object) -> Task:
    """Return a task from unchecked data."""
    found = _fields(
        data,
        "A task",
        {"page": None, "text": None, "goal": None, "start": "", "show": [], "lock": [], "hints": [],
         "solved": "", "solution": "", "answer": ""},
    )  # fmt: skip
    goal = tuple(map(read_goal, _list(found["goal"], "goal", MOST_GOALS)))
    text = _text(found["text"], "text", MAX_TEXT)
    if not goal or not text.strip():
        raise ValueError("A task needs a text and at least one goal.")
    return Task(
        _text(found["page"], "page", MAX_TITLE),
        text,
        goal,
        _text(found["start"], "start", MAX_QUERY),
        _texts(found["show"], "show", MOST_CONTROLS, MAX_TITLE),
        _texts(found["lock"], "lock", MOST_CONTROLS, MAX_TITLE),
        _texts(found["hints"], "hints", MOST_HINTS, MAX_TEXT),
        _text(found["solved"], "solved", MAX_TEXT),
        _text(found["solution"], "solution", MAX_QUERY),
        _text(found["answer"], "answer", MAX_TITLE),
    )


def _fields(data: object, what: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an object, with defaults for missing ones."""
    if not isinstance(data, dict) or set(data) - set(fields):
        raise ValueError(f"{what} can only have these fields: {', '.join(fields)}.")
    return {**fields, **data}


def _text(value: object, name: str, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"“{name}” is a text of up to {most} characters.")
    if MARKS.search(value):
        raise ValueError(f"“{name}” has characters that are not text.")
    return value


def _list(value: object, name: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError(f"“{name}” is a list of up to {most}.")
    return value


def _texts(value: object, name: str, most: int, longest: int) -> tuple[str, ...]:
    return tuple(_text(each, name, longest) for each in _list(value, name, most))


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")
