"""The kinds of blocks that a stack may have: their settings, and the layers that they become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod

from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.functional.checks import count_of
from cnnviz.functional.hyperparameter import Hyperparameter
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.layer import Layer, Shape
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.parameter import Seed
from cnnviz.nn.layers.pointwise import Activation, Flatten, Linear, Softmax
from cnnviz.nn.layers.pooling import AvgPool2d, MaxPool2d
from cnnviz.nn.stacks.nearest_block import SAME

__all__ = ["BLOCKS", "BlockKind"]


@dataclass(frozen=True)
class BlockKind:
    """A kind of block.

    Parameters
    ----------
    name : str
        Its word in a stack.
    title : str
    maps : bool or None
        Whether it works on maps (C, H, W), on one row of numbers, or on both.
    fields : tuple of Hyperparameter
        Its settings. In a stack, the first is written after the name, the others each after their
        first letter.
    make : callable
        Gets the shape of the input, the settings and a seed; returns the layer.
    """

    name: str
    title: str
    maps: bool | None
    fields: tuple[Hyperparameter, ...]
    make: Callable[[Shape, Mapping[str, int], Seed], Layer]


def _conv(shape: Shape, settings: Mapping[str, int], seed: Seed) -> Layer:
    padding = settings["padding"]
    return Conv2d(
        shape[0],
        settings["filters"],
        settings["kernel"],
        settings["stride"],
        "same" if padding == SAME else padding,
        settings["dilation"],
        settings["groups"],
        seed=seed,
    )


def _max_pool(shape: Shape, settings: Mapping[str, int], seed: Seed) -> Layer:
    return MaxPool2d(settings["window"], settings["stride"] or None, settings["padding"])


def _avg_pool(shape: Shape, settings: Mapping[str, int], seed: Seed) -> Layer:
    return AvgPool2d(settings["window"], settings["stride"] or None, settings["padding"])


def _norm(shape: Shape, settings: Mapping[str, int], seed: Seed) -> Layer:
    """Batch normalisation with the picture's own statistics, since nothing is trained here."""
    if prod(shape[1:]) == 1:
        raise ValueError(
            "Batch normalisation needs more than one number in a map, but "
            f"{count_of(shape[0], 'map')} of 1 × 1 {'comes' if shape[0] == 1 else 'come'} in: the "
            "spread would be 0."
        )
    layer = BatchNorm2d(shape[0])
    layer.training = True
    return layer


def _activation(name: str) -> Callable[[Shape, Mapping[str, int], Seed], Layer]:
    return lambda shape, settings, seed: Activation(name)


_WINDOW = (
    Hyperparameter("window", "Window", 2, 1, 16, 1),
    Hyperparameter("stride", "Stride", 0, 0, 16, 1),
    Hyperparameter("padding", "Padding", 0, 0, 8, 1),
)

BLOCKS: dict[str, BlockKind] = {
    kind.name: kind
    for kind in (
        BlockKind(
            "conv", "Convolution", True,
            (
                Hyperparameter("filters", "Filters", 16, 1, 1024, 1),
                Hyperparameter("kernel", "Kernel", 3, 1, 15, 1),
                Hyperparameter("stride", "Stride", 1, 1, 8, 1),
                Hyperparameter("padding", "Padding", SAME, SAME, 14, 1),
                Hyperparameter("dilation", "Dilation", 1, 1, 8, 1),
                Hyperparameter("groups", "Groups", 1, 1, 1024, 1),
            ),
            _conv,
        ),
        *(
            BlockKind(name, activation.title, None, (), _activation(name))
            for name, activation in ACTIVATIONS.items()
            if name != "none"
        ),
        BlockKind("max", "Max pooling", True, _WINDOW, _max_pool),
        BlockKind("avg", "Average pooling", True, _WINDOW, _avg_pool),
        BlockKind("norm", "Batch normalisation", True, (), _norm),
        BlockKind("flatten", "Flatten", None, (), lambda shape, settings, seed: Flatten()),
        BlockKind(
            "dense", "Dense", False, (Hyperparameter("units", "Units", 10, 1, 4096, 1),),
            lambda shape, settings, seed: Linear(shape[0], settings["units"], seed=seed),
        ),
        BlockKind("softmax", "Softmax", False, (), lambda shape, settings, seed: Softmax()),
    )
}  # fmt: skip
