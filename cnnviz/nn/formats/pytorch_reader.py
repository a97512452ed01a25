"""PyTorch's .pt and .pth files: a state dict, or a training checkpoint with one inside."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.model import Model, Wanted
from cnnviz.nn.formats.pickles import unpickled
from cnnviz.nn.formats.state_dicts import laid_out

__all__ = ["read"]

CHECKPOINT = "The file is a training checkpoint; its weights were taken and the rest left out."


def read(data: bytes, external: Mapping[str, bytes], wanted: Wanted) -> Model:
    """Return a network that fits the weights in a file."""
    made = unpickled(data)
    weights = _weights(made)
    if not weights:
        raise ModelError("There are no weights with names in this PyTorch file.")
    more = isinstance(made, dict) and any(
        not isinstance(value, np.ndarray) for value in made.values()
    )
    return laid_out(weights, "PyTorch weights", wanted, (CHECKPOINT,) if more else ())


def _weights(made: Any, depth: int = 0) -> dict[str, NDArray[Any]]:
    """Return a dictionary's named arrays, or those of the fullest inside but the optimiser's."""
    if not isinstance(made, dict) or depth > 3:
        return {}
    own = {
        str(name): value
        for name, value in made.items()
        if isinstance(value, np.ndarray) and isinstance(name, str)
    }
    inside = [
        _weights(value, depth + 1)
        for name, value in made.items()
        if isinstance(value, dict) and "optim" not in str(name).lower()
    ]
    return max([own, *inside], key=len)
