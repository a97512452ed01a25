"""Choosing kernels: from the catalogue, with sliders, by dragging cells, or typed into a grid."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from cnnviz.kernels import KERNELS, MAKERS, MAX_SIDE, Kernel
from cnnviz.ui.widgets.frame import in_popover
from cnnviz.ui.widgets.kernel_buttons import kernel_buttons
from cnnviz.ui.widgets.kernel_cells import kernel_cells
from cnnviz.ui.widgets.matrix_setting import Cells, Matrix
from cnnviz.ui.widgets.number_grid import matrix
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Several, Switch
from cnnviz.ui.widgets.settings import Setting
from cnnviz.ui.widgets.slider import slider

OWN = "own"
START = Cells.of([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])  # sharpen, the initial own kernel
CARRIED = "cnnviz.kernel"
# A kernel with sliders replaces the fixed one of the same name.
SMALL_KERNELS = {name: kernel.title for name, kernel in KERNELS.items() if max(kernel.shape) <= 3}
TITLES = {
    **{name: kernel.title for name, kernel in KERNELS.items()},
    **{name: maker.title for name, maker in MAKERS.items()},
    OWN: "Own kernel",
}
NAMES = tuple(name for name in TITLES if name != OWN)  # all but the user's own kernel
FAMILY = {
    **{name: kernel.family for name, kernel in KERNELS.items()},
    **{name: maker.family for name, maker in MAKERS.items()},
}


def catalogue_kernel(name: str, **parameters: float) -> Kernel:
    """Return a kernel from the list; one with sliders, at their defaults.

    Examples
    --------
    >>> catalogue_kernel("gaussian").shape, catalogue_kernel("gaussian", size=7).shape
    ((5, 5), (7, 7))
    """
    return MAKERS[name].make(**parameters) if name in MAKERS else KERNELS[name]


class Kernels:
    """The kernels that a page offers: the sliders of some, and the user's own one.

    The settings' names start with the page's. An own kernel has up to `highest` rows and columns.
    """

    def __init__(self, page: str, highest: int = MAX_SIDE) -> None:
        self.own = Matrix(f"{page}.own", "Own kernel", START, highest=highest)
        self.parameters = {
            (maker.name, parameter.name): Number.of(page, maker.name, parameter)
            for maker in MAKERS.values()
            for parameter in maker.parameters
        }

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.own, *self.parameters.values()

    def named(self, name: str) -> Kernel:
        """Return a kernel with the current values of its settings."""
        if name == OWN:
            return replace(self.own.value.kernel, name=OWN)
        values = {parameter: setting.value for parameter, setting in self._parameters_of(name)}
        return catalogue_kernel(name, **values)

    def sliders(self, name: str) -> None:
        """Draw the sliders of a kernel, if it has any."""
        for _, setting in self._parameters_of(name):
            slider(setting)

    def _parameters_of(self, name: str) -> Iterator[tuple[str, Number]]:
        for (maker, parameter), setting in self.parameters.items():
            if maker == name:
                yield parameter, setting


@dataclass(frozen=True)
class Carried:
    """The kernel that moves to another page with the user: its origin, name, and numbers."""

    page: str
    name: str
    own: Cells
    parameters: dict[tuple[str, str], float]


class Picker:
    """Shared by choosing one kernel or several: the own kernel, and carrying it to other pages."""

    chosen: Choice

    def __init__(self, page: str, highest: int = MAX_SIDE) -> None:
        self.page = page
        self.offered = Kernels(page, highest)

    @property
    def last(self) -> str:
        """The name of the current kernel."""
        raise NotImplementedError

    def choose(self, name: str) -> None:
        """Make another kernel the current one."""
        raise NotImplementedError

    def with_own(self) -> Any:  # as the setting has it
        """Return the new value of the setting when the own kernel replaces the current one."""
        raise NotImplementedError

    def carry(self) -> None:
        """Take over the kernel of the previous page, and hand this one on.

        A kernel is handed on only once the user has chosen it.
        """
        came = st.session_state.get(CARRIED)
        if came and came.page != self.page:
            self.offered.own.set(came.own)
            for of, value in came.parameters.items():
                self.offered.parameters[of].set(value)
            if came.name != self.last:
                self.choose(came.name)
        offered = self.offered
        if came or any(one.value != one.default for one in (self.chosen, *offered.settings)):
            parameters = {of: setting.value for of, setting in offered.parameters.items()}
            kernel = Carried(self.page, self.last, offered.own.value, parameters)
            st.session_state[CARRIED] = kernel

    def cells(self) -> None:
        """Draw the current kernel for editing by dragging; the result is the user's own kernel."""
        name, kernel = self.last, self.offered.named(self.last)
        kernel_cells(
            self.offered.own,
            Cells.of(kernel.matrix, kernel.divisor),
            also=None if name == OWN else (self.chosen, self.with_own()),
            back=self._put_back if name == OWN else None,
        )
        if name != OWN:
            st.session_state[self._before] = name

    def numbers(self) -> None:
        """Draw the button to a table of all numbers of the kernel, which accepts pasted text."""
        own = self.offered.own
        if self.last == OWN:
            in_popover("Numbers …", f"{own.key}:more", self._table)
        else:
            st.button("Change its numbers", key=f"{own.key}:adopt", on_click=self._adopt)

    def _table(self) -> None:
        matrix(self.offered.own)
        kernel_buttons(self.offered.own)

    def _adopt(self) -> None:
        """Make the current kernel the own one."""
        kernel = self.offered.named(self.last)
        self.offered.own.set(Cells.of(kernel.matrix, kernel.divisor))
        self.chosen.set(self.with_own())

    @property
    def _before(self) -> str:
        """The session key of the kernel that the own one was made from."""
        return f"{self.offered.own.key}:from"

    def _put_back(self) -> None:
        """Show the kernel that the own one was made from."""
        if name := st.session_state.get(self._before):
            self.choose(name)
        else:
            self.offered.own.set(self.offered.own.default)


