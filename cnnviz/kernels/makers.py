"""Parametric kernels: each function takes sizes, angles and amounts and returns a Kernel.

Sizes are in cells, lengths (σ, wavelength) in pixels. Angles are in degrees, clockwise on the
screen: 0° points right, 90° down.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.checks import real, whole
from cnnviz.kernels.catalogue import CENTRE, LAPLACIAN_4, PREWITT_X, SOBEL_X
from cnnviz.kernels.edits import ratio
from cnnviz.kernels.kernel import Kernel

MAX_SIDE = 15  # the largest kernel that can still be read as a grid of numbers


def box(size: int = 3) -> Kernel:
    """Average size × size pixels, all with the same weight.

    Examples
    --------
    >>> box(2).weights.tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    size = _size(size)
    return Kernel(
        "box",
        "blur",
        np.ones((size, size)),
        size * size,
        "Replaces a pixel by the plain mean of its neighbourhood: the larger, the blurrier; at "
        "3 px it is Box 3.",
    )


def gaussian(size: int = 5, sigma: float = 1.0) -> Kernel:
    """Average the neighbourhood, weighted by a Gaussian bell of width σ; the weights sum to 1.

    Examples
    --------
    >>> gaussian(3, 0.5).weights.round(3).tolist()
    [[0.011, 0.084, 0.011], [0.084, 0.619, 0.084], [0.011, 0.084, 0.011]]
    """
    return Kernel(
        "gaussian",
        "blur",
        _bell(_size(size), _sigma(sigma)),
        description="Averages the neighbourhood with the near pixels counting most; σ says how "
        "near, and detail smaller than about 2σ melts away.",
    )


