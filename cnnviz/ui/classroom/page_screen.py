"""A page with given setting values, as the goal of a task sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.kernels import Kernel
from cnnviz.ui.classroom.task import Task
from cnnviz.ui.classroom.task_goal import Verdict
from cnnviz.ui.classroom.task_page import TaskPage
from cnnviz.ui.widgets.session_values import reading
from cnnviz.ui.widgets.working_picture import PHOTO, SAMPLE

PICTURE = (SAMPLE.key, PHOTO.key)  # learners may choose their own picture; goals then use that one


@dataclass(frozen=True)
class PageScreen:
    """A page with given setting values, as a goal sees it (see task_goal.Screen)."""

    page: TaskPage
    values: Mapping[str, Any]
    task: Task
    answer: str = ""

    def text(self, setting: str) -> str:
        """Return a setting's value in the format of a link."""
        found = self.page.setting(setting)
        return found.format(self.values[found.key])

    def has(self, setting: str, text: str) -> bool:
        """Return whether a setting has the value that a link with this text gives it."""
        found, now = self.page.setting(setting), self.text(setting)
        if text in (now, found.format(found.default)):  # not every default can be parsed as a text
            return text == now
        return bool(found.understand(text) == self.value(setting))

    def value(self, setting: str) -> Any:
        """Return the value of a setting."""
        return self.values[self.page.setting(setting).key]

    def title(self, name: str) -> str:
        """Return the title of a setting, a map or a measure."""
        found = self.page.maps.get(name) or self.page.measures.get(name)
        return found.title if found else self.page.setting(name).label

    def measure(self, name: str) -> float:
        """Return a measure of the page; raise ValueError if it does not exist."""
        measure = self.page.measures[name]
        with reading(self.values):
            try:
                return float(measure.read())
            except (LookupError, StopIteration):  # an empty stack, a network without a flat layer
                raise ValueError(f"{measure.title}: there is none here.") from None

    def missed(self, name: str) -> str:
        """Return the sentence for a missed measure that is neither too high nor too low."""
        return self.page.measures[name].missed

    def map(self, name: str) -> NDArray:
        """Return a map of the page."""
        with reading(self.values):
            return np.asarray(self.page.maps[name].read())

    def kernel(self) -> Kernel:
        """Return the kernel that the task is about."""
        with reading(self.values):
            return self.page.kernel()

    def at(self, query: str) -> "PageScreen":
        """Return the page with the settings of a link, on the same picture."""
        return self._with(self.page.values(query))

    def start(self) -> "PageScreen":
        """Return the page as it is at the start of the task."""
        return self._with(self.page.begun(self.task))

    def _with(self, values: Mapping[str, Any]) -> "PageScreen":
        kept = {key: self.values[key] for key in PICTURE if key in self.values}
        return PageScreen(self.page, {**self.values, **values, **kept}, self.task, self.answer)

    def verdicts(self) -> list[Verdict]:
        """Return a verdict for each goal of the task."""
        try:
            return [goal.check(self) for goal in self.task.goal]
        except ValueError as error:  # the page shows the same sentence
            return [Verdict(False, str(error))]
