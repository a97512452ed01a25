"""SqueezeNet v1.1: a network for photos that is small because it reduces channels first."""

from cnnviz.functional.checks import generator
from cnnviz.nn.layers.branches import Parallel
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.parameter import Seed
from cnnviz.nn.layers.pointwise import Activation, Flatten, Softmax
from cnnviz.nn.layers.pooling import GlobalAvgPool2d, MaxPool2d
from cnnviz.nn.network import Sequential

__all__ = ["squeezenet"]

SIDE = 224  # pixels of the photos it is made for
# The channels that a module squeezes to, and that each of its two halves expands to. A pooling
# comes before the third and the fifth module.
MODULES = (16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)
POOLED = 2, 4


def squeezenet(classes: int = 1000, seed: Seed = 0) -> Sequential:
    """Return SqueezeNet v1.1 with random weights: 1 235 496 parameters for 1000 classes.

    Eight modules, "fire2" to "fire9", squeeze with 1 × 1 convolutions to few channels and expand
    with 1 × 1 and 3 × 3 ones side by side. The last convolution has one map for each class, whose
    mean is the score. Source: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer
    parameters" (2016), arXiv 1602.07360; v1.1 as its authors published it, with fewer maps and
    earlier pooling.

    Examples
    --------
    >>> rows = squeezenet().summary()
    >>> sum(row.parameters for row in rows)
    1235496
    >>> [(row.name, row.output_shape) for row in rows if row.name.startswith("fire2")]
    [('fire2 squeeze', (16, 55, 55)), ('fire2 squeeze relu', (16, 55, 55)),
     ('fire2 expand', (128, 55, 55)), ('fire2', (128, 55, 55))]
    """
    rng = generator(seed)
    layers: dict[str, Layer] = {
        "conv1": Conv2d(3, 64, 3, 2, seed=rng),
        "relu1": Activation("relu"),
        "pool1": _pool(),
    }
    channels = 64
    for number, (squeezed, expanded) in enumerate(MODULES):
        if number in POOLED:
            layers[f"pool{number + 1}"] = _pool()
        name = f"fire{number + 2}"
        layers |= {
            f"{name} squeeze": Conv2d(channels, squeezed, 1, seed=rng),
            f"{name} squeeze relu": Activation("relu"),
            f"{name} expand": Parallel(
                [
                    Conv2d(squeezed, expanded, 1, seed=rng),
                    Conv2d(squeezed, expanded, 3, padding=1, seed=rng),
                ]
            ),
            name: Activation("relu"),
        }
        channels = 2 * expanded
    layers |= {
        "dropout": Dropout(0.5),
        "conv10": Conv2d(channels, classes, 1, seed=rng),
        "relu10": Activation("relu"),
        "mean": GlobalAvgPool2d(),
        "scores": Flatten(),
        "shares": Softmax(),
    }
    return Sequential(layers.values(), input_shape=(3, SIDE, SIDE), names=layers)


def _pool() -> MaxPool2d:
    """Return the pooling used throughout: 3 × 3, stride 2; the last window may run over the end."""
    return MaxPool2d(3, 2, ceil_mode=True)
