"""The activations of Keras: by name or as a layer, on their own or inside another layer."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnviz.nn.formats.errors import Unsupported
from cnnviz.nn.formats.graph import Value
from cnnviz.nn.formats.operators import affined
from cnnviz.nn.layers.pointwise import Activation, Softmax

if TYPE_CHECKING:
    from cnnviz.nn.formats.keras_call import Call

__all__ = ["AS_LAYERS", "activated"]

ACTIVATIONS = {
    "relu": "relu", "relu6": "relu6", "elu": "elu", "selu": "selu", "sigmoid": "sigmoid",
    "tanh": "tanh", "gelu": "gelu", "silu": "silu", "swish": "silu", "softplus": "softplus",
    "hard_silu": "hardswish", "hard_swish": "hardswish",
}  # fmt: skip


def activated(call: "Call", value: Value, given: Any) -> Value:  # a name or a dict
    """Apply an activation to a value, as the settings of a layer state it."""
    call = replace(call, inputs=[value])
    if isinstance(given, dict):
        kind, settings = str(given.get("class_name")), given.get("config")
        if kind in AS_LAYERS and isinstance(settings, dict):
            return AS_LAYERS[kind](replace(call, kind=kind, settings=settings))
        given = settings if isinstance(settings, str) else kind
    if given in (None, "linear"):
        return value
    if given == "softmax":
        return _softmax(replace(call, settings={}))
    if given == "log_softmax":
        return replace(_softmax(replace(call, settings={})), log=True)
    if given == "leaky_relu":
        return call.put(Activation("leaky_relu", negative_slope=0.2))
    if given == "hard_sigmoid":
        if call.old:  # 0.2 x + 0.5, where today's is x / 6 + 0.5
            value = affined(call.graph, value, np.full(1, 1.2), np.zeros(1))
        return replace(call, inputs=[value]).put(Activation("hardsigmoid"))
    if given not in ACTIVATIONS:
        raise Unsupported(f"activation {str(given)[:30]}")
    return call.put(Activation(ACTIVATIONS[given]))


def _relu(call: "Call") -> Value:
    top, slope = call.settings.get("max_value"), call.settings.get("negative_slope", 0) or 0
    if call.settings.get("threshold") or (top is not None and (top != 6 or slope)):
        raise Unsupported("ReLU with other limits")
    if slope:
        return call.put(Activation("leaky_relu", negative_slope=float(slope)))
    return call.put(Activation("relu" if top is None else "relu6"))


def _leaky(call: "Call") -> Value:
    slope = call.settings.get("negative_slope", call.settings.get("alpha", 0.3))
    return call.put(Activation("leaky_relu", negative_slope=float(slope)))


def _elu(call: "Call") -> Value:
    return call.put(Activation("elu", alpha=float(call.settings.get("alpha", 1.0))))


def _softmax(call: "Call") -> Value:
    if not call.along_channels(call.settings.get("axis", -1)):
        raise Unsupported("Softmax along another axis")
    return call.put(Softmax())


AS_LAYERS: dict[str, Callable[["Call"], Value]] = {
    "ELU": _elu,
    "LeakyReLU": _leaky,
    "ReLU": _relu,
    "Softmax": _softmax,
}
