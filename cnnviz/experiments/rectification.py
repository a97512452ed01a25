"""What an activation does to a feature map: how much becomes 0, and how much can still learn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.experiments.unique_values import UniqueValues
from cnnviz.functional.activations import ACTIVATIONS, Activation
from cnnviz.functional.checks import real
from cnnviz.functional.convolution import conv2d
from cnnviz.functional.dtypes import floats
from cnnviz.images.loading import fit, grey, planes
from cnnviz.images.samples import SAMPLES, sample_picture
from cnnviz.kernels import Kernel

Floats: TypeAlias = NDArray[np.floating]
Step: TypeAlias = tuple[str, Mapping[str, float]]  # the name of an activation, its parameters


@dataclass(frozen=True)
class Rectified:
    """A feature map after an activation.

    `activated` and `slopes` have the shape of the map; backpropagation multiplies the gradient of
    each cell by its slope. The rest are shares of the cells, from 0 to 1: `zeros` in the activated
    map, `inactive` cells, whose slope is 0 so that nothing is learned from them, and `passed`, the
    mean size of the slope. `numbers` are the map's unique values, if there are few.
    """

    activated: Floats
    zeros: float
    inactive: float
    passed: float
    slope_of: Floats  # for each of the numbers, or each cell
    numbers: UniqueValues | None = None

    @property
    def slopes(self) -> Floats:
        """The slope in each cell."""
        return self.numbers.spread(self.slope_of) if self.numbers else self.slope_of


def rectified(features: ArrayLike, step: Step, numbers: UniqueValues | None = None) -> Rectified:
    """Apply an activation to a feature map and measure what is left.

    Parameters
    ----------
    features : array
    step : (name, parameters)
    numbers : UniqueValues, optional
        The unique values of the map (see `cnnviz.experiments.unique_values`); then only these are
        computed.

    Examples
    --------
    >>> relu = rectified([-2.0, 0.5, -0.3, 1.2], ("relu", {}))
    >>> relu.activated.tolist(), relu.zeros, relu.inactive
    ([0.0, 0.5, 0.0, 1.2], 0.5, 0.5)
    >>> rectified([-2.0, 0.5], ("leaky_relu", {"negative_slope": 0.1})).inactive
    0.0
    """
    name, parameters = step
    features = floats(features, "features")
    different = numbers.pick(features) if numbers else features
    activated = _activation(name).function(different, **parameters)
    slopes = _activation(name).derivative(different, **parameters)
    counts = numbers.counts if numbers else None
    zeros, inactive = (share_of_zeros(values, counts) for values in (activated, slopes))
    passed = float(np.average(abs(slopes), weights=counts))
    if numbers:
        activated = numbers.spread(activated)
    return Rectified(activated, zeros, inactive, passed, slopes, numbers)


def share_of_zeros(values: ArrayLike, counts: NDArray[np.int64] | None = None) -> float:
    """Return the share of values that are 0, from 0 to 1: the sparsity of a map.

    With `counts`, each value stands for that many cells.
    """
    values = floats(values, "values")
    if counts is None:
        return 1 - int(np.count_nonzero(values)) / values.size
    return 1 - int(counts[values != 0].sum()) / int(counts.sum())


@lru_cache(maxsize=4)  # 4 MB each
def answers_to_samples(kernel: Kernel, *, colour: bool = False) -> dict[str, Floats]:
    """Return all outputs of a kernel on each sample picture, 0 to 255, in ascending order.

    A unit of a network is dead if it is 0 for every input, so one picture is not enough. The
    pictures are at most 256 pixels a side; the zeros of the padding count too. In colour, the
    partial maps of the channels are added; otherwise the pictures are grey.
    """
    found = {}
    for name in SAMPLES:
        features = conv2d(_sample(name, colour), kernel.weights, padding="same")
        found[name] = np.sort(features, axis=None).astype(np.float32)
    return found


@lru_cache(maxsize=2 * len(SAMPLES))
def _sample(name: str, colour: bool) -> Floats:
    """Return a sample in grey, or the sum of its channels: a kernel's maps of them add up."""
    pixels = fit(sample_picture(name).pixels, 256)
    return (planes(pixels).sum(axis=0) if colour else grey(pixels)).astype(np.float32)


