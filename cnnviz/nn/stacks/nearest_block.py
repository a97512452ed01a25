"""The block of a stack that is nearest to a layer, and the settings that a block cannot express."""

from collections.abc import Mapping
from typing import Any

from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.pointwise import Activation, Linear
from cnnviz.nn.layers.pooling import AvgPool2d, MaxPool2d

__all__ = ["SAME", "fixed_settings", "nearest_block"]

SAME = -1  # as a padding of a block: the amount that keeps the size


def nearest_block(layer: Layer) -> tuple[str, dict[str, int]]:
    """Return the name and the settings of the block, whatever else the layer's settings are."""
    if isinstance(layer, Conv2d):
        settings = _singles(layer)
        return "conv", {
            "filters": settings["out_channels"],
            "kernel": settings["kernel_size"],
            "stride": settings["stride"],
            "padding": _conv_padding(settings),
            "dilation": settings["dilation"],
            "groups": settings["groups"],
        }
    if isinstance(layer, MaxPool2d | AvgPool2d):
        settings = _singles(layer)
        size, stride = settings["kernel_size"], settings["stride"]
        return "max" if isinstance(layer, MaxPool2d) else "avg", {
            "window": size,
            "stride": 0 if stride == size else stride,
            "padding": _pool_padding(settings),
        }
    if isinstance(layer, Linear):
        return "dense", {"units": layer.settings["out_features"]}
    return layer.kind, {}


def fixed_settings(layer: Layer) -> dict[str, Any]:
    """Return a block's values of the settings that it cannot change but that affect the output."""
    if isinstance(layer, Activation):
        return {each.name: each.default for each in layer.activation.parameters}
    if isinstance(layer, BatchNorm2d):
        return {"eps": BatchNorm2d(1).settings["eps"]}
    if not isinstance(layer, Conv2d | MaxPool2d | AvgPool2d):
        return {"bias": True}
    settings = _singles(layer)
    always: dict[str, Any] = {"bias": True}
    if settings["padding"] not in (0, "valid"):
        always |= {"padding_mode": "zeros", "count_include_pad": True}
    if settings["stride"] > 1:
        always["ceil_mode"] = False
    if settings["kernel_size"] > 1 and isinstance(layer, MaxPool2d):
        always["dilation"] = (1, 1)
    return always


def _singles(layer: Layer) -> dict[str, Any]:
    return {name: _single(value) for name, value in layer.settings.items()}


def _single(value: Any) -> Any:  # any type of setting
    """Return the one number that all sides share, or raise ValueError."""
    if not isinstance(value, tuple):
        return value
    found = {_single(each) for each in value}
    if len(found) != 1:
        raise ValueError(f"A block has one number for all sides, got {value}.")
    return found.pop()


def _conv_padding(settings: Mapping[str, Any]) -> int:
    padding, extent = settings["padding"], _extent(settings)
    if padding == "same" or (settings["stride"] == 1 and padding == (extent - 1) / 2):
        return SAME
    return 0 if padding == "valid" else padding


def _pool_padding(settings: Mapping[str, Any]) -> int:
    """Return the padding as a number, also where "same" always is that number."""
    padding, extent, stride = settings["padding"], _extent(settings), settings["stride"]
    if padding != "same":
        return 0 if padding == "valid" else padding
    if stride > 1 or extent % 2 == 0:
        raise ValueError(
            'A pooling block has one number as padding, and "same" is one only for an odd window '
            f"with stride 1, got a window over {extent} cells with stride {stride}."
        )
    return extent // 2


def _extent(settings: Mapping[str, Any]) -> int:
    return settings.get("dilation", 1) * (settings["kernel_size"] - 1) + 1
