"""Choose the fastest method with a cost model, fitted to measurements."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.arguments import ConvolutionRequest
from cnnviz.functional.dtypes import ieee
from cnnviz.functional.engines import fourier, passes, products
from cnnviz.functional.engines.workers import run

# For each method: a constant, then the nanoseconds per unit of what its `work` counts.
# Fitted by `python benchmarks/convolution.py --fit`, on two cores of a 2.6 GHz Xeon.
COSTS: dict[str, dict[str, tuple[float, ...]]] = {
    "products": {"float32": (19e3, 0.275, 0.012, 185), "float64": (21e3, 0.67, 0.024, 206)},
    "passes": {"float32": (11e3, 0.58, 0.016, 65e3), "float64": (27e3, 1.8, 0.024, 70e3)},
    "fourier": dict.fromkeys(("float32", "float64"), (190e3, 0.22, 1.3, 15e3)),  # always double
}
MOST_MEMORY = 1 << 28  # bytes that the transformed kernels may take

Array = NDArray[np.floating]


def convolve(request: ConvolutionRequest) -> Array:
    """Return the feature maps (N, F, H', W'), without the bias, by the fastest method."""
    out = np.empty(request.shape, request.x.dtype)
    jobs, expected = choose(request)
    run(jobs(request, out), expected)
    return out


def choose(
    request: ConvolutionRequest,
) -> tuple[Callable[[ConvolutionRequest, Array], list[Callable[[], None]]], float]:
    """Return `jobs` of the fastest method that is accurate here, and its expected nanoseconds."""
    by_products = _cost("products", request, products.work(request))
    by_fourier = _cost("fourier", request, fourier.work(request))
    by_passes = _cost("passes", request, passes.work(request))
    one_channel = request.weight.shape[1] == 1
    others = min(by_fourier, by_passes) if one_channel else by_fourier
    if by_products <= others and products.is_dense(request):
        return products.jobs, by_products  # correct for any numbers
    if not _is_finite(request):
        return partial(products.jobs, dense=True), by_products
    if one_channel and by_passes < min(by_products, by_fourier):
        factors = passes.split_all(request.weight[:, 0])
        if factors:
            return partial(passes.jobs, factors=factors), by_passes
    if by_fourier < by_products and fourier.memory(request) < MOST_MEMORY:
        whole = fourier.is_whole(request)
        if not whole or fourier.is_exact(request):
            return partial(fourier.jobs, whole=whole), by_fourier
    return products.jobs, by_products


def _cost(method: str, request: ConvolutionRequest, amounts: tuple[float, ...]) -> float:
    """Return the nanoseconds that a method is expected to take."""
    constant, *each = COSTS[method][request.x.dtype.name]
    return constant + sum(unit * amount for unit, amount in zip(each, amounts, strict=True))


def _is_finite(request: ConvolutionRequest) -> bool:
    """Whether all numbers are finite; False if their sum overflows, which only costs time."""
    with ieee():
        return bool(np.isfinite(request.x.sum()) and np.isfinite(request.weight.sum()))
