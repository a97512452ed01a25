"""The settings of a network in an npz file: which layers it has, written and read as text.

Nothing that a file says is trusted: layers that are too many, too large or do not fit each other
are refused before anything is computed.
"""

import json
from collections.abc import Mapping
from itertools import chain
from math import prod
from typing import Any

from cnnviz.nn.formats.archive import short
from cnnviz.nn.formats.class_names import MAX_CLASSES
from cnnviz.nn.layers.affine import Affine, PReLU
from cnnviz.nn.layers.branches import MAX_DEPTH, Parallel, Residual
from cnnviz.nn.layers.channels import SelectChannels
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.gated import Gated
from cnnviz.nn.layers.layer import Layer, Shape
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.padding import Pad2d
from cnnviz.nn.layers.pointwise import Activation, Flatten, Linear, Softmax
from cnnviz.nn.layers.pooling import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d
from cnnviz.nn.layers.transposed import ConvTranspose2d
from cnnviz.nn.layers.upsampling import Upsample

__all__ = [
    "LAYERS",
    "LONGEST_NAME",
    "MAX_LAYERS",
    "entry_of",
    "in_a_branch",
    "make_layers",
    "read_settings",
]

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (
        Conv2d, Activation, MaxPool2d, AvgPool2d, GlobalMaxPool2d, GlobalAvgPool2d, BatchNorm2d,
        Dropout, Flatten, Linear, Softmax, Parallel, Residual, Gated, Affine, PReLU,
        Pad2d, ConvTranspose2d, Upsample, SelectChannels,
    )
}  # fmt: skip
MAX_LAYERS = 500  # in one chain and all its branches; ResNet-101 has 346
MAX_WINDOW = 32  # for kernel, stride, padding, dilation and scale: limits the work of a file
BOUNDED = "kernel_size", "stride", "padding", "output_padding", "dilation", "scale_factor"
MAX_CELLS = 16 * 2**20  # in the output of one layer, for one input
MAX_SIDE = 2**16  # rows or columns of maps: a pooling lists its windows along each side
LONGEST_NAME = 40  # characters of a class or a layer


class _Said(ValueError):
    """An error whose message is a whole sentence, with nothing to add."""


def entry_of(layer: Layer) -> tuple[str, Mapping[str, Any]]:
    """Return a layer's entry in the settings."""
    return type(layer).__name__, layer.settings


def in_a_branch(layer: object) -> dict[str, Any]:
    """Return a layer in a branch for the settings: {"layer": entry}."""
    if not isinstance(layer, Layer):
        raise TypeError(f"Settings of a layer are numbers and text, got {layer!r}.")
    return {"layer": entry_of(layer)}


def read_settings(described: bytes) -> dict[str, Any]:
    """Return the settings in the form that `save` wrote."""
    try:
        given = {"names": [], **json.loads(described)}
        settings: dict[str, Any] = {
            "layers": _listed(given["layers"]),
            "classes": _texts(given["classes"]),
            "input_shape": _sizes(given["input_shape"]),
            "names": _texts(given["names"]),
        }
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise ValueError('The array "network" does not describe a network.') from None
    shape = settings["input_shape"]
    if shape is not None and (len(shape) not in (1, 3) or min(shape) < 1):
        raise ValueError(f"The input shape must be (C, H, W), got {short(shape)}.")
    return settings


def _listed(given: Any) -> list[Any]:  # any JSON
    if not isinstance(given, list):
        raise TypeError
    return given


def _texts(given: Any) -> tuple[str, ...]:  # any JSON
    return tuple(str(text)[:LONGEST_NAME] for text in _listed(given)[:MAX_CLASSES])


def _sizes(given: Any) -> Shape | None:  # any JSON
    return None if given is None else tuple(int(size) for size in given)


def make_layers(entries: list[Any], input_shape: Shape | None) -> list[Layer]:
    """Return the layers of the settings, which fit each other and are not too many or too large."""
    _check_count(len(entries))
    layers = [_layer(f"Layer {number}", entry) for number, entry in enumerate(entries)]
    inside = [branch.all_layers() for layer in layers for branch in layer.branches]
    _check_count(len(layers) + len(list(chain(*inside))))
    _check_sizes(layers, input_shape)
    return layers


def _check_count(count: int) -> None:
    if count > MAX_LAYERS:
        raise ValueError(f"The network has {count} layers; at most {MAX_LAYERS} are read.")


def _layer(place: str, entry: Any, depth: int = 0) -> Layer:
    if depth > MAX_DEPTH:
        raise _Said(f"{place} cannot be made: branches are nested more than {MAX_DEPTH} deep.")

    def value(given: Any) -> Any:  # any JSON
        if isinstance(given, dict):
            return _layer("A layer in its branches", given["layer"], depth + 1)
        return tuple(map(value, given)) if isinstance(given, list) else given

    try:
        if len(_listed(entry)) != 2:
            raise TypeError
        name, settings = entry
        layer = LAYERS[name](**{key: value(given) for key, given in settings.items()})
    except _Said:
        raise
    except ValueError as error:
        raise _Said(f"{place} cannot be made: {short(error, 200)}") from None
    except (TypeError, KeyError, AttributeError, OverflowError):
        raise _Said(f"{place} cannot be made from {short(repr(entry), 200)}.") from None
    for setting in BOUNDED:
        largest = _largest(layer.settings.get(setting, 0))
        if largest > MAX_WINDOW:
            raise _Said(f"{place} has a {setting} of {largest}; at most {MAX_WINDOW} is read.")
    return layer


def _check_sizes(layers: list[Layer], input_shape: Shape | None) -> None:
    """Refuse a network whose maps would exhaust memory, before any of them is computed."""
    if input_shape is None:
        return
    _check_cells("The network takes", input_shape)
    shape = input_shape
    for number, layer in enumerate(layers):
        try:
            shape = _after(shape, layer, f"Layer {number} would make")
        except _Said:
            raise
        except ValueError as error:
            raise ValueError(f"Layer {number} does not fit: {error}") from None


def _after(shape: Shape, layer: Layer, makes: str) -> Shape:
    """Return the shape that a layer makes; those in its branches are checked first."""
    for branch in layer.branches:
        inside = shape
        for name, each in zip(branch.names, branch, strict=True):
            try:
                inside = _after(inside, each, makes)
            except _Said:
                raise
            except ValueError as error:
                raise ValueError(f"In {name}: {error}") from None
    made = layer.output_shape(shape)
    _check_cells(makes, made)
    return made


def _check_cells(makes: str, shape: Shape) -> None:
    if prod(shape) > MAX_CELLS:
        raise _Said(f"{makes} maps of shape {short(shape)}, more than {MAX_CELLS:,} cells.")
    if max(shape[1:], default=0) > MAX_SIDE:
        raise _Said(f"{makes} maps of shape {shape}, more than {MAX_SIDE:,} cells a side.")


def _largest(value: str | int | tuple[Any, ...]) -> int:
    """Return the largest number in any form of padding or pair."""
    if isinstance(value, tuple):
        return max(map(_largest, value))
    return 0 if isinstance(value, str) else value
