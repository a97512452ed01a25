"""Time `conv2d` against SciPy, PyTorch and OpenCV, line by line in the same run.

    python benchmarks/convolution.py            # one table: ms, medians, peer after peer
    python benchmarks/convolution.py --alone    # each peer in a tight loop of its own
    python benchmarks/convolution.py --fit      # the coefficients of the cost model

Every line keeps the size of the picture ("same", zeros outside). `ahead` is the time of the
fastest of SciPy and PyTorch over that of cnnviz: more than 1 is faster than both. OpenCV, which
is in C++ and has no batches or channels, is printed for comparison.
"""

import argparse
import importlib
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import NamedTuple

import numpy as np
import scipy.ndimage
import scipy.signal
import table

import cnnviz
from cnnviz.functional.engines.workers import WORKERS


class Line(NamedTuple):
    """One line of the table: x is (H, W) or (N, C, H, W)."""

    name: str
    x: np.ndarray
    weight: np.ndarray


def gaussian(size: int) -> np.ndarray:
    """Return a common kernel of rank 1: a Gaussian, or for size 3 a Sobel."""
    if size == 3:
        return np.outer([1, 2, 1], [-1, 0, 1])
    bell = np.exp(-np.square(np.linspace(-2.5, 2.5, size)) / 2)
    return np.outer(bell, bell) / bell.sum() ** 2


def lines(dtypes: list[str], sides: list[int]) -> Iterator[Line]:
    """Make the grid of the benchmark."""
    random = np.random.default_rng(0)
    for dtype in dtypes:
        for side in sides:
            for size in 3, 5, 7, 11, 31:
                x = random.standard_normal((side, side)).astype(dtype)
                for kind, weight in (
                    ("random", random.standard_normal((size, size))),
                    ("separable", gaussian(size)),
                ):
                    name = f"{side}² × {size}×{size} {kind}, {dtype}"
                    yield Line(name, x, weight.astype(dtype))
        for images, channels, side, filters, size in (
            (1, 1, 512, 8, 3),
            (1, 1, 512, 8, 7),
            (1, 3, 224, 64, 3),
            (1, 3, 224, 64, 7),
            (32, 8, 28, 16, 3),
            (64, 16, 28, 32, 5),
        ):
            x = random.standard_normal((images, channels, side, side)).astype(dtype)
            weight = random.standard_normal((filters, channels, size, size)).astype(dtype)
            name = f"{images}×{channels}×{side}² → {filters}, {size}×{size}, {dtype}"
            yield Line(name, x, weight)


def with_cnnviz(line: Line) -> Callable[[], object]:
    """Time `conv2d`."""
    return lambda: cnnviz.conv2d(line.x, line.weight, padding="same")


