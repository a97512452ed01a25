"""Which method is the fastest: a cost model, fitted on measurements."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cnnviz._arguments import Problem
from cnnviz._methods import fourier, passes, products
from cnnviz._methods.workers import run

# Nanoseconds for each unit of what `work` of the method counts, after a constant.
# Fitted by `python benchmarks/convolution.py --fit`, on two cores of a 2.6 GHz Xeon.
COSTS = {
    "products": {"float32": (30e3, 0.25, 0.01, 200), "float64": (30e3, 0.5, 0.02, 200)},
    "passes": {"float32": (50e3, 0.3, 0.01, 5e3), "float64": (50e3, 0.6, 0.02, 5e3)},
    "fourier": {"float32": (100e3, 0.12, 0.5, 2e4), "float64": (100e3, 0.2, 0.5, 2e4)},
}
MOST_MEMORY = 1 << 28  # bytes of transformed kernels


def convolve(asked: Problem) -> NDArray[np.floating]:
    """Return the feature maps (N, F, H', W'), without the bias, by the fastest method."""
    out = np.empty(asked.shape, asked.x.dtype)
    run(_choose(asked, out))
    return out


def cost(method: str, asked: Problem, *amounts: float) -> float:
    """Return the nanoseconds that a method is expected to take."""
    constant, *each = COSTS[method][asked.x.dtype.name]
    return constant + sum(unit * amount for unit, amount in zip(each, amounts, strict=True))


def _choose(asked: Problem, out: NDArray[np.floating]) -> list[Callable[[], None]]:
    """Return the jobs of the fastest method among those that would be right."""
    if not _is_finite(asked):
        return products.jobs(asked, out, dense=True)
    costs = {
        "products": cost("products", asked, *products.work(asked)),
        "fourier": cost("fourier", asked, *fourier.work(asked)),
    }
    if asked.weight.shape[1] == 1 and cost("passes", asked, *passes.work(asked, 1)) < min(
        costs.values()
    ):
        terms = passes.split_all(asked.weight[:, 0])
        most = max(len(term.rows) for term in terms) if terms else 0
        if terms and cost("passes", asked, *passes.work(asked, most)) < min(costs.values()):
            return passes.jobs(asked, out, terms)
    if costs["fourier"] < costs["products"] and fourier.memory(asked) < MOST_MEMORY:
        whole = fourier.is_whole(asked)
        if not whole or fourier.is_exact(asked):
            return fourier.jobs(asked, out, whole=whole)
    return products.jobs(asked, out)


def _is_finite(asked: Problem) -> bool:
    """Whether all is finite; a sum that overflows may say no, which only costs time."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(asked.x.sum()) and np.isfinite(asked.weight.sum()))
