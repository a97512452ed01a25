"""Networks as npz files, read without pickle and without trusting the file."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import numpy as np

from cnnviz.functional.checks import megabytes
from cnnviz.nn.formats.archive import (
    MAX_BYTES,
    check_numbers,
    opened,
    read_array,
    read_text,
    short,
    to_write,
)
from cnnviz.nn.formats.class_names import MAX_CLASSES
from cnnviz.nn.formats.npz_settings import (
    LONGEST_NAME,
    entry_of,
    in_a_branch,
    make_layers,
    read_settings,
)
from cnnviz.nn.layers.layer import Floats, Layer
from cnnviz.nn.layers.parameter import Parameter
from cnnviz.nn.summary import layer_names

if TYPE_CHECKING:
    from cnnviz.nn.network import Sequential

__all__ = ["load", "save"]

MAX_TEXT = 2**20  # bytes of settings
HEADER = 128  # bytes before the numbers of an array


def save(
    network: "Sequential", file: str | Path | BinaryIO, *, half: bool = False, checked: bool = True
) -> None:
    """Write the settings as text in the array "network", and every weight under its name.

    If `checked`, a network that `load` would refuse or cut is refused before anything is written.
    """
    settings: dict[str, Any] = {
        "input_shape": network.input_shape,
        "classes": [str(name) for name in network.classes],
        "layers": [entry_of(layer) for layer in network],
    }
    if network.names != layer_names(network):
        settings["names"] = network.names
    text = json.dumps(settings, default=in_a_branch).encode()
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
        raise ValueError(f"It takes {megabytes(size)}; at most {megabytes(MAX_BYTES)} are read.")
    settings = read_settings(text)
    make_layers(settings["layers"], settings["input_shape"])
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
        settings = read_settings(read_text(archive, "network", MAX_TEXT))
        layers = make_layers(settings.pop("layers"), settings["input_shape"])
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
