"""Other people's networks: which of them can be inspected, and which are classifiers."""

from math import prod
from typing import Literal, NamedTuple

import numpy as np

from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.pointwise import Activation, Softmax
from cnnviz.nn.network import Sequential
from cnnviz.nn.summary import Row, layer_names, with_branches

__all__ = ["Viewed", "check_cost", "classifier", "ending", "operations", "viewed"]

# What an untrusted network may cost: it runs while the user waits.
MOST_OPERATIONS = (
    2_500_000_000  # multiply-adds, and cells compared by pooling; ResNet-18: 1.8 · 10⁹
)
MOST_CELLS = 8 * 2**20  # in all maps together
MOST_WEIGHTS = 16 * 2**20
MOST_SIDE = 256
MOST_CLASSES = 1000


class Viewed(NamedTuple):
    """A network whose maps can be inspected.

    `unanswered` says why it gives no answer in classes, and is empty for a classifier.
    """

    network: Sequential
    unanswered: str


def viewed(network: Sequential, *, unanswered: str = "") -> Viewed:
    """Return `network` ready for inspection: as a classifier if it is one, else unchanged.

    If weights are NaN or ∞, the layers before them can be inspected.

    Parameters
    ----------
    unanswered : str
        Why it gives no answer, if already known: it is only the beginning of another network.

    Raises
    ------
    ValueError
        If it takes no pictures (C, H, W), or is too large to compute while the user waits.

    Examples
    --------
    >>> from cnnviz.nn import Conv2d
    >>> viewed(Sequential([Conv2d(1, 2, 3)], input_shape=(1, 8, 8))).unanswered
    'It ends with 2 maps of 6 × 6, not with one row of scores, so there is no answer in classes.'
    """
    _check_pictures(network)
    whole = next((at for at, layer in enumerate(network) if not _is_finite(layer)), len(network))
    if whole == 0 and len(network):
        raise ValueError("Some weights of its first layer are not finite (NaN or ∞).")
    if whole < len(network):
        part = Sequential(
            network.layers[:whole], input_shape=network.input_shape, names=network.names[:whole]
        )
        check_cost(part)
        return Viewed(
            part.eval(),
            f"Shown up to here: some weights of the next layer, {network.names[whole]}, are "
            "not finite (NaN or ∞).",
        )
    check_cost(network)
    if reason := unanswered or _no_answer(network):
        return Viewed(network.eval(), reason)
    return Viewed(classifier(network), "")


def classifier(network: Sequential) -> Sequential:
    """Return `network` as a classifier that gives every class a name and a share.

    Its inputs are (C, H, W). The layers are those of `network`, plus a Softmax if it ends with
    scores. A network that ends with a sigmoid gives each class an independent share, and may have a
    single class.

    Raises
    ------
    ValueError
        If it is not a classifier of pictures, or too large to compute while the user waits.

    Examples
    --------
    >>> from cnnviz.nn import Flatten, Linear
    >>> network = Sequential([Flatten(), Linear(64, 3)], input_shape=(1, 8, 8))
    >>> made = classifier(network)
    >>> made.names, made.classes
    (('flatten1', 'linear1', 'softmax1'), ('class 0', 'class 1', 'class 2'))
    """
    _check_pictures(network)
    if _no_answer(network):
        out = _output(network)
        raise ValueError(
            f"The network ends with an output of shape {out}; a classifier ends with one row of "
            f"2 to {MOST_CLASSES} scores, or of 1 to {MOST_CLASSES} after a sigmoid."
        )
    check_cost(network)
    (count,) = _output(network)
    classes = network.classes
    if len(classes) != count or len(set(classes)) != count or not all(classes):
        classes = tuple(f"class {number}" for number in range(count))
    layers, names = network.layers, network.names
    if not ending(network):
        layers = (*layers, Softmax())
        names = (*names, layer_names(layers)[-1])
    shape = network.input_shape
    return Sequential(layers, input_shape=shape, classes=classes, names=names).eval()


def ending(network: Sequential) -> Literal["softmax", "sigmoid", ""]:
    """Return the function that turns scores into shares at the end of a network, or ""."""
    last = network[-1] if len(network) else None
    if isinstance(last, Softmax):
        return "softmax"
    return "sigmoid" if isinstance(last, Activation) and last.kind == "sigmoid" else ""


def _output(network: Sequential) -> tuple[int, ...]:
    return network.summary()[-1].output_shape if len(network) else network.input_shape or ()


def _no_answer(network: Sequential) -> str:
    """Say why a network gives no answer in classes; empty if it does."""
    out = _output(network)
    if len(out) == 3:
        maps = f"{out[0]} maps of {out[1]} × {out[2]}"
        return f"It ends with {maps}, not with one row of scores, so there is no answer in classes."
    if not (1 if ending(network) == "sigmoid" else 2) <= out[0] <= MOST_CLASSES:
        what = "a single number" if out[0] == 1 else f"{out[0]:,} numbers"
        return (
            f"It ends with {what}, not with 2 to {MOST_CLASSES} scores, so there is no answer in \
classes."
        )
    return ""


def operations(network: Sequential) -> int:
    """Return the multiply-adds for one input, plus the cells that pooling reads."""
    return _operations(network, network.summary())


def _operations(network: Sequential, rows: list[Row]) -> int:
    total = 0
    for layer, row in zip(network, rows, strict=True):
        total += prod(row.output_shape)
        if layer.kind == "pool":
            # A global pooling has no size; it reads each cell of the maps before it once.
            total += prod(row.output_shape) * prod(layer.settings.get("kernel_size", ()))
        total += sum(map(_operations, layer.branches, row.branches)) or row.multiply_adds
    return total


def _check_pictures(network: Sequential) -> None:
    shape = network.input_shape
    if shape is None or len(shape) != 3:
        raise ValueError(
            f"The network does not say which pictures (C, H, W) it is made for: its input shape "
            f"is {shape}."
        )
    if max(shape[1:]) > MOST_SIDE:
        raise ValueError(
            f"The network takes pictures of {shape[1]} × {shape[2]}; at most {MOST_SIDE} a side "
            "are computed here."
        )


def check_cost(network: Sequential) -> None:
    """Raise ValueError if a network is too large to compute while the user waits."""
    rows = network.summary()
    cells = sum(prod(row.output_shape) for row in with_branches(rows))
    weights = sum(row.parameters for row in rows)
    smaller = " With smaller pictures there are fewer."
    for found, most, what, way_out in (
        (operations(network), MOST_OPERATIONS, "operations for one picture", smaller),
        (cells, MOST_CELLS, "cells in its maps", smaller),
        (weights, MOST_WEIGHTS, "weights", ""),
    ):
        if found > most:
            raise ValueError(
                f"The network has {found:,} {what}; at most {most:,} are computed here.{way_out}"
            )


def _is_finite(layer: Layer) -> bool:
    arrays = [*(each.value for each in layer.parameters().values()), *layer.buffers().values()]
    return all(np.isfinite(array).all() for array in arrays)
