"""The settings of a chain of convolution, activation and pooling, and their controls."""

from typing import Any

import streamlit as st

from cnnviz.experiments.chain import Recipe
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.ui.chain.kernel_cards import strip
from cnnviz.ui.chain.padding import Padding
from cnnviz.ui.chain.sentences import activation_title
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.choice_chips import choice_chips
from cnnviz.ui.widgets.frame import in_popover
from cnnviz.ui.widgets.kernel_picker import OWN, KernelPicker
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch
from cnnviz.ui.widgets.settings import Setting
from cnnviz.ui.widgets.slider import slider

POOLINGS = {"max": "Max", "average": "Average", "none": "None"}
QUICK_ACTIVATIONS = ("relu", "leaky_relu", "sigmoid")
MOST_PADDING = 32


class Convolution:
    """How the kernel moves over the picture, and the bias that is added."""

    def __init__(self, page: str) -> None:
        def steps(name: str, label: str, help: str | None = None) -> Number:
            return Number(f"{page}.{name}", label, 1, help, low=1, high=16)

        self.padding = Padding(
            page,
            "same",
            MOST_PADDING,
            "Cells added around the picture. valid: none. same: as many as keep the size at "
            "stride 1; an odd cell goes to the end (bottom, right). full: enough for the kernel to "
            "overlap the picture by a single cell.",
        )
        self.stride = steps("stride", "Stride", "How many cells the kernel moves each time.")
        self.dilation = steps(
            "dilation", "Dilation", "How far apart the cells are that a kernel reads."
        )
        self.separate = Switch(f"{page}.separate", "Different down and across")
        self.stride_across = steps("stride_across", "Stride across")
        self.dilation_across = steps("dilation_across", "Dilation across")
        self.flip = Switch(
            f"{page}.flip",
            "Flip the kernel",
            help="Turn the kernel by 180°: convolution as mathematics defines it. Networks do "
            "not flip (cross-correlation).",
        )
        added = "Added to every sum before the activation."
        # One bias per scale of pixel values, so that the number shown is the number added.
        self.biases = {
            "255": Number(f"{page}.bias", "Bias", 0, added, low=-255, high=255),
            "1": Number(f"{page}.bias_1", "Bias", 0.0, added, low=-1.0, high=1.0, step=0.01),
        }

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        steps = self.stride, self.dilation, self.separate, self.stride_across, self.dilation_across
        return (*self.padding.settings, *steps, self.flip, *self.biases.values())

    @property
    def bias(self) -> Number:
        """The bias on the current scale of pixel values."""
        return self.biases[working_picture.SCALE.value]

    def controls(self) -> None:
        """Draw padding, stride, dilation and the rarer settings."""
        label, key = f"Padding: {self.padding.title}", self.padding.kind.key
        in_popover(label, f"{key}:more", self._padding_controls)
        self.stride.stepper()
        self.dilation.stepper()
        in_popover("Flip, axes …", f"{self.flip.key}:more", self._rarer_controls)

    def _padding_controls(self) -> None:
        self.padding.kind.segments()
        for numbers in self.padding.shown():
            _side_by_side(*numbers)
        self.padding.mode.segments()

    def _rarer_controls(self) -> None:
        self.flip.toggle()
        if self.separate.toggle():
            _side_by_side(self.stride_across, self.dilation_across)

    def recipe(self) -> dict[str, Any]:
        """Return these settings as fields of a `Recipe`."""
        across = self.separate.value
        stride, dilation = self.stride.value, self.dilation.value
        return {
            "flip": self.flip.value,
            "bias": self.bias.value,
            "stride": (stride, self.stride_across.value if across else stride),
            "padding": self.padding.for_recipe(),
            "padding_mode": self.padding.mode.value,
            "dilation": (dilation, self.dilation_across.value if across else dilation),
        }


