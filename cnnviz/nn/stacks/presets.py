"""Networks to start from: famous ones, without trained weights, and small ones to train."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cnnviz.functional.checks import generator, sizes
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.layer import Layer, Shape
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.parameter import Seed
from cnnviz.nn.layers.pointwise import Activation, Flatten, Linear, Softmax
from cnnviz.nn.layers.pooling import AvgPool2d, MaxPool2d
from cnnviz.nn.network import Sequential

__all__ = ["PRESETS", "Preset", "alexnet", "lenet5", "small_cnn", "vgg16"]


@dataclass(frozen=True)
class Preset:
    """A network to choose by name; its weights take no memory until they are used.

    `build(seed)` returns the network, whose `input_shape` is that of its source.
    """

    name: str
    title: str
    description: str
    build: Callable[[Seed], Sequential]


def small_cnn(
    input_shape: Shape,
    classes: Iterable[str],
    *,
    filters: tuple[int, int] = (16, 32),
    activation: str = "relu",
    batch_norm: bool = False,
    init: str | float = "he",
    seed: Seed = 0,
) -> Sequential:
    """Return two blocks of convolution, activation and pooling, then a dense layer and softmax.

    Parameters
    ----------
    input_shape : (C, H, W)
    classes : iterable of str
    filters : (int, int)
        Of the first and the second convolution, both 3 × 3.
    activation : str
        A name in `ACTIVATIONS`.
    batch_norm : bool
        Whether each convolution is normalised.
    init, seed
        As in `Conv2d`.

    Raises
    ------
    ValueError
        If input_shape is not (C, H, W), or a layer does not fit.

    Examples
    --------
    >>> network = small_cnn((1, 8, 8), "0123456789")
    >>> [row.name for row in network.summary()][:3], network.summary()[-1].output_shape
    (['conv1', 'relu1', 'pool1'], (10,))
    """
    rng, classes, shape = generator(seed), tuple(classes), sizes(input_shape, "input_shape")
    if len(shape) != 3:
        raise ValueError(f"input_shape must be (C, H, W), got {shape}.")
    channels, height, width = shape
    layers: list[Layer] = []
    for count in filters:
        layers.append(Conv2d(channels, count, 3, padding=1, init=init, seed=rng))
        if batch_norm:
            layers.append(BatchNorm2d(count))
        layers += [Activation(activation), MaxPool2d(2)]
        channels, height, width = count, height // 2, width // 2
    features = channels * height * width
    layers += [Flatten(), Linear(features, len(classes), init=init, seed=rng), Softmax()]
    return Sequential(layers, input_shape=input_shape, classes=classes)


def lenet5(seed: Seed = 0) -> Sequential:
    """Return LeNet-5 as it is usually rebuilt: 61 706 parameters.

    Source: LeCun et al., "Gradient-based learning applied to document recognition" (1998), which
    has trainable pooling and a sparser second convolution.

    Examples
    --------
    >>> sum(row.parameters for row in lenet5().summary())
    61706
    """
    rng = generator(seed)
    layers: list[Layer] = []
    for channels, filters in (1, 6), (6, 16):
        layers.append(Conv2d(channels, filters, 5, init="xavier", seed=rng))
        layers += [Activation("tanh"), AvgPool2d(2)]
    layers += [Flatten(), *_dense([400, 120, 84, 10], "tanh", "xavier", rng)]
    return Sequential(layers, input_shape=(1, 32, 32), classes="0123456789")


def alexnet(seed: Seed = 0) -> Sequential:
    """Return AlexNet as in torchvision: 61 100 840 parameters.

    Source: Krizhevsky, "One weird trick for parallelizing convolutional neural networks" (2014).
    Dropout, which does nothing at inference, and the adaptive pooling, which does nothing at
    224 × 224, are left out.

    Examples
    --------
    >>> sum(row.parameters for row in alexnet().summary())
    61100840
    """
    rng = generator(seed)

    def relu() -> Activation:
        return Activation("relu")

    def pool() -> MaxPool2d:
        return MaxPool2d(3, 2)

    layers = [
        Conv2d(3, 64, 11, stride=4, padding=2, seed=rng), relu(), pool(),
        Conv2d(64, 192, 5, padding=2, seed=rng), relu(), pool(),
        Conv2d(192, 384, 3, padding=1, seed=rng), relu(),
        Conv2d(384, 256, 3, padding=1, seed=rng), relu(),
        Conv2d(256, 256, 3, padding=1, seed=rng), relu(), pool(),
        Flatten(), *_dense([9216, 4096, 4096, 1000], "relu", "he", rng),
    ]  # fmt: skip
    return Sequential(layers, input_shape=(3, 224, 224))


def vgg16(seed: Seed = 0) -> Sequential:
    """Return VGG-16: 138 357 544 parameters; a cell of its last maps sees 212 pixels.

    Source: Simonyan & Zisserman, "Very deep convolutional networks" (2015), configuration D.

    Examples
    --------
    >>> rows = vgg16().summary()
    >>> sum(row.parameters for row in rows)
    138357544
    >>> [row.receptive_field for row in rows if row.name == "pool5"]
    [212]
    """
    rng = generator(seed)
    layers, channels = [], 3
    for filters, depth in (64, 2), (128, 2), (256, 3), (512, 3), (512, 3):
        layers += _same_size([channels, *[filters] * depth], rng)
        layers.append(MaxPool2d(2))
        channels = filters
    layers += [Flatten(), *_dense([25088, 4096, 4096, 1000], "relu", "he", rng)]
    return Sequential(layers, input_shape=(3, 224, 224))


def three_convolutions(seed: Seed = 0) -> Sequential:
    """Return three convolutions of 16 filters, with ReLU between them and nothing else."""
    layers = _same_size([3, 16, 16, 16], generator(seed))
    return Sequential(layers, input_shape=(3, 128, 128))


def vgg_like(seed: Seed = 0) -> Sequential:
    """Return two VGG-style blocks, small enough to compute while the user waits."""
    rng = generator(seed)
    layers = [*_same_size([3, 8, 8], rng), MaxPool2d(2), *_same_size([8, 16, 16], rng)]
    return Sequential([*layers, MaxPool2d(2)], input_shape=(3, 128, 128))


def separable(seed: Seed = 0) -> Sequential:
    """Return a depthwise convolution and a 1 × 1 one: each channel separately, then their mixture.

    Source: Howard et al., "MobileNets" (2017).

    Examples
    --------
    >>> [row.factors for row in separable().summary() if row.parameters][1:]
    ['8 × 1 × 3 × 3 + 8', '16 × 8 × 1 × 1 + 16']
    """
    rng = generator(seed)
    layers = [
        Conv2d(3, 8, 3, padding=1, seed=rng), Activation("relu"),
        Conv2d(8, 8, 3, padding=1, groups=8, seed=rng), Activation("relu"),
        Conv2d(8, 16, 1, seed=rng), Activation("relu"),
    ]  # fmt: skip
    return Sequential(layers, input_shape=(3, 128, 128))


def _same_size(channels: list[int], rng: np.random.Generator) -> list[Layer]:
    """Return size-preserving 3 × 3 convolutions from each number of channels to the next."""
    layers: list[Layer] = []
    for before, after in pairwise(channels):
        layers += [Conv2d(before, after, 3, padding=1, seed=rng), Activation("relu")]
    return layers


def _dense(sizes: list[int], activation: str, init: str, rng: np.random.Generator) -> list[Layer]:
    """Return dense layers from each size to the next; the last one is followed by softmax."""
    layers: list[Layer] = []
    for before, after in pairwise(sizes):
        layers += [Linear(before, after, init=init, seed=rng), Activation(activation)]
    return [*layers[:-1], Softmax()]


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("three", "Three convolutions", "16 filters of 3 × 3, three times.",
               three_convolutions),
        Preset("vgg_like", "Like VGG, small", "Two convolutions and a pooling, twice.", vgg_like),
        Preset("separable", "Depthwise and 1 × 1",
               "A filter for each channel by itself, then 1 × 1 filters that mix the channels, as "
               "in MobileNets (2017).", separable),
        Preset("lenet5", "LeNet-5",
               "It read the digits on cheques (LeCun et al., 1998). Here as it is usually rebuilt: "
               "in the original the pooling has weights too, and most filters of the second "
               "convolution see only some of the maps.", lenet5),
        Preset("alexnet", "AlexNet",
               "Deep networks for photos took off with it in 2012. This is Krizhevsky's simpler "
               "form of 2014, as in torchvision: the original was split over two graphics cards "
               "and had different numbers of filters.", alexnet),
        Preset("vgg16", "VGG-16",
               "Thirteen convolutions, all of them 3 × 3 (Simonyan and Zisserman, 2014).", vgg16),
    )
}  # fmt: skip
