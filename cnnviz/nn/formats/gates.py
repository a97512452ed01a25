"""Products of two branches, x · gate(x): activations that exporters write like this, and gates."""

from typing import ClassVar

import numpy as np

from cnnviz.nn.formats.errors import Unsupported
from cnnviz.nn.formats.from_weights import affine
from cnnviz.nn.layers.affine import Affine
from cnnviz.nn.layers.gated import Gated
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.pointwise import Activation

__all__ = ["Erf", "check_known", "gated"]

GATES = {"sigmoid": "silu", "hardsigmoid": "hardswish"}


class Erf(Layer):
    """The error function, a placeholder in a graph until `gated` turns it into GELU."""

    kind: ClassVar[str] = "erf"


def gated(branches: list[list[Layer]]) -> list[Layer]:
    """Return the layers that the product of two branches is equivalent to.

    x · σ(x) is SiLU, x · hardsigmoid(x) is hard swish, and x · (1 + erf(x / √2)) is twice GELU;
    all others are a `Gated`.
    """
    short, gate = sorted(branches, key=len)
    if found := _activation(short, gate):
        return found
    check_known(gate)
    check_known(short)
    return [Gated(gate, short)]


def check_known(layers: list[Layer]) -> None:
    """Raise `Unsupported` if a placeholder is left among layers."""
    if any(isinstance(layer, Erf) for layer in layers):
        raise Unsupported("Erf")


def _activation(short: list[Layer], gate: list[Layer]) -> list[Layer]:
    scale = 1.0
    if len(short) == 1 and isinstance(short[0], Affine) and _is_affine(short[0], None, 0):
        scale = float(short[0].weight.value[0])
    elif short:
        return []
    if len(gate) == 1 and isinstance(gate[0], Activation) and gate[0].kind in GATES:
        found = Activation(GATES[gate[0].kind])
    elif (
        len(gate) == 3
        and isinstance(gate[1], Erf)
        and _is_affine(gate[0], np.sqrt(0.5), 0)
        and _is_affine(gate[2], 1, 1)
    ):
        found, scale = Activation("gelu"), 2 * scale
    else:
        return []
    return [found] if scale == 1 else [found, affine(scale, 0)]


def _is_affine(layer: Layer, scale: float | None, shift: float) -> bool:
    """Say whether a layer is x · scale + shift, with one number for all channels."""
    if not isinstance(layer, Affine) or layer.weight.size != 1:
        return False
    weight, bias = float(layer.weight.value[0]), float(layer.bias.value[0])
    return (scale is None or abs(weight - scale) < 1e-5) and abs(bias - shift) < 1e-6
