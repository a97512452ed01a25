"""The Keras layers that slide a window or change the size of maps."""

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from cnnviz.nn.formats import from_weights
from cnnviz.nn.formats.errors import Unsupported
from cnnviz.nn.formats.graph import Value
from cnnviz.nn.formats.keras_call import Call
from cnnviz.nn.formats.operators import flattened, pooled
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.padding import Pad2d
from cnnviz.nn.layers.pooling import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d
from cnnviz.nn.layers.upsampling import Upsample

__all__ = ["WINDOWS"]


def _conv(call: Call) -> Value:
    kernel, bias = call.biased()
    weight, groups = kernel.transpose(3, 2, 0, 1), call.settings.get("groups", 1)
    return call.activated(_convolved(call, weight, bias, groups))


def _convolved(call: Call, weight: NDArray[Any], bias: NDArray[Any] | None, groups: int) -> Value:
    """Apply a convolution with the weight (F, C / groups, kH, kW) to the maps of a call."""
    value, stride = call.maps(), call.pair("strides")
    sides = call.sides((weight.shape[2], weight.shape[3]), stride)
    dilation = call.pair("dilation_rate")
    layer = from_weights.conv(
        weight, bias, stride=stride, padding=sides, dilation=dilation, groups=groups
    )
    return call.graph.layer(value, layer)


def _depthwise_weight(kernel: NDArray[Any]) -> NDArray[Any]:
    """Return (C · multiplier, 1, kH, kW) from Keras' (kH, kW, C, multiplier)."""
    height, width, channels, multiplier = kernel.shape
    return kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, height, width)


def _depthwise(call: Call) -> Value:
    kernel, bias = call.biased()
    return call.activated(_convolved(call, _depthwise_weight(kernel), bias, kernel.shape[2]))


def _separable(call: Call) -> Value:
    names = ("depthwise_kernel", "pointwise_kernel", "bias")
    depth, point, *bias = call.taken(*names[: 3 if call.settings.get("use_bias", True) else 2])
    value = _convolved(call, _depthwise_weight(depth), None, depth.shape[2])
    layer = from_weights.conv(point.transpose(3, 2, 0, 1), bias[0] if bias else None)
    return call.activated(call.graph.layer(value, layer))


def _transposed(call: Call) -> Value:
    kernel, bias = call.biased()
    if call.settings.get("output_padding") is not None:
        raise Unsupported("Conv2DTranspose with output_padding")
    stride, dilation = call.pair("strides"), call.pair("dilation_rate")
    same = call.settings.get("padding", "valid") == "same"
    sides, extra = [], []
    for axis in (0, 1):
        over = dilation[axis] * (kernel.shape[axis] - 1) + 1 - stride[axis]
        cut = max(over, 0) if same else 0
        sides.append((cut // 2, cut - cut // 2))
        extra.append(max(-over, 0))
    layer = from_weights.conv_transposed(
        kernel.transpose(3, 2, 0, 1), bias, stride=stride, dilation=dilation,
        padding=tuple(sides), output_padding=tuple(extra),
    )  # fmt: skip
    return call.activated(call.graph.layer(call.maps(), layer))


def _pool(kind: type[MaxPool2d] | type[AvgPool2d]) -> Callable[[Call], Value]:
    def read(call: Call) -> Value:
        kernel = call.pair("pool_size", 2)
        stride = call.pair("strides") if call.settings.get("strides") else kernel
        settings: dict[str, Any] = {"stride": stride, "padding": call.sides(kernel, stride)}
        if kind is AvgPool2d:
            settings["count_include_pad"] = False
        return pooled(call.graph, call.maps(), kind, kernel, settings)

    return read


def _global(kind: type[Layer]) -> Callable[[Call], Value]:
    def read(call: Call) -> Value:
        made = call.graph.layer(call.maps(), kind())
        return made if call.settings.get("keepdims") else flattened(call.graph, made)

    return read


def _pad(call: Call) -> Value:
    value, given = call.maps(), call.settings.get("padding", 1)
    given = (given, given) if isinstance(given, int) else given
    rows, columns = ((each, each) if isinstance(each, int) else tuple(each) for each in given)
    from_weights.check_windows((1, 1), {"padding": (rows, columns)})
    return call.graph.layer(value, Pad2d((rows, columns)))


def _upsampled(call: Call) -> Value:
    mode = call.settings.get("interpolation", "nearest")
    if mode not in ("nearest", "bilinear"):
        raise Unsupported(f"UpSampling2D, {mode}")
    factor = call.pair("size", 2)
    from_weights.check_windows((1, 1), {"size": factor})
    return call.graph.layer(call.maps(), from_weights.made(Upsample, factor, mode))


WINDOWS: dict[str, Callable[[Call], Value]] = {
    "AveragePooling2D": _pool(AvgPool2d),
    "Conv2D": _conv,
    "Conv2DTranspose": _transposed,
    "DepthwiseConv2D": _depthwise,
    "GlobalAveragePooling2D": _global(GlobalAvgPool2d),
    "GlobalMaxPooling2D": _global(GlobalMaxPool2d),
    "MaxPooling2D": _pool(MaxPool2d),
    "SeparableConv2D": _separable,
    "UpSampling2D": _upsampled,
    "ZeroPadding2D": _pad,
}
