"""What every function on feature maps computes in."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.arguments import real_array


def floats(x: ArrayLike, name: str = "x") -> NDArray[np.floating]:
    """Return `x` as float32 if it is that or float16, as float64 if it is anything else.

    Integers are converted before anything is computed, so that nothing wraps around.
    """
    array = real_array(x, name)
    small = array.dtype.kind == "f" and array.itemsize <= 4
    return array.astype(np.float32 if small else np.float64, copy=False)
