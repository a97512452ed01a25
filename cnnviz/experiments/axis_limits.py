"""How far each number of an axis can go while the others stay fixed, and the output sizes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from cnnviz.functional.axis import Axis
from cnnviz.functional.checks import whole
from cnnviz.functional.padding import Amount, sides_of


class Limits(NamedTuple):
    """The range of a number, `low` to `high`; `below` and `above` say why it ends there."""

    low: int
    high: int
    below: str
    above: str


@dataclass(frozen=True)
class AxisSettings:
    """The settings of one axis; padding given by name follows the other numbers.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        In cells, at least 1.
    padding : int, (before, after), "valid", "same" or "full"
        "full" is enough for the kernel to overlap the picture by a single cell.
    padding_mode : "zeros", "reflect", "replicate" or "circular"
        What the added cells hold.

    Examples
    --------
    >>> AxisSettings(6, 3, stride=2, padding="same").axis.padding
    (0, 1)
    """

    size: int
    kernel_size: int
    stride: int = 1
    padding: Amount = 0
    dilation: int = 1
    padding_mode: str = "zeros"

    @property
    def axis(self) -> Axis:
        """The axis with these numbers, which may contradict one another."""
        size, kernel_size, stride, dilation = (
            self.size,
            self.kernel_size,
            self.stride,
            self.dilation,
        )
        sides = sides_of(self.padding, size, kernel_size, stride, dilation)
        return Axis(size, kernel_size, stride, sides, dilation, padding_mode=self.padding_mode)

    def limits(self, name: str, low: int, high: int) -> Limits:
        """Return how far one of its numbers may move from its value, within `low` to `high`.

        Raises
        ------
        ValueError
            If the numbers do not fit together to begin with.

        Examples
        --------
        >>> found = AxisSettings(5, 3).limits("kernel_size", 1, 7)
        >>> found.low, found.high, found.above
        (1, 5, 'a kernel of 6 spans 6 cells, and there are 5 + 0 + 0 = 5')
        """
        value = whole(getattr(self, name), name, minimum=0)
        return limits(lambda other: self._with(name, other), value, low, high)

    def against(self, name: str, values: range) -> list[int | None]:
        """Return the output size for each value of one of its numbers; None where it does not fit.

        Examples
        --------
        >>> AxisSettings(5, 3).against("padding", range(3))
        [3, 5, 7]
        """
        axes = [self._with(name, value).axis for value in values]
        return [None if axis.misfit() else axis.output for axis in axes]

    def _with(self, name: str, value: int) -> "AxisSettings":
        other: dict[str, Any] = {name: value}
        return replace(self, **other)


def limits(settings: Callable[[int], AxisSettings], value: int, low: int, high: int) -> Limits:
    """Return how far `value` may go within `low` to `high`, where `settings(value)` has to fit.

    Raises
    ------
    ValueError
        If it does not fit to begin with.
    """
    if misfit := settings(value).axis.misfit():
        raise ValueError(f"These numbers do not fit together: {misfit}.")
    least, below = _walk(settings, range(value - 1, low - 1, -1), value)
    most, above = _walk(settings, range(value + 1, high + 1), value)
    return Limits(least, most, below, above)


def _walk(settings: Callable[[int], AxisSettings], values: range, last: int) -> tuple[int, str]:
    """Return the last value that fits, and why the next one does not."""
    for value in values:
        if misfit := settings(value).axis.misfit():
            return last, misfit
        last = value
    return last, ""
