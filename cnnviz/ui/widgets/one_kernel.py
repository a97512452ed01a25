"""Choosing one kernel: of the catalogue, made to measure, or typed into a grid."""

import streamlit as st

from cnnviz.kernels import KERNELS, MAKERS, MAX_SIDE, Kernel
from cnnviz.ui.widgets.kernel_picker import OWN, TITLES
from cnnviz.ui.widgets.number_grid import Cells, Matrix, kernel_buttons, matrix
from cnnviz.ui.widgets.settings import Choice, Number, Setting
from cnnviz.ui.widgets.slider import slider

NAMES = tuple(name for name in TITLES if name != OWN)  # all but the typed one
START = Cells.of([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])


class OneKernel:
    """Settings, widgets and the kernel that they mean; the settings are named after the page.

    An own kernel has up to `highest` rows and columns.
    """

    def __init__(self, page: str, default: str, highest: int = MAX_SIDE) -> None:
        self.chosen = Choice(f"{page}.kernel", "Kernel", default, options=TITLES)
        self.own = Matrix(f"{page}.own", "Own kernel", START, highest=highest)
        self.parameters = {
            (maker.name, parameter.name): Number.of(page, maker.name, parameter)
            for maker in MAKERS.values()
            for parameter in maker.parameters
        }

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.chosen, self.own, *self.parameters.values()

    @property
    def is_own(self) -> bool:
        """Whether the typed kernel is chosen."""
        return self.chosen.value == OWN

    def controls(self) -> None:
        """Draw the list of kernels, and the sliders or the grid of the one that is chosen."""
        self.chosen.select(label_visibility="collapsed")
        if self.is_own:
            matrix(self.own)
            kernel_buttons(self.own)
            return
        for (maker, _), parameter in self.parameters.items():
            if maker == self.chosen.value:
                slider(parameter)
        st.button("Change its numbers", on_click=self._adopt)

    def kernel(self) -> Kernel:
        """Return the chosen kernel."""
        name = self.chosen.value
        if name == OWN:
            return self.own.value.kernel
        if name in MAKERS:
            values = {
                parameter: setting.value
                for (maker, parameter), setting in self.parameters.items()
                if maker == name
            }
            return MAKERS[name].make(**values)
        return KERNELS[name]

    def _adopt(self) -> None:
        """Make the present kernel the own one."""
        kernel = self.kernel()
        self.own.set(Cells.of(kernel.matrix, kernel.divisor))
        self.chosen.set(OWN)


def made(name: str) -> Kernel:
    """Return a kernel of the list as it is before a slider is moved.

    Examples
    --------
    >>> made("gaussian").shape
    (5, 5)
    """
    return MAKERS[name].make() if name in MAKERS else KERNELS[name]
