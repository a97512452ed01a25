"""The photo network's outputs of all layers for a photo, computed once for all pages."""

from functools import cache

from cnnviz.images.picture import Picture
from cnnviz.nn import Row, pretrained
from cnnviz.nn.inspection.photos import Crop, photo_input
from cnnviz.nn.inspection.stages import Stages, StagesCache
from cnnviz.ui.widgets.session_values import is_live

MOST = 6  # photos whose maps are cached, over all sessions: 22 MB each

_kept = StagesCache(MOST)


def missing() -> str:
    """Say why the photo network is missing; empty if it is available."""
    try:
        pretrained("photos")
    except ValueError as error:
        return str(error)
    return ""


def stages_of(picture: Picture, crop: Crop) -> Stages:
    """Return the outputs of the photo network's layers for a square of a picture.

    Results for the live channel or a camera are not cached: each frame differs.

    Raises
    ------
    ValueError
        If the weights of the network are missing or damaged.
    """
    key = picture.digest, crop
    if is_live() and key not in _kept.kept:
        return stages_once(picture, crop)
    return _kept.get(key, lambda: stages_once(picture, crop))


def stages_once(picture: Picture, crop: Crop) -> Stages:
    """Return the same without caching, for a picture that is used only once."""
    return Stages(pretrained("photos"), photo_input(picture.pixels, crop))


@cache
def summary() -> list[Row]:
    """Return the summary of the photo network's layers, made once."""
    return pretrained("photos").summary()