class ActivationSettings:
    """The activation after the convolution, and its parameters."""

    def __init__(self, page: str) -> None:
        titles = {name: activation.title for name, activation in ACTIVATIONS.items()}
        self.chosen = Choice(f"{page}.activation", "Activation", "relu", options=titles)
        self.parameters = {
            (activation.name, parameter.name): Number.of(page, activation.name, parameter)
            for activation in ACTIVATIONS.values()
            for parameter in activation.parameters
        }

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.chosen, *self.parameters.values()

    @property
    def title(self) -> str:
        """The title above its map."""
        return activation_title(self.chosen.value)

    def controls(self) -> None:
        """Draw the activation and its parameter."""
        rest = [name for name in ACTIVATIONS if name not in QUICK_ACTIVATIONS]
        name = self.chosen.value
        with st.container(horizontal=True, key=f"chips:{self.chosen.key}"):
            choice_chips(self.chosen, QUICK_ACTIVATIONS, "Common activations")
            in_popover(
                ACTIVATIONS[name].title if name in rest else "All activations",
                f"{self.chosen.key}:more",
                lambda: choice_chips(self.chosen, rest, "Other activations"),
            )
        for parameter in self._present().values():
            slider(parameter)

    def recipe(self) -> dict[str, Any]:
        """Return these settings as fields of a `Recipe`."""
        parameters = {name: setting.value for name, setting in self._present().items()}
        return {"activation": self.chosen.value, "parameters": parameters}

    def _present(self) -> dict[str, Number]:
        """Return the parameters of the chosen activation."""
        return {
            parameter: setting
            for (activation, parameter), setting in self.parameters.items()
            if activation == self.chosen.value
        }


class PoolingSettings:
    """The pooling at the end of the chain, and its window."""

    def __init__(self, page: str) -> None:
        self.kind = Choice(f"{page}.pooling", "Pooling", "max", options=POOLINGS)
        self.window = Number(
            f"{page}.window", "Window", 2, "Side of the square that is pooled.", low=1, high=32
        )
        self.stride = Number(
            f"{page}.pool_stride", "Stride", 2, "How many cells the window moves.", low=1, high=32
        )
        self.padding = Number(
            f"{page}.pool_padding", "Padding", 0, "At most half the window.", low=0, high=16
        )
        self.ceil = Switch(
            f"{page}.ceil",
            "Keep partial windows (ceil)",
            help="Round the output size up instead of down (ceil_mode).",
        )
        self.include = Switch(
            f"{page}.include_pad",
            "Include padding in the average",
            True,
            help="Whether the added zeros count when the mean is taken (count_include_pad).",
        )

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.kind, self.window, self.stride, self.padding, self.ceil, self.include

    @property
    def title(self) -> str:
        """The title above its map."""
        name = self.kind.value
        return "No pooling" if name == "none" else f"{POOLINGS[name]} pooling"

    def controls(self) -> None:
        """Draw the kind of pooling and its window."""
        with st.container(horizontal=True, gap="small"):
            self.kind.segments(label_visibility="collapsed")
            if self.kind.value != "none":
                self.window.stepper()
                self.stride.stepper()
                in_popover("Padding, rounding …", f"{self.kind.key}:more", self._rarer_controls)

    def _rarer_controls(self) -> None:
        self.padding.stepper()
        self.ceil.toggle()
        if self.kind.value == "average":
            self.include.toggle()

    def recipe(self) -> dict[str, Any]:
        """Return these settings as fields of a `Recipe`."""
        return {
            "pooling": self.kind.value,
            "window": (self.window.value,) * 2,
            "pool_stride": (self.stride.value,) * 2,
            "pool_padding": (self.padding.value,) * 2,
            "ceil_mode": self.ceil.value,
            "count_include_pad": self.include.value,
        }


class ChainSettings:
    """Settings, controls and recipes of one chain; the settings' names start with the page's."""

    def __init__(self, page: str) -> None:
        self.kernels = KernelPicker(page)
        self.convolution = Convolution(page)
        self.activation = ActivationSettings(page)
        self.pooling = PoolingSettings(page)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        parts = self.kernels, self.convolution, self.activation, self.pooling
        return tuple(setting for part in parts for setting in part.settings)

    def convolution_controls(self) -> None:
        """Draw the kernels, and how they move over the picture."""
        picker = self.kernels
        with st.container(horizontal=True, key=f"cells:{picker.page}"):
            picker.cells()
            with st.container(horizontal=True):
                self.convolution.controls()
        strip(picker)
        if picker.last == OWN:
            picker.numbers()
        picker.offered.sliders(picker.last)
        slider(self.convolution.bias)

    def recipes(self) -> list[Recipe]:
        """Return one recipe for each chosen kernel."""
        chosen = self.convolution.recipe() | self.activation.recipe() | self.pooling.recipe()
        return [Recipe(kernel, **chosen) for kernel in self.kernels.kernels()]


def _side_by_side(*numbers: Number) -> None:
    """Draw steppers side by side."""
    for column, setting in zip(st.columns(len(numbers), gap="small"), numbers, strict=True):
        with column:
            setting.stepper()