def with_torch(line: Line) -> Callable[[], object]:
    """Time PyTorch with its default number of threads."""
    torch = importlib.import_module("torch")
    x, weight = (
        torch.from_numpy(array.reshape((1,) * (4 - array.ndim) + array.shape))
        for array in (line.x, line.weight)
    )
    return lambda: torch.nn.functional.conv2d(x, weight, padding=weight.shape[-1] // 2)


def with_opencv(line: Line) -> Callable[[], object]:
    """Time `filter2D`, kernel by kernel."""
    cv2 = importlib.import_module("cv2")
    return _kernel_by_kernel(
        line, lambda x, weight: cv2.filter2D(x, -1, weight, borderType=cv2.BORDER_CONSTANT)
    )


def with_ndimage(line: Line) -> Callable[[], object]:
    """Time `scipy.ndimage.correlate`, kernel by kernel."""
    return _kernel_by_kernel(
        line, lambda x, weight: scipy.ndimage.correlate(x, weight, mode="constant")
    )


def with_correlate2d(line: Line) -> Callable[[], object]:
    """Time `scipy.signal.correlate2d`, kernel by kernel."""
    return _kernel_by_kernel(line, lambda x, weight: scipy.signal.correlate2d(x, weight, "same"))


def with_fftconvolve(line: Line) -> Callable[[], object]:
    """Time `scipy.signal.fftconvolve`."""
    return _all_at_once(line, scipy.signal.fftconvolve)


def with_oaconvolve(line: Line) -> Callable[[], object]:
    """Time `scipy.signal.oaconvolve`."""
    return _all_at_once(line, scipy.signal.oaconvolve)


def _kernel_by_kernel(
    line: Line, correlate: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> Callable[[], object]:
    """Call a function for one plane and one kernel as often as the line needs; add the results."""
    if line.x.ndim == 2:
        return lambda: correlate(line.x, line.weight)
    return lambda: [
        sum(map(correlate, image[1:], filter_[1:]), start=correlate(image[0], filter_[0]))
        for image in line.x
        for filter_ in line.weight
    ]


def _all_at_once(line: Line, convolve: Callable[..., np.ndarray]) -> Callable[[], object]:
    """Let SciPy broadcast over pictures and filters; channels are an axis to convolve along."""
    flipped = line.weight[..., ::-1, ::-1]
    if line.x.ndim == 2:
        return lambda: convolve(line.x, flipped, "same")
    edge = line.weight.shape[-1] // 2
    sides = ((0, 0), (0, 0), (edge, edge), (edge, edge))
    flipped = flipped[None, :, ::-1]
    return lambda: convolve(np.pad(line.x, sides)[:, None], flipped, "valid", axes=(-3, -2, -1))


PEERS = {
    "cnnviz": with_cnnviz,
    "torch": with_torch,
    "ndimage.correlate": with_ndimage,
    "correlate2d": with_correlate2d,
    "fftconvolve": with_fftconvolve,
    "oaconvolve": with_oaconvolve,
    "OpenCV": with_opencv,
}
PACKAGES = {"torch": "torch", "OpenCV": "cv2"}


def compare(arguments: argparse.Namespace) -> None:
    """Print the table, one line after the other."""
    installed = {name for name in PEERS if not PACKAGES.get(name) or _is_installed(PACKAGES[name])}
    rivals = installed - {"cnnviz", "OpenCV"}
    packages = "numpy", "scipy", "torch", "opencv-python-headless"
    print(", ".join(f"{package} {_version(package)}" for package in packages))
    print(f"{WORKERS} cores; medians in ms\n")
    print(table.header(["picture × kernel", *PEERS, "ahead"]), flush=True)
    measure = table.alone if arguments.alone else table.interleaved
    ahead = []
    for line in lines(arguments.dtype, arguments.side):
        if not table.is_wanted(line.name, arguments.only):
            continue
        times = measure(
            {name: PEERS[name](line) for name in PEERS if name in installed}, arguments.seconds
        )
        ahead.append(min(times[name] for name in rivals) / times["cnnviz"])
        cells = [times.get(name, "not installed") for name in PEERS]
        print(table.row([line.name, *cells, ahead[-1]]), flush=True)
    if not ahead:
        print(f"\nNo line has {arguments.only!r} in its name.")
        return
    print(f"\nAhead on {sum(ratio > 1 for ratio in ahead)} of {len(ahead)} lines; "
          f"least {min(ahead):.2f}, median {np.median(ahead):.1f} times.")  # fmt: skip


def _is_installed(package: str) -> bool:
    try:
        importlib.import_module(package)
    except ImportError:
        return False
    return True


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--alone", action="store_true", help="time each peer in a tight loop")
    parser.add_argument("--fit", action="store_true", help="fit the cost model again and print it")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each line (default 1)")
    parser.add_argument("--dtype", nargs="+", default=["float32", "float64"])
    parser.add_argument("--side", nargs="+", type=int, default=[256, 512, 1024, 2048])
    parser.add_argument("--only", default="", help='lines whose name has this, as "512 × 512"')
    arguments = parser.parse_args()
    if arguments.fit:
        importlib.import_module("cost_model").fit(arguments.seconds / 5, arguments.only)
    else:
        compare(arguments)
