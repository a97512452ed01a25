"""One axis of a convolution or a pooling, with all its numbers resolved once.

Computation, sentences and the message to the browser all read an `Axis`: how many cells come out,
what is added at the ends, what each window reads, and what no window reads. Cells are numbered from
the first cell of the input, so padding cells are below 0 and from `size` on.

Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.checks import check_memory
from cnnviz.functional.padding import SPARE, Sides, sides_of
from cnnviz.functional.receptive_field import ReceptiveField, Taps

__all__ = ["Axis", "Unread"]


class Unread(NamedTuple):
    """The cells that no window reads, by reason."""

    between_taps: tuple[int, ...]  # within a window, in the holes that dilation leaves
    between_windows: tuple[int, ...]  # skipped by a stride longer than the window
    beyond: tuple[int, ...]  # after the last window, because the next would run over the edge

    @property
    def cells(self) -> tuple[int, ...]:
        """All of them, in order."""
        return tuple(sorted(cell for reason in self for cell in reason))


@dataclass(frozen=True)
class Axis:
    """One axis of a convolution or a pooling.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        In cells, at least 1.
    padding : (before, after)
        Cells added at each end.
    ceil_mode : bool
        Round the output size up, so that a last window may run over the end; one that would
        start after the last cell, in the padding or beyond, is dropped, as PyTorch does.
    padding_mode : "zeros", "reflect", "replicate" or "circular"
        What the added cells hold.

    Examples
    --------
    >>> axis = Axis(6, 3, stride=2, padding=(1, 1))
    >>> axis.output, axis.unread.beyond, list(axis.cells(2))
    (3, (6,), [3, 4, 5])
    >>> Axis(5, 6).misfit()
    'a kernel of 6 spans 6 cells, and there are 5 + 0 + 0 = 5'
    """

    size: int
    kernel_size: int
    stride: int = 1
    padding: Sides = (0, 0)
    dilation: int = 1
    ceil_mode: bool = False
    padding_mode: str = "zeros"

    @property
    def extent(self) -> int:
        """Cells from the first to the last that one window reads."""
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def padded(self) -> int:
        """Cells of the input and its padding."""
        return self.size + sum(self.padding)

    @cached_property
    def output(self) -> int:
        """Cells that come out, ⌊(i + p − d(k−1) − 1) / s⌋ + 1; 0 if no window fits."""
        free = self.padded - self.extent
        count = free // self.stride + 1
        if self.ceil_mode and free % self.stride:
            count += count * self.stride < self.padding[0] + self.size
        return max(count, 0)

    @property
    def taps(self) -> Taps:
        """Which cells the windows read, as four numbers."""
        return Taps(self.kernel_size, self.stride, self.padding[0], self.dilation)

    @property
    def names(self) -> tuple[str, ...]:
        """Which of "valid", "same" and "full" this padding is."""
        return tuple(
            name
            for name in ("valid", "same", "full")
            if self.padding
            == sides_of(name, self.size, self.kernel_size, self.stride, self.dilation)
        )

    @property
    def transposed_size(self) -> int:
        """Cells that a transposed convolution makes from the output, without output padding."""
        return (self.output - 1) * self.stride + self.extent - sum(self.padding)

    def misfit(self, window: str = "kernel", cells: str = "cells") -> str:
        """Say why these numbers do not fit together; empty if they do."""
        before, after = self.padding
        if self._is_too_padded:
            widest = max(before, after)
            are = "is" if self.size == 1 else "are"
            return (
                f"{self.padding_mode} padding of {widest} needs "
                f"{widest + SPARE[self.padding_mode]} {cells} to take from, "
                f"and there {are} {self.size}"
            )
        if not self.output:
            spread = f" with dilation {self.dilation}" if self.dilation > 1 else ""
            return (
                f"a {window} of {self.kernel_size}{spread} spans {self.extent} {cells}, "
                f"and there are {self.size} + {before} + {after} = {self.padded}"
            )
        return ""

    @property
    def _most_padding(self) -> int | None:
        """Cells of padding that can be filled at each end; None if any number can."""
        spare = SPARE.get(self.padding_mode)
        return None if spare is None else self.size - spare

    @property
    def _is_too_padded(self) -> bool:
        return self._most_padding is not None and max(self.padding) > self._most_padding

    def remedy(self, window: str = "kernel") -> str:
        """If `misfit` finds a problem, say what would fit: each change alone is enough.

        Examples
        --------
        >>> Axis(32, 3, dilation=16).remedy()
        'A dilation of at most 15 would fit, or a kernel of at most 2, or 1 more of padding'
        """
        most = self._most_padding
        if most is not None and self._is_too_padded:
            before, after = (min(cells, most) for cells in self.padding)
            within = replace(self, padding=(before, after))
            enough = f"Padding {_up_to(most, 0)} would fit"
            if within.output:
                return enough
            return f"{enough} with a {window} {_up_to(within._largest_kernel, 1)}"
        changes = [f"a {window} {_up_to(self._largest_kernel, 1)}"]
        dilation = (self._room - 1) // (self.kernel_size - 1)
        if 1 <= dilation < self.dilation:
            changes.insert(0, f"a dilation {_up_to(dilation, 1)}")
        missing = self.extent - self._room
        if most is None or sum(self.padding) + missing <= 2 * most:
            changes.append(f"{missing} more of padding")
        first, *others = changes
        return ", or ".join([f"{first[0].upper()}{first[1:]} would fit", *others])

    @property
    def _room(self) -> int:
        """Cells that a first window may span; rounded up, it may run over the end."""
        return self.padded + (self.stride - 1 if self.ceil_mode else 0)

    @property
    def _largest_kernel(self) -> int:
        return (self._room - 1) // self.dilation + 1

    def check(self, window: str = "kernel", cells: str = "cells") -> None:
        """Raise ValueError if these numbers do not fit together, and say what would fit."""
        if misfit := self.misfit(window, cells):
            raise ValueError(f"{misfit}. {self.remedy(window)}.")

    def field(self, before: ReceptiveField | None = None) -> ReceptiveField:
        """Return the receptive field of an output cell; that of an input cell is `before`."""
        return (before or ReceptiveField()).after(*self.taps)

    def cells(self, window: int) -> range:
        """Return the cells that a window reads."""
        start = window * self.stride - self.padding[0]
        return range(start, start + self.extent, self.dilation)

    @cached_property
    def unread(self) -> Unread:
        """The cells that no window reads."""
        check_memory((self.size + sum(self.border),), "The list of cells")
        read = np.zeros(self.size + sum(self.border), bool)
        for cells in self.slices():
            read[cells] = True
        unread = np.flatnonzero(~read[: self.padded])
        windows, within = np.divmod(unread, self.stride)
        last = self.output - 1
        beyond = unread >= last * self.stride + self.extent
        jumped = (windows < last) & (within >= self.extent)
        reasons = ~jumped & ~beyond, jumped, beyond
        return Unread(*(tuple((unread[each] - self.padding[0]).tolist()) for each in reasons))

    @property
    def starts(self) -> NDArray[np.int64]:
        """The first cell of each window."""
        return np.arange(self.output) * self.stride - self.padding[0]

    @property
    def border(self) -> Sides:
        """Cells before and after the input that the windows reach, beyond the padding too."""
        before, after = self.padding
        last = (self.output - 1) * self.stride - before + self.extent
        return before, max(after, last - self.size)

    def slices(self) -> Iterator[slice]:
        """Yield for each position in the window the cells that the windows have there.

        Cells are counted from the first cell of the border.
        """
        reach = self.stride * (self.output - 1) + 1
        for place in range(self.kernel_size):
            yield slice(place * self.dilation, place * self.dilation + reach, self.stride)

    def places_before(self, cell: int) -> NDArray[np.int64]:
        """Return how many positions of each window lie before a cell."""
        return np.clip(-((self.starts - cell) // self.dilation), 0, self.kernel_size)

    def cells_counted(self, include_padding: bool) -> NDArray[np.int64]:
        """Return how many cells of each window lie in the input, or in the padded input."""
        before, after = self.padding if include_padding else (0, 0)
        return self.places_before(self.size + after) - self.places_before(-before)


def _up_to(most: int, least: int) -> str:
    return f"of at most {most}" if most > least else f"of {most}"
