"""Weights as safetensors files: names, shapes and numbers, and no code."""

import re
from collections.abc import Mapping

import numpy as np
from safetensors import deserialize

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.model import Model, Wanted
from cnnviz.nn.formats.state_dicts import laid_out

__all__ = ["read"]

KINDS = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?",
}  # fmt: skip
HEAD = re.compile(r"(?:^|\.)(?:classifier|head|fc|linear|dense)\d*\.")  # the last layers, by name


def read(data: bytes, external: Mapping[str, bytes], wanted: Wanted) -> Model:
    """Return a network that fits the weights in a file."""
    try:
        entries = deserialize(data)  # type: ignore[no-untyped-call]
    except Exception:  # SafetensorError, and errors of the JSON header, which quote the file
        raise ModelError("This safetensors file is damaged.") from None
    weights = {}
    for name, entry in entries:
        kind, raw = entry["dtype"], bytes(entry["data"])
        if kind == "BF16":
            numbers = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
        elif kind in KINDS:
            numbers = np.frombuffer(raw, KINDS[kind])
        else:
            raise ModelError(f"The weight {name!r:.60} has numbers of the type {kind}.")
        weights[name] = numbers.reshape(entry["shape"])
    if not weights:
        raise ModelError("There are no weights in this file.")
    ordered = {name: weights[name] for name in sorted(weights, key=_in_order)}
    return laid_out(ordered, "safetensors", wanted)


def _in_order(name: str) -> tuple[bool, list[list[tuple[int, str]]]]:
    """Return a sort key for the order of layers, which the file does not keep.

    "conv10" comes after "conv9", "conv2" after "conv", "classifier" after "features", and the
    "expand" of a SqueezeNet after its "squeeze".
    """
    parts = name.replace("squeeze", " squeeze").split(".")
    return HEAD.search(name) is not None, [
        [(int(each), "") if each.isdigit() else (0, each) for each in re.split(r"(\d+)", part)]
        for part in parts
    ]
