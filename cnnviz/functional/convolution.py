"""Convolution as networks do it: the fast `conv2d` and the readable `conv2d_definition`.

Both compute the cross-correlation, which the field calls convolution: the kernel is not flipped.
`convolve_channels` is for one kernel on a picture in grey or in colour.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional import engines
from cnnviz.functional.arguments import ConvolutionRequest, convolution_request
from cnnviz.functional.checks import Pair
from cnnviz.functional.dtypes import ieee
from cnnviz.functional.padding import Padding

CANCELLED = 1e-13  # of the sum of absolute terms: rounding may leave this much of a 0
FEW = 64 * 64  # up to this many cells, that sum is computed for each cell, not once for all
UNEVEN = 1e-9  # of the sum of all weights: the effect of a smaller one could pass for rounding
BELOW_WHOLE = 0.5  # a larger result of whole numbers is never only rounding


def conv2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
) -> NDArray[np.floating]:
    """Convolve one picture, or a batch with channels, with one kernel or a bank of filters.

    Names, order and meaning are those of `torch.nn.functional.conv2d`.

    Parameters
    ----------
    x : array
        (H, W), (C, H, W) or (N, C, H, W). It is not modified.
    weight : array
        For x of (H, W): one kernel (kH, kW), or several (F, kH, kW).
        Else filters (F, C / groups, kH, kW).
    bias : number or (F,), optional
        Added to the feature map of each filter.
    stride, dilation : int or (vertical, horizontal)
        Cells between the windows, and between the taps of the kernel.
    padding : int, (vertical, horizontal), ((top, bottom), (left, right)), "valid" or "same"
        Cells added around x. "same" gives ⌈size / stride⌉ cells, the odd one at the end.
    groups : int
        The channels, and the filters, are split into this many parts that do not mix.
    padding_mode : "zeros", "reflect", "replicate" or "circular"
        What the added cells hold.

    Returns
    -------
    array
        (H', W') for one kernel, (F, H', W') or (N, F, H', W'). x of float32 (or float16) gives
        float32; everything else is computed in float64. Whole numbers give exact whole numbers. NaN
        and infinity reach only the cells whose window contains them.

    Raises
    ------
    ValueError
        If the shapes or settings do not fit together; the message names the numbers, and what would
        fit.
    TypeError
        If an argument is not a real number, or not a whole one where it must be.

    Examples
    --------
    A vertical edge, found by a kernel that subtracts the left neighbour:

    >>> picture = [[0, 0, 9, 9], [0, 0, 9, 9]]
    >>> conv2d(picture, [[-1, 1]])
    array([[0., 9., 0.],
           [0., 9., 0.]])
    """
    request = convolution_request(x, weight, bias, stride, padding, dilation, groups, padding_mode)
    return _finish(request, engines.convolve(request))


def conv2d_definition(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
) -> NDArray[np.floating]:
    """Convolve as the definition says: one window, one product, one sum at a time.

    The arguments, the result and the errors are those of `conv2d`. It is slow; `conv2d` is tested
    against it.

    Examples
    --------
    >>> conv2d_definition([[3, 1, 2]], [[0, 1, -1]], padding=(0, 1), bias=10)
    array([[12.,  9., 12.]])
    """
    request = convolution_request(x, weight, bias, stride, padding, dilation, groups, padding_mode)
    filters, depth, height, width = request.weight.shape
    (row_step, column_step), (row_tap, column_tap) = request.stride, request.dilation
    out = np.empty(request.shape, request.x.dtype)
    with ieee():
        for image, filter_, row, column in np.ndindex(*request.shape):
            first_channel = filter_ // (filters // request.groups) * depth
            top, left = row * row_step, column * column_step
            window = request.x[
                image,
                first_channel : first_channel + depth,
                top : top + height * row_tap : row_tap,
                left : left + width * column_tap : column_tap,
            ]
            out[image, filter_, row, column] = (window * request.weight[filter_]).sum()
    return _finish(request, out)


def _finish(request: ConvolutionRequest, out: NDArray[np.floating]) -> NDArray[np.floating]:
    if request.bias is not None:
        with ieee():
            out += request.bias[:, None, None]
    return out.reshape(request.result_shape)


def convolve_channels(
    x: ArrayLike,
    weight: ArrayLike,
    **settings: Any,  # as in conv2d
) -> NDArray[np.floating]:
    """Convolve each channel of a picture, and sum the partial maps into one map (H', W').

    Where the terms of a sum cancel, the result is exactly 0: otherwise the rounding error would
    look like a response in a flat area.

    Parameters
    ----------
    x : array-like (H, W) or (C, H, W)
    weight : array-like (kH, kW) or (C, kH, kW)
        One kernel for all channels, or one for each.
    **settings
        Stride, padding, dilation and padding mode, as for `conv2d`.

    Examples
    --------
    >>> red, green, blue = [[1, 2]], [[10, 20]], [[100, 200]]
    >>> convolve_channels([red, green, blue], [[1, -1]])
    array([[-111.]])
    """
    planes = np.asarray(x)
    planes = planes if planes.ndim == 3 else planes[np.newaxis]
    weights = np.broadcast_to(weight, (len(planes), *np.shape(weight)[-2:]))
    sums = conv2d(planes, weights[np.newaxis], **settings)[0]
    exact = all(values.dtype.kind in "biu" for values in (planes, weights))
    if exact or (weights.min() >= 0 and planes.min() >= 0):  # nothing cancels
        return sums
    sizes = abs(weights)
    reach: Any = abs(planes).max() * sizes.sum()
    least = np.where(sizes > 0, sizes, np.inf).min()
    if sums.size <= FEW or least < UNEVEN * sizes.sum():  # typed weights may differ that much
        reach = conv2d(abs(planes), sizes[np.newaxis], **settings)[0]
    np.putmask(sums, abs(sums) <= np.minimum(CANCELLED * reach, BELOW_WHOLE), 0)
    return sums
