"""Choosing kernels: from the catalogue, made to measure, painted, or typed into a grid."""

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
START = Cells.of([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])  # sharpen, where the own kernel starts
CARRIED = "cnnviz.kernel"
# A kernel with sliders stands for the fixed one of the same name.
SMALL_KERNELS = {name: kernel.title for name, kernel in KERNELS.items() if max(kernel.shape) <= 3}
TITLES = {
    **{name: kernel.title for name, kernel in KERNELS.items()},
    **{name: maker.title for name, maker in MAKERS.items()},
    OWN: "Own kernel",
}
NAMES = tuple(name for name in TITLES if name != OWN)  # all but the typed one
FAMILY = {
    **{name: kernel.family for name, kernel in KERNELS.items()},
    **{name: maker.family for name, maker in MAKERS.items()},
}


def catalogue_kernel(name: str, **parameters: float) -> Kernel:
    """Return a kernel of the list; one that is made to measure, with its sliders as they start.

    Examples
    --------
    >>> catalogue_kernel("gaussian").shape, catalogue_kernel("gaussian", size=7).shape
    ((5, 5), (7, 7))
    """
    return MAKERS[name].make(**parameters) if name in MAKERS else KERNELS[name]


class Kernels:
    """The kernels that a page offers: sliders of those made to measure, and one that is typed.

    The settings are named after the page. An own kernel has up to `highest` rows and columns.
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
        """Return a kernel as its settings have it now."""
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
    """The kernel that goes along to another page: where it is from, its name, and its numbers."""

    page: str
    name: str
    own: Cells
    parameters: dict[tuple[str, str], float]


class Picker:
    """What choosing one kernel and several have in common: the own one, and going along."""

    chosen: Choice

    def __init__(self, page: str, highest: int = MAX_SIDE) -> None:
        self.page = page
        self.offered = Kernels(page, highest)

    @property
    def last(self) -> str:
        """The name of the kernel that is worked on."""
        raise NotImplementedError

    def choose(self, name: str) -> None:
        """Work on another kernel."""
        raise NotImplementedError

    def with_own(self) -> Any:  # noqa: ANN401 - as the setting has it
        """Return what is chosen once the kernel that is worked on is one's own."""
        raise NotImplementedError

    def carry(self) -> None:
        """Take over the kernel of the page that was shown before, and hand this one on.

        A kernel is handed on once it has been chosen.
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
        """Draw the kernel that is worked on, to be painted; what is painted is one's own."""
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
        """Draw the way to all numbers of the kernel, as a table that takes what is pasted."""
        own = self.offered.own
        if self.last == OWN:
            in_popover("Numbers …", f"{own.key}:more", self._table)
        else:
            st.button("Change its numbers", key=f"{own.key}:adopt", on_click=self._adopt)

    def _table(self) -> None:
        matrix(self.offered.own)
        kernel_buttons(self.offered.own)

    def _adopt(self) -> None:
        """Make the present kernel the own one."""
        kernel = self.offered.named(self.last)
        self.offered.own.set(Cells.of(kernel.matrix, kernel.divisor))
        self.chosen.set(self.with_own())

    @property
    def _before(self) -> str:
        """The key of the kernel that the own one was made from."""
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
        """The name of the kernel that was chosen last."""
        return self.chosen.value[-1]

    @property
    def many(self) -> bool:
        """Whether a further kernel joins those that are chosen."""
        return self.several.value or len(self.chosen.value) > 1

    def choose(self, name: str) -> None:
        """Put a kernel in place of the last, or of all where one is shown at a time."""
        kept = [one for one in self.chosen.value[:-1] if one != name] if self.many else []
        self.chosen.set((*kept, name))

    def with_own(self) -> tuple[str, ...]:
        """Return the names with the learner's own kernel in place of the last."""
        return (*(name for name in self.chosen.value[:-1] if name != OWN), OWN)

    def switch(self) -> None:
        """Draw the switch for several at once; where several are chosen, it is on."""
        if self.many:
            self.several.set(True)
        self.several.toggle(on_change=self._only_last)

    def kernels(self) -> list[Kernel]:
        """Return the chosen kernels, in the order in which they were chosen."""
        return [self.offered.named(name) for name in self.chosen.value]

    def _only_last(self) -> None:
        if not self.several.value:
            self.chosen.set(self.chosen.value[-1:])


class OneKernel(Picker):
    """One kernel, chosen from a list; any can be made one's own and changed number by number."""

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
        """Whether the typed kernel is chosen."""
        return self.last == OWN

    def choose(self, name: str) -> None:
        """Choose another kernel."""
        self.chosen.set(name)

    def with_own(self) -> str:
        """Return the name of one's own kernel."""
        return OWN

    def controls(self) -> None:
        """Draw the list of kernels, the cells of the one that is chosen, and its sliders."""
        self.chosen.select(label_visibility="collapsed")
        with st.container(horizontal=True, gap="small", key=f"cells:{self.page}"):
            self.cells()
            with st.container():
                self.offered.sliders(self.last)
                self.numbers()

    def kernel(self) -> Kernel:
        """Return the chosen kernel."""
        return self.offered.named(self.last)
