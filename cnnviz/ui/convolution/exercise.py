"""One lesson of the Convolution page on the screen: settings, grids, recipes."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.experiments.pipeline import Recipe, feature_maps
from cnnviz.kernels import Kernel, flipped
from cnnviz.ui.chain.run import Input, Run
from cnnviz.ui.convolution.presets import Exercise, Preset
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.export.programs.filter_code import filter_programs
from cnnviz.ui.maps.boards import Pin
from cnnviz.ui.widgets.frame import in_popover
from cnnviz.ui.widgets.number_grid import Cells, Matrix, kernel_buttons, matrix
from cnnviz.ui.widgets.settings import Number, Setting
from cnnviz.ui.widgets.text import number

CHANNELS = ("Red", "Green", "Blue")
LARGEST_INPUT = 16


class ExerciseSettings:
    """The numbers of one lesson; each lesson keeps its own."""

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
        with st.container(horizontal=True, gap="small", key=f"presets:{self.exercise.name}"):
            for preset in self.exercise.presets:
                st.button(preset.title, on_click=self._take, args=(preset,))

    def _take(self, preset: Preset) -> None:
        for setting, text in zip(
            (*self.inputs, *self.kernels), (*preset.inputs, *preset.kernels), strict=True
        ):
            setting.set(setting.parse(text))
        self.stride.set(preset.stride)
        self.padding.set(preset.padding)
        self.bias.set(preset.bias)

    def input_controls(self) -> None:
        """Draw the grids of the input in a popover: the map beside it shows the numbers."""
        in_popover("Change the numbers", f"{self.inputs[0].key}:more", self._grids)

    def _grids(self) -> None:
        given = self.given()
        for setting in self.inputs:
            matrix(setting, colours="grey", limits=(given.black, given.white))

    def kernel_controls(self) -> None:
        """Draw the grids of the kernels, and the sum of their weights."""
        for setting in self.kernels:
            cells = matrix(setting)
            if len(self.kernels) == 1:
                st.caption(_sum_of_weights(cells))
        if len(self.kernels) == 1:
            in_popover("Change the kernel", f"{self.kernels[0].key}:more", self._edits)
        with st.container(horizontal=True, gap="small"):
            for one in (self.stride, self.padding, self.bias):
                one.stepper()

    def _edits(self) -> None:
        kernel_buttons(self.kernels[0])

    def given(self) -> Input:
        """Return the input: (H, W), or (3, H, W) for a filter."""
        planes = _same_size([setting.value.array for setting in self.inputs])
        return Input.numbers(planes[0] if len(planes) == 1 else np.stack(planes))

    def recipes(self) -> list[Recipe]:
        """Return what the lesson computes: a lone convolution for each map."""
        kernels = [_named(setting.value.kernel, setting.label) for setting in self.kernels]
        if self.exercise.filter:
            # One sum runs over all channels, so their kernels share one size and one divisor.
            weights = _same_size([kernel.weights for kernel in kernels])
            kernels = [Kernel("Filter", "own", matrix) for matrix in weights]
            return [self._recipe(kernels[0], filter=tuple(kernels))]
        if self.exercise.flips:
            turned = _named(flipped(kernels[0]), "Flipped: convolution")
            kernels = [_named(kernels[0], "Not flipped: correlation"), turned]
        return [self._recipe(kernel) for kernel in kernels]

    def code(self, recipes: Sequence[Recipe]) -> Code | None:
        """Return the code of a filter; that of a kernel is the same on every page."""
        if not self.exercise.filter:
            return None
        return Code((feature_maps,), filter_programs(recipes[0]))

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


def hit_and_miss(run: Run, pin: Pin) -> None:
    """Draw buttons that jump to the best match of the first feature, and to one without."""
    scores = run.maps[0].features
    places = {
        "Show a hit": np.unravel_index(scores.argmax(), scores.shape),
        "Show a miss": np.unravel_index(abs(scores).argmin(), scores.shape),
    }
    with st.container(horizontal=True, gap="small"):
        for label, (row, column) in places.items():
            score = number(scores[row, column], 2)
            st.button(f"{label}: {score}", on_click=pin.set, args=(f"1,{row},{column},0",))


def _same_size(planes: list[NDArray]) -> list[NDArray]:
    """Pad smaller matrices with 0 below and on the right."""
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


def _sum_of_weights(cells: Cells) -> str:
    """Say what the weights add up to, and what that does to a flat area."""
    total = float(cells.array.sum())
    shown = f"The weights add up to {number(total)}"
    if cells.divisor != 1:
        whole = sum(map(sum, cells.rows))
        shown = f"The weights add up to {number(whole)} ÷ {number(cells.divisor)} = {number(total)}"
    if abs(total - 1) < 1e-9:
        return f"{shown}: flat areas keep their value."
    if abs(total) < 1e-9:
        return f"{shown}: flat areas give 0."
    return f"{shown}: flat areas are scaled by {number(total)}."
