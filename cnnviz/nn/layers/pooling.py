"""The pooling layers."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from cnnviz.functional.checks import Pair, pair
from cnnviz.functional.geometry import pooling_axes
from cnnviz.functional.padding import Padding
from cnnviz.functional.pooling import avg_pool2d, global_avg_pool2d, global_max_pool2d, max_pool2d
from cnnviz.nn.layers.layer import (
    Floats,
    to_batch_first,
    to_batch_last,
)
from cnnviz.nn.layers.windows import Windowed, Windows, frozen_padding, windows_over

__all__ = ["AvgPool2d", "GlobalAvgPool2d", "GlobalMaxPool2d", "MaxPool2d"]


class _Pool2d(Windowed):
    kind: ClassVar[str] = "pool"

    def windows(self, size: Sequence[int]) -> Windows:
        """Return the windows over maps of `size` (H, W)."""
        height, width = size
        settings = {
            name: value for name, value in self.settings.items() if name != "count_include_pad"
        }
        return windows_over(pooling_axes((height, width), **settings))


class MaxPool2d(_Pool2d):
    """Keep the largest number of each window.

    Parameters
    ----------
    kernel_size, stride, padding, dilation, ceil_mode
        As in `torch.nn.MaxPool2d`; by default the stride is the window size.

    Examples
    --------
    >>> MaxPool2d(2).output_shape((16, 8, 8))
    (16, 4, 4)
    """

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Padding = 0,
        dilation: Pair = 1,
        *,
        ceil_mode: bool = False,
    ) -> None:
        kernel = pair(kernel_size, "kernel_size")
        super().__init__(
            kernel_size=kernel,
            stride=kernel if stride is None else pair(stride, "stride"),
            padding=frozen_padding(padding),
            dilation=pair(dilation, "dilation"),
            ceil_mode=bool(ceil_mode),
        )

    def _compute(self, x: Floats) -> Floats:
        return max_pool2d(x, **self.settings)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        windows = self.windows(x.shape[2:])
        padded = windows.padded(to_batch_last(x), -np.inf)
        first, *others = (cells for *_, cells in windows.places)
        out = padded[first].copy()
        for cells in others:
            np.maximum(out, padded[cells], out=out)
        return to_batch_first(out), (windows, padded, out)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        """Pass the gradient of each window to its maximum; the first wins a tie, the last NaN."""
        if not to_input:
            return None
        windows, padded, out = memory
        grad = to_batch_last(grad)
        result = windows.empty_padded(grad)
        open_ = np.ones(out.shape, bool)  # windows whose maximum has not been found
        for *_, cells in windows.places:
            wins = padded[cells] == out
            wins &= open_
            open_ ^= wins
            result[cells] += grad * wins
        for *_, cells in reversed(windows.places) if open_.any() else ():  # NaN equals nothing
            wins = np.isnan(padded[cells]) & open_
            open_ ^= wins
            result[cells] += grad * wins
        return to_batch_first(windows.inside(result))


class AvgPool2d(_Pool2d):
    """Keep the mean of each window.

    Parameters
    ----------
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As in `torch.nn.AvgPool2d`; by default the stride is the window size.

    Examples
    --------
    >>> AvgPool2d(2).forward([[[[1, 2], [3, 6]]]]).tolist()
    [[[[3.0]]]]
    """

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Padding = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        kernel = pair(kernel_size, "kernel_size")
        super().__init__(
            kernel_size=kernel,
            stride=kernel if stride is None else pair(stride, "stride"),
            padding=frozen_padding(padding),
            ceil_mode=bool(ceil_mode),
            count_include_pad=bool(count_include_pad),
        )

    def _compute(self, x: Floats) -> Floats:
        return avg_pool2d(x, **self.settings)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        windows = self.windows(x.shape[2:])
        padded = windows.padded(to_batch_last(x))
        counts = windows.cells_counted(self.settings["count_include_pad"])
        share = (1 / counts).astype(x.dtype)[..., None]
        out = sum(padded[cells] for *_, cells in windows.places) * share
        return to_batch_first(out), (windows, share)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        if not to_input:
            return None
        windows, share = memory
        grad = to_batch_last(grad) * share
        result = windows.empty_padded(grad)
        for *_, cells in windows.places:
            result[cells] += grad
        return to_batch_first(windows.inside(result))


class _GlobalPool2d(_Pool2d):
    """A pooling with one window: the whole map, whatever its size."""

    def __init__(self) -> None:
        super().__init__()

    def windows(self, size: Sequence[int]) -> Windows:
        """Return the windows over maps of `size` (H, W)."""
        height, width = size
        return windows_over(pooling_axes((height, width), (height, width), stride=(1, 1)))


class GlobalMaxPool2d(_GlobalPool2d):
    """Keep the largest number of each map.

    Examples
    --------
    >>> GlobalMaxPool2d().output_shape((512, 13, 13))
    (512, 1, 1)
    """

    def _compute(self, x: Floats) -> Floats:
        return global_max_pool2d(x)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        return self._compute(x), (x.reshape(*x.shape[:2], -1).argmax(axis=2), x.shape)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        """Pass the gradient of each map to its maximum; the first wins a tie."""
        if not to_input:
            return None
        winners, shape = memory
        result = np.zeros((*shape[:2], shape[2] * shape[3]), grad.dtype)
        np.put_along_axis(result, winners[..., None], grad.reshape(*shape[:2], 1), axis=2)
        return result.reshape(shape)


class GlobalAvgPool2d(_GlobalPool2d):
    """Keep the mean of each map.

    Examples
    --------
    >>> GlobalAvgPool2d().forward([[[[1, 2], [3, 6]]]]).tolist()
    [[[[3.0]]]]
    """

    def _compute(self, x: Floats) -> Floats:
        return global_avg_pool2d(x)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        return self._compute(x), x.shape

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        cells = memory[2] * memory[3]
        return np.broadcast_to(grad / grad.dtype.type(cells), memory) if to_input else None
