"""The ONNX operators that change the size of maps."""

from typing import Any

import numpy as np

from cnnviz.nn.formats import from_weights
from cnnviz.nn.formats.errors import Unsupported
from cnnviz.nn.formats.graph import Value
from cnnviz.nn.formats.onnx_node import Node
from cnnviz.nn.layers.upsampling import Upsample

__all__ = ["resized"]

NEAREST, EVEN = {"mode": "nearest"}, {"mode": "bilinear"}
# By whole factors, these ways of finding the nearest cell are the same.
HALF = "half_pixel", "pytorch_half_pixel", "half_pixel_symmetric"
WAYS: dict[tuple[str, str, str], dict[str, Any]] = {
    ("nearest", "asymmetric", "floor"): NEAREST,
    **{("nearest", each, "round_prefer_floor"): NEAREST for each in HALF},
    **{("nearest", each, "round_prefer_ceil"): NEAREST for each in HALF},
    **{("linear", each, ""): EVEN for each in HALF},
    ("linear", "align_corners", ""): {**EVEN, "align_corners": True},
}


def resized(node: Node) -> Value:
    """Read a resizing of maps by whole factors that is one of the ways of `Upsample`."""
    value, factors = node.maps(), _factors(node)
    if factors == (1, 1):
        return value
    if node.text("keep_aspect_ratio_policy", "stretch") != "stretch" or node.whole("antialias", 0):
        raise Unsupported(f"{node.operator} that keeps the aspect ratio or smooths")
    found = _way(node)
    if found not in WAYS:
        raise Unsupported(f"{node.operator}, {' '.join(filter(None, found))}")
    from_weights.check_windows((1, 1), {"scale": factors})
    return node.graph.layer(value, from_weights.made(Upsample, factors, **WAYS[found]))


def _way(node: Node) -> tuple[str, str, str]:
    """Return the mode, how places are found, and how they are rounded to cells."""
    mode = node.text("mode", "nearest")
    if _is_old(node):  # these have no settings for the rest
        return mode, "asymmetric", "floor" if mode == "nearest" else ""
    places = node.text("coordinate_transformation_mode", "half_pixel")
    rounded = node.text("nearest_mode", "round_prefer_floor") if mode == "nearest" else ""
    return mode, places, rounded


def _is_old(node: Node) -> bool:
    return node.operator == "Upsample" or node.opset < 11


def _factors(node: Node) -> tuple[int, int]:
    """Return how many cells each cell becomes, vertically and horizontally."""
    sizes = None if _is_old(node) else node.given(3)
    if sizes is not None and sizes.size:
        found = np.ravel(sizes) / np.array((sizes[0], *node.value().shape))[_axes(node)]
    elif "scales" in node.settings:
        found = np.ravel(node.settings["scales"])
    else:
        found = np.ravel(node.array(1 if _is_old(node) else 2))
    scales = np.ones(4)
    scales[_axes(node)] = found
    with np.errstate(invalid="ignore"):  # of ∞
        is_whole = (scales >= 1).all() and not (scales % 1).any()
    if not is_whole or (scales[:2] != 1).any():
        raise Unsupported(f"{node.operator} by {' × '.join(f'{scale:g}' for scale in scales[1:])}")
    return int(scales[2]), int(scales[3])


def _axes(node: Node) -> list[int]:
    """Return the axes whose size changes, counted from that of the pictures."""
    return [int(axis) % 4 for axis in node.settings.get("axes", range(4))]
