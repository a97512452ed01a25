"""The controls, maps and numbers of a page that tasks can use.

Everything here is a function of the settings, so a check needs nothing on the screen.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote

import numpy as np
from numpy.typing import NDArray

from cnnviz.kernels import Kernel
from cnnviz.ui.classroom.task import Task
from cnnviz.ui.classroom.task_goal import Goal
from cnnviz.ui.classroom.task_goals import Is, Like, Size, Typed, Within, Zero
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.setting_kinds import Number
from cnnviz.ui.widgets.settings import Setting, shortened
from cnnviz.ui.widgets.working_picture import PHOTO, SAMPLE

FIGURES: Mapping[str, tuple[str, Callable[[NDArray], float]]] = {
    "rows": ("rows", lambda values: values.shape[0]),
    "columns": ("columns", lambda values: values.shape[1]),
    "least": ("smallest value", lambda values: values.min()),
    "most": ("largest value", lambda values: values.max()),
    "mean": ("mean", lambda values: values.mean()),
    "zeros": ("zeros, in percent", lambda values: 100 * (values == 0).mean()),
}


@dataclass(frozen=True)
class Control:
    """Controls that are shown or hidden together.

    `also` holds the keys of further elements that belong to it, besides its settings.
    """

    title: str
    settings: tuple[Setting, ...]
    also: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all its elements, as prefixes."""
        return (*(setting.key for setting in self.settings), *self.also)


# The size and colour of the working picture, on all pages that have one.
PICTURES = {
    "picture": Control("Picture", (SAMPLE, PHOTO), ("pictures",)),
    "size": Control("Working size", (working_picture.SIZE,)),
    "colour": Control("Grey or colour", (working_picture.COLOUR,)),
    "values": Control("Pixel values", (working_picture.SCALE,)),
}


@dataclass(frozen=True)
class Map:
    """A map of the page, (H, W)."""

    title: str
    read: Callable[[], NDArray]


@dataclass(frozen=True)
class Measure:
    """A number that the page computes.

    `missed` is the sentence for a wrong number, if "too high" and "too low" make no sense for it.
    """

    title: str
    read: Callable[[], float]
    missed: str = ""


@dataclass(frozen=True)
class TaskPage:
    """A page for which tasks can be made.

    Parameters
    ----------
    name : str
        "lab".
    settings : tuple of Setting
        All settings of the page.
    controls : mapping of Control
        The controls that a task shows, locks or hides; settings that belong to none stay usable.
    maps : mapping of Map
        Each map also provides the measures of `FIGURES`, for instance "convolution.most".
    own : mapping of Measure
        Further measures.
    kernel : function, optional
        Returns the kernel that tasks are about.
    plane : function, optional
        Returns the numbers (H, W) for a worksheet, if they are not those of the grey picture.
    """

    name: str
    settings: tuple[Setting, ...]
    controls: Mapping[str, Control]
    maps: Mapping[str, Map] = field(default_factory=dict)
    own: Mapping[str, Measure] = field(default_factory=dict)
    kernel: Callable[[], Kernel] | None = None
    plane: Callable[[], NDArray] = working_picture.grey_plane

    @property
    def measures(self) -> dict[str, Measure]:
        """All numbers that a task can ask for."""
        figures = {
            f"{name}.{figure}": Measure(f"{each.title}, {title}", partial(_figure, each.read, read))
            for name, each in self.maps.items()
            for figure, (title, read) in FIGURES.items()
        }
        return {**self.own, **figures}

    def setting(self, name: str) -> Setting:
        """Return a setting by its name in the link; raise ValueError if there is none."""
        for setting in self.settings:
            if setting.name == name:
                return setting
        raise ValueError(f"The page has no setting “{name}”.")

    def values(self, query: str) -> dict[str, Any]:
        """Return the values of all settings by key: from a query, or else the default.

        Raises
        ------
        ValueError
            If the query has an unknown name or an invalid value.
        """
        values = {setting.key: setting.default for setting in self.settings}
        for name, words in parse_qs(query, keep_blank_values=True).items():
            setting = self.setting(name)
            values[setting.key] = _understood(setting, words[-1])
        return values

    def query(self, values: Mapping[str, Any]) -> str:
        """Return the query of a link for values by key, without the defaults."""
        return "&".join(
            f"{setting.name}={quote(setting.format(values[setting.key]), safe=',;:/')}"
            for setting in self.settings
            if values.get(setting.key, setting.default) != setting.default
        )

    def begun(self, task: Task) -> dict[str, Any]:
        """Return the values at the start of a task."""
        return self.values(task.start)

    def solved(self, task: Task) -> dict[str, Any]:
        """Return the values of the task's solution."""
        words = {**_words(task.start), **_words(task.solution)}
        return self.values("&".join(f"{name}={quote(word)}" for name, word in words.items()))

    def check(self, task: Task) -> None:
        """Raise ValueError if a task asks for something that this page does not have."""
        if task.page != self.name:
            raise ValueError(f"The task is for the page “{task.page}”.")
        unknown = {*task.show, *task.lock} - set(self.controls)
        if unknown:
            raise ValueError(f"The page has no control “{min(unknown)}”.")
        self.begun(task), self.solved(task)
        for goal in task.goal:
            self._check_goal(goal)

    def _check_goal(self, goal: Goal) -> None:
        """Raise ValueError if a goal asks for something that this page does not have."""
        match goal:
            case Is(name, values):
                setting = self.setting(name)
                for value in set(values) - {setting.format(setting.default)}:
                    _understood(setting, value)
            case Within(name, measured=False):
                if not isinstance(self.setting(name), Number):
                    raise ValueError(f"“{name}” is not a number.")
            case Within(name, measured=True) | Typed(str(name)):
                _check_known(name, self.measures, "number")
            case Size(name) | Zero(name):
                _check_known(name, self.maps, "map")
            case Like(name, settings):
                _check_known(name, self.maps, "map")
                self.values(settings)
            case Typed():
                pass
            case _ if self.kernel is None:
                raise ValueError("The page has no kernel of its own.")

    def hidden(self, task: Task) -> list[str]:
        """Return the keys of the hidden controls."""
        return self._keys(name for name in self.controls if name not in (*task.show, *task.lock))

    def locked(self, task: Task) -> list[str]:
        """Return the keys of the controls that are visible but locked."""
        return self._keys(name for name in task.lock if name not in task.show)

    def _keys(self, names: Iterable[str]) -> list[str]:
        return [key for name in names for key in self.controls[name].keys]


def _understood(setting: Setting, text: str) -> Any:  # each kind has its own
    """Parse a value in a task, or raise ValueError with words for its author."""
    try:
        return setting.understand(text)
    except ValueError as error:
        said = f"{setting.name}={shortened(text)}"
        raise ValueError(f"A task says “{said}”, which is not possible: {error}") from None


def _check_known(name: str, known: Mapping[str, object], what: str) -> None:
    if name not in known:
        raise ValueError(f"The page has no {what} “{name}”.")


def _figure(read: Callable[[], NDArray], figure: Callable[[NDArray], float]) -> float:
    return float(figure(np.asarray(read())))


def _words(query: str) -> dict[str, str]:
    return {name: words[-1] for name, words in parse_qs(query, keep_blank_values=True).items()}
