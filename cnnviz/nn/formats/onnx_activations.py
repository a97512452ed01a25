"""The elementwise ONNX operators, and batch normalisation."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cnnviz.nn.formats import from_weights
from cnnviz.nn.formats.errors import Unsupported
from cnnviz.nn.formats.gates import Erf
from cnnviz.nn.formats.graph import Value
from cnnviz.nn.formats.onnx_node import Above, Node, same
from cnnviz.nn.formats.operators import affined, by_channel
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.pointwise import Activation, Softmax

__all__ = ["ACTIVATIONS"]

SAME_FROM = 15.0  # where softplus differs from x by less than 3e-7


def _arithmetic(operator: str) -> Callable[[Node], Value]:
    """Return a reader of x · a, x + a … for arrays `a` that also joins two values by + or ·."""

    def read(node: Node) -> Value:
        first, second = node.inputs[:2]
        if isinstance(first, Value) and isinstance(second, Value):
            if operator not in ("add", "mul"):
                raise Unsupported(f"{node.operator} of two maps")
            return node.graph.joint(operator, [first, second])
        turned = not isinstance(first, Value)
        value, array = (second, first) if turned else (first, second)
        if not isinstance(value, Value) or not isinstance(array, np.ndarray | np.generic):
            raise Unsupported(f"{node.operator} with another order of inputs")
        if turned and operator == "div":
            raise Unsupported("Div by a map")
        one, numbers = np.ones(1), np.asarray(array, np.float64)
        with np.errstate(all="ignore"):
            if operator == "add":
                return affined(node.graph, value, one, numbers)
            if operator == "sub" and turned:  # a − x
                return affined(node.graph, value, -one, numbers)
            if operator == "sub":
                return affined(node.graph, value, one, -numbers)
            scale = numbers if operator == "mul" else 1 / numbers
            return affined(node.graph, value, scale, np.zeros(1))

    return read


def _activation(name: str, **settings: tuple[str, float]) -> Callable[[Node], Value]:
    """Return a reader of an activation; `settings` maps our names to (their name, default)."""

    def read(node: Node) -> Value:
        given = {
            ours: float(node.settings.get(theirs, plain))
            for ours, (theirs, plain) in settings.items()
        }
        return same(node, Activation(name, **given))

    return read


def _mish(node: Node) -> Value:
    """Read x · tanh(softplus(x))."""
    value = node.value()
    gate = value
    for name in ("softplus", "tanh"):
        gate = node.graph.layer(gate, Activation(name), flat=value.flat)
    return node.graph.joint("mul", [value, gate])


def _hardsigmoid(node: Node) -> Value:
    alpha, beta = (float(node.settings.get(n, p)) for n, p in (("alpha", 0.2), ("beta", 0.5)))
    value = node.value()
    if not (abs(alpha - 1 / 6) < 1e-6 and beta == 0.5):  # ours has the slope 1/6
        value = affined(node.graph, value, np.full(1, 6 * alpha), np.full(1, 6 * (beta - 0.5)))
    return node.graph.layer(value, Activation("hardsigmoid"), flat=value.flat)


def _gelu(node: Node) -> Value:
    if node.settings.get("approximate", b"none") not in (b"none", "none"):
        raise Unsupported("Gelu by tanh")
    return same(node, Activation("gelu"))


def _selu(node: Node) -> Value:
    if abs(node.settings.get("alpha", 1.67326319) - 1.67326324) > 1e-4 or abs(
        node.settings.get("gamma", 1.05070102) - 1.05070098
    ) > 1e-4:  # fmt: skip
        raise Unsupported("Selu with other constants")
    return same(node, Activation("selu"))


def _prelu(node: Node) -> Value:
    value, slopes = node.value(), node.array(1)
    if slopes.ndim == 1 and (node.opset < 7 or slopes.size != value.filed[-1]):
        slopes = slopes.reshape(-1, *[1] * (len(value.shape) - 1))  # one per channel, an old form
    return node.graph.layer(value, from_weights.prelu(by_channel(value, slopes)), flat=value.flat)


def _clip(node: Node) -> Value:
    low, high = (
        node.settings.get(name) if node.given(number) is None else float(node.array(number).item())
        for number, name in ((1, "min"), (2, "max"))
    )
    low, high = (-np.inf if low is None else low), (np.inf if high is None else high)
    if low == 0 and not np.isfinite(high):
        return same(node, Activation("relu"))
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise Unsupported(f"Clip to {low:g} … {high:g}")
    if (low, high) == (0, 6):
        return same(node, Activation("relu6"))
    scale = 6 / (high - low)
    value = affined(node.graph, node.value(), np.full(1, scale), np.full(1, -low * scale))
    value = node.graph.layer(value, Activation("relu6"), flat=value.flat)
    return affined(node.graph, value, np.full(1, 1 / scale), np.full(1, low))


def _norm(node: Node) -> Value:
    value = node.value()
    if value.flat or value.last:
        raise Unsupported("BatchNormalization along another axis")
    scale, shift, mean, var = (node.array(number) for number in (1, 2, 3, 4))
    eps, maps = float(node.settings.get("epsilon", 1e-5)), len(value.shape) == 3
    return node.graph.layer(value, from_weights.norm(scale, shift, mean, var, eps, maps))


def _softmax(node: Node) -> Value:
    value = node.value()
    filed = (1, *value.filed)
    axis = node.whole("axis", -1 if node.opset >= 13 else 1) % len(filed)
    # Before opset 13, all axes from this one on count as one.
    together = node.opset < 13 and any(size > 1 for size in filed[axis + 1 :])
    if axis != (len(filed) - 1 if value.last else 1) or together:
        raise Unsupported(f"{node.operator} along another axis")
    return node.graph.layer(value, Softmax(), flat=value.flat)


def _log_softmax(node: Node) -> Value:
    return replace(_softmax(node), log=True)


def _dropout(node: Node) -> Value:
    share = node.settings.get("ratio", 0.5) if node.given(1) is None else node.array(1).item()
    return same(node, Dropout(float(share)))


def _greater(node: Node) -> Above:
    limit = node.array(1)
    if limit.size != 1:
        raise Unsupported("Greater than many numbers")
    return Above(node.value(), float(limit.item()))


def _where(node: Node) -> Value:
    """Read a softplus that passes large inputs through unchanged, as it equals its input there."""
    condition, above, below = node.inputs
    if not (isinstance(condition, Above) and isinstance(above, Value) and isinstance(below, Value)):
        raise Unsupported("Where")
    step = node.graph.steps.get(below.name)
    if step is None or step.layer is None or step.layer.kind != "softplus":
        raise Unsupported("Where")
    if step.inputs == (above.name,) == (condition.value.name,) and condition.limit >= SAME_FROM:
        return below
    raise Unsupported("Where")


ACTIVATIONS: dict[str, Callable[[Node], Value | Above]] = {
    "Add": _arithmetic("add"),
    "BatchNormalization": _norm,
    "Clip": _clip,
    "Div": _arithmetic("div"),
    "Dropout": _dropout,
    "Elu": _activation("elu", alpha=("alpha", 1.0)),
    "Erf": lambda node: same(node, Erf()),
    "Gelu": _gelu,
    "Greater": _greater,
    "HardSigmoid": _hardsigmoid,
    "HardSwish": _activation("hardswish"),
    "LeakyRelu": _activation("leaky_relu", negative_slope=("alpha", 0.01)),
    "LogSoftmax": _log_softmax,
    "Mish": _mish,
    "Mul": _arithmetic("mul"),
    "PRelu": _prelu,
    "Relu": _activation("relu"),
    "Selu": _selu,
    "Sigmoid": _activation("sigmoid"),
    "Softmax": _softmax,
    "Softplus": _activation("softplus"),
    "Sub": _arithmetic("sub"),
    "Swish": _activation("silu"),
    "Tanh": _activation("tanh"),
    "Where": _where,
}
