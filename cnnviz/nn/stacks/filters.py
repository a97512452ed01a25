"""Where the filters of a stack come from: a random draw, a hand-made bank, or a trained network."""

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from cnnviz.kernels import KERNELS, gabor, oriented_edge
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.layers.pointwise import Linear
from cnnviz.nn.network import Sequential
from cnnviz.nn.pretrained import pretrained

__all__ = ["FILTERS", "fill", "strongest"]

ANGLES = 4  # directions of a Gabor bank at each spacing
SPACINGS = 3


def fill(network: Sequential, source: str) -> dict[str, str]:
    """Give the convolutions and dense layers of `network` filters from `source`.

    Parameters
    ----------
    network : Sequential
        Its weights are replaced where the source has any; the rest stay random.
    source : str
        A name in `FILTERS`: "random", "hand", or that of a trained network.

    Returns
    -------
    dict
        For each layer with filters, by name, where they come from: "random", "hand-made" or
        "learned".

    Raises
    ------
    ValueError
        If there is no such source.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> fill(small_cnn((1, 64, 64), "0123456789"), "digits")
    {'conv1': 'learned', 'conv2': 'learned', 'linear1': 'random'}
    """
    if source not in FILTERS:
        raise ValueError(f"There are no filters {source!r}; there are {', '.join(FILTERS)}.")
    said, counts = {}, {"conv": 0, "linear": 0}
    for name, layer in zip(network.names, network, strict=True):
        if not isinstance(layer, Conv2d | Linear):
            continue
        number = counts[layer.kind]
        counts[layer.kind] += 1
        said[name] = FILTERS[source](layer, number) or "random"
    return said


def strongest(layer: Conv2d) -> Floats:
    """Return each filter's weights for the channel that it weights most: (F, kH, kW).

    Examples
    --------
    >>> layer = Conv2d(2, 1, 1)
    >>> layer.weight.value = [[[[0.5]], [[-2.0]]]]
    >>> strongest(layer).tolist()
    [[[-2.0]]]
    """
    weight = layer.weight.value
    channels = abs(weight).sum(axis=(2, 3)).argmax(axis=1)
    return weight[np.arange(len(weight)), channels]


def _leave(layer: Conv2d | Linear, number: int) -> str:
    """Leave the random weights."""
    return ""


def _by_hand(layer: Conv2d | Linear, number: int) -> str:
    """Give a convolution the kernels of the bank.

    In the first one, all filters see the mean of the channels; in later ones, filter i sees channel
    i.
    """
    if not isinstance(layer, Conv2d) or layer.settings["kernel_size"][0] < 3:
        return ""
    filters, channels, size, _ = layer.weight.shape
    kernels = bank(filters, size)
    if number == 0:
        weight = np.repeat(kernels[:, None] / channels, channels, axis=1)
    else:
        weight = np.zeros(layer.weight.shape, np.float32)
        weight[np.arange(filters), np.arange(filters) % channels] = kernels
    layer.weight.value = weight
    return "hand-made"


@lru_cache(maxsize=32)
def bank(count: int, size: int) -> Floats:
    """Return (count, size, size): Sobel in four directions, Laplacian, and Gabor filters.

    All sum to 0, and |weights| sum to 2. After the last Gabor filter, the bank repeats.

    Examples
    --------
    >>> bank(16, 5).shape, float(abs(bank(16, 5).sum(axis=(1, 2))).max()) < 1e-6
    ((16, 5, 5), True)
    """
    small = [oriented_edge(angle).matrix for angle in (0, 90, 45, 135)]
    small.append(KERNELS["laplacian_4"].matrix)
    before = (size - 3) // 2
    kernels = [np.pad(matrix, (before, size - 3 - before)) for matrix in small]
    for phase in (90, 0):
        for spacing in range(SPACINGS):
            wavelength = max(3.0, size * (1 - 0.25 * spacing))
            for turn in range(ANGLES):
                angle = 180 * (turn + (spacing % 2) / 2) / ANGLES
                kernels.append(gabor(size, angle, wavelength, max(0.5, size / 4), phase).matrix)
    made = np.array([kernels[i % len(kernels)] for i in range(count)], np.float32)
    return 2 * made / abs(made).sum(axis=(1, 2), keepdims=True)


def _learned(model: str, layer: Conv2d | Linear, number: int) -> str:
    """Give a layer the first filters and channels of layer `number` in a model.

    A first convolution on three channels gets a third of the grey weights for each channel.
    """
    known = [one.parameters() for one in pretrained(model) if one.kind == layer.kind]
    if number >= len(known):
        return ""
    theirs, bias = known[number]["weight"].value, known[number]["bias"].value
    wanted = layer.weight.shape
    if number == 0 and wanted[1] == 3 and theirs.shape[1] == 1:
        theirs = np.repeat(theirs / 3, 3, axis=1)
    if not _can_take(layer, theirs.shape):
        return ""
    layer.weight.value = theirs[: wanted[0], : wanted[1]].copy()
    layer.parameters()["bias"].value = bias[: wanted[0]].copy()
    return "learned"


def _can_take(layer: Conv2d | Linear, shape: tuple[int, ...]) -> bool:
    """Whether weights of `shape` have enough filters and channels of this layer's size."""
    wanted = layer.weight.shape
    if isinstance(layer, Linear):
        return shape == wanted
    enough = all(ours <= theirs for ours, theirs in zip(wanted[:2], shape[:2], strict=True))
    return enough and wanted[2:] == shape[2:] and layer.settings["groups"] == 1


FILTERS: dict[str, Callable[[Conv2d | Linear, int], str]] = {
    "random": _leave,
    "hand": _by_hand,
    "digits": partial(_learned, "digits"),
    "shapes": partial(_learned, "shapes"),
}
