"""Choosing kernels: by name, made to measure, or typed."""

from dataclasses import replace

import streamlit as st

from cnnviz.kernels import FAMILIES, KERNELS, MAKERS, Kernel
from cnnviz.ui.widgets.choice_chips import choice_chips
from cnnviz.ui.widgets.frame import in_popover
from cnnviz.ui.widgets.number_grid import Cells, Matrix, kernel_buttons, matrix
from cnnviz.ui.widgets.settings import Number, Setting, Several, Switch
from cnnviz.ui.widgets.slider import slider

OWN = "own"
SHARPEN = ((0, -1, 0), (-1, 5, -1), (0, -1, 0))  # where the own kernel starts
QUICK = ("sobel_x", "sobel_y", "gaussian")
# A kernel with sliders stands for the fixed one of the same name.
SMALL_KERNELS = {name: kernel.title for name, kernel in KERNELS.items() if max(kernel.shape) <= 3}
TITLES = {
    **{name: kernel.title for name, kernel in KERNELS.items()},
    **{name: maker.title for name, maker in MAKERS.items()},
    OWN: "Own kernel",
}
FAMILY = {
    **{name: kernel.family for name, kernel in KERNELS.items()},
    **{name: maker.family for name, maker in MAKERS.items()},
}


class KernelPicker:
    """The kernels of a page: settings, widgets, and the kernels that they mean."""

    def __init__(self, page: str) -> None:
        self.chosen = Several(f"{page}.kernels", "Kernels", ("sobel_x",), options=TITLES)
        self.several = Switch(
            f"{page}.several",
            "Several at once",
            help="Up to eight kernels, each with a row of maps, like the channels of a layer.",
        )
        self.own = Matrix(f"{page}.own", "Own kernel", Cells.of(SHARPEN))
        self.parameters = {
            (maker.name, parameter.name): Number.of(page, maker.name, parameter)
            for maker in MAKERS.values()
            for parameter in maker.parameters
        }

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.chosen, self.several, self.own, *self.parameters.values()

    def show(self) -> None:
        """Draw the chips, and the sliders of the kernel that was chosen last."""
        with st.container(horizontal=True, key=f"chips:{self.chosen.key}"):
            choice_chips(self.chosen, QUICK, "quick", several=self._many)
            others = [TITLES[name] for name in self.chosen.value if name not in QUICK]
            more = f"+ {len(TITLES) - len(QUICK)}"
            label = more if not others else others[0] + ", …" * (len(others) > 1)
            in_popover(label, f"{self.chosen.key}:more", self._all)
        last = self.chosen.value[-1]
        for (maker, _), parameter in self.parameters.items():
            if maker == last:
                slider(parameter)
        if last == OWN:
            matrix(self.own)
            in_popover(
                "Change the kernel", f"{self.own.key}:more", lambda: kernel_buttons(self.own)
            )

    def kernels(self) -> list[Kernel]:
        """Return the chosen kernels, in the order in which they were chosen."""
        return [self._kernel(name) for name in self.chosen.value]

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

    def _kernel(self, name: str) -> Kernel:
        if name == OWN:
            return replace(self.own.value.kernel, name=OWN)
        if name in MAKERS:
            values = {
                parameter: setting.value
                for (maker, parameter), setting in self.parameters.items()
                if maker == name
            }
            return MAKERS[name].make(**values)
        return KERNELS[name]
