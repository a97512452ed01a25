"""Fit the cost model of `conv2d` to measurements: `python benchmarks/convolution.py --fit`."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import scipy.optimize
import table

from cnnviz.functional.arguments import ConvolutionRequest, convolution_request
from cnnviz.functional.engines import fourier, passes, products
from cnnviz.functional.engines.workers import run

DTYPES = ("float32", "float64")
# (images, channels, filters, sides, kernel sizes)
GRID = (
    (1, 1, 1, (32, 64, 128, 256, 512, 1024, 2048), (2, 3, 5, 7, 9, 11, 15, 23, 31)),
    (1, 1, 8, (28, 64, 256, 512), (3, 5, 7, 11)),
    (1, 3, 64, (28, 64, 224), (1, 3, 5, 7, 11)),
    (32, 8, 16, (14, 28, 56), (3, 5, 7)),
    (64, 16, 32, (28,), (3, 5)),
)


def fit(seconds: float, only: str = "") -> None:
    """Print the table `COSTS` of `cnnviz.functional.engines.choice`, in nanoseconds.

    Each problem of the grid is measured for that many seconds; the machine must be idle. With
    `only`, one dtype is measured.
    """
    print("COSTS = {")
    measured = {dtype: _measure(dtype, seconds) for dtype in DTYPES if only in dtype}
    for method in next(iter(measured.values()), ()):
        cells = []
        for dtype, methods in measured.items():
            amounts, times = map(np.array, zip(*methods[method], strict=True))
            amounts = np.column_stack([np.ones(len(amounts)), amounts])
            # Least squares of the relative error: a small picture counts like a large one.
            costs, _ = scipy.optimize.nnls(amounts / times[:, None], np.ones(len(times)))
            errors = amounts @ costs / times
            cells.append(f'"{dtype}": ({", ".join(f"{cost:.3g}" for cost in costs)})')
            print(f"    # {method}, {dtype}: predicted / measured {np.quantile(errors, 0.1):.2f} "
                  f"to {np.quantile(errors, 0.9):.2f} for 8 of 10")  # fmt: skip
        print(f'    "{method}": {{{", ".join(cells)}}},')
    print("}")


def _measure(dtype: str, seconds: float) -> dict[str, list[tuple[tuple[float, ...], float]]]:
    """Return, for each method, the amounts of work and the nanoseconds of each problem."""
    measured = defaultdict(list)
    for request, separable in _problems(dtype):
        print(f"    # {dtype}, {request.x.shape} with {request.weight.shape}", flush=True)
        out = np.empty(request.shape, dtype)
        methods = {
            "products": (products.work(request), products.jobs),
            "fourier": (fourier.work(request), partial(fourier.jobs, whole=False)),
        }
        if separable:
            methods["passes"] = passes.work(request), _passes
        times = table.interleaved(
            {
                (name, expected): lambda jobs=jobs, a=request, o=out, e=expected: run(jobs(a, o), e)
                for name, (_, jobs) in methods.items()
                for expected in (0, np.inf)  # on one thread, and on all
            },
            seconds=seconds,
            summary=min,  # other load on the machine is not part of the cost
        )
        for name, (amounts, _) in methods.items():
            best = min(times[name, expected] for expected in (0, np.inf))
            measured[name].append((amounts, best * 1e6))
    return measured


def _passes(request: ConvolutionRequest, out: np.ndarray) -> list[Callable[[], None]]:
    return passes.jobs(request, out, passes.split_all(request.weight[:, 0]))


def _problems(dtype: str) -> Iterator[tuple[ConvolutionRequest, bool]]:
    """Yield the problems, and whether their kernels are separable: never if they have channels."""
    random = np.random.default_rng(0)
    for images, channels, filters, sides, sizes in GRID:
        for side in sides:
            for size in sizes:
                x = random.standard_normal((images, channels, side, side))
                if channels == 1:
                    columns, rows = random.standard_normal((2, filters, size))
                    weight = np.einsum("fi,fj->fij", columns, rows)[:, None]
                else:
                    weight = random.standard_normal((filters, channels, size, size))
                x, weight = x.astype(dtype), weight.astype(dtype)
                yield convolution_request(x, weight, None, 1, "same", 1, 1, "zeros"), channels == 1
