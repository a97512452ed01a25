"""The upsampling layer, which enlarges maps without weights."""

from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.checks import Pair, pair
from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.nn.layers.layer import Fields, Floats, Layer, Shape, Sight, planes
from cnnviz.nn.summary import Row

__all__ = ["Between", "Upsample"]

MODES = ("nearest", "bilinear")


class Between(NamedTuple):
    """Which two cells of the input each cell of the output lies between, along one axis.

    Parameters
    ----------
    first, second : int array (H',)
        The same cell twice where only one is read.
    share : float array (H',)
        The weight of the second one, from 0 to below 1; that of the first is 1 − share.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    share: NDArray[np.float64]

    def matrix(self, size: int) -> NDArray[np.float64]:
        """Return the weights of all `size` input cells for each output cell, (H', H)."""
        made = np.zeros((len(self.share), size))
        cells = np.arange(len(self.share))
        made[cells, self.first] = 1 - self.share
        made[cells, self.second] += self.share
        return made


class Upsample(Layer):
    """Enlarge every map by whole factors; as in `torch.nn.Upsample`.

    Parameters
    ----------
    scale_factor : int or (vertical, horizontal)
        Cells of the output for each cell of the input.
    mode : "nearest" or "bilinear"
        Repeat each cell, or go evenly from the middle of one cell to that of the next. Beyond the
        middles of the outermost cells, nothing changes any more.
    align_corners : bool
        For "bilinear" only: spread the cells so that the first and the last of both maps coincide.

    Examples
    --------
    >>> Upsample(2).forward([[[[1.0, 5.0]]]])[0, 0].tolist()
    [[1.0, 1.0, 5.0, 5.0], [1.0, 1.0, 5.0, 5.0]]
    >>> Upsample((1, 2), "bilinear").forward([[[[1.0, 5.0]]]]).tolist()
    [[[[1.0, 2.0, 4.0, 5.0]]]]
    """

    kind: ClassVar[str] = "up"

    def __init__(
        self, scale_factor: Pair, mode: str = "nearest", align_corners: bool = False
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, got {mode!r}.")
        if align_corners and mode == "nearest":
            raise ValueError('align_corners needs mode="bilinear".')
        super().__init__(
            scale_factor=pair(scale_factor, "scale_factor"),
            mode=mode,
            align_corners=bool(align_corners),
        )

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C, vertical · H, horizontal · W) for (C, H, W)."""
        channels, height, width = planes(shape, self)
        down, across = self.settings["scale_factor"]
        return channels, down * height, across * width

    def between(self, axis: int, size: int) -> Between:
        """Return which of `size` input cells each output cell reads; axis 0 is the vertical one."""
        cells = np.arange(size * self.settings["scale_factor"][axis])
        if self.settings["mode"] == "nearest":
            first = cells // self.settings["scale_factor"][axis]
            return Between(first, first, np.zeros(len(cells)))
        start, step, unit = self._line(axis, size)
        places = np.clip((start + cells * step) / unit, 0, size - 1)
        first = np.floor(places).astype(np.int64)
        return Between(first, np.minimum(first + 1, size - 1), places - first)

    def fields(self, before: Row) -> Fields:
        """Return the fields of all cells that reach a cell; their steps are smaller."""
        made = []
        for axis, (field, size) in enumerate(
            zip(before.fields, before.output_shape[1:], strict=True)
        ):
            start, step, unit = self._line(axis, size)
            # Places are multiples of 1 / unit; a cell reads what is less than 1 away from it.
            back = 1 - 1 / unit
            ahead = 0 if self.settings["mode"] == "nearest" else back
            made.append(
                ReceptiveField(
                    field.size + (back + ahead) * field.jump,
                    field.jump * step / unit,
                    field.start + (start / unit - back) * field.jump,
                )
            )
        return made[0], made[1]

    def sight(self, shape: Shape) -> Sight:
        """Return all cells: which of them a cell sees depends on its position."""
        return Sight(None, shape[0])

    def _line(self, axis: int, size: int) -> tuple[int, int, int]:
        """Return (start, step, unit): output cell n lies at (start + n · step) / unit.

        This is counted in input cells; whole numbers, so that no rounding moves a cell.
        """
        factor = self.settings["scale_factor"][axis]
        if self.settings["mode"] == "nearest":
            return 0, 1, factor
        if self.settings["align_corners"]:
            return 0, size - 1, max(size * factor - 1, 1)
        return 1 - factor, 2, 2 * factor

    def _compute(self, x: Floats) -> Floats:
        for axis in (0, 1):
            first, second, share = self.between(axis, x.shape[axis + 2])
            near = x.take(first, axis + 2)
            if share.any():  # ∞ × 0 is not a number
                weight = share.astype(x.dtype).reshape(-1, *[1] * (1 - axis))
                near = near * (1 - weight) + x.take(second, axis + 2) * weight
            x = near
        return x

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        return self._compute(x), x.shape[2:]

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        """Give each input cell the gradients of all cells that read it, times its weight there."""
        if not to_input:
            return None
        rows, columns = (
            self.between(axis, size).matrix(size).astype(grad.dtype)
            for axis, size in enumerate(memory)
        )
        return rows.T @ grad @ columns
