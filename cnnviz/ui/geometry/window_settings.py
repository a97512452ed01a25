"""The numbers of a window: controls that stop at the last value that fits, and say why."""

from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import streamlit as st

from cnnviz.experiments.axis_limits import AxisSettings, Limits, limits
from cnnviz.experiments.chain import Recipe
from cnnviz.functional.padding import SPARE
from cnnviz.kernels import box
from cnnviz.ui.chain.padding import Padding
from cnnviz.ui.widgets.presets import Values, presets
from cnnviz.ui.widgets.setting_kinds import Number
from cnnviz.ui.widgets.settings import Setting, notice

LARGEST_GRID = 12
MOST_PADDING = 6
Axes = tuple[AxisSettings, AxisSettings]  # vertical, horizontal


class WorkedExample(NamedTuple):
    """A set of numbers that textbooks work through."""

    size: int
    kernel_size: int
    stride: int
    padding: int
    dilation: int = 1

    @property
    def title(self) -> str:
        """For instance "i = 6, k = 3, s = 2, p = 1 → 3"; with the dilation, if there is one."""
        *numbers, dilation = self
        named = ", ".join(f"{name} = {value}" for name, value in zip("iksp", numbers, strict=True))
        spread = f", d = {dilation}" if dilation > 1 else ""
        return f"{named}{spread} → {AxisSettings(*self).axis.output}"


WORKED = tuple(
    WorkedExample(*numbers)
    for numbers in (
        (4, 3, 1, 0),
        (5, 4, 1, 2),
        (5, 3, 1, 1),
        (5, 3, 1, 2),
        (5, 3, 2, 0),
        (5, 3, 2, 1),
        (6, 3, 2, 1),
        (7, 3, 1, 0, 2),
    )
)


class WindowSettings:
    """Grid, kernel, stride, padding and dilation: settings, controls, and the resulting axes."""

    def __init__(self, page: str) -> None:
        def whole(name: str, label: str, default: int, low: int, high: int) -> Number:
            return Number(f"{page}.{name}", label, default, low=low, high=high)

        self.grid = whole("grid", "Grid: cells per side", 6, 1, LARGEST_GRID)
        self.kernel_size = whole("kernel", "Kernel", 3, 1, 7)
        self.stride = whole("stride", "Stride", 2, 1, 8)
        self.dilation = whole("dilation", "Dilation", 1, 1, 6)
        self.padding = Padding(
            page,
            "number",
            MOST_PADDING,
            "valid: none. same: as many cells as give ⌈size ÷ stride⌉; an odd cell goes to the end "
            "(bottom, right). full: enough for the kernel to overlap the picture by one cell.",
        )

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        mine = [value for value in vars(self).values() if isinstance(value, Setting)]
        return (*mine, *self.padding.settings)

    def axes(self) -> Axes:
        """Return the numbers of the vertical and the horizontal axis of the grid."""
        size, kernel_size, stride = self.grid.value, self.kernel_size.value, self.stride.value
        dilation, mode = self.dilation.value, self.padding.mode.value
        vertical, horizontal = (
            AxisSettings(size, kernel_size, stride, padding, dilation, mode)
            for padding in self.padding.by_axis()
        )
        return vertical, horizontal

    def recipe(self) -> Recipe:
        """Return the recipe of a mean with these numbers, for a picture of any size."""
        return Recipe(
            box(self.kernel_size.value),
            stride=(self.stride.value,) * 2,
            padding=self.padding.for_recipe(),
            padding_mode=self.padding.mode.value,
            dilation=(self.dilation.value,) * 2,
            activation="none",
            pooling="none",
        )

    def settle(self) -> Axes:
        """Lower numbers that do not fit together, which a link or another mode can cause.

        Return the axes of the resulting numbers.
        """
        lowered = []
        spare = SPARE.get(self.padding.mode.value)
        most = MOST_PADDING if spare is None else max(self.grid.value - spare, 0)
        for setting in chain.from_iterable(self.padding.shown()):
            if setting.value > most:
                setting.set(most)
                lowered.append(setting)
        axes, spread = self.axes(), self.dilation.value
        for setting in (self.dilation, self.kernel_size):
            while any(each.axis.misfit() for each in axes) and setting.value > 1:
                setting.set(setting.value - 1)
                lowered.append(setting)
                axes = self.axes()
        if self.kernel_size.value == 1 and self.dilation in lowered:
            self.dilation.set(spread)  # a single weight fits with any
            lowered = [setting for setting in lowered if setting is not self.dilation]
            axes = self.axes()
        for setting in dict.fromkeys(lowered):
            notice(f"“{setting.label}” is now {setting.value}, the largest that fits.")
        return axes

    def presets(self) -> None:
        """Draw a button for each of the worked figures."""
        presets("geometry", {figures.title: self._values(figures) for figures in WORKED})

    def _values(self, figures: WorkedExample) -> Values:
        return [
            (self.grid, figures.size),
            (self.kernel_size, figures.kernel_size),
            (self.stride, figures.stride),
            (self.dilation, figures.dilation),
            (self.padding.kind, "number"),
            (self.padding.amount, figures.padding),
            (self.padding.mode, "zeros"),
        ]

    def sizes(self, axes: Axes) -> None:
        """Draw the controls of grid and kernel."""
        _steppers(axes, (self.grid, "size"), (self.kernel_size, "kernel_size"))

    def steps(self, axes: Axes) -> None:
        """Draw the controls of stride and dilation."""
        _steppers(axes, (self.stride, "stride"), (self.dilation, "dilation"))

    def pads(self, axes: Axes) -> None:
        """Draw the controls of the padding."""
        with st.container(horizontal=True, gap="small"):
            self.padding.kind.select()
            self.padding.mode.select()
        for numbers in self.padding.shown():
            with st.container(horizontal=True, gap="small"):
                for setting in numbers:
                    _stop(setting, self._limits(axes, setting))

    def _limits(self, axes: Axes, setting: Number) -> Limits:
        """Return the limits of one of the padding numbers."""
        if setting is self.padding.amount:
            return _limits_of(axes, "padding", setting)
        place = self.padding.sides.index(setting)
        asked = axes[place // 2]
        before, after = asked.axis.padding

        def with_side(value: int) -> AxisSettings:
            return replace(asked, padding=(before, value) if place % 2 else (value, after))

        return limits(with_side, setting.value, int(setting.low), int(setting.high))


def _steppers(axes: Axes, *named: tuple[Number, str]) -> None:
    with st.container(horizontal=True, gap="small"):
        for setting, name in named:
            _stop(setting, _limits_of(axes, name, setting))


def _limits_of(axes: Axes, name: str, setting: Number) -> Limits:
    """Return the limits of a number that applies to both axes."""
    ends = [each.limits(name, int(setting.low), int(setting.high)) for each in dict.fromkeys(axes)]
    highest = min(ends, key=lambda end: end.high)
    lowest = max(ends, key=lambda end: end.low)
    return Limits(lowest.low, highest.high, lowest.below, highest.above)


def _stop(setting: Number, ends: Limits) -> None:
    """Draw a stepper that stops at the last value that fits, and there says why."""
    replace(setting, low=ends.low, high=ends.high).stepper()
    if ends.above and setting.value == ends.high:
        st.caption(f"Not above {ends.high}: {ends.above}.")
    if ends.below and setting.value == ends.low:
        st.caption(f"Not below {ends.low}: {ends.below}.")
