"""The chain rule link by link: from the loss, through every layer, to one cell of the first map."""

from collections.abc import Sequence
from copy import deepcopy
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.convolution import conv2d
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.layer import Floats, Layer
from cnnviz.nn.layers.pointwise import Linear
from cnnviz.nn.layers.pooling import MaxPool2d
from cnnviz.nn.network import Sequential
from cnnviz.nn.training.loss import cross_entropy

__all__ = ["Gate", "Links", "links_to_cell"]

Place: TypeAlias = tuple[int, int, int]  # map, row, column


class Gate(NamedTuple):
    """A layer that works cell by cell, and its factor for a slope passing backwards."""

    name: str
    kind: str
    factor: float


class Links(NamedTuple):
    """The factors of the loss's slope with respect to a cell of the first convolution, backwards.

    Parameters
    ----------
    errors : array (K,)
        The slope of the loss with respect to each score: the share of the class, less 1 for the
        true one.
    weights : array (K,)
        The dense layer's weights for the number that `source` becomes there.
    first_gates : tuple of Gate
        The gates between the dense layer and `source`.
    source : (map, row, column)
        The cell of the second convolution that adds most.
    slopes, kernels : array (F, H, W)
        The slope of the loss with respect to each cell of the second convolution, and the weight of
        `pooled` in that cell; 0 if it has none.
    pooled : (map, row, column)
        The cell that the first one becomes before the second convolution.
    gates : tuple of Gate
        The gates between the second convolution and the cell.
    """

    errors: NDArray[np.float64]
    weights: NDArray[np.float64]
    first_gates: tuple[Gate, ...]
    source: Place
    slopes: NDArray[np.float64]
    kernels: NDArray[np.float64]
    pooled: Place
    gates: tuple[Gate, ...]

    @property
    def feature(self) -> float:
        """The slope of the loss with respect to the number that arrives at the dense layer."""
        return float(self.errors @ self.weights)

    @property
    def products(self) -> NDArray[np.float64]:
        """What each cell of the second convolution contributes, (F, H, W)."""
        return self.slopes * self.kernels

    @property
    def total(self) -> float:
        """The slope of the loss with respect to the cell."""
        return through(float(self.products.sum()), self.gates)


def through(slope: float, gates: Sequence[Gate]) -> float:
    """Return what is left of a slope after some gates.

    >>> through(2.0, [Gate("pool1", "pool", 1.0), Gate("relu1", "relu", 0.5)])
    1.0
    """
    for gate in gates:
        slope *= gate.factor
    return slope


def links_to_cell(network: Sequential, image: ArrayLike, label: int, cell: Place) -> Links:
    """Return the chain rule's factors from one image's loss back to a cell of the first layer.

    Parameters
    ----------
    network : Sequential
        As made by `small_cnn`; it is not changed.
    image : array (C, H, W)
    label : int
        Its class; the loss is −ln of that class's share.
    cell : (map, row, column)
        Of the first convolution, before its activation.

    Raises
    ------
    ValueError
        If the network is of another kind, or no window of a pooling reads the cell.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> network, image = small_cnn((1, 8, 8), "0123456789"), np.eye(8)[None]
    >>> links = links_to_cell(network, image, 3, (2, 4, 4))
    >>> [gate.kind for gate in links.gates], links.pooled, links.slopes.shape
    (['pool', 'relu'], (2, 2, 2), (32, 4, 4))
    """
    scorer = deepcopy(network.without_softmax()).eval()
    kinds = [type(layer) for layer in scorer]
    if kinds.count(Conv2d) != 2 or kinds[0] is not Conv2d or kinds[-1] is not Linear:
        raise ValueError("The network must have two convolutions and end with one dense layer.")
    second, flatten = kinds.index(Conv2d, 1), len(kinds) - 2
    outputs = [np.asarray(image)[None]]
    for layer in scorer:
        outputs.append(layer.forward(outputs[-1], remember=True))
    _, errors = cross_entropy(outputs[-1], np.array([label]))
    grad = errors
    for layer in reversed(scorer[second + 1 :].layers):
        grad = layer.backward(grad)
    slopes = grad[0].astype(np.float64)
    pooled, gates = _gates(scorer, range(1, second), cell, outputs)
    kernels = _kernels(scorer[second], pooled, outputs[second].shape[1:])
    order = abs(slopes * kernels).argmax()
    strongest = tuple(int(place) for place in np.unravel_index(order, slopes.shape))
    source = strongest[0], strongest[1], strongest[2]
    feature, first_gates = _gates(scorer, range(second + 1, flatten), source, outputs)
    number = np.ravel_multi_index(feature, outputs[flatten].shape[1:])
    weights = scorer[-1].parameters()["weight"].value[:, number]
    return Links(
        errors[0].astype(np.float64),
        weights.astype(np.float64),
        first_gates,
        source,
        slopes,
        kernels,
        pooled,
        gates,
    )


def _gates(
    network: Sequential, which: Sequence[int], cell: Place, outputs: Sequence[Floats]
) -> tuple[Place, tuple[Gate, ...]]:
    """Follow a cell forwards through layers; return where it arrives, and the gates backwards.

    `outputs` begin with the image. A gate's factor is the slope that it makes from 1.
    """
    gates = []
    for index in which:
        layer, after = network[index], _after(network[index], cell)
        one = np.zeros_like(outputs[index + 1])
        if not all(place < size for place, size in zip(after, one.shape[1:], strict=True)):
            raise ValueError(f"No window of {network.names[index]} reads the cell {cell}.")
        one[0, *after] = 1
        back = layer.backward(one)
        gates.append(Gate(network.names[index], layer.kind, float(back[0, *cell])))
        cell = after
    return cell, tuple(reversed(gates))


def _after(layer: Layer, cell: Place) -> Place:
    """Return the cell that a cell goes into; windows lie side by side."""
    if not isinstance(layer, MaxPool2d):
        return cell
    rows, columns = layer.settings["stride"]
    return cell[0], cell[1] // rows, cell[2] // columns


def _kernels(layer: Layer, cell: Place, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the weight with which a cell goes into each cell of a convolution (F, H, W)."""
    one = np.zeros(shape)
    one[cell] = 1
    names = ("stride", "padding", "dilation", "groups", "padding_mode")
    settings = {name: layer.settings[name] for name in names}
    weight = layer.parameters()["weight"].value.astype(np.float64)
    return np.asarray(conv2d(one, weight, **settings), np.float64)
