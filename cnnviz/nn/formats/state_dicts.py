"""Weights without a graph: laid onto a network that is known, or onto one that is guessed.

A state dict says names, shapes and an order, and no word of strides, paddings and poolings.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from math import isqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.filled import conv, linear, norm, weights
from cnnviz.nn.formats.model import Model, guessed_scale, odd_weights
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.pointwise import Activation, Flatten
from cnnviz.nn.layers.pooling import GlobalAvgPool2d, MaxPool2d
from cnnviz.nn.network import Sequential
from cnnviz.nn.stacks.presets import PRESETS
from cnnviz.nn.stacks.squeezenet import squeezenet

__all__ = ["laid_on", "laid_out"]

Arrays = Mapping[str, NDArray[Any]]
SIDES = 28, 32, 64, 224, 96, 128, 150, 160, 180, 192, 256, 48, 100, 16, 8
GUESSED = (
    "The file holds weights alone. Their order and the poolings between them are guessed from "
    "names and shapes: compare with your program."
)


def laid_out(arrays: Arrays, kind: str, notes: tuple[str, ...] = ()) -> Model:
    """Return a network that weights fit: one of ours by its shapes, else one that is guessed.

    Raises
    ------
    ModelError
        If none is found.
    """
    counts = "num_batches_tracked"  # which batch normalisation does not use
    arrays = {name: array for name, array in arrays.items() if not name.endswith(counts)}
    for title, network in _known():
        if laid := laid_on(network, arrays):
            found = laid, (f"The weights fit {title}.",)
            break
    else:
        found = _guessed(arrays), (GUESSED,)
    network, told = found
    return Model(
        network, kind, True, (*told, *notes, *odd_weights(network)), guessed_scale(network)
    )


def laid_on(network: Sequential, arrays: Arrays) -> Sequential | None:
    """Return a network with weights that fit its own, layer by layer; None if they do not fit."""
    own: dict[str, Any] = {**network.parameters(), **network.buffers()}
    ours, theirs = _parts(own), _parts(arrays)
    shapes = [
        [{name: each.shape for name, each in part.arrays.items()} for part in parts]
        for parts in (ours, theirs)
    ]
    if shapes[0] != shapes[1]:
        return None
    for mine, given in zip(ours, theirs, strict=True):
        for name, target in mine.arrays.items():
            values = weights(given.arrays[name], *target.shape)
            if isinstance(target, np.ndarray):
                target[...] = values
            else:
                target.value = values
    return network


def _known() -> Iterator[tuple[str, Sequential]]:
    for preset in PRESETS.values():
        yield preset.title, preset.build(0)
    yield "SqueezeNet v1.1", squeezenet()


class _Part(NamedTuple):
    """The arrays of one layer, by their names in it, and its number in an nn.Sequential."""

    number: int | None
    arrays: dict[str, Any]


def _guessed(arrays: Arrays) -> Sequential:
    """Return convolutions, dense layers and normalisations in a row, with the likeliest between.

    Of the sizes, paddings and poolings that go together the first is taken.
    """
    parts = _parts(arrays)
    for valid, pooled, side in product((False, True), (True, False), SIDES):
        try:
            return _row(parts, side, valid, pooled)
        except ValueError:
            continue
    raise ModelError(
        "The file holds weights alone, and how its layers go together cannot be guessed from "
        f"{len(parts)} names and shapes: export the model as ONNX."
    )


def _parts(arrays: Mapping[str, Any]) -> list[_Part]:
    """Return arrays, or what holds them, by layer."""
    parts: dict[str, _Part] = {}
    for name, array in arrays.items():
        place, _, last = name.rpartition(".")
        number = re.search(r"(\d+)$", place)
        part = parts.setdefault(place, _Part(int(number[1]) if number else None, {}))
        part.arrays[last] = array
    return list(parts.values())


def _row(parts: list[_Part], side: int, valid: bool, pooled: bool) -> Sequential:
    """Return the parts in a row for pictures of one side; ValueError if they do not fit."""
    layers: list[Layer] = []
    shape: tuple[int, ...] = ()
    first: tuple[int, ...] = ()

    def put(layer: Layer) -> None:
        nonlocal shape
        shape = layer.output_shape(shape)
        layers.append(layer)

    for at, (number, found) in enumerate(parts):
        weight, bias = found.get("weight"), found.get("bias")
        after = parts[at + 1] if at + 1 < len(parts) else None
        if weight is None or set(found) - {"weight", "bias", "running_mean", "running_var"}:
            raise ModelError(f"a part holds {', '.join(found)}")
        if weight.ndim == 4:
            if not shape:
                first = shape = (weight.shape[1], side, side)
            grouped = shape[0] // weight.shape[1] if shape[0] % weight.shape[1] == 0 else 1
            padding = 0 if valid else tuple(size // 2 for size in weight.shape[2:])
            put(conv(weight, bias, padding=padding, groups=grouped))
        elif weight.ndim == 2:
            if len(shape) == 3:
                _flatten(put, shape, weight.shape[1])
            elif not shape:
                root = isqrt(weight.shape[1])
                first = shape = (1, root, root) if root * root == weight.shape[1] else ()
                put(Flatten())
            put(linear(weight, bias))
        elif bias is not None and {"running_mean", "running_var"} <= set(found):
            maps = len(shape) == 3
            put(norm(weight, bias, found["running_mean"], found["running_var"], 1e-5, maps))
        else:
            raise ModelError(f"a weight of shape {weight.shape}")
        _between(put, number, weight, after, pooled)
    return Sequential(layers, input_shape=first)


def _between(
    put: Callable[[Layer], None],
    number: int | None,
    weight: NDArray[Any],
    after: _Part | None,
    pooled: bool,
) -> None:
    """Put what stands between two parts with weights: ReLU, and a pooling behind convolutions."""
    if after is None or "running_mean" in after.arrays:
        return
    put(Activation("relu"))
    gap = after.number - number if number is not None and after.number is not None else None
    maps = weight.ndim == 4 or weight.ndim == 1
    if maps and pooled and (gap is None or gap > 2 or gap <= 0):
        put(MaxPool2d(2))


def _flatten(put: Callable[[Layer], None], shape: tuple[int, ...], wanted: int) -> None:
    """Put a flattening, behind a global average where that alone fits."""
    if wanted == shape[0] and shape[1:] != (1, 1):
        put(GlobalAvgPool2d())
    put(Flatten())
