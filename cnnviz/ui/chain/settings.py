"""The settings of a chain of convolution, activation and pooling, and their controls."""

from typing import Any

import streamlit as st

from cnnviz.experiments.pipeline import Recipe
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.kernels import Kernel
from cnnviz.ui.widgets import picture_picker
from cnnviz.ui.widgets.choice_chips import choice_chips
from cnnviz.ui.widgets.frame import in_popover
from cnnviz.ui.widgets.kernel_picker import KernelPicker
from cnnviz.ui.widgets.settings import Choice, Number, Setting, Switch
from cnnviz.ui.widgets.slider import slider

PADDINGS = {
    "valid": "valid",
    "same": "same",
    "full": "full",
    "number": "number",
    "sides": "per side",
}
MODES = {
    "zeros": "zeros",
    "reflect": "reflect",
    "replicate": "replicate",
    "circular": "circular",
}
POOLINGS = {"max": "Max", "average": "Average", "none": "None"}
QUICK_ACTIVATIONS = ("relu", "leaky_relu", "sigmoid")
MOST_PADDING = 32


class Chain:
    """Settings, controls and recipes of one chain; the settings are named after the page."""

    def __init__(self, page: str) -> None:
        def whole(
            name: str, label: str, default: int, low: int, high: int, text: str | None = None
        ) -> Number:
            return Number(f"{page}.{name}", label, default, text, low=low, high=high)

        self.kernels = KernelPicker(page)
        self.padding = Choice(
            f"{page}.padding",
            "Padding",
            "same",
            "Cells added around the picture. valid: none. same: as many as keep the size at "
            "stride 1. full: as many as let the kernel touch the picture with one cell.",
            options=PADDINGS,
        )
        self.amount = whole("pad", "Cells on every side", 1, 0, MOST_PADDING)
        self.sides = tuple(
            whole(f"pad_{side}", side.capitalize(), 1, 0, MOST_PADDING)
            for side in ("top", "bottom", "left", "right")
        )
        self.mode = Choice(
            f"{page}.mode",
            "The added cells hold",
            "zeros",
            "zeros: black. reflect: the picture mirrored at its edge. replicate: the edge "
            "cell again. circular: the opposite side.",
            options=MODES,
        )
        self.stride = whole("stride", "Stride", 1, 1, 16, "How many cells the kernel moves.")
        self.dilation = whole(
            "dilation", "Dilation", 1, 1, 16, "How far apart the cells are that a kernel reads."
        )
        self.separate = Switch(f"{page}.separate", "Different down and across")
        self.stride_across = whole("stride_across", "Stride across", 1, 1, 16)
        self.dilation_across = whole("dilation_across", "Dilation across", 1, 1, 16)
        self.flip = Switch(
            f"{page}.flip",
            "Flip the kernel",
            help="Turn the kernel by 180°: convolution as mathematics defines it. Networks do "
            "not flip (cross-correlation).",
        )
        added = "Added to every sum before the activation."
        # One bias for each scale of pixel values, so that the number shown is the number added.
        self.biases = {
            "255": Number(f"{page}.bias", "Bias", 0, added, low=-255, high=255),
            "1": Number(f"{page}.bias_1", "Bias", 0.0, added, low=-1.0, high=1.0, step=0.01),
        }
        self.activation = Choice(
            f"{page}.activation",
            "Activation",
            "relu",
            options={name: activation.title for name, activation in ACTIVATIONS.items()},
        )
        self.parameters = {
            (activation.name, parameter.name): Number.of(page, activation.name, parameter)
            for activation in ACTIVATIONS.values()
            for parameter in activation.parameters
        }
        self.pooling = Choice(f"{page}.pooling", "Pooling", "max", options=POOLINGS)
        self.window = whole("window", "Window", 2, 1, 32, "Side of the square that is pooled.")
        self.pool_stride = whole(
            "pool_stride", "Stride", 2, 1, 32, "How many cells the window moves."
        )
        self.pool_padding = whole("pool_padding", "Padding", 0, 0, 16, "At most half the window.")
        self.ceil = Switch(
            f"{page}.ceil",
            "Keep a last window that runs over the edge",
            help="Round the output size up instead of down (ceil_mode).",
        )
        self.include = Switch(
            f"{page}.include_pad",
            "Padding counts in the average",
            True,
            help="Whether the added zeros count when the mean is taken (count_include_pad).",
        )

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        mine = [value for value in vars(self).values() if isinstance(value, Setting)]
        return (
            *self.kernels.settings,
            *mine,
            *self.sides,
            *self.biases.values(),
            *self.parameters.values(),
        )

    @property
    def bias(self) -> Number:
        """The bias on the present scale of pixel values."""
        return self.biases[picture_picker.SCALE.value]

    @property
    def activation_title(self) -> str:
        """What the activation is called above its map."""
        name = self.activation.value
        return "No activation" if name == "none" else ACTIVATIONS[name].title

    @property
    def pooling_title(self) -> str:
        """What the pooling is called above its map."""
        name = self.pooling.value
        return "No pooling" if name == "none" else f"{POOLINGS[name]} pooling"

    def convolution_controls(self) -> None:
        """Draw kernels, padding, stride, dilation, bias and what is rarer."""
        self.kernels.show()
        with st.container(horizontal=True, gap="small"):
            label = f"Padding: {PADDINGS[self.padding.value]} · {MODES[self.mode.value]}"
            in_popover(label, f"{self.padding.key}:more", self._padding_controls)
            self.stride.stepper()
            self.dilation.stepper()
            in_popover("More", f"{self.flip.key}:more", self._rarer_controls)
        slider(self.bias)

    def _padding_controls(self) -> None:
        self.padding.segments()
        if self.padding.value == "number":
            self.amount.stepper()
        if self.padding.value == "sides":
            _beside(*self.sides[:2])
            _beside(*self.sides[2:])
        self.mode.segments()

    def _rarer_controls(self) -> None:
        self.flip.toggle()
        if self.separate.toggle():
            _beside(self.stride_across, self.dilation_across)

    def activation_controls(self) -> None:
        """Draw the activation and its parameter."""
        rest = [name for name in ACTIVATIONS if name not in QUICK_ACTIVATIONS]
        chosen = self.activation.value
        with st.container(horizontal=True, key=f"chips:{self.activation.key}"):
            choice_chips(self.activation, QUICK_ACTIVATIONS, "quick")
            in_popover(
                ACTIVATIONS[chosen].title if chosen in rest else f"+ {len(rest)}",
                f"{self.activation.key}:more",
                lambda: choice_chips(self.activation, rest, "more"),
            )
        for (activation, _), parameter in self.parameters.items():
            if activation == self.activation.value:
                slider(parameter)

    def pooling_controls(self) -> None:
        """Draw the kind of pooling and its window."""
        with st.container(horizontal=True, gap="small"):
            self.pooling.segments(label_visibility="collapsed")
            if self.pooling.value != "none":
                self.window.stepper()
                self.pool_stride.stepper()
                in_popover("More", f"{self.pooling.key}:more", self._rarer_pooling_controls)

    def _rarer_pooling_controls(self) -> None:
        self.pool_padding.stepper()
        self.ceil.toggle()
        if self.pooling.value == "average":
            self.include.toggle()

    def recipes(self) -> list[Recipe]:
        """Return one recipe for each chosen kernel."""
        return [self._recipe(kernel) for kernel in self.kernels.kernels()]

    def _recipe(self, kernel: Kernel) -> Recipe:
        across = self.separate.value
        padding: Any = self.padding.value
        if padding == "number":
            padding = ((self.amount.value,) * 2,) * 2
        elif padding == "sides":
            top, bottom, left, right = (side.value for side in self.sides)
            padding = ((top, bottom), (left, right))
        stride, dilation = self.stride.value, self.dilation.value
        return Recipe(
            kernel,
            flip=self.flip.value,
            bias=self.bias.value,
            stride=(stride, self.stride_across.value if across else stride),
            padding=padding,
            padding_mode=self.mode.value,
            dilation=(dilation, self.dilation_across.value if across else dilation),
            activation=self.activation.value,
            parameters={
                parameter: setting.value
                for (activation, parameter), setting in self.parameters.items()
                if activation == self.activation.value
            },
            pooling=self.pooling.value,
            window=(self.window.value,) * 2,
            pool_stride=(self.pool_stride.value,) * 2,
            pool_padding=(self.pool_padding.value,) * 2,
            ceil_mode=self.ceil.value,
            count_include_pad=self.include.value,
        )


def _beside(one: Number, other: Number) -> None:
    """Draw two steppers side by side."""
    for column, setting in zip(st.columns(2, gap="small"), (one, other), strict=True):
        with column:
            setting.stepper()
