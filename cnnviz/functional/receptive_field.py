"""Which cells of the input a cell of a feature map sees, along one axis, layer by layer."""

from math import ceil, floor
from typing import NamedTuple

DIGITS = 9  # of fractions of cells: thirds do not add up exactly


class Taps(NamedTuple):
    """Which cells the windows along one axis read, in the order that `receptive_field` takes."""

    kernel_size: int
    stride: int = 1
    before: int = 0  # cells of padding before the first one
    dilation: int = 1


class ReceptiveField(NamedTuple):
    """The cells of the input that the cells of a feature map see, along one axis.

    Cell `n` sees `size` cells from `start + n * jump` on. The default, one cell, is the receptive
    field of the input itself. These are whole numbers except after a transposed convolution with a
    stride, whose cells are closer together than those of its input.
    """

    size: float = 1
    jump: float = 1
    start: float = 0

    def after(
        self, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
    ) -> "ReceptiveField":
        """Return the receptive field after one more layer; `padding` counts cells at the start."""
        return ReceptiveField(
            self.size + dilation * (kernel_size - 1) * self.jump,
            self.jump * stride,
            self.start - padding * self.jump,
        )

    def window(self, cell: int) -> tuple[int, int]:
        """Return the first and the last input cell that `cell` sees, the padding included.

        Examples
        --------
        >>> ReceptiveField(size=1.5, jump=0.5, start=-0.5).window(7)  # 3 to 3.5
        (3, 3)
        """
        first = self.start + cell * self.jump
        last = first + self.size - 1
        return ceil(round(first, DIGITS)), floor(round(last, DIGITS))

    @property
    def most(self) -> int:
        """The largest number of whole cells that any cell sees."""
        return floor(round(self.size, DIGITS))

    @property
    def taps(self) -> Taps | None:
        """The same as windows on the input; None where their cells or steps are not whole."""
        size, jump, start = map(int, self)
        return Taps(size, jump, -start) if jump and (size, jump, start) == self else None

    def inside(self, size: int) -> slice:
        """Return the cells that see only cells of an input of `size`, and no padding.

        Examples
        --------
        >>> ReceptiveField(size=3, jump=2, start=-1).inside(8)  # -1 to 1, 1 to 3, 3 to 5, 5 to 7
        slice(1, 4, None)
        """
        first = max(-(self.start // self.jump), 0)
        return slice(first, max((size - self.size - self.start) // self.jump + 1, first))
