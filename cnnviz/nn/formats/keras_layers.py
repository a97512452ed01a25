"""How each Keras layer is expressed in our layers."""

from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from cnnviz.nn.formats import from_weights
from cnnviz.nn.formats.errors import ModelError, Unsupported
from cnnviz.nn.formats.graph import Graph, Value
from cnnviz.nn.formats.keras_activations import AS_LAYERS
from cnnviz.nn.formats.keras_call import Call
from cnnviz.nn.formats.keras_windows import WINDOWS
from cnnviz.nn.formats.operators import affined, by_channel, dense, flattened, ordered
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.pointwise import Flatten
from cnnviz.nn.layers.pooling import GlobalAvgPool2d, GlobalMaxPool2d

__all__ = ["ARITHMETIC", "LAYERS", "called", "with_number"]

# Layers that act only during training.
IDLE = (
    "GaussianNoise",
    "GaussianDropout",
    "AlphaDropout",
    "ActivityRegularization",
    "SpatialDropout2D",
)

ARITHMETIC: dict[str, Callable[[float], tuple[float, float]]] = {  # scale and shift for a number
    "Add": lambda number: (1, number),
    "Divide": lambda number: (1 / number, 0),
    "Multiply": lambda number: (number, 0),
    "Subtract": lambda number: (1, -number),
    "TrueDivide": lambda number: (1 / number, 0),
}


def called(call: Call) -> Value:
    """Return the output of a layer, or raise `Unsupported` with its name."""
    if call.kind.startswith("Random") or call.kind in IDLE:
        return call.value
    if call.kind not in LAYERS:
        raise Unsupported(call.kind)
    return LAYERS[call.kind](call)


def with_number(graph: Graph, kind: str, args: list[Any], value: Value) -> Value:
    """Apply an operation of Keras on a value and a plain number, as in 2 · x or x / 6."""
    numbers = [each for each in args if isinstance(each, int | float)]
    turned = isinstance(args[0], int | float)
    if len(args) != 2 or len(numbers) != 1 or ("Divide" in kind and (turned or not numbers[0])):
        raise Unsupported(f"{kind} with a number")
    scale, shift = ARITHMETIC[kind](float(numbers[0]))
    sign = -1 if kind == "Subtract" and turned else 1
    return affined(graph, value, np.full(1, sign * scale), np.full(1, sign * shift))


def _dense(call: Call) -> Value:
    kernel, bias = call.biased()
    return call.activated(dense(call.graph, call.value, kernel.T, bias))


def _norm(call: Call) -> Value:
    value, settings, left = call.value, call.settings, list(call.weights)
    axis = settings.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) else axis
    rank = len(value.shape) + 1
    if rank == 4 and not call.along_channels(axis):
        raise Unsupported("BatchNormalization along another axis")
    count = value.shape[0]
    gamma = left.pop(0) if settings.get("scale", True) and left else np.ones(count)
    beta = left.pop(0) if settings.get("center", True) and left else np.zeros(count)
    if len(left) < 2:
        raise ModelError("Weights of a layer BatchNormalization are missing.")
    parts = [ordered(value, np.asarray(part)) for part in (gamma, beta, *left[:2])]
    layer = from_weights.norm(
        parts[0], parts[1], parts[2], parts[3], float(settings.get("epsilon", 1e-3)), rank == 4
    )
    return call.graph.layer(value, layer, flat=value.flat)


def _flatten(call: Call) -> Value:
    """Flatten maps; Keras moves the channels of `channels_first` to the end before it does."""
    value = call.value
    if len(value.shape) == 3 and call.settings.get("data_format") == "channels_first":
        value = replace(call.maps(), last=True)
    return flattened(call.graph, value)


def _prelu(call: Call) -> Value:
    (alpha,) = call.taken("alpha")
    return call.put(from_weights.prelu(by_channel(call.value, alpha)))


def _rescaling(call: Call) -> Value:
    scale, offset = call.settings.get("scale", 1), call.settings.get("offset", 0)
    return affined(call.graph, call.value, np.asarray(scale, float), np.asarray(offset, float))


def _normalization(call: Call) -> Value:
    if call.settings.get("invert"):
        raise Unsupported("Normalization the other way round")
    mean, var = call.settings.get("mean"), call.settings.get("variance")
    if mean is None or var is None:
        mean, var = call.taken("mean", "variance")
    spread = np.maximum(np.sqrt(np.asarray(var, float)), 1e-7)
    return affined(call.graph, call.value, 1 / spread, -np.asarray(mean, float) / spread)


def _reshape(call: Call) -> Value:
    if "target_shape" not in call.settings:  # keras.ops.reshape
        raise Unsupported("Reshape with the batch")
    value, wanted = call.value, [int(size) for size in call.settings["target_shape"]]
    if -1 in wanted:
        wanted[wanted.index(-1)] = prod(value.shape) // max(-prod(wanted), 1)
    if tuple(wanted) == value.filed:
        return value
    if wanted == [1, 1, *value.shape] and (pooled := _before_flatten(call)):
        return replace(value, name=pooled, shape=(*value.shape, 1, 1), last=True)
    if wanted != [prod(value.shape)]:
        raise Unsupported(f"Reshape to {tuple(wanted)}")
    return flattened(call.graph, value)


def _before_flatten(call: Call) -> str:
    """Return the maps of one cell that a vector was flattened from, by name; "" if none."""
    step = call.graph.steps.get(call.value.name)
    before = call.graph.steps.get(step.inputs[0]) if step else None
    flat = step and isinstance(step.layer, Flatten)
    whole = before and isinstance(before.layer, GlobalAvgPool2d | GlobalMaxPool2d)
    return before.output if before and flat and whole else ""


def _joint(operator: str) -> Callable[[Call], Value]:
    def read(call: Call) -> Value:
        first = call.inputs[0]
        if operator == "concat":
            if not call.along_channels(call.settings.get("axis", -1)):
                raise Unsupported("Concatenate along another axis")
            if any(value.flat for value in call.inputs):
                raise Unsupported("Concatenate of flattened maps")
        return first if len(call.inputs) == 1 else call.graph.joint(operator, call.inputs)

    return read


LAYERS: dict[str, Callable[[Call], Value]] = {
    **AS_LAYERS,
    **WINDOWS,
    "Activation": lambda call: call.activated(call.value),
    "Add": _joint("add"),
    "BatchNormalization": _norm,
    "BatchNormalizationV1": _norm,
    "Concatenate": _joint("concat"),
    "Dense": _dense,
    "Dropout": lambda call: call.put(Dropout(float(call.settings.get("rate", 0.5)))),
    "Flatten": _flatten,
    "Multiply": _joint("mul"),
    "Normalization": _normalization,
    "PReLU": _prelu,
    "Rescaling": _rescaling,
    "Reshape": _reshape,
}
