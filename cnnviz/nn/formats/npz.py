"""Networks as npz files, read without pickle and without trusting the file."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import numpy as np

from cnnviz.nn.formats.archive import (
    MAX_BYTES,
    check_numbers,
    opened,
    read_array,
    read_text,
    short,
    to_write,
)
from cnnviz.nn.formats.model import MAX_CLASSES
from cnnviz.nn.layers.affine import Affine, PReLU
from cnnviz.nn.layers.branches import Parallel, Residual
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.layer import Floats, Layer, Shape
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.padding import Pad2d
from cnnviz.nn.layers.parameter import Parameter
from cnnviz.nn.layers.pointwise import Activation, Flatten, Linear, Softmax
from cnnviz.nn.layers.pooling import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d
from cnnviz.nn.layers.transposed import ConvTranspose2d
from cnnviz.nn.summary import layer_names

if TYPE_CHECKING:
    from cnnviz.nn.network import Sequential

__all__ = ["load", "save"]

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (
        Conv2d, Activation, MaxPool2d, AvgPool2d, GlobalMaxPool2d, GlobalAvgPool2d, BatchNorm2d,
        Dropout, Flatten, Linear, Softmax, Parallel, Residual, Affine, PReLU, Pad2d,
        ConvTranspose2d,
    )
}  # fmt: skip
MAX_TEXT = 2**20  # bytes of settings
HEADER = 128  # bytes before the numbers of an array
LONGEST_NAME = 40  # characters of a class or a layer
MAX_LAYERS = 500  # in one chain and all its branches; ResNet-101 has 346
MAX_DEPTH = 8  # how deep branches may be nested
MAX_WINDOW = 32  # for kernel, stride, padding and dilation: limits the work a file can cause
MAX_CELLS = 16 * 2**20  # in the output of one layer, for one input
MAX_SIDE = 2**16  # rows or columns of maps: a pooling lists its windows along each side


def save(
    network: "Sequential", file: str | Path | BinaryIO, *, half: bool = False, checked: bool = True
) -> None:
    """Write the settings as text in the array "network", and every weight under its name.

    If `checked`, a network that `load` would refuse or cut is refused before anything is written.
    """
    settings: dict[str, Any] = {
        "input_shape": network.input_shape,
        "classes": [str(name) for name in network.classes],
        "layers": [_entry(layer) for layer in network],
    }
    if network.names != layer_names(network):
        settings["names"] = network.names
    text = json.dumps(settings, default=_inside).encode()
    arrays = {name: parameter.value for name, parameter in network.parameters().items()}
    arrays |= network.buffers()
    if half:
        arrays = {name: _halved(array) for name, array in arrays.items()}
    if checked:
        try:
            _check_names(settings["classes"], network.names)
            _check(text, arrays)
        except ValueError as error:
            raise ValueError(f"This network could not be loaded again: {error}") from None
    write: Any = np.savez_compressed if half else np.savez
    with to_write(file) as stream:
        write(stream, network=np.frombuffer(text, np.uint8), **arrays)


def _check_names(classes: Sequence[str], layers: Sequence[str]) -> None:
    """Raise ValueError if `load` would cut the names of classes or layers."""
    if len(classes) > MAX_CLASSES:
        raise ValueError(f"It has {len(classes):,} classes; at most {MAX_CLASSES:,} are read.")
    for name in (*classes, *layers):
        if len(name) > LONGEST_NAME:
            raise ValueError(
                f"The name {short(name, LONGEST_NAME)!r} has {len(name)} characters; at most "
                f"{LONGEST_NAME} are read."
            )


def _check(text: bytes, arrays: Mapping[str, Floats]) -> None:
    """Raise ValueError if `load` would refuse a file of these settings and weights."""
    if len(text) > MAX_TEXT:
        raise ValueError(f"Its settings take {len(text):,} bytes; at most {MAX_TEXT:,} are read.")
    size = len(text) + HEADER + sum(array.nbytes + HEADER for array in arrays.values())
    if size > MAX_BYTES:
        raise ValueError(
            f"It takes {size / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are read."
        )
    settings = _settings(text)
    _layers(settings["layers"], settings["input_shape"])
    for name, array in arrays.items():
        check_numbers(name, array)


def _halved(array: Floats) -> Floats:
    """Return an array as float16, or as it is if that would turn large numbers into ∞."""
    with np.errstate(over="ignore"):
        half = array.astype(np.float16)
    return half if np.array_equal(np.isfinite(half), np.isfinite(array)) else array


def load(file: str | Path | BinaryIO, *, finite: bool = True) -> tuple[list[Layer], dict[str, Any]]:
    """Return the layers with weights and a network's other arguments, or raise ValueError.

    Unless `finite`, weights may be NaN or ∞.
    """
    with opened(file) as archive:
        if "network.npy" not in archive.namelist():
            raise ValueError(
                'The file holds no array "network", so it is not a network of this app.'
            )
        settings = _settings(read_text(archive, "network", MAX_TEXT))
        layers = _layers(settings.pop("layers"), settings["input_shape"])
        wanted: dict[str, Parameter | Floats] = _named(layers, lambda layer: layer.parameters())
        # Only a file that can hold the weights gets running statistics, which are as large: the
        # others are refused below, for an array that is missing or too short.
        least = 2 * sum(parameter.size for parameter in wanted.values())
        if least <= sum(member.file_size for member in archive.infolist()):
            wanted |= _named(layers, lambda layer: layer.buffers())
        found = {_name(member) for member in archive.namelist()} - {"network"}
        if found != set(wanted):
            parts = (
                ("Missing", sorted(set(wanted) - found)),
                ("Not known", sorted(found - set(wanted))),
            )
            told = " ".join(f"{what}: {_list_of(names)}." for what, names in parts if names)
            raise ValueError(f"The arrays do not match the layers. {told}")
        for name, array in wanted.items():
            values = read_array(archive, name, array.shape, finite=finite)
            if isinstance(array, np.ndarray):
                array[...] = values
            else:
                array.value = values
    return layers, settings


Kept = TypeVar("Kept")


class _Said(ValueError):
    """An error whose message is a whole sentence, with nothing to add."""


def _named(layers: Iterable[Layer], kept: Callable[[Layer], Mapping[str, Kept]]) -> dict[str, Kept]:
    """Return what each layer keeps, named as in `save`."""
    return {
        f"{number}.{name}": each
        for number, layer in enumerate(layers)
        for name, each in kept(layer).items()
    }


def _name(member: str) -> str:
    """Return the name of the array in a member of the archive, which ends in ".npy"."""
    return member.removesuffix(".npy") if member.endswith(".npy") else f"{member} (no .npy)"


def _list_of(names: list[str]) -> str:
    """Return the first few names of a file, without what a screen cannot show."""
    shown = ["".join(sign if sign.isprintable() else "�" for sign in name) for name in names[:6]]
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return ", ".join(short(name, 40) for name in shown) + more


def _entry(layer: Layer) -> tuple[str, Mapping[str, Any]]:
    """Return a layer's entry in the settings."""
    return type(layer).__name__, layer.settings


