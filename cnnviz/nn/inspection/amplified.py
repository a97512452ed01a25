"""A network in which some maps are silenced or amplified."""

from collections.abc import Sequence

import numpy as np

from cnnviz.functional.checks import one_of
from cnnviz.nn.layers.affine import Affine
from cnnviz.nn.network import Sequential

__all__ = ["amplified"]


def amplified(
    network: Sequential, layer: int, channels: Sequence[int], factor: float
) -> Sequential:
    """Return the network with an extra step after a layer that multiplies some of its channels.

    The layers are the same objects as in `network`, so nothing is copied; everything computed from
    the network (answers, gradients, the summary) reflects the change.

    Parameters
    ----------
    layer : int
        The number of the layer.
    channels : sequence of int
        The channels' numbers, from 0.
    factor : float
        The channels are multiplied by this; 0 silences them.

    Raises
    ------
    ValueError
        If there is no such layer, or it has no such channel.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> network = small_cnn((1, 8, 8), "0123456789")
    >>> silent = amplified(network, network.names.index("relu1"), [3], 0.0)
    >>> [name for name in silent.names if name not in network.names]
    ['relu1 × 0']
    >>> stages = silent.stages(np.ones((1, 1, 8, 8)))
    >>> bool(stages[silent.names.index("relu1 × 0")][0, 3].any())
    False
    """
    layer = one_of(layer, "layer", len(network))
    count = network.summary()[layer].output_shape[0]
    if wrong := [channel for channel in channels if not 0 <= channel < count]:
        raise ValueError(f"{network.names[layer]} has channels 0 to {count - 1}, got {wrong[0]}.")
    step = Affine(count)
    gains = np.ones(count, np.float32)
    gains[list(channels)] = factor
    step.weight.value = gains
    name = f"{network.names[layer]} × {factor:g}"
    return Sequential(
        [*network.layers[: layer + 1], step, *network.layers[layer + 1 :]],
        input_shape=network.input_shape,
        classes=network.classes,
        names=[*network.names[: layer + 1], name, *network.names[layer + 1 :]],
    )
