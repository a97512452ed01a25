"""A first layer that scales pixels to the range a network was trained on."""

from collections.abc import Mapping

import numpy as np

from cnnviz.nn.formats.from_weights import conv
from cnnviz.nn.layers.affine import Affine
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.network import Sequential

__all__ = ["SCALES", "scaled"]

# Factor and offset for pixels from 0 to 1: one number each, or one per channel.
# Mean and spread of ImageNet: https://pytorch.org/vision/stable/models.html
MEAN, SPREAD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
SCALES: Mapping[str, tuple[np.ndarray, np.ndarray]] = {
    "0–1": (np.ones(1), np.zeros(1)),
    "0–255": (np.full(1, 255.0), np.zeros(1)),
    "−1–1": (np.full(1, 2.0), np.full(1, -1.0)),
    "ImageNet": (1 / SPREAD, -MEAN / SPREAD),
}


def scaled(network: Sequential, scale: str, *, blue_first: bool = False) -> Sequential:
    """Return a network for pixels from 0 to 1 whose first layer, "scale", scales them.

    Parameters
    ----------
    network : Sequential
        With an input shape (C, H, W).
    scale : str
        A name in `SCALES`; unless there are three channels, "ImageNet" is the mean of its colours.
    blue_first : bool
        Whether it takes the colours as blue, green, red; the first layer is then a 1 × 1
        convolution that also reorders them.

    Examples
    --------
    >>> from cnnviz.nn import Activation
    >>> network = scaled(Sequential([Activation("relu")], input_shape=(1, 1, 1)), "0–255")
    >>> network.names, network.forward([[[[0.5]]]]).tolist()
    (('scale', 'relu1'), [[[[127.5]]]])
    """
    if scale not in SCALES:
        raise ValueError(f"There is no scale {scale!r}; there are {', '.join(SCALES)}.")
    weight, bias = SCALES[scale]
    shape = network.input_shape
    blue_first = blue_first and shape is not None and shape[0] == 3
    if shape is None or ((weight == 1).all() and not blue_first):
        return network
    if len(weight) > 1 and shape[0] != len(weight):
        mean = np.full(1, MEAN.mean())
        weight, bias = 1 / np.full(1, SPREAD.mean()), -mean / SPREAD.mean()
    layer: Layer
    if blue_first:
        mixed = np.diag(np.broadcast_to(weight, (3,)))[::-1]  # each colour keeps its own scale
        layer = conv(mixed[:, :, None, None], np.broadcast_to(bias, (3,))[::-1])
    else:
        layer = Affine(len(weight))
        layer.weight.value = weight.astype(np.float32)
        layer.bias.value = bias.astype(np.float32)
    names = ("scale", *network.names)
    return Sequential([layer, *network], input_shape=shape, classes=network.classes, names=names)
