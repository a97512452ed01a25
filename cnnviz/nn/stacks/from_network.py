"""Stacks from other networks: copy their weights into a stack, or turn their layers into one."""

from collections.abc import Iterator

import numpy as np

from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.layer import Layer, Shape
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.parameter import zeros
from cnnviz.nn.layers.pointwise import Linear
from cnnviz.nn.layers.pooling import GlobalAvgPool2d
from cnnviz.nn.network import Sequential
from cnnviz.nn.stacks.blocks import MAX_BLOCKS, Block
from cnnviz.nn.stacks.stack import Stack

__all__ = ["blocks_of", "fill_from"]

SAME = 1e-4  # share of the largest number by which network and stack may differ
MOST_MULTIPLY_ADDS = 2_500_000_000
LARGEST_WINDOW = 16  # cells a side of a pooling block's window


def fill_from(network: Sequential, theirs: Sequential) -> dict[str, str]:
    """Give the layers of `network` the weights of another network's layers of the same shape.

    The first convolution takes the weights of the other's first one, and so on for each kind;
    layers in branches count in order.

    Returns
    -------
    dict
        For each layer with filters, by name: "file", or "random" if the shapes differ or the
        weights are not finite.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> trained = small_cnn((1, 8, 8), "0123456789")
    >>> fill_from(small_cnn((1, 16, 16), "0123456789"), trained)
    {'conv1': 'file', 'conv2': 'file', 'linear1': 'random'}
    """
    given = {kind: _of_kind(theirs, kind) for kind in ("conv", "linear", "norm")}
    said = {}
    for name, layer in zip(network.names, network, strict=True):
        if not isinstance(layer, Conv2d | Linear | BatchNorm2d):
            continue
        source = next(given[layer.kind], None)
        taken = source is not None and _take(layer, source)
        if not isinstance(layer, BatchNorm2d):
            said[name] = "file" if taken else "random"
    return said


def _of_kind(network: Sequential, kind: str) -> Iterator[Layer]:
    return (layer for layer in network.all_layers() if layer.kind == kind)


def _take(layer: Conv2d | Linear | BatchNorm2d, source: Layer) -> bool:
    """Give a layer the weights of another; say whether they fit."""
    arrays = {name: each.value for name, each in source.parameters().items()}
    arrays |= source.buffers()
    if arrays["weight"].shape != layer.weight.shape:
        return False
    if not all(np.isfinite(array).all() for array in arrays.values()):
        return False
    layer.weight.value = arrays["weight"]
    if layer.bias is not None:
        count = len(arrays["weight"])
        layer.bias.value = arrays.get("bias", zeros(count).value)
    if isinstance(layer, BatchNorm2d):
        # The block has its own eps; the difference is added to the variance.
        more = source.settings["eps"] - layer.settings["eps"]
        layer.running_mean = arrays["running_mean"]
        layer.running_var = np.maximum(arrays["running_var"] + np.float32(more), 0)
        layer.training = False
    return True


def blocks_of(network: Sequential) -> tuple[Block, ...]:
    """Return the blocks that make the same network, once its weights are copied.

    A global average becomes an average pooling over the whole map; dropout is left out.

    Raises
    ------
    ValueError
        If there are no such blocks; the message names the first layer without one.
    """
    shape = network.input_shape
    if shape is None or len(shape) != 3:
        raise ValueError("A stack works on pictures (C, H, W).")
    blocks: list[Block] = []
    before: Shape = shape
    for name, layer, row in zip(network.names, network, network.summary(), strict=True):
        try:
            if not isinstance(layer, Dropout):
                blocks.append(_block(layer, before))
        except (ValueError, LookupError, TypeError):
            raise ValueError(f"{name} is not available as a block of a stack.") from None
        before = row.output_shape
    if len(blocks) > MAX_BLOCKS:
        raise ValueError(f"It has {len(blocks)} layers, and a stack has at most {MAX_BLOCKS}.")
    _check_same(network, Stack(blocks, shape))
    return tuple(blocks)


def _block(layer: Layer, before: Shape) -> Block:
    if isinstance(layer, GlobalAvgPool2d):
        height, width = before[1:]
        if height != width or height > LARGEST_WINDOW:
            raise ValueError(f"an average over {height} × {width}")
        return Block.of("avg", window=height)
    return Block.nearest(layer)  # `_check_same` finds whether that makes a difference


def _check_same(network: Sequential, stack: Stack) -> None:
    """Refuse a stack with different outputs, since a block has fewer settings than a layer."""
    shape = network.input_shape or ()
    if stack.cost.multiply_adds > MOST_MULTIPLY_ADDS:
        raise ValueError("It takes too long to be compared with its blocks.")
    fill_from(stack.network, network)
    x = np.random.default_rng(0).standard_normal((1, *shape), np.float32)
    named = zip(network.names, network, strict=True)
    kept = {name: layer for name, layer in named if not isinstance(layer, Dropout)}
    with np.errstate(all="ignore"):
        theirs = Sequential(kept.values()).with_own_memory().eval().stages(x)
        ours = stack.network.stages(x)
    for made, wanted, name in zip(ours, theirs, kept, strict=False):
        apart = np.abs(made.ravel() - wanted.ravel()).max() if made.size == wanted.size else np.inf
        if not apart <= SAME * max(np.abs(wanted).max(), 1e-6):
            raise ValueError(f"{name} has settings that a block does not have.")
    if len(ours) != len(theirs):
        raise ValueError("As blocks, its layers do not fit together.")
