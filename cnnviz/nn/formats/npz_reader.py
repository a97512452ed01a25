"""Read the npz files that `Sequential.save` writes."""

from collections.abc import Mapping
from io import BytesIO

from cnnviz.nn.formats import npz
from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.model import Model, Wanted
from cnnviz.nn.network import Sequential

__all__ = ["read"]


def read(data: bytes, external: Mapping[str, bytes], wanted: Wanted) -> Model:
    """Return the network that `Sequential.save` wrote."""
    try:
        layers, settings = npz.load(BytesIO(data))
        if wanted.size and len(settings["input_shape"] or ()) == 3:
            settings["input_shape"] = (settings["input_shape"][0], *wanted.size)
        return Model(Sequential(layers, **settings), "npz")
    except ValueError as error:
        raise ModelError(str(error)) from None
