"""One lesson of the Convolution page on the screen: settings, grids, recipes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.experiments.chain import Recipe, feature_maps
from cnnviz.experiments.chain_input import Input
from cnnviz.kernels import Kernel, flipped, weight_sum
from cnnviz.ui.chain.panes import panes
from cnnviz.ui.chain.run import Run
from cnnviz.ui.convolution.presets import Exercise, ExercisePreset
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.export.programs.filter_code import filter_programs
from cnnviz.ui.maps.boards import Pin
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets.formatting import number
from cnnviz.ui.widgets.frame import in_popover, say
from cnnviz.ui.widgets.kernel_buttons import kernel_buttons
from cnnviz.ui.widgets.kernel_cells import kernel_cells
from cnnviz.ui.widgets.matrix_setting import Cells, Matrix
from cnnviz.ui.widgets.number_grid import matrix
from cnnviz.ui.widgets.presets import Values, presets
from cnnviz.ui.widgets.setting_kinds import Number
from cnnviz.ui.widgets.settings import Setting

CHANNELS = ("Red", "Green", "Blue")
LARGEST_INPUT = 16


class ExerciseSettings:
    """The settings of one lesson; each lesson keeps its own."""

    def __init__(self, page: str, exercise: Exercise) -> None:
        def key(name: str) -> str:
            return f"{page}.{exercise.name}.{name}"

        first = exercise.presets[0]
        self.exercise = exercise
        self.inputs = tuple(
            _matrix_setting(key(f"input{i or ''}"), title, text, LARGEST_INPUT)
            for i, (title, text) in enumerate(zip(self._input_titles, first.inputs, strict=True))
        )
        self.kernels = tuple(
            _matrix_setting(key(f"kernel{i or ''}"), title, text, 7)
            for i, (title, text) in enumerate(
                zip(exercise.kernel_titles, first.kernels, strict=True)
            )
        )
        self.stride = Number(key("stride"), "Stride", first.stride, low=1, high=4)
        self.padding = Number(key("padding"), "Padding", first.padding, low=0, high=4)
        self.bias = Number(key("bias"), "Bias", first.bias, low=-9, high=9)

    @property
    def _input_titles(self) -> tuple[str, ...]:
        return CHANNELS if self.exercise.filter else ("Input",)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return (*self.inputs, *self.kernels, self.stride, self.padding, self.bias)

    def presets(self) -> None:
        """Draw a button for each set of numbers to start from."""
        offered = {preset.title: self._values(preset) for preset in self.exercise.presets}
        presets(self.exercise.name, offered)

    def _values(self, preset: ExercisePreset) -> Values:
        texts = (*preset.inputs, *preset.kernels)
        settings = (*self.inputs, *self.kernels)
        numbers = [(one, one.parse(text)) for one, text in zip(settings, texts, strict=True)]
        steps = [(self.stride, preset.stride), (self.padding, preset.padding)]
        return [*numbers, *steps, (self.bias, preset.bias)]

    @property
    def _preset(self) -> ExercisePreset:
        """The preset whose input is on the screen; the first if none is."""
        now = [setting.value for setting in self.inputs]
        for preset in self.exercise.presets:
            texts = zip(self.inputs, preset.inputs, strict=True)
            if now == [setting.parse(text) for setting, text in texts]:
                return preset
        return self.exercise.presets[0]

    def input_controls(self) -> None:
        """Draw the editable grids of the input in a popover: the map beside it shows them."""
        in_popover("Change the numbers", f"{self.inputs[0].key}:more", self._grids)

    def _grids(self) -> None:
        given = self.given()
        for setting in self.inputs:
            matrix(setting, colours="grey", limits=(given.black, given.white))

    @property
    def places(self) -> tuple[str, ...]:
        """The titles of the maps, in order."""
        if self.exercise.filter:
            parts = tuple(f"{channel} part" for channel in CHANNELS)
            return ("Input", *CHANNELS, "Output", *parts)
        if self.exercise.flips:
            return "Input", "Not flipped", "Flipped"
        return (
            ("Input", *self.exercise.kernel_titles)
            if len(self.kernels) > 1
            else ("Input", "Output")
        )

    @property
    def is_lone(self) -> bool:
        """Whether only one map is beside the input, which leaves room for the kernel below."""
        return len(self.places) == 2

    def cells(self) -> None:
        """Draw the editable kernels, and the button that resets them to their preset."""
        pairs = zip(self.kernels, self._preset.kernels, strict=True)
        for i, (setting, text) in enumerate(pairs):
            before = setting.parse(text)
            back = None if setting.value == before else partial(setting.set, before)
            kernel_cells(setting, setting.value, back=back, fill=self.is_lone, hint=i == 0)

    def kernel_controls(self) -> None:
        """Draw the sum of the weights, the controls of the movement, and the weight editor."""
        if len(self.kernels) == 1:
            say(_sum_of_weights(self.kernels[0].value, self.bias.value))
        with st.container(horizontal=True, gap="small"):
            for one in (self.stride, self.padding, self.bias):
                one.stepper()
            label = "Type the kernel" if len(self.kernels) == 1 else "Type the kernels"
            in_popover(label, f"{self.kernels[0].key}:more", self._edits)

    def _edits(self) -> None:
        for setting in self.kernels:
            matrix(setting)
        if len(self.kernels) == 1:
            kernel_buttons(self.kernels[0])

    def given(self) -> Input:
        """Return the input: (H, W), or (3, H, W) for a filter."""
        planes = _same_size([setting.value.array for setting in self.inputs])
        return Input.numbers(planes[0] if len(planes) == 1 else np.stack(planes))

    def recipes(self) -> list[Recipe]:
        """Return the recipe of each map: a convolution and nothing else."""
        kernels = [_named(setting.value.kernel, setting.label) for setting in self.kernels]
        if self.exercise.filter:
            # One sum runs over all channels, so their kernels share size and divisor.
            weights = _same_size([kernel.weights for kernel in kernels])
            kernels = [Kernel("Filter", "own", matrix) for matrix in weights]
            return [self._recipe(kernels[0], filter=tuple(kernels))]
        if self.exercise.flips:
            turned = _named(flipped(kernels[0]), "Flipped: convolution")
            kernels = [_named(kernels[0], "Not flipped: correlation"), turned]
        return [self._recipe(kernel) for kernel in kernels]

    def code(self, recipes: Sequence[Recipe]) -> Callable[[], Code] | None:
        """Return a function that writes a filter's code; a kernel's is the same on every page."""
        if not self.exercise.filter:
            return None
        return lambda: Code((feature_maps,), filter_programs(recipes[0]))

    def _recipe(self, kernel: Kernel, filter: Sequence[Kernel] = ()) -> Recipe:
        pad = self.padding.value
        return Recipe(
            kernel,
            filter=tuple(filter),
            bias=self.bias.value,
            stride=(self.stride.value,) * 2,
            padding=((pad, pad), (pad, pad)),
            activation="none",
            pooling="none",
        )


def placed(run: Run) -> list[Pane]:
    """Return the maps, each in its own place: the input, then the outputs."""
    shown = [pane for pane in panes(run, channels=True) if pane.stage < 2]
    ordered = sorted(shown, key=lambda pane: pane.stage)
    return [replace(pane, slot=i) for i, pane in enumerate(ordered)]


def hit_and_miss(run: Run, pin: Pin) -> None:
    """Draw buttons that jump to the best match of the first feature, and to a place without one.

    If the best score before the bias is 0 or less, nothing matches; if even the worst match is more
    than half as strong as the best, no place is without a match.
    """
    scores = run.maps[0].features
    match = abs(scores - run.recipes[0].bias)
    best = scores.max() - run.recipes[0].bias
    if best <= 1e-9:
        return
    places = {"Show a hit": np.unravel_index(scores.argmax(), scores.shape)}
    if match.min() <= best / 2:
        places["Show a miss"] = np.unravel_index(match.argmin(), scores.shape)
    with st.container(horizontal=True, gap="small"):
        for label, (row, column) in places.items():
            score = number(scores[row, column])
            st.button(f"{label}: {score}", on_click=pin.set, args=(f"1,{row},{column},0",))


def _same_size(planes: list[NDArray]) -> list[NDArray]:
    """Pad smaller matrices with 0 below and to the right."""
    height, width = np.max([plane.shape for plane in planes], axis=0)
    return [
        np.pad(plane, ((0, height - plane.shape[0]), (0, width - plane.shape[1])))
        for plane in planes
    ]


def _matrix_setting(key: str, title: str, text: str, highest: int) -> Matrix:
    return Matrix(
        key, title, Matrix(key, title, None, highest=highest).parse(text), highest=highest
    )


def _named(kernel: Kernel, name: str) -> Kernel:
    return Kernel(name, kernel.family, kernel.matrix, kernel.divisor, kernel.description)


def _sum_of_weights(cells: Cells, bias: float) -> str:
    """Say what the weights add up to, and what that does to a flat area before the bias."""
    total = weight_sum(cells.kernel)
    shown = f"The weights add up to {number(total)}"
    if cells.divisor != 1:
        whole = number(total * cells.divisor)
        shown = f"The weights add up to {whole} ÷ {number(cells.divisor)} = {number(total)}"
    shown += ": before the bias, flat" if bias else ": flat"
    if abs(total - 1) < 1e-9:
        return f"{shown} areas keep their value."
    if total == 0:
        return f"{shown} areas give 0."
    return f"{shown} areas are scaled by {number(total)}."
