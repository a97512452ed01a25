"""A draft of a task: turn the author's input into a task that is checked like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cnnviz.ui.classroom.page_screen import PageScreen
from cnnviz.ui.classroom.task import MOST_HINTS, Sheet, Task, read_sheet
from cnnviz.ui.classroom.task_goal import Goal
from cnnviz.ui.classroom.task_goal_data import read_goal
from cnnviz.ui.classroom.task_goals import SYMMETRIES, Is, Like, Typed
from cnnviz.ui.classroom.task_page import TaskPage
from cnnviz.ui.widgets.formatting import number
from cnnviz.ui.widgets.setting_kinds import Number
from cnnviz.ui.widgets.settings import Setting

KINDS = {
    "setting": "A setting has the value that it has now",
    "range": "A setting lies in a range",
    "size": "A map has a given number of rows and columns",
    "zero": "A map is 0 everywhere",
    "like": "A map equals the one on the screen now",
    "measure": "A number that the page computes lies in a range",
    "number": "A number is typed",
    "asked": "A number is typed that the page computes",
    "sum": "The weights of the kernel add up to",
    "symmetry": "The kernel is symmetric",
    "rank": "The kernel has a given rank",
}
OF_MAPS, OF_MEASURES = ("size", "zero", "like"), ("measure", "asked")
OF_KERNELS = ("sum", "symmetry", "rank")


def kinds(page: TaskPage) -> list[str]:
    """Return the kinds of goal that a page supports."""
    missing = {
        *(() if page.maps else OF_MAPS),
        *(() if page.measures else OF_MEASURES),
        *(() if page.kernel else OF_KERNELS),
    }
    return [kind for kind in KINDS if kind not in missing]


def settings_of(page: TaskPage, kind: str) -> list[Setting]:
    """Return the settings that a goal can be about: those of the controls."""
    every = {one.key: one for control in page.controls.values() for one in control.settings}
    wanted = Number if kind == "range" else Setting
    return [one for one in every.values() if isinstance(one, wanted) and one.CARRIED]


def goal(kind: str, given: Mapping[str, Any], screen: PageScreen) -> Goal:
    """Return the goal from the author's input; raise ValueError if something is wrong.

    `given` holds the input for the kind of goal: "name", "low", "high", "rows", "columns",
    "within", "number".
    """
    name, within = given.get("name", ""), given.get("within", 0)
    match kind:
        case "setting":
            return Is(name, (screen.text(name),))
        case "range" | "measure":
            return read_goal({kind: name, "from": given["low"], "to": given["high"]})
        case "size":
            return read_goal({"size": name, "rows": given["rows"], "columns": given["columns"]})
        case "zero":
            return read_goal({"zero": name, "within": within})
        case "like":
            return Like(name, screen.page.query(screen.values), within)
        case "number":
            return Typed(given["number"], within)
        case "asked":
            return Typed(name, within)
        case "sum":
            return read_goal({"sum": given["number"], "within": within})
        case "symmetry" | "rank":
            return read_goal({kind: given["number"]})
    raise ValueError(f"{kind} is not a kind of goal")


@dataclass(frozen=True)
class Draft:
    """The input of a task's author.

    `start` and `end` are settings as in a link: the start of the task, and the current screen;
    `tell` is whether learners may see that screen, and the number to type, after the last hint.
    """

    text: str
    show: Sequence[str]
    lock: Sequence[str]
    goals: Sequence[Goal]
    start: str
    end: str
    hints: str = ""
    solved: str = ""
    tell: bool = False

    def task(self, page: TaskPage) -> Task:
        """Return the task; if it is not valid, raise ValueError with words for its author."""
        if not self.goals:
            raise ValueError("Add at least one condition for solving the task.")
        made = Task(
            page.name,
            "",
            tuple(self.goals),
            self.start,
            tuple(self.show),
            tuple(name for name in self.lock if name not in self.show),
            solution=self._from_start(page) if self.tell else "",
        )
        checked = reworded(made, self.text, self.hints, self.solved)
        page.check(checked)
        answer = _answer(page, checked)
        return replace(checked, answer=answer) if self.tell else checked

    def _from_start(self, page: TaskPage) -> str:
        """Return the settings that differ between start and end, also if back at a default."""
        begun, ended = page.values(self.start), page.values(self.end)
        words = [
            f"{one.name}={one.format(ended[one.key])}"
            for one in page.settings
            if one.CARRIED and begun[one.key] != ended[one.key]
        ]
        return "&".join(words)


def reworded(task: Task, text: str, hints: str, solved: str) -> Task:
    """Return a task in other words, the hints one per line.

    If they are not valid, raise ValueError with words for its author.
    """
    lines = tuple(line.strip() for line in hints.splitlines() if line.strip())
    if len(lines) > MOST_HINTS:
        raise ValueError(f"There are {len(lines)} hints; at most {MOST_HINTS} can be given.")
    if not text.strip():
        raise ValueError("Write the question.")
    changed = replace(task, text=text.strip(), hints=lines, solved=solved.strip())
    (checked,) = read_sheet(Sheet("", (changed,)).file()).tasks
    return checked


def _answer(page: TaskPage, task: Task) -> str:
    """Return the number to type, if any; raise ValueError if the task begins without it."""
    begun = PageScreen(page, page.begun(task), task)
    try:
        asked = [number(one.wanted(begun)) for one in task.goal if isinstance(one, Typed)]
    except ValueError as error:
        raise ValueError(f"There is no such number at the start of the task. {error}") from None
    return asked[0] if asked else ""


def advice(page: TaskPage, task: Task, screen: PageScreen) -> list[str]:
    """Warn the author if the task is solved at the start, or not solved on the current screen."""
    said = []
    if all(each.met for each in PageScreen(page, page.begun(task), task).verdicts()):
        said.append("The task is already solved at the start. Change the start, or the question.")
    if not task.typed and not all(
        each.met for each in PageScreen(page, screen.values, task).verdicts()
    ):
        said.append("The screen as it is now does not solve it.")
    return said


def map_size(screen: PageScreen, name: str) -> tuple[int, int]:
    """Return the current rows and columns of a map."""
    rows, columns = np.shape(screen.map(name))
    return int(rows), int(columns)


SYMMETRY_TITLES = {kind: words for kind, (_, words) in SYMMETRIES.items()}