def motion(size: int = 5, angle: float = 45.0) -> Kernel:
    """Average the pixels along a line through the centre; `size` is odd.

    Examples
    --------
    >>> motion(3, 0).matrix.tolist()
    [[0, 0, 0], [1, 1, 1], [0, 0, 0]]
    """
    size = _size(size, odd=True)
    direction = _steer(np.array([1.0, 0.0]), np.array([0.0, 1.0]), angle)
    # One cell for each row or column, whichever the line crosses more of.
    steps = np.arange(size) - size // 2
    columns, rows = np.rint(np.outer(direction / abs(direction).max(), steps)).astype(int)
    matrix = np.zeros((size, size))
    matrix[rows + size // 2, columns + size // 2] = 1
    return Kernel(
        "motion",
        "blur",
        matrix,
        size,
        "Averages along one direction only: the picture smears that way, and lines that way "
        "stay sharp.",
    )


def oriented_edge(angle: float = 0.0) -> Kernel:
    """Steer Sobel: cos(angle) · Sobel x + sin(angle) · Sobel y.

    Source: Freeman & Adelson, "The design and use of steerable filters" (1991).

    Examples
    --------
    >>> oriented_edge(90).matrix.tolist()
    [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    """
    return Kernel(
        "oriented_edge",
        "edge",
        _steer(SOBEL_X, SOBEL_X.T, angle),
        description="Responds most where the picture gets brighter in the direction of the "
        "angle, and not at all where it changes only across it; at 0° it is Sobel x.",
    )


def laplacian_of_gaussian(size: int = 9, sigma: float = 1.4) -> Kernel:
    """Blur by a Gaussian and take the Laplacian, in one kernel; the weights sum to 0.

    The middle is negative, as in `laplacian_4`; `size` is at least 3, and 6σ shows all of it.
    The sum that remains where the bell is cut off is subtracted evenly from all weights.

    Examples
    --------
    >>> float(abs(laplacian_of_gaussian(9, 1.4).weights.sum())) < 1e-12
    True
    """
    size, sigma = _size(size, smallest=3), _sigma(sigma)
    y, x = _grid(size)
    matrix = _bell(size, sigma) * (x**2 + y**2 - 2 * sigma**2) / sigma**4
    return Kernel(
        "laplacian_of_gaussian",
        "edge",
        matrix - matrix.mean(),
        description="Responds to spots about as wide as its negative middle, bright ones "
        "negative and dark ones positive, and crosses 0 on edges.",
    )


def gabor(
    size: int = 11,
    angle: float = 0.0,
    wavelength: float = 6.0,
    sigma: float = 2.5,
    phase: float = 0.0,
) -> Kernel:
    """Multiply a wave that runs in the direction of `angle` by a round Gaussian bell.

    Phase 0° is a bright line between dark ones, 90° an edge. The weights sum to 0, the positive
    ones to 1, so that the output is no further from 0 than the brightest pixel.

    Parameters
    ----------
    size : int
        At least 3 cells.
    angle : float
        In degrees; the stripes are perpendicular to this direction.
    wavelength : float
        From one bright stripe to the next, at least 3 px.
    sigma : float
        Width of the bell, at least 0.5 px.
    phase : float
        In degrees.

    Notes
    -----
    Source: Daugman, "Uncertainty relation for resolution in space, spatial frequency, and
    orientation optimized by two-dimensional visual cortical filters" (1985).

    Examples
    --------
    >>> gabor(3, 0, 4).weights.round(2).tolist()
    [[-0.16, 0.32, -0.16], [-0.18, 0.35, -0.18], [-0.16, 0.32, -0.16]]
    """
    size, sigma = _size(size, smallest=3), _sigma(sigma, smallest=0.5)
    wavelength, phase = real(wavelength, "wavelength", 3, 100), real(phase, "phase")
    y, x = _grid(size)
    bell = _bell(size, sigma)
    wave = np.cos(2 * np.pi * _steer(x, y, angle) / wavelength + np.deg2rad(phase))
    matrix = bell * (wave - (bell * wave).sum())  # the bell sums to 1: this sums to 0
    return Kernel(
        "gabor",
        "edge",
        2 * matrix / abs(matrix).sum(),
        description="Responds to stripes of one direction and one spacing, as cells in the "
        "visual cortex and the first layers of trained networks do.",
    )


def sharpen(amount: float = 1.0) -> Kernel:
    """Subtract `amount` times the 4-neighbour Laplacian: 1 + 4a in the middle, −a around it.

    Examples
    --------
    >>> sharpen(0.5).matrix.tolist(), sharpen(0.5).divisor
    ([[0, -1, 0], [-1, 6, -1], [0, -1, 0]], 2)
    """
    numerator, denominator = ratio(real(amount, "amount", 0, 100))
    return Kernel(
        "sharpen",
        "sharpen",
        denominator * CENTRE - numerator * LAPLACIAN_4,
        denominator,
        "Adds to every pixel its difference from its four neighbours, multiplied by the amount: "
        "edges become steeper, flat areas stay.",
    )


def unsharp(size: int = 5, sigma: float = 1.0, amount: float = 1.0) -> Kernel:
    """Add `amount` times the difference between the picture and its Gaussian blur; `size` is odd.

    Examples
    --------
    >>> round(float(unsharp(5, 1.0, 2.0).weights.sum()), 12)
    1.0
    """
    size, amount = _size(size, odd=True), real(amount, "amount", 0, 100)
    centre = np.pad([[1.0]], size // 2)
    return Kernel(
        "unsharp",
        "sharpen",
        centre + amount * (centre - _bell(size, _sigma(sigma))),
        description="Adds what a Gaussian blur takes away, multiplied by the amount: edges "
        "get a bright and a dark rim about σ wide.",
    )


def emboss(angle: float = 45.0, depth: float = 1.0) -> Kernel:
    """Add the slope in the direction of `angle` to the picture: Prewitt, steered.

    With the factor √2, 45° at depth 1 is the textbook kernel.

    Examples
    --------
    >>> emboss().matrix.tolist()
    [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
    """
    depth = real(depth, "depth", 0, 100)
    slope = _steer(2**0.5 * PREWITT_X, 2**0.5 * PREWITT_X.T, angle)
    return Kernel(
        "emboss",
        "emboss",
        CENTRE + depth * slope,
        description="Keeps the picture and adds its slope in one direction: it looks like a "
        "relief lit from the opposite side.",
    )


def _size(size: int, smallest: int = 1, odd: bool = False) -> int:
    size = whole(size, "size", smallest)
    if size > MAX_SIDE:
        raise ValueError(f"size must be at most {MAX_SIDE}, got {size}.")
    if odd and size % 2 == 0:
        raise ValueError(
            f"size must be odd, so that there is a middle, got {size}: "
            f"use {size - 1} or {size + 1}."
        )
    return size


def _sigma(sigma: float, smallest: float = 0.1) -> float:
    return real(sigma, "sigma", smallest, 100)


def _grid(size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return y as a column and x as a row, both counted from the centre."""
    position = np.arange(size) - (size - 1) / 2
    return position[:, None], position[None, :]


def _bell(size: int, sigma: float) -> NDArray[Any]:
    """Return the Gaussian over the grid, with sum 1."""
    y, x = _grid(size)
    column, row = np.exp(-(y**2) / (2 * sigma**2)), np.exp(-(x**2) / (2 * sigma**2))
    return column / column.sum() * (row / row.sum())


def _steer(x: NDArray[Any], y: NDArray[Any], angle: float) -> NDArray[Any]:
    """Return cos(angle) · x + sin(angle) · y, rounded so that cos 90° is 0."""
    turn = np.deg2rad(real(angle, "angle"))
    return np.round(np.cos(turn) * x + np.sin(turn) * y, 12) + 0.0  # + 0.0: no minus zero
