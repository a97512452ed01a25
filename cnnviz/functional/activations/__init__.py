"""Activation functions with their slopes, softmax and batch normalisation."""

from cnnviz.functional.activations.bounds import Bounds
from cnnviz.functional.activations.functions import (
    SELU_ALPHA,
    SELU_SCALE,
    batch_norm,
    elu,
    gelu,
    hardsigmoid,
    hardswish,
    leaky_relu,
    prelu,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from cnnviz.functional.activations.registry import ACTIVATIONS, Activation

__all__ = [
    "ACTIVATIONS",
    "SELU_ALPHA",
    "SELU_SCALE",
    "Activation",
    "Bounds",
    "batch_norm",
    "elu",
    "gelu",
    "hardsigmoid",
    "hardswish",
    "leaky_relu",
    "prelu",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
]
