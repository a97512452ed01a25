"""Which method is the fastest: a cost model, fitted on measurements."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cnnviz._arguments import Problem
from cnnviz._methods import fourier, passes, products
from cnnviz._methods.workers import run

# Nanoseconds for each unit of what `work` of the method counts, after a constant.
# Fitted by `python benchmarks/convolution.py --fit`, on two cores of a 2.6 GHz Xeon.
COSTS = {
    "products": {"float32": (20e3, 0.2, 0.015, 260), "float64": (20e3, 0.38, 0.036, 290)},
    "passes": {"float32": (26e3, 0.64, 0.022, 50e3), "float64": (12e3, 1.2, 0.038, 60e3)},
    "fourier": {"float32": (60e3, 0.19, 0.6, 10e3), "float64": (56e3, 0.28, 1.0, 12e3)},
}
MOST_MEMORY = 1 << 28  # bytes of transformed kernels

Array = NDArray[np.floating]


def convolve(asked: Problem) -> Array:
    """Return the feature maps (N, F, H', W'), without the bias, by the fastest method."""
    out = np.empty(asked.shape, asked.x.dtype)
    run(choose(asked)(asked, out))
    return out


def choose(asked: Problem) -> Callable[[Problem, Array], list[Callable[[], None]]]:
    """Return `jobs` of the method that is expected to be the fastest of those that are right."""
    if not _is_finite(asked):
        return partial(products.jobs, dense=True)
    products_cost = _cost("products", asked, products.work(asked))
    fourier_cost = _cost("fourier", asked, fourier.work(asked))
    best = min(products_cost, fourier_cost)
    if asked.weight.shape[1] == 1:
        affordable = sum(
            _cost("passes", asked, passes.work(asked, terms)) < best
            for terms in range(1, passes.MOST_TERMS + 1)
        )
        if terms := passes.split_all(asked.weight[:, 0], affordable):
            return partial(passes.jobs, terms=terms)
    if fourier_cost < products_cost and fourier.memory(asked) < MOST_MEMORY:
        whole = fourier.is_whole(asked)
        if not whole or fourier.is_exact(asked):
            return partial(fourier.jobs, whole=whole)
    return products.jobs


def _cost(method: str, asked: Problem, amounts: tuple[float, ...]) -> float:
    """Return the nanoseconds that a method is expected to take."""
    constant, *each = COSTS[method][asked.x.dtype.name]
    return constant + sum(unit * amount for unit, amount in zip(each, amounts, strict=True))


def _is_finite(asked: Problem) -> bool:
    """Whether all is finite; a sum that overflows may say no, which only costs time."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(asked.x.sum()) and np.isfinite(asked.weight.sum()))
