"""Which cells of the input a cell of a feature map sees, along one axis, layer by layer."""

from typing import NamedTuple


class Taps(NamedTuple):
    """Which cells the windows along one axis read, in the order that `receptive_field` takes."""

    kernel_size: int
    stride: int = 1
    before: int = 0  # cells of padding before the first one
    dilation: int = 1


class ReceptiveField(NamedTuple):
    """The cells of the input that the cells of a feature map see, along one axis.

    Cell `n` sees `size` cells from `start + n * jump` on. The default, one cell, is the receptive
    field of the input itself.
    """

    size: int = 1
    jump: int = 1
    start: int = 0

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
        """Return the first and the last input cell that `cell` sees, the padding included."""
        first = self.start + cell * self.jump
        return first, first + self.size - 1

    def inside(self, size: int) -> slice:
        """Return the cells that see nothing but cells of an input of `size`, no padding.

        Examples
        --------
        >>> ReceptiveField(size=3, jump=2, start=-1).inside(8)  # -1 to 1, 1 to 3, 3 to 5, 5 to 7
        slice(1, 4, None)
        """
        first = max(-(self.start // self.jump), 0)
        return slice(first, max((size - self.size - self.start) // self.jump + 1, first))
