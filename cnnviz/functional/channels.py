"""One kernel on every channel of a picture, where there is no bank of filters."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.convolution import conv2d

__all__ = ["convolve_channels"]


def convolve_channels(
    x: ArrayLike,
    weight: ArrayLike,
    **settings: Any,  # noqa: ANN401 - as in conv2d
) -> NDArray[np.floating]:
    """Convolve each channel of a picture, and add the partial maps up to one map (H', W').

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
    return conv2d(planes, weights[np.newaxis], **settings)[0]
