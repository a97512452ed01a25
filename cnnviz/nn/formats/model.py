"""The result of reading a file: a network, and notes about it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.graph import Graph, Value
from cnnviz.nn.formats.graph_layers import longest
from cnnviz.nn.formats.picture_input import PictureInput
from cnnviz.nn.layers.affine import Affine
from cnnviz.nn.network import Sequential

__all__ = [
    "Model",
    "Wanted",
    "guessed_scale",
    "in_a_size_that_fits",
    "modelled",
    "named",
    "odd_weights",
]

LOGARITHMS = (
    "It ends with a log-softmax. Here the softmax is shown: the shares, not their logarithms."
)


@dataclass(frozen=True)
class Wanted:
    """What the user has told us about a network because its file does not say it.

    Parameters
    ----------
    size : (H, W), optional
        Size of its pictures.
    layout : str
        How to arrange bare weights: a name in `Model.layouts`.
    onto : Sequential, optional
        A network for bare weights, if they fit.
    """

    size: tuple[int, int] | None = None
    layout: str = ""
    onto: Sequential | None = None


@dataclass(frozen=True)
class Model:
    """A network from a file.

    Parameters
    ----------
    network : Sequential
        With an input shape (C, H, W).
    kind : str
        The format, such as "ONNX".
    whole : bool
        Whether the network reaches the end of the one in the file.
    notes : tuple of str
        Sentences that the user should read: what is not shown and why, weights that are NaN …
    scale : str
        How pixels are most likely scaled for this network: a name in
        `cnnviz.nn.inspection.scales.SCALES`.
    channels_last : bool
        Whether the file takes pictures with the channels last; the network here does not.
    guessed : bool
        Whether something was guessed that the user should check: the size of the pictures, or how
        the weights are arranged.
    layout, layouts : str, tuple of str
        How bare weights were arranged here, and all possible arrangements.
    """

    network: Sequential
    kind: str
    whole: bool = True
    notes: tuple[str, ...] = ()
    scale: str = "0–1"
    channels_last: bool = False
    guessed: bool = False
    layout: str = ""
    layouts: tuple[str, ...] = ()


def modelled(
    graph: Graph,
    output: Value | None,
    kind: str,
    *,
    classes: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    guessed: bool = False,
    outputs: int = 1,
) -> Model:
    """Return the network of a graph, or as much as can be shown.

    Parameters
    ----------
    output : Value, optional
        The graph's output; None if it is not known.
    outputs : int
        How many the network in the file has; the others are not shown.

    Raises
    ------
    ModelError
        If no part of it can be shown.
    """
    if outputs > 1 and output is not None:
        notes = (f"The network has {outputs} outputs; the first is shown.", *notes)
    end = output.name if output else next(reversed(graph.steps), "")
    layers, end = longest(graph, end) if end else ([], "")
    whole = output is not None and end == output.name
    if output is not None and output.flat and whole:
        graph.unsupported["Flatten of the last maps"] += 1
        whole = False
    missing = told(graph.unsupported)
    if not layers:
        reason = f"the app does not support {missing}" if missing else "it has no layers"
        raise ModelError(f"Nothing of this network can be shown: {reason}.")
    if whole and output is not None and output.log:
        notes = (LOGARITHMS, *notes)
    if not whole:
        notes = (f"Shown up to here: the app does not support {missing}.", *notes)
    network = Sequential(layers, input_shape=graph.input.shape)
    notes = (*notes, *odd_weights(network))
    model = Model(network, kind, whole, notes, guessed_scale(network), graph.input.last, guessed)
    return named(model, classes)


def in_a_size_that_fits(
    pictures: Iterable[PictureInput], read: Callable[[PictureInput], Model]
) -> Model:
    """Return the network for the first size of pictures in which all of it can be shown.

    If there is none, return the network for the first size in which a part of it can.

    Raises
    ------
    ModelError
        If no size fits.
    """
    parts: list[Model] = []
    failures: list[ModelError] = []
    for picture in pictures:
        try:
            model = read(picture)
        except ModelError as error:
            failures.append(error)
            continue
        if model.whole:
            return model
        parts.append(model)
    if parts:
        return parts[0]
    if len(set(map(str, failures))) > 1:
        raise ModelError(
            "The file does not say how large its pictures are, and no usual size fits. Export it "
            "for pictures of one size."
        )
    raise failures[0]


def told(unsupported: Counter[str]) -> str:
    """Return operators with their counts, the most frequent first.

    >>> told(Counter({"LSTM": 2, "Resize": 1}))
    'LSTM (2), Resize (1)'
    """
    return ", ".join(f"{name} ({count})" for name, count in unsupported.most_common(20))


def named(model: Model, classes: tuple[str, ...]) -> Model:
    """Return the model with named outputs, if the number of names matches."""
    network = model.network
    out = network.summary()[-1].output_shape
    if not model.whole or len(classes) != out[0]:
        return model
    shape, names = network.input_shape, network.names
    network = Sequential(network.layers, input_shape=shape, classes=classes, names=names)
    return replace(model, network=network)


def odd_weights(network: Sequential) -> tuple[str, ...]:
    """Return a sentence about weights that are NaN or ∞, or nothing."""
    arrays = [parameter.value for parameter in network.parameters().values()]
    odd = sum(int((~np.isfinite(array)).sum()) for array in [*arrays, *network.buffers().values()])
    if not odd:
        return ()
    are = "is" if odd == 1 else "are"
    return (f"{odd:,} of its weights {are} not finite (NaN or ∞), and so its maps are not either.",)


def guessed_scale(network: Sequential) -> str:
    """Return how pixels are most likely scaled for a network.

    A network whose first layer scales by a hundredth or less takes 0–255; one for colour photos of
    160 pixels a side or more was most likely trained in PyTorch on ImageNet.
    """
    first = network[0]
    if isinstance(first, Affine) and np.abs(first.weight.value).max() < 0.05:
        return "0–255"
    channels, *size = network.input_shape or (1, 1, 1)
    return "ImageNet" if channels == 3 and min(size) >= 160 else "0–1"
