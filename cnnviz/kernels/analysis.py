"""What a kernel is made of: its rank, its two passes, its frequency response, and compositions."""

import math

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.checks import check_memory, whole
from cnnviz.functional.convolution import conv2d
from cnnviz.kernels.kernel import Kernel


def weight_sum(kernel: Kernel) -> float:
    """Return the sum of the weights: what a flat area is multiplied by.

    A sum that is only rounding error is returned as 0.

    Examples
    --------
    >>> weight_sum(Kernel("mean", "blur", [[1, 1]], 2))
    1.0
    >>> weight_sum(Kernel("tenths", "own", [[0.1, 0.2, -0.3]]))
    0.0
    """
    weights = kernel.weights
    total = float(weights.sum())
    return total if abs(total) > 1e-12 * abs(weights).sum() else 0.0


def rank(kernel: Kernel) -> int:
    """Return the rank: how many products of a column and a row add up to the kernel.

    A separable kernel has rank 1, a kernel of zeros rank 0.

    Examples
    --------
    >>> rank(Kernel("sobel", "edge", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    1
    >>> rank(Kernel("laplacian", "edge", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]))
    2
    """
    matrix, rounding = kernel.matrix.astype(np.float64), 1e-10
    largest = abs(matrix).max()
    return int(np.linalg.matrix_rank(matrix / largest, rounding)) if largest else 0


def separate(kernel: Kernel) -> tuple[Kernel, Kernel]:
    """Return the column and the row whose product is nearest to the kernel.

    For a kernel of rank 1 the product is the kernel itself, in whole numbers where the kernel
    has them; for any other it is the best that two passes can do (the first term of the
    singular value decomposition).

    Returns
    -------
    (Kernel, Kernel)
        Kernels of shapes (kH, 1) and (1, kW).

    Examples
    --------
    >>> sobel = Kernel("sobel_x", "edge", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> column, row = separate(sobel)
    >>> column.matrix.ravel().tolist(), row.matrix.ravel().tolist()
    ([1, 2, 1], [-1, 0, 1])
    """
    matrix = kernel.matrix
    if matrix.dtype == np.int64 and isinstance(kernel.divisor, int) and rank(kernel) == 1:
        first = matrix[abs(matrix).any(axis=1).argmax()]
        row = first // np.gcd.reduce(first)
        place = abs(row).argmax()
        column = matrix[:, place] // row[place]
        share = math.gcd(kernel.divisor, int(row.sum()))
        divisors = kernel.divisor // share, share
    else:
        left, strengths, right = np.linalg.svd(kernel.weights)
        # The signs of a decomposition are arbitrary: the column gets the positive sum.
        half = math.sqrt(strengths[0]) * (-1 if left[:, 0].sum() < 0 else 1)
        column, row, divisors = half * left[:, 0], half * right[0], (1, 1)
    return (
        Kernel(f"{kernel.name}_column", "own", column[:, np.newaxis], divisors[0]),
        Kernel(f"{kernel.name}_row", "own", row[np.newaxis], divisors[1]),
    )


def compose(first: Kernel, second: Kernel) -> Kernel:
    """Return the single kernel that does what `first` and then `second` do.

    It is their full convolution (in the mathematical sense), so 3×3 after 3×3 is 5×5. Maps are
    equal wherever the second kernel reads no padding.

    Examples
    --------
    >>> mean, slope = Kernel("mean", "blur", [[1, 1]], 2), Kernel("slope", "edge", [[-1, 1]])
    >>> both = compose(mean, slope)
    >>> both.matrix.tolist(), both.divisor
    ([[-1, 0, 1]], 2)
    """
    height, width = second.matrix.shape
    full = ((height - 1, height - 1), (width - 1, width - 1))
    return Kernel(
        f"{first.name}_then_{second.name}",
        "own",
        conv2d(first.matrix, second.matrix[::-1, ::-1], padding=full),
        first.divisor * second.divisor,
        f"{first.title}, then {second.title}, in one.",
    )


def frequency_response(kernel: Kernel, size: int = 64) -> NDArray[np.float64]:
    """Return the factors by which the kernel multiplies waves: (size, size), from 0 up.

    The middle cell, (size // 2, size // 2), is frequency 0, a flat picture; n cells to its right is
    a wave from left to right with n periods in `size` pixels, and n cells below it a wave that runs
    downwards. The finest waves, two pixels a period, are at the rim.

    Raises
    ------
    ValueError
        If the kernel is larger than `size`.

    Examples
    --------
    A mean of two neighbours keeps flat areas and wipes out the finest stripes:

    >>> frequency_response(Kernel("mean", "blur", [[1, 1]], 2), 4)[2].round(3).tolist()
    [0.0, 0.707, 1.0, 0.707]
    """
    size = whole(size, "size", minimum=max(kernel.shape))
    check_memory((size, size), "The response")
    return abs(np.fft.fftshift(np.fft.fft2(kernel.weights, (size, size))))


def strongest_wave(kernel: Kernel, size: int = 64) -> tuple[float, float]:
    """Return the largest factor of the frequency response, and the length of its wave in pixels.

    Of equally strong waves, the longest; infinite if nothing is multiplied more than flat areas.

    Examples
    --------
    >>> strongest_wave(Kernel("slope", "edge", [[-1, 0, 1]]))
    (2.0, 4.0)
    """
    response = frequency_response(kernel, size)
    strongest = response >= response.max() * (1 - 1e-9)
    rows, columns = np.indices(response.shape) - size // 2
    # Of equally strong waves, the longest is the easiest to see.
    periods = float(np.hypot(rows, columns)[strongest].min())
    return float(response.max()), size / periods if periods else math.inf
