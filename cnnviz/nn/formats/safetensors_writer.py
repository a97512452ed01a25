"""Write the weights of our networks as safetensors files."""

import numpy as np
from safetensors.numpy import save

from cnnviz.nn.network import Sequential

__all__ = ["written"]


def written(network: Sequential) -> bytes:
    """Return all weights, named "0.weight", "0.bias" … as in PyTorch's `state_dict`.

    Examples
    --------
    >>> from safetensors.numpy import load
    >>> from cnnviz.nn import small_cnn
    >>> sorted(load(written(small_cnn((1, 8, 8), "01"))))[:2]
    ['0.bias', '0.weight']
    """
    arrays = {name: parameter.value for name, parameter in network.parameters().items()}
    arrays |= network.buffers()
    return save({name: np.ascontiguousarray(array) for name, array in arrays.items()})
