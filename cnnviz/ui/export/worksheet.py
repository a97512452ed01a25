"""The numbers of a worksheet: convolution, ReLU and pooling, small enough to do by hand.

Every bench gets its own numbers, from a picture or from a seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnviz import output_size
from cnnviz.experiments.chain import FeatureMaps, Recipe, feature_maps
from cnnviz.functional.pooling import avg_pool2d
from cnnviz.kernels import KERNELS, Kernel

OUTPUT = 4  # rows and columns of the map that learners compute
LARGEST_KERNEL = 5  # largest side of a kernel; more is too much work for a lesson
MOST_BENCHES = 30
TRIES = 60  # places of a picture to try; the one with the liveliest map is used
SEEDED = ("sobel_x", "sobel_y", "prewitt_x", "prewitt_y", "laplacian_4", "sharpen", "emboss")
POOL = 2  # the window
DECIMALS = 2  # of a number or weight on paper


@dataclass(frozen=True)
class SizeQuestion:
    """The numbers of one question about the output size."""

    size: int
    kernel_size: int
    padding: int
    stride: int

    @property
    def output(self) -> int:
        """The output size in rows."""
        return output_size(self.size, self.kernel_size, stride=self.stride, padding=self.padding)


@dataclass(frozen=True)
class Bench:
    """The worksheet of one bench.

    `x` is the input (H, W), `geometry` the second question.
    """

    name: str
    x: NDArray[np.int64 | np.float64]
    kernel: Kernel
    geometry: SizeQuestion

    @cached_property
    def maps(self) -> FeatureMaps:
        """The maps (H', W') after the convolution, after ReLU, and after max pooling."""
        side = min(len(self.x) - len(self.kernel.matrix) + 1, OUTPUT)
        stride = POOL if side >= 2 * POOL else 1
        return feature_maps(
            self.x.astype(np.float64),
            Recipe(self.kernel, padding="valid", window=(POOL, POOL), pool_stride=(stride, stride)),
        )

    @property
    def average(self) -> NDArray[np.floating]:
        """The average over the windows of the max pooling."""
        activated, pooled = self.maps.activated, self.maps.pooled
        return avg_pool2d(activated, POOL, stride=POOL if len(activated) > len(pooled) + 1 else 1)


def benches_from_seed(seed: int, count: int) -> list[Bench]:
    """Return worksheets with digits from 0 to 9; the same seed always gives the same ones.

    Examples
    --------
    >>> first, second = benches_from_seed(7, 2)
    >>> first.x.shape, first.maps.features.shape, first.name
    ((6, 6), (4, 4), '7-1')
    >>> bool((first.x == second.x).all())
    False
    """
    return [_seeded(seed, bench) for bench in range(1, _counted(count) + 1)]


def benches_from_plane(plane: NDArray, kernel: Kernel, seed: int, count: int) -> list[Bench]:
    """Return worksheets with parts of a picture, and a kernel.

    Parameters
    ----------
    plane : array (H, W)
        Numbers, as intensities from 0 to 255.
    kernel : Kernel
        With at most `LARGEST_KERNEL` rows and columns. Weights with many digits are rounded.
    seed : int
        Seed for choosing the parts.
    count : int
        From 1 to `MOST_BENCHES`.

    Raises
    ------
    ValueError
        If the kernel is too large for work by hand, or for the picture.
    """
    sides = kernel.shape
    if max(sides) > LARGEST_KERNEL:
        raise ValueError(
            f"The kernel has {sides[0]} × {sides[1]} weights. On paper, at most "
            f"{LARGEST_KERNEL} × {LARGEST_KERNEL} are worked out: choose a smaller one."
        )
    size = [min(have, side + OUTPUT - 1) for have, side in zip(plane.shape, sides, strict=True)]
    if any(have < side + 1 for have, side in zip(size, sides, strict=True)):
        raise ValueError(
            f"The numbers are {plane.shape[0]} × {plane.shape[1]}, too few for this kernel."
        )
    kernel = _rounded(kernel)
    return [_placed(plane, kernel, size, seed, bench) for bench in range(1, _counted(count) + 1)]


def _rounded(kernel: Kernel) -> Kernel:
    """Return the kernel with the weights that are written on paper, which give its solutions."""
    if (np.round(kernel.matrix, DECIMALS + 1) == kernel.matrix).all():  # typed as it is
        return kernel
    matrix = np.round(kernel.matrix, DECIMALS)
    return replace(kernel, name=f"{kernel.name}, rounded", matrix=matrix)


def _seeded(seed: int, bench: int) -> Bench:
    rng = np.random.default_rng([seed, bench])
    kernel = KERNELS[str(rng.choice(SEEDED))]
    side = len(kernel.matrix) + OUTPUT - 1
    return Bench(f"{seed}-{bench}", rng.integers(0, 10, (side, side)), kernel, _geometry(rng))


def _placed(plane: NDArray, kernel: Kernel, size: Sequence[int], seed: int, bench: int) -> Bench:
    rng = np.random.default_rng([seed, bench])
    rows, columns = (have - side + 1 for have, side in zip(plane.shape, size, strict=True))
    geometry = _geometry(rng)

    def at(place: tuple[int, int]) -> Bench:
        row, column = place
        crop = np.round(plane[row : row + size[0], column : column + size[1]], DECIMALS)
        return Bench(f"{seed}-{bench}", crop, kernel, geometry)

    tried = zip(rng.integers(0, rows, TRIES), rng.integers(0, columns, TRIES), strict=True)
    places = dict.fromkeys((int(row), int(column)) for row, column in tried)
    return max(map(at, places), key=lambda one: float(one.maps.features.std()))


def _geometry(rng: np.random.Generator) -> SizeQuestion:
    size, padding = int(rng.integers(5, 12)), int(rng.integers(0, 3))
    return SizeQuestion(size, int(rng.choice([3, 5])), padding, int(rng.integers(2, 4)))


def _counted(count: int) -> int:
    if not 1 <= count <= MOST_BENCHES:
        raise ValueError(f"Worksheets can be made for 1 to {MOST_BENCHES} benches, not {count}.")
    return count
