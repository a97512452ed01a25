"""New kernels from old ones; whole numbers stay whole, and the divisor carries the fraction."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from cnnviz.functional.checks import LARGEST, real, whole
from cnnviz.kernels.kernel import EXACT, Kernel


def normalised(kernel: Kernel) -> Kernel:
    """Divide by the sum, so that the weights add to 1 and flat areas keep their brightness.

    Raises
    ------
    ValueError
        If the weights sum to 0, as an edge kernel's do.

    Examples
    --------
    >>> normalised(Kernel("corner", "own", [[2, 1], [1, 0]])).divisor
    4
    """
    total = kernel.matrix.sum().item()
    # Dividing by a sum that is only rounding error would blow the weights up.
    if not kernel.matrix.any():
        raise ValueError("Change a weight first: all are 0, and no division makes their sum 1.")
    if abs(total) <= 1e-12 * abs(kernel.matrix).sum():
        raise ValueError(
            "Weights that sum to 0 cannot be normalised: no division makes their sum 1."
        )
    return replace(kernel, divisor=total)


def zero_sum(kernel: Kernel) -> Kernel:
    """Subtract the mean from every weight, so that they add to 0 and flat areas give 0.

    Examples
    --------
    >>> kernel = zero_sum(Kernel("corner", "own", [[2, 1], [1, 0]]))
    >>> kernel.matrix.tolist(), kernel.divisor
    ([[1, 0], [0, -1]], 1)
    >>> kernel = zero_sum(Kernel("step", "own", [[0, 0, 1]]))
    >>> kernel.matrix.tolist(), kernel.divisor
    ([[-1, -1, 2]], 3)
    """
    matrix, total, cells = kernel.matrix, kernel.matrix.sum(), kernel.matrix.size
    if matrix.dtype == np.float64 or abs(matrix).max() > EXACT // (2 * cells):
        return replace(kernel, matrix=matrix - total / cells)
    if total % cells == 0:
        return replace(kernel, matrix=matrix - total // cells)
    return _reduced(kernel, cells * matrix - total, kernel.divisor * cells)


def scaled(kernel: Kernel, factor: float) -> Kernel:
    """Multiply every weight by `factor`.

    Examples
    --------
    >>> kernel = scaled(Kernel("row", "own", [[1, 2, 1]]), 0.25)
    >>> kernel.matrix.tolist(), kernel.divisor
    ([[1, 2, 1]], 4)
    """
    numerator, denominator = ratio(real(factor, "factor"))
    return _reduced(kernel, kernel.matrix * float(numerator), kernel.divisor * denominator)


def rotated(kernel: Kernel, quarter_turns: int = 1) -> Kernel:
    """Turn the matrix clockwise by quarter turns.

    Examples
    --------
    >>> rotated(Kernel("slope", "own", [[-1, 0, 1]])).matrix.tolist()
    [[-1], [0], [1]]
    """
    turns = whole(quarter_turns, "quarter_turns", minimum=-LARGEST)
    return replace(kernel, matrix=np.rot90(kernel.matrix, -turns))


def flipped(kernel: Kernel) -> Kernel:
    """Mirror along both axes: this turns cross-correlation into convolution as in mathematics.

    Examples
    --------
    >>> flipped(Kernel("slope", "own", [[-1, 0, 2]])).matrix.tolist()
    [[2, 0, -1]]
    """
    return replace(kernel, matrix=kernel.matrix[::-1, ::-1])


def transposed(kernel: Kernel) -> Kernel:
    """Swap rows and columns.

    Examples
    --------
    >>> transposed(Kernel("slope", "own", [[-1, 0, 1]])).matrix.tolist()
    [[-1], [0], [1]]
    """
    return replace(kernel, matrix=kernel.matrix.T)


def ratio(number: float) -> tuple[float, int]:
    """Return `number` as a short fraction (numerator, denominator), or else (number, 1).

    Examples
    --------
    >>> ratio(0.75), ratio(1 / 9), ratio(2**0.5)
    ((3, 4), (1, 9), (1.4142135623730951, 1))
    """
    fraction = Fraction(number).limit_denominator(1000)
    return fraction.as_integer_ratio() if float(fraction) == number else (number, 1)


def _reduced(kernel: Kernel, matrix: np.ndarray, divisor: float) -> Kernel:
    """Return the kernel with this matrix and divisor, reduced by their common factor."""
    changed = replace(kernel, matrix=matrix, divisor=divisor)
    if changed.matrix.dtype == np.int64 and isinstance(changed.divisor, int):
        common = np.gcd.reduce(changed.matrix, axis=None, initial=changed.divisor).item()
        changed = replace(
            changed, matrix=changed.matrix // common, divisor=changed.divisor // common
        )
    return changed