def inactive_shares(
    features: ArrayLike, biases: Sequence[float], counts: NDArray[np.int64] | None = None
) -> Floats:
    """Return, for each bias, the share of a map that a ReLU after it turns off.

    With `counts`, each value stands for that many cells.

    Examples
    --------
    >>> inactive_shares([-2.0, 0.5, -0.3, 1.2], [0.0, -1.0, -1.2]).tolist()
    [0.5, 0.75, 1.0]
    >>> inactive_shares([0.5, -2.0], [0.0, -1.0], counts=np.array([3, 1])).tolist()
    [0.25, 1.0]
    """
    values = floats(features, "features").ravel()
    if counts is None:
        values, cells = np.sort(values), np.arange(values.size + 1)
    else:
        order = np.argsort(values)
        values, cells = values[order], np.append(0, np.cumsum(counts[order]))
    # A cell is off if x + bias ≤ 0, so count the cells up to and including −bias.
    return cells[np.searchsorted(values, -np.asarray(biases), side="right")] / cells[-1]


class AcrossEdge(NamedTuple):
    """The strongest output along a line, and the strongest of the opposite sign right beside it.

    Both have their columns. If no opposite sign is beside the peak, `opposite` is 0, at the peak's
    column.
    """

    column: int
    peak: float
    opposite: float
    opposite_column: int


def step_response(kernel: Kernel) -> Floats:
    """Return a kernel's outputs across one sharp vertical edge, 0 on the left and 255 on the right.

    They run from the last window that sees only 0 to the first that sees only 255.

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS
    >>> step_response(KERNELS["sobel_x"]).tolist()
    [0.0, 1020.0, 1020.0, 0.0]
    >>> step_response(KERNELS["laplacian_4"]).tolist()
    [0.0, 255.0, -255.0, 0.0]
    """
    height, width = kernel.shape
    edge = np.repeat([[0.0, 255.0]], width, axis=1).repeat(height, axis=0)
    return conv2d(edge, kernel.weights)[0]


def across_edge(line: ArrayLike) -> AcrossEdge:
    """Return how a line of a feature map runs across its strongest edge.

    An edge is a run of outputs of one sign; only the runs right before and after it are beside it.

    Examples
    --------
    >>> across_edge([0, 0, 1, 3, 1, 0, 0])  # a first derivative: one sign
    AcrossEdge(column=3, peak=3.0, opposite=0.0, opposite_column=3)
    >>> across_edge([0, 0, 2, -2, 0, 0])  # a second derivative: both
    AcrossEdge(column=2, peak=2.0, opposite=-2.0, opposite_column=3)
    """
    line = floats(line, "line")
    column = int(abs(line).argmax())
    peak = float(line[column])
    opposite, opposite_column = 0.0, column
    for way, direction in ((line[column::-1], -1), (line[column:], 1)):
        other = way * np.sign(peak) < 0
        start = int(other.argmax())
        if not other[start]:
            continue
        # A run of zeros between them is a flat area: after it comes another edge.
        if (way[:start] == 0).sum() > 1:
            continue
        ends = np.flatnonzero(~other[start:])
        run = way[start : start + ends[0]] if ends.size else way[start:]
        place = int(abs(run).argmax())
        if abs(run[place]) > abs(opposite):
            opposite = float(run[place])
            opposite_column = column + direction * (int(start) + place)
    return AcrossEdge(column, peak, opposite, opposite_column)


def histogram(
    values: ArrayLike, limit: float, bins: int = 41, counts: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Count values in equal bins from −limit to limit; values beyond go into the end bins.

    With `counts`, each value stands for that many cells.

    Examples
    --------
    >>> histogram([-9.0, -0.1, 0.0, 0.9], limit=1.5, bins=3).tolist()
    [1, 2, 1]
    """
    limit = real(limit, "limit", low=np.finfo(float).tiny)
    inside = np.clip(floats(values, "values"), -limit, limit)
    return np.histogram(inside, bins, (-limit, limit), weights=counts)[0]


def divided(kernel: Kernel, size: float, digits: int = 3) -> Kernel:
    """Return `kernel` divided by `size`, rounded to `digits`, so that its map is of order 1.

    Three digits are enough, and the divisor on screen is then the exact one. A size of 0, from an
    all-zero map, leaves the kernel unchanged.

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS
    >>> divided(KERNELS["sobel_x"], 118.734).divisor
    119
    """
    size = float(f"{real(size, 'size', low=0):.{digits}g}")
    return replace(kernel, divisor=kernel.divisor * size) if size else kernel


def _activation(name: str) -> Activation:
    if name not in ACTIVATIONS:
        raise ValueError(f"There is no activation {name!r}; there are {', '.join(ACTIVATIONS)}.")
    return ACTIVATIONS[name]
