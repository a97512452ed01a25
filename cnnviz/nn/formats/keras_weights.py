"""Find the weights of a layer in Keras files: HDF5, in two layouts, or TensorFlow.js."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from math import prod
from typing import Any, TypeAlias

import h5py  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from cnnviz.nn.formats.errors import ModelError

__all__ = ["Weights", "by_folder", "by_name", "opened"]

Arrays: TypeAlias = list[NDArray[Any]]
# Given the kinds and names of the layers of one model, in order, returns the weights of each.
Weights: TypeAlias = Callable[[list[tuple[str, str]]], "list[tuple[Arrays, Weights]]"]

MAX_NUMBERS = 64 * 2**20  # in all weights together
MOST_PACKED = 64  # weights may be compressed to at least 1/64 of their size
MAX_MEMBERS = 20_000  # in one HDF5 file
# The weights of a layer in the order in which Keras 3 numbers them.
ORDER = (
    "depthwise_kernel", "pointwise_kernel", "kernel", "gamma", "beta", "moving_mean",
    "moving_variance", "mean", "variance", "alpha", "bias",
)  # fmt: skip


def opened(data: bytes) -> h5py.File:
    """Return an HDF5 file in memory, or raise ModelError."""
    try:
        return h5py.File(BytesIO(data), "r")
    except Exception:  # HDF5 raises errors of many kinds
        raise ModelError("This HDF5 file is damaged, or its end is missing.") from None


def datasets(group: h5py.Group, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield every array of a file with its path; a link to another file is an error."""
    if depth > 30:
        raise ModelError("The folders in this HDF5 file are nested too deeply.")
    for name in group:
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise ModelError("This HDF5 file points to other files, which are not opened here.")
        item = group[name]
        if isinstance(item, h5py.Group):
            yield from datasets(item, f"{prefix}{name}/", depth + 1)
        elif isinstance(item, h5py.Dataset):
            if item.external or item.is_virtual:
                raise ModelError("This HDF5 file points to other files, which are not opened here.")
            yield f"{prefix}{name}", item


def numbers(group: h5py.Group) -> dict[str, NDArray[Any]]:
    """Return every array of a file by its path."""
    try:
        return _numbers(group)
    except ModelError:
        raise
    except Exception:  # HDF5 raises errors of many kinds
        raise ModelError("This HDF5 file is damaged.") from None


def _numbers(group: h5py.Group) -> dict[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {}
    total = 0
    for path, item in datasets(group):
        total += prod(item.shape)
        if total > MAX_NUMBERS or len(found) > MAX_MEMBERS:
            raise ModelError(f"The file claims more than {MAX_NUMBERS:,} weights.")
        if item.nbytes > MOST_PACKED * (item.id.get_storage_size() + 1):
            raise ModelError(
                f"The weights {path!r:.60} claim {item.nbytes:,} bytes that are not in the file."
            )
        if item.dtype.kind in "fiub":
            found[path] = np.asarray(item[()])
    return found


def by_folder(arrays: Mapping[str, NDArray[Any]], folder: str = "") -> Weights:
    """Return the weights of a .keras file: one folder per layer, named after its kind."""

    def find(layers: list[tuple[str, str]]) -> list[tuple[Arrays, Weights]]:
        used: Counter[str] = Counter()
        found = []
        for kind, _ in layers:
            name = _snake(kind)
            place = f"{folder}layers/{name}{f'_{used[name]}' if used[name] else ''}/"
            used[name] += 1
            numbered = range(sum(key.startswith(f"{place}vars/") for key in arrays))
            try:
                own = [arrays[f"{place}vars/{number}"] for number in numbered]
            except KeyError:
                raise ModelError(f"Weights of a layer {name} are missing.") from None
            found.append((own, by_folder(arrays, place)))
        return found

    return find


def by_name(arrays: Mapping[str, NDArray[Any]]) -> Weights:
    """Return weights named "layer/kernel", after the folders of nested models."""
    by_layer: dict[str, list[str]] = {}
    for path in arrays:
        *_, layer, _ = ("", *path.split("/"))
        by_layer.setdefault(layer, []).append(path)

    def own(name: str) -> Arrays:
        """Return the weights of a layer, not those of its namesake in a nested model."""
        paths = by_layer.get(name, [])
        paths = [path for path in paths if _below(path, name)] or paths
        return [arrays[path] for path in sorted(paths, key=_place)]

    def inside(name: str, layers: list[tuple[str, str]]) -> list[tuple[Arrays, Weights]]:
        """Return the weights of the layers of a nested model."""
        found = {path: arrays[path] for path in arrays if _below(path, name)}
        return by_name(found or arrays)(layers)

    return lambda layers: [(own(name), partial(inside, name)) for _, name in layers]


def _below(path: str, folder: str) -> bool:
    """Say whether an array is somewhere in a folder, other than as a layer's own weight."""
    return folder in path.split("/")[:-2]


def _place(path: str) -> int:
    word = path.split("/")[-1].split(":")[0]
    return ORDER.index(word) if word in ORDER else len(ORDER)


def _snake(kind: str) -> str:
    """Return a class name in Keras' snake case: "Conv2DTranspose" is "conv2d_transpose"."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", kind))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