class KernelPicker(Picker):
    """One kernel, or several at once."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.chosen = Several(f"{page}.kernels", "Kernels", ("sobel_x",), options=TITLES)
        self.several = Switch(
            f"{page}.several",
            "Several at once",
            help="Up to eight kernels, each with a row of maps, like the channels of a layer.",
        )

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.chosen, self.several, *self.offered.settings

    @property
    def last(self) -> str:
        """The name of the last chosen kernel."""
        return self.chosen.value[-1]

    @property
    def many(self) -> bool:
        """Whether choosing a kernel adds it to the chosen ones."""
        return self.several.value or len(self.chosen.value) > 1

    def choose(self, name: str) -> None:
        """Replace the last kernel, or all of them if only one is shown at a time."""
        kept = [one for one in self.chosen.value[:-1] if one != name] if self.many else []
        self.chosen.set((*kept, name))

    def with_own(self) -> tuple[str, ...]:
        """Return the names with the user's own kernel in place of the last one."""
        return (*(name for name in self.chosen.value[:-1] if name != OWN), OWN)

    def switch(self) -> None:
        """Draw the switch for several kernels at once; it is on if several are chosen."""
        if self.many:
            self.several.set(True)
        self.several.toggle(on_change=self._only_last)

    def kernels(self) -> list[Kernel]:
        """Return the chosen kernels, in the order of choice."""
        return [self.offered.named(name) for name in self.chosen.value]

    def _only_last(self) -> None:
        if not self.several.value:
            self.chosen.set(self.chosen.value[-1:])


class OneKernel(Picker):
    """One kernel, chosen from a list; users can make any their own, and edit its numbers."""

    def __init__(self, page: str, default: str, highest: int = MAX_SIDE) -> None:
        super().__init__(page, highest)
        self.chosen = Choice(f"{page}.kernel", "Kernel", default, options=TITLES)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.chosen, *self.offered.settings

    @property
    def last(self) -> str:
        """The name of the kernel."""
        return self.chosen.value

    @property
    def is_own(self) -> bool:
        """Whether the user's own kernel is chosen."""
        return self.last == OWN

    def choose(self, name: str) -> None:
        """Choose another kernel."""
        self.chosen.set(name)

    def with_own(self) -> str:
        """Return the name of the user's own kernel."""
        return OWN

    def controls(self) -> None:
        """Draw the list of kernels, the cells of the chosen one, and its sliders."""
        self.chosen.select(label_visibility="collapsed")
        with st.container(horizontal=True, gap="small", key=f"cells:{self.page}"):
            self.cells()
            with st.container():
                self.offered.sliders(self.last)
                self.numbers()

    def kernel(self) -> Kernel:
        """Return the chosen kernel."""
        return self.offered.named(self.last)
