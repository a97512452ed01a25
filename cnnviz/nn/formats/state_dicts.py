"""Weights without a graph: fitted to a known network, or to a guessed one.

A state dict has names, shapes and an order, but no strides, padding or pooling.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from math import isqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.from_weights import conv, linear, norm, weights
from cnnviz.nn.formats.model import Model, Wanted, guessed_scale, odd_weights
from cnnviz.nn.formats.npz_settings import MAX_LAYERS
from cnnviz.nn.layers.layer import Layer, Shape
from cnnviz.nn.layers.pointwise import Activation, Flatten
from cnnviz.nn.layers.pooling import GlobalAvgPool2d, MaxPool2d
from cnnviz.nn.network import Sequential
from cnnviz.nn.stacks.presets import PRESETS
from cnnviz.nn.stacks.squeezenet import squeezenet

__all__ = ["laid_out"]

Arrays = Mapping[str, NDArray[Any]]
SIDES = 28, 32, 64, 224, 96, 128, 150, 160, 180, 192, 256, 48, 100, 16, 8
GUESSED = (
    "The file holds weights alone. Their order and the poolings between them are guessed from "
    "names and shapes: compare with your program."
)
GIVEN = "The given stack"
FIT = "The weights fit {0}."
# What may be between the layers, the likeliest first: (no padding, where the poolings are).
BETWEEN = {
    "Padding that keeps the size, with poolings": (False, "everywhere"),
    "Padding that keeps the size, no poolings": (False, "nowhere"),
    "No padding, with poolings": (True, "everywhere"),
    "No padding, no poolings": (True, "nowhere"),
    "No padding, one pooling at the end": (True, "end"),  # as PyTorch's example for MNIST
}


def laid_out(arrays: Arrays, kind: str, wanted: Wanted, notes: tuple[str, ...] = ()) -> Model:
    """Return a network that fits the weights: one of ours by its shapes, else a guess.

    Raises
    ------
    ModelError
        If none is found.
    """
    counts = "num_batches_tracked"  # a counter that batch normalisation does not use
    arrays = {name: array for name, array in arrays.items() if not name.endswith(counts)}
    if (layers := len(_parts(arrays))) > MAX_LAYERS:
        raise ModelError(
            f"The file has weights of {layers:,} layers; at most {MAX_LAYERS} are read."
        )
    found = dict(_layouts(arrays, wanted))
    if not found:
        raise ModelError(
            "The file holds weights alone, and how its layers fit together cannot be guessed from "
            f"{len(_parts(arrays))} names and shapes{_sized(wanted)}: export the model as ONNX, or "
            "build it on the Layers page and open the file there."
        )
    layout = wanted.layout if wanted.layout in found else next(iter(found))
    network, guessed = found[layout], layout in BETWEEN
    told = () if layout == GIVEN else (GUESSED if guessed else FIT.format(layout),)
    notes = (*told, *notes, *odd_weights(network))
    return Model(
        network, kind, notes=notes, scale=guessed_scale(network), guessed=guessed, layout=layout,
        layouts=tuple(found),
    )  # fmt: skip


def _sized(wanted: Wanted) -> str:
    return " for pictures of {} × {}".format(*wanted.size) if wanted.size else ""


def _layouts(arrays: Arrays, wanted: Wanted) -> Iterator[tuple[str, Sequential]]:
    """Yield the networks that fit the weights, with titles, the likeliest first."""
    if wanted.onto is not None and (laid := laid_on(wanted.onto, arrays)):
        yield GIVEN, laid
    shapes = _shapes(_parts(arrays))
    for title, (build, own) in _known().items():
        if own == shapes and (laid := laid_on(build(), arrays)):
            yield title, laid
    seen = []
    for title, (valid, poolings) in BETWEEN.items():
        network = _guessed(arrays, valid, poolings, wanted.size)
        if network is not None and repr(network) not in seen:
            seen.append(repr(network))
            yield title, network


def laid_on(network: Sequential, arrays: Arrays) -> Sequential | None:
    """Put weights into a network layer by layer, and return it; None if the shapes do not fit."""
    ours, theirs = _parts({**network.parameters(), **network.buffers()}), _parts(arrays)
    if _shapes(ours) != _shapes(theirs):
        return None
    for mine, given in zip(ours, theirs, strict=True):
        for name, target in mine.arrays.items():
            values = weights(given.arrays[name], *target.shape)
            if isinstance(target, np.ndarray):
                target[...] = values
            else:
                target.value = values
    return network


Shapes = list[dict[str, tuple[int, ...]]]


def _shapes(parts: "list[_Part]") -> Shapes:
    return [{name: each.shape for name, each in part.arrays.items()} for part in parts]


@cache
def _known() -> dict[str, tuple[Callable[[], Sequential], Shapes]]:
    """Return the builder of each of our networks, and the shapes of its weights, by title."""
    builds: dict[str, Callable[[], Sequential]] = {
        preset.title: partial(preset.build, 0) for preset in PRESETS.values()
    }
    builds["SqueezeNet v1.1"] = squeezenet
    networks = {title: build() for title, build in builds.items()}
    return {
        title: (builds[title], _shapes(_parts({**network.parameters(), **network.buffers()})))
        for title, network in networks.items()
    }


class _Part(NamedTuple):
    """The arrays of one layer, by name, and its number in an nn.Sequential.

    The number in "conv2" is not such a number: it counts only convolutions.
    """

    number: int | None
    arrays: dict[str, Any]

    @property
    def is_dense(self) -> bool:
        """Whether its weight is that of a dense layer."""
        return "weight" in self.arrays and self.arrays["weight"].ndim == 2


def _guessed(
    arrays: Arrays, valid: bool, poolings: str, size: tuple[int, int] | None
) -> Sequential | None:
    """Return a row of convolutions, dense layers and normalisations; None if they do not fit."""
    try:
        row = _Row(_parts(arrays), valid, poolings)
    except ValueError:
        return None
    for high, wide in [size] if size else [row.square or (side, side) for side in SIDES]:
        try:
            return row.network(high, wide)
        except ValueError:
            continue
    return None


def _parts(arrays: Mapping[str, Any]) -> list[_Part]:
    """Group arrays or parameters by layer."""
    parts: dict[str, _Part] = {}
    for name, array in arrays.items():
        place, _, last = name.rpartition(".")
        number = re.search(r"(?:^|\.)(\d+)$", place)
        part = parts.setdefault(place, _Part(int(number[1]) if number else None, {}))
        part.arrays[last] = array
    return list(parts.values())


class _Row:
    """Layers in a row for pictures of any size; ValueError if the parts do not form one.

    Attributes
    ----------
    maps, vectors : list of Layer
        Those before and from the first dense layer, which takes `wanted` numbers.
    square : (H, W), optional
        Size of the pictures, if the first layer is a dense one.
    """

    def __init__(self, parts: list[_Part], valid: bool, poolings: str) -> None:
        self.maps: list[Layer] = []
        self.vectors: list[Layer] = []
        self.channels = self.filters = self.wanted = 0
        self.square: tuple[int, int] | None = None
        for at, (number, found) in enumerate(parts):
            weight, bias = found.get("weight"), found.get("bias")
            after = parts[at + 1] if at + 1 < len(parts) else None
            if (
                weight is None
                or not weight.size
                or set(found) - {"weight", "bias", "running_mean", "running_var"}
            ):
                raise ModelError(f"a part holds {', '.join(found)}")
            if weight.ndim == 4:
                self._put_conv(weight, bias, valid)
            elif weight.ndim == 2:
                self._put_dense(weight, bias)
            elif bias is not None and {"running_mean", "running_var"} <= set(found):
                statistics = found["running_mean"], found["running_var"]
                self._put(norm(weight, bias, *statistics, 1e-5, maps=not self.wanted))
            else:
                raise ModelError(f"a weight of shape {weight.shape}")
            self._put_between(number, after, poolings)

    def network(self, height: int, width: int) -> Sequential:
        """Return the network for pictures of one size."""
        first: Shape = (self.channels, height, width)
        shape = first
        for layer in self.maps:
            shape = layer.output_shape(shape)
        joint: list[Layer] = [Flatten()] if self.wanted else []
        if self.wanted == shape[0] and shape[1:] != (1, 1):
            joint.insert(0, GlobalAvgPool2d())
        return Sequential([*self.maps, *joint, *self.vectors], input_shape=first)

    def _put(self, layer: Layer) -> None:
        (self.vectors if self.wanted else self.maps).append(layer)

    def _put_conv(self, weight: NDArray[Any], bias: NDArray[Any] | None, valid: bool) -> None:
        if self.wanted:
            raise ModelError("a convolution after a dense layer")
        before = self.filters if self.maps else weight.shape[1]
        self.channels = self.channels or before
        self.filters = weight.shape[0]
        groups = before // weight.shape[1] if before % weight.shape[1] == 0 else 1
        if groups > 1 and weight.shape[2:] == (1, 1):
            raise ModelError("the shortcut of a residual block")
        padding = 0 if valid else tuple(size // 2 for size in weight.shape[2:])
        self._put(conv(weight, bias, padding=padding, groups=groups))

    def _put_dense(self, weight: NDArray[Any], bias: NDArray[Any] | None) -> None:
        inputs = weight.shape[1]
        if not self.wanted and not self.maps:
            root = isqrt(inputs)
            if root * root != inputs:
                raise ModelError(f"a first dense layer of {inputs} numbers")
            self.channels, self.square = 1, (root, root)
        self.wanted = self.wanted or inputs
        self._put(linear(weight, bias))

    def _put_between(self, number: int | None, after: _Part | None, poolings: str) -> None:
        """Add the layers between two parts: ReLU, and a pooling after convolutions."""
        if after is None or "running_mean" in after.arrays:
            return
        self._put(Activation("relu"))
        gap = after.number - number if number is not None and after.number is not None else None
        pooled = {
            "everywhere": gap is None or gap > 2 or gap <= 0,
            "end": after.is_dense,
            "nowhere": False,
        }
        if not self.wanted and pooled[poolings]:
            self._put(MaxPool2d(2))
