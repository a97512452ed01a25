"""The padding layer."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from cnnviz.functional.arguments import check_padding_mode
from cnnviz.functional.geometry import axes_of, checked_axes
from cnnviz.functional.padding import PADDING_MODES, Border, border_sides
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.layers.windows import Windowed, Windows, frozen_padding, windows_over

__all__ = ["Pad2d"]


class Pad2d(Windowed):
    """Add a border around every map, as a convolution does with its own padding.

    Parameters
    ----------
    padding : int, (vertical, horizontal) or ((top, bottom), (left, right))
    padding_mode : "zeros", "reflect", "replicate" or "circular"
        What the border holds.

    Examples
    --------
    >>> Pad2d(((0, 1), (0, 1))).forward([[[[5.0]]]]).tolist()
    [[[[5.0, 0.0], [0.0, 0.0]]]]
    """

    kind: ClassVar[str] = "pad"

    def __init__(self, padding: Border, padding_mode: str = "zeros") -> None:
        check_padding_mode(padding_mode)
        border_sides(padding)  # refuses names: they say what a window needs
        super().__init__(padding=frozen_padding(padding), padding_mode=padding_mode)

    def windows(self, size: Sequence[int]) -> Windows:
        """Return windows of one cell, over the border too."""
        height, width = size
        return windows_over(checked_axes(axes_of((height, width), (1, 1), **self.settings)))

    def _compute(self, x: Floats) -> Floats:
        rows, columns = self.windows(x.shape[2:]).axes
        sides = (0, 0), (0, 0), rows.padding, columns.padding
        return np.pad(x, sides, mode=PADDING_MODES[self.settings["padding_mode"]])

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        return self._compute(x), x.shape[2:]

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        """Add the gradient of each border cell to that of the cell it was copied from."""
        if not to_input:
            return None
        for axis, line in enumerate(self.windows(memory).axes, 2):
            # Cells are numbered from 1, so that a border of zeros comes from cell 0, which does not
            # exist.
            source = np.pad(
                np.arange(1, line.size + 1),
                line.padding,
                mode=PADDING_MODES[self.settings["padding_mode"]],
            )
            moved = np.moveaxis(grad, axis, 0)
            found = np.zeros((line.size + 1, *moved.shape[1:]), grad.dtype)
            np.add.at(found, source, moved)
            grad = np.moveaxis(found[1:], 0, axis)
        return grad
