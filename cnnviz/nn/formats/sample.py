"""An input with its output from elsewhere, to check that a network here gives the same."""

import re
from io import BytesIO
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.activations import sigmoid, softmax
from cnnviz.functional.checks import count_of
from cnnviz.nn.formats.archive import opened, read_numbers
from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.model import Model

__all__ = ["Comparison", "NetworkSample", "compared", "pasted", "read_sample"]

SAME = 1e-4  # share of the largest number
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
INPUTS = ("x", "input", "inputs", "image")


class NetworkSample(NamedTuple):
    """An input of a network, and the output."""

    x: NDArray[Any]
    y: NDArray[Any]


class Comparison(NamedTuple):
    """How far the output here is from the one elsewhere.

    `largest` is the largest difference, `scale` the largest expected number, and `end` what was
    compared: "output", or "scores", "shares" or their "logarithms" if only those agree.
    """

    largest: float
    scale: float
    end: str

    @property
    def same(self) -> bool:
        """Whether the difference is only rounding."""
        return self.largest <= SAME * max(self.scale, 1e-6)


def read_sample(data: bytes) -> NetworkSample:
    """Return the sample in an npz file of two arrays: "x" or "input", and the output.

    Raises
    ------
    ModelError
        If it does not hold two arrays of numbers.

    Examples
    --------
    >>> file = BytesIO()
    >>> np.savez(file, x=np.ones((1, 2, 2)), y=np.array([0.25, 0.75]))
    >>> read_sample(file.getvalue()).y.tolist()
    [0.25, 0.75]
    """
    try:
        with opened(BytesIO(data)) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist()]
            first = next((name for name in names if name.lower() in INPUTS), "")
            if len(names) != 2 or not first:
                raise ModelError(
                    'A sample is an npz file of two arrays, "x" that goes in and "y" that comes '
                    f"out; this one holds {', '.join(names)[:80] or 'none'}."
                )
            (second,) = (name for name in names if name != first)
            return NetworkSample(read_numbers(archive, first), read_numbers(archive, second))
    except ValueError as error:
        raise ModelError(str(error)) from None


def pasted(text: str, outputs: int) -> NetworkSample:
    """Return the sample in a text of numbers: first the input, then the output.

    >>> pasted("[[0, 1], [1, 0]] -> [.25, 7.5e-1]", 2)
    NetworkSample(x=array([0., 1., 1., 0.]), y=array([0.25, 0.75]))
    """
    numbers = np.array([float(found) for found in NUMBER.findall(text)])
    return NetworkSample(numbers[: max(len(numbers) - outputs, 0)], numbers[-outputs:])


def compared(model: Model, sample: NetworkSample) -> Comparison:
    """Return how far a network's output is from a sample's.

    Raises
    ------
    ModelError
        If the sizes of the sample do not match; the message says which.
    """
    network = model.network
    shape = network.input_shape or ()
    x = _input(model, sample.x)
    scorer = network.scorer()
    with np.errstate(all="ignore"):
        output = network.forward(x[None])[0]
        scores = scorer.forward(x[None])[0]
    y = np.asarray(sample.y, np.float64).ravel()
    if y.size != output.size:
        raise ModelError(
            f"The sample expects {count_of(y.size, 'number')}; this network makes {output.size} of "
            f"a picture of shape {shape}."
        )
    ways = {"output": output, "scores": scores}
    if output.ndim == 1:
        squashed = sigmoid if output.size == 1 else softmax
        ways["shares"] = squashed(scores.astype(np.float64))
        ways["logarithms"] = np.log(np.maximum(ways["shares"], np.finfo(np.float64).tiny))
    scale = float(np.abs(y).max(initial=0))
    found = [Comparison(_apart(y, way), scale, end) for end, way in ways.items()]
    return next((each for each in found if each.same), found[0])


def _apart(y: NDArray[Any], made: NDArray[Any]) -> float:
    forms = [made] if made.ndim == 1 else [made, np.moveaxis(made, 0, -1)]
    return min(float(np.abs(form.ravel() - y).max(initial=0)) for form in forms)


def _input(model: Model, x: NDArray[Any]) -> NDArray[np.float32]:
    """Return the input of a sample as (C, H, W)."""
    shape = model.network.input_shape or ()
    channels, *size = shape
    last = (*size, channels)
    x = np.asarray(x, np.float32)
    given = x.shape
    while x.ndim > 3 and x.shape[0] == 1:
        x = x[0]
    if x.ndim in (1, 2) and x.size == prod(shape) and (x.ndim == 1 or channels == 1):
        x = x.reshape(last if model.channels_last else shape)
    forms = [shape, last][:: -1 if model.channels_last else 1]
    form = next((each for each in forms if x.shape == each), None)
    if form is None:
        raise ModelError(
            f"The sample's input has the shape {given}; this network takes pictures of {shape}, or "
            f"{last} with the channels last."
        )
    return x if form == shape else np.moveaxis(x, -1, 0)
