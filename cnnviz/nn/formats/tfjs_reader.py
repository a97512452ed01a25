"""TensorFlow.js layers models, as Teachable Machine exports: model.json and .bin in a zip."""

import json
from collections.abc import Mapping
from io import BytesIO
from math import prod
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.keras_reader import through
from cnnviz.nn.formats.keras_weights import by_name
from cnnviz.nn.formats.model import Model, Wanted, named

__all__ = ["read"]

MAX_BYTES = 128 * 2**20  # in all members together
KINDS = {
    "float32": "<f4",
    "int32": "<i4",
    "uint8": "u1",
    "uint16": "<u2",
    "float16": "<f2",
    "bool": "?",
}


def read(data: bytes, external: Mapping[str, bytes], wanted: Wanted) -> Model:
    """Return the network of a zip archive with model.json and its weights."""
    members = _members(data)
    try:
        told = json.loads(members["model.json"])
        if told.get("format") == "graph-model":
            raise ModelError(
                "This is a TensorFlow.js graph model; the layers form is read, as Teachable "
                "Machine writes it."
            )
        topology = told["modelTopology"]
        config = topology.get("model_config", topology)
        arrays = {
            entry["name"]: array
            for group in told["weightsManifest"]
            for entry, array in _group(group, members)
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError("The model.json in this archive cannot be read.") from None
    old = not str(topology.get("keras_version", "2")).startswith("3")
    model = through(config, by_name(arrays), "TensorFlow.js", wanted, old=old)
    return named(model, _labels(members))


def _members(data: bytes) -> dict[str, bytes]:
    """Return the members of an archive by the last part of their names."""
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    try:
        with ZipFile(BytesIO(data)) as archive:
            for member in archive.infolist()[:200]:
                with archive.open(member) as stream:
                    text = stream.read(left + 1)
                left -= len(text)
                if left < 0:
                    raise ModelError(f"The archive holds more than {MAX_BYTES // 2**20} MB.")
                found[member.filename.rsplit("/", 1)[-1]] = text
    except ModelError:
        raise
    except Exception:  # zip, zlib, bz2 and lzma each have their own errors
        raise ModelError("This zip archive is damaged.") from None
    return found


def _group(group: dict[str, Any], members: Mapping[str, bytes]) -> list[tuple[Any, NDArray[Any]]]:
    """Return the weights stored one after the other in the .bin files of a group."""
    paths = [str(path).rsplit("/", 1)[-1] for path in group["paths"]]
    missing = [path for path in paths if path not in members]
    if missing:
        raise ModelError(f"The weights {missing[0]!r:.60} are missing in this archive.")
    data, start, found = b"".join(members[path] for path in paths), 0, []
    for entry in group["weights"]:
        shape = tuple(int(size) for size in entry["shape"])
        packed = entry.get("quantization")
        kind = np.dtype(KINDS[packed["dtype"] if packed else entry["dtype"]])
        count = prod(shape)
        if min((*shape, 0)) < 0 or start + count * kind.itemsize > len(data):
            raise ModelError(f"The weights {entry['name']!r:.60} reach beyond the end of the file.")
        array = np.frombuffer(data, kind, count, start).reshape(shape)
        if packed and packed["dtype"] != "float16":
            array = array * np.float32(packed["scale"]) + np.float32(packed["min"])
        found.append((entry, array))
        start += count * kind.itemsize
    return found


def _labels(members: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the class names in Teachable Machine's metadata.json."""
    try:
        labels = json.loads(members["metadata.json"])["labels"]
        return tuple(str(label)[:40] for label in labels)
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
