"""One axis of a convolution with all its numbers: what comes out, what is lost, how far they go."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from cnnviz.functional.shapes import (
    ReceptiveField,
    Sides,
    output_size,
    same_padding,
    unvisited,
    whole,
)

NUMBERS = ("size", "kernel_size", "stride", "padding", "dilation")
# How many cells more than the padding itself an axis needs for what goes into it.
SPARE = {"zeros": None, "replicate": None, "reflect": 1, "circular": 0}


class Reach(NamedTuple):
    """How far a number goes: from `low` to `high`, and why not below and above (or empty)."""

    low: int
    high: int
    below: str
    above: str


@dataclass(frozen=True)
class OneAxis:
    """The numbers of one axis; they may contradict one another until `problem` is asked.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        In cells, at least 1.
    padding : int, (before, after), "valid", "same" or "full"
        "full" is as much as lets the kernel touch the picture with a single cell.
    padding_mode : "zeros", "reflect", "replicate" or "circular"
        What the added cells hold.

    Examples
    --------
    >>> axis = OneAxis(6, 3, stride=2, padding=1)
    >>> axis.output, axis.dropped, axis.names
    (3, (6,), ())
    >>> OneAxis(5, 3, padding=1).names
    ('same',)
    """

    size: int
    kernel_size: int
    stride: int = 1
    padding: int | Sides | Literal["valid", "same", "full"] = 0
    dilation: int = 1
    padding_mode: str = "zeros"

    @property
    def extent(self) -> int:
        """Cells from the first to the last that one window reads."""
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def pads(self) -> Sides:
        """Cells added before and after."""
        if isinstance(self.padding, tuple):
            return self.padding
        if self.padding == "same":
            return self._same
        amount = {"valid": 0, "full": self.extent - 1}.get(self.padding, self.padding)
        return amount, amount

    @property
    def problem(self) -> str:
        """Why these numbers do not go together; empty if they do."""
        before, after = self.pads
        room, spare = self.size + before + after, SPARE[self.padding_mode]
        if self.extent > room:
            spread = f" with dilation {self.dilation}" if self.dilation > 1 else ""
            return (
                f"a kernel of {self.kernel_size}{spread} spans {self.extent} cells, "
                f"and there are {self.size} + {before} + {after} = {room}"
            )
        if spare is not None and max(before, after) > self.size - spare:
            return (
                f"{self.padding_mode} padding of {max(before, after)} needs "
                f"{max(before, after) + spare} cells to take from, and there are {self.size}"
            )
        return ""

    @property
    def output(self) -> int:
        """Cells that come out; ValueError if no window fits."""
        return output_size(self.size, self.kernel_size, **self._asked)

    @property
    def dropped(self) -> tuple[int, ...]:
        """The cells that no window reads, as `cnnviz.functional.shapes.unvisited` numbers them."""
        return unvisited(self.size, self.kernel_size, **self._asked)

    @property
    def field(self) -> ReceptiveField:
        """What a cell of the output sees."""
        return ReceptiveField().after(self.kernel_size, self.stride, self.pads[0], self.dilation)

    @property
    def names(self) -> tuple[str, ...]:
        """Which of "valid", "same" and "full" these amounts of padding are."""
        full = (self.extent - 1,) * 2
        amounts = {"valid": (0, 0), "same": self._same, "full": full}
        return tuple(name for name, pads in amounts.items() if pads == self.pads)

    @property
    def back(self) -> int:
        """Cells that a transposed convolution makes of the output, without output padding."""
        return (self.output - 1) * self.stride + self.extent - sum(self.pads)

    def reach(self, name: str, low: int, high: int) -> Reach:
        """Return how far one of `NUMBERS` may go from where it is, within `low` to `high`.

        Raises
        ------
        ValueError
            If the numbers do not go together to begin with.

        Examples
        --------
        >>> reach = OneAxis(5, 3).reach("kernel_size", 1, 7)
        >>> reach.low, reach.high, reach.above
        (1, 5, 'a kernel of 6 spans 6 cells, and there are 5 + 0 + 0 = 5')
        """
        value = whole(getattr(self, name), name, minimum=0)
        return reach(lambda other: replace(self, **{name: other}), value, low, high)

    def against(self, name: str, values: range) -> list[int | None]:
        """Return the output size for each value of one of `NUMBERS`; None where it does not fit.

        Examples
        --------
        >>> OneAxis(5, 3).against("padding", range(3))
        [3, 5, 7]
        """
        axes = [replace(self, **{name: value}) for value in values]
        return [None if axis.problem else axis.output for axis in axes]

    @property
    def _same(self) -> Sides:
        return same_padding(self.size, self.kernel_size, stride=self.stride, dilation=self.dilation)

    @property
    def _asked(self) -> dict[str, int | Sides]:
        return {"stride": self.stride, "padding": self.pads, "dilation": self.dilation}


def reach(axis: Callable[[int], OneAxis], value: int, low: int, high: int) -> Reach:
    """Return how far `value` may go within `low` to `high`, where `axis(value)` has to fit.

    Raises
    ------
    ValueError
        If it does not fit to begin with.
    """
    if problem := axis(value).problem:
        raise ValueError(f"These numbers do not go together: {problem}.")
    least, below = _walk(axis, range(value - 1, low - 1, -1), value)
    most, above = _walk(axis, range(value + 1, high + 1), value)
    return Reach(least, most, below, above)


def _walk(axis: Callable[[int], OneAxis], values: range, last: int) -> tuple[int, str]:
    """Return the last value before one that does not fit, and why that one does not."""
    for value in values:
        if problem := axis(value).problem:
            return last, problem
        last = value
    return last, ""
