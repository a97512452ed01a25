"""Choosing kernels: from the catalogue, made to measure, or typed into a grid."""

from collections.abc import Iterator
from dataclasses import replace

import streamlit as st

from cnnviz.kernels import FAMILIES, KERNELS, MAKERS, MAX_SIDE, Kernel
from cnnviz.ui.widgets.choice_chips import choice_chips
from cnnviz.ui.widgets.frame import in_popover
from cnnviz.ui.widgets.number_grid import Cells, Matrix, kernel_buttons, matrix
from cnnviz.ui.widgets.settings import Choice, Number, Setting, Several, Switch
from cnnviz.ui.widgets.slider import slider

OWN = "own"
START = Cells.of([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])  # sharpen, where the own kernel starts
QUICK = ("sobel_x", "sobel_y", "gaussian")
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


class KernelPicker:
    """One kernel, or several at once, chosen by chips."""

    def __init__(self, page: str) -> None:
        self.chosen = Several(f"{page}.kernels", "Kernels", ("sobel_x",), options=TITLES)
        self.several = Switch(
            f"{page}.several",
            "Several at once",
            help="Up to eight kernels, each with a row of maps, like the channels of a layer.",
        )
        self.offered = Kernels(page)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.chosen, self.several, *self.offered.settings

    def show(self) -> None:
        """Draw the chips, and the sliders of the kernel that was chosen last."""
        with st.container(horizontal=True, key=f"chips:{self.chosen.key}"):
            choice_chips(self.chosen, QUICK, "quick", several=self._many)
            others = [TITLES[name] for name in self.chosen.value if name not in QUICK]
            label = "All kernels" if not others else others[0] + ", …" * (len(others) > 1)
            in_popover(label, f"{self.chosen.key}:more", self._all)
        last, own = self.chosen.value[-1], self.offered.own
        self.offered.sliders(last)
        if last == OWN:
            matrix(own)
            in_popover("Change the kernel", f"{own.key}:more", lambda: kernel_buttons(own))

    def kernels(self) -> list[Kernel]:
        """Return the chosen kernels, in the order in which they were chosen."""
        return [self.offered.named(name) for name in self.chosen.value]

    @property
    def _many(self) -> bool:
        return self.several.value or len(self.chosen.value) > 1

    def _all(self) -> None:
        self.several.toggle(on_change=self._only_last)
        for family in FAMILIES:
            st.caption(family.capitalize())
            names = [name for name in TITLES if FAMILY.get(name) == family]
            choice_chips(self.chosen, names, family, several=self._many)
        st.caption("Your own numbers")
        choice_chips(self.chosen, [OWN], OWN, several=self._many)

    def _only_last(self) -> None:
        if not self.several.value:
            self.chosen.set(self.chosen.value[-1:])


class OneKernel:
    """One kernel, chosen from a list; any can be made one's own and changed number by number."""

    def __init__(self, page: str, default: str, highest: int = MAX_SIDE) -> None:
        self.chosen = Choice(f"{page}.kernel", "Kernel", default, options=TITLES)
        self.offered = Kernels(page, highest)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.chosen, *self.offered.settings

    @property
    def is_own(self) -> bool:
        """Whether the typed kernel is chosen."""
        return self.chosen.value == OWN

    def controls(self) -> None:
        """Draw the list of kernels, and the sliders or the grid of the one that is chosen."""
        self.chosen.select(label_visibility="collapsed")
        if self.is_own:
            matrix(self.offered.own)
            kernel_buttons(self.offered.own)
            return
        self.offered.sliders(self.chosen.value)
        st.button("Change its numbers", on_click=self._adopt)

    def kernel(self) -> Kernel:
        """Return the chosen kernel."""
        return self.offered.named(self.chosen.value)

    def _adopt(self) -> None:
        """Make the present kernel the own one."""
        kernel = self.kernel()
        self.offered.own.set(Cells.of(kernel.matrix, kernel.divisor))
        self.chosen.set(OWN)