def _inside(layer: object) -> dict[str, Any]:
    """Return a layer in a branch for the settings: {"layer": entry}."""
    if not isinstance(layer, Layer):
        raise TypeError(f"Settings of a layer are numbers and text, got {layer!r}.")
    return {"layer": _entry(layer)}


def _settings(described: bytes) -> dict[str, Any]:
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


def _listed(given: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    if not isinstance(given, list):
        raise TypeError
    return given


def _texts(given: Any) -> tuple[str, ...]:  # noqa: ANN401 - any JSON
    return tuple(str(text)[:LONGEST_NAME] for text in _listed(given)[:MAX_CLASSES])


def _sizes(given: Any) -> Shape | None:  # noqa: ANN401 - any JSON
    return None if given is None else tuple(int(size) for size in given)


def _layers(entries: list[Any], input_shape: Shape | None) -> list[Layer]:
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


def _layer(place: str, entry: Any, depth: int = 0) -> Layer:  # noqa: ANN401 - it is checked
    if depth > MAX_DEPTH:
        raise _Said(f"{place} cannot be made: branches are nested more than {MAX_DEPTH} deep.")

    def value(given: Any) -> Any:  # noqa: ANN401 - any JSON
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
    for setting in "kernel_size", "stride", "padding", "output_padding", "dilation":
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
