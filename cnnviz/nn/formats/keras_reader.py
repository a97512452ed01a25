"""Keras networks: .keras and .h5 files of Sequential and functional models.

The description is JSON, the weights are HDF5. Layers that are code, such as Lambda, are reported
and never run.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeAlias
from zipfile import ZipFile

import h5py  # type: ignore[import-untyped]

from cnnviz.nn.formats.errors import ModelError, Unsupported
from cnnviz.nn.formats.graph import Graph, Value
from cnnviz.nn.formats.keras_call import Call
from cnnviz.nn.formats.keras_inputs import MODELS, picture_inputs
from cnnviz.nn.formats.keras_layers import ARITHMETIC, LAYERS, called, with_number
from cnnviz.nn.formats.keras_weights import Weights, by_folder, by_name, numbers, opened
from cnnviz.nn.formats.model import Model, Wanted, in_a_size_that_fits, modelled
from cnnviz.nn.formats.picture_input import PictureInput

__all__ = ["read", "through"]

MAX_TEXT = 16 * 2**20  # bytes of the description
MAX_H5 = 256 * 2**20
Outputs: TypeAlias = list[Value | None]  # outputs of a layer or a model; None if unknown
Place: TypeAlias = tuple[str, int]  # a layer by name, and which of its outputs


def read(data: bytes, external: Mapping[str, bytes], wanted: Wanted) -> Model:
    """Return the network of a .keras or .h5 file."""
    if data[:2] == b"PK":
        with ZipFile(BytesIO(data)) as archive:
            told = _parsed(_member(archive, "config.json", MAX_TEXT))
            arrays = numbers(opened(_member(archive, "model.weights.h5", MAX_H5)))
        weights = by_folder({key.removeprefix("/"): arrays[key] for key in arrays})
        return through(told, weights, "Keras", wanted)
    file = opened(data)
    text, version = _told(file)
    if text is None:
        raise ModelError(
            "This HDF5 file holds weights alone, without the layers that they belong to: save the "
            "whole model."
        )
    old = version.startswith(("1.", "2."))
    arrays = numbers(file)
    # Beside the weights of the model lie those of its optimiser, which may have the same names.
    own = {path: arrays[path] for path in arrays if path.startswith("model_weights/")}
    return through(_parsed(text), by_name(own or arrays), "Keras", wanted, old=old)


def _told(file: h5py.File) -> tuple[bytes | str | None, str]:
    """Return the description in an HDF5 file, and the version of Keras that wrote it."""
    try:
        return file.attrs.get("model_config"), str(file.attrs.get("keras_version", "3"))
    except Exception:  # HDF5 raises many kinds of errors
        raise ModelError("This HDF5 file is damaged.") from None


def through(
    told: dict[str, Any], weights: Weights, kind: str, wanted: Wanted, *, old: bool = False
) -> Model:
    """Return the network of a Keras description and its weights.

    Parameters
    ----------
    told : dict
        The parsed JSON.
    old : bool
        Whether Keras 1 or 2 wrote it, whose hard sigmoid has another slope.
    """

    def read(picture: PictureInput) -> Model:
        graph = Graph(picture.value)
        ends = _Walk(graph, old).model(told, graph.input, weights)
        return modelled(
            graph, ends[0], kind, notes=picture.notes, guessed=picture.guessed, outputs=len(ends)
        )

    try:
        return in_a_size_that_fits(picture_inputs(told, wanted.size), read)
    except (KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError):
        raise ModelError("The description of this Keras model is not complete.") from None


class _Walk:
    """One pass over the layers of a model and of the models inside it."""

    def __init__(self, graph: Graph, old: bool) -> None:
        self.graph, self.old, self.depth = graph, old, 0

    def model(self, told: dict[str, Any], value: Value, weights: Weights) -> Outputs:
        """Return the outputs of a model; None for one that is not known."""
        self.depth += 1
        if self.depth > 8:
            raise ModelError("The models in this file are nested more than 8 deep.")
        layers = told["config"]["layers"] if isinstance(told["config"], dict) else told["config"]
        kinds = [(layer["class_name"], _name(layer)) for layer in layers]
        if len(layers) > 1000:
            raise ModelError(f"The model has {len(layers)} layers; at most 1000 are read.")
        found: dict[str, Outputs] = {}
        before: Outputs = [value]
        for layer, (kind, name), (own, inside) in zip(layers, kinds, weights(kinds), strict=True):
            if kind == "InputLayer":
                found[name] = before = [value]
                continue
            inputs = (
                [_output(found, each) for each in _inbound(layer)]
                if told["class_name"] != "Sequential"
                else [before[0]]
            )
            before = self._layer(layer, kind, inputs, own, inside)
            found[name] = before
        self.depth -= 1
        if told["class_name"] == "Sequential":
            return before
        ends = told["config"]["output_layers"]
        ends = list(ends.values()) if isinstance(ends, dict) else ends  # by name
        return [_output(found, each) for each in _history(ends)]

    def _layer(
        self,
        layer: dict[str, Any],
        kind: str,
        inputs: Outputs,
        own: list[Any],
        inside: Weights,
    ) -> Outputs:
        known = [each for each in inputs if each is not None]
        try:
            if kind in MODELS and len(inputs) > 1:
                raise Unsupported(f"{kind} of {len(inputs)} inputs")
            if kind in MODELS:
                return self.model(layer, known[0], inside) if known else [None]
            if kind in ARITHMETIC and _has_numbers(layer):
                args = layer["inbound_nodes"][0]["args"]
                return [with_number(self.graph, kind, args, known[0]) if known else None]
            if len(known) == len(inputs):
                return [called(Call(kind, layer["config"], known, own, self.graph, self.old))]
            if kind not in LAYERS:
                raise Unsupported(kind)
        except Unsupported as reason:
            self.graph.unsupported[str(reason)] += 1
        return [None]


def _name(layer: dict[str, Any]) -> str:
    return str(layer["config"].get("name", layer.get("name", "")))


def _output(found: Mapping[str, Outputs], place: Place) -> Value | None:
    name, number = place
    return None if found[name] == [None] else found[name][number]


def _inbound(layer: dict[str, Any]) -> list[Place]:
    """Return what comes into a layer of a functional model."""
    nodes = layer["inbound_nodes"]
    if len(nodes) > 1:
        raise ModelError(f"The layer {_name(layer)!r:.60} is used in several places.")
    return _history(nodes)


def _has_numbers(layer: dict[str, Any]) -> bool:
    """Say whether a layer has an input that no layer makes, such as the 2 of 2 · x."""
    nodes = layer.get("inbound_nodes") or [{}]
    args = nodes[0].get("args", []) if isinstance(nodes[0], dict) else []
    return any(not _history(each) for each in args)


def _history(nodes: Any, depth: int = 0) -> list[Place]:  # two forms, nested
    """Return the outputs of layers in any form of Keras' references to them."""
    if depth > 12:
        raise ModelError("The description of this Keras model is nested too deeply.")
    if isinstance(nodes, dict):
        if "keras_history" in nodes:
            return [(str(nodes["keras_history"][0]), nodes["keras_history"][2])]
        parts = nodes.get("config"), nodes.get("args"), list(nodes.get("kwargs", {}).values())
        return [place for part in parts for place in _history(part, depth + 1)]
    if isinstance(nodes, list | tuple):
        if len(nodes) >= 3 and isinstance(nodes[0], str) and isinstance(nodes[1], int):
            return [(nodes[0], nodes[2])]
        return [place for each in nodes for place in _history(each, depth + 1)]
    return []


def _parsed(text: bytes | str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or "config" not in told:
        raise ModelError("The description of this Keras model cannot be read.")
    return told


def _member(archive: ZipFile, name: str, most: int) -> bytes:
    """Return a member of an archive, of at most `most` bytes, whatever size it declares."""
    try:
        with archive.open(name) as member:
            data = member.read(most + 1)
    except ModelError:
        raise
    except Exception:  # zip, zlib, bz2 and lzma each have their own errors
        raise ModelError(f"{name} is missing in this .keras file, or damaged.") from None
    if len(data) > most:
        raise ModelError(f"{name} has more than {most // 2**20} MB.")
    return data
