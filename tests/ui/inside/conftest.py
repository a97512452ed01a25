"""What the tests of the Inside page share."""

import pytest

from cnnviz import nn
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.photos import photo_input


@pytest.fixture(scope="module")
def cat():
    """Return each layer's output for the middle of the cat, by name, straight from the layers."""
    photos = nn.pretrained("photos")
    x, made = photo_input(SAMPLES["cat"].load())[None], {}
    for name, layer in zip(photos.names, photos, strict=True):
        x = layer.forward(x)
        made[name] = x[0]
    return made
