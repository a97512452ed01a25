"""Photos in the network that knows them: what all its layers make of one, once for all pages."""

from functools import cache

from cnnviz.images.picture import Picture
from cnnviz.nn import Row, pretrained
from cnnviz.nn.inspection.photos import Crop, photo_input
from cnnviz.nn.inspection.stages import Stages, StagesCache
from cnnviz.ui.widgets.session_values import is_live

MOST = 6  # photos whose maps are kept, for all sessions together: 22 MB each

_kept = StagesCache(MOST)


def missing() -> str:
    """Say why there is no network that knows photos; empty if there is."""
    try:
        pretrained("photos")
    except ValueError as error:
        return str(error)
    return ""


def stages_of(picture: Picture, crop: Crop) -> Stages:
    """Return what the network that knows photos makes of a square of a picture.

    What follows a hand or a camera is not kept: each frame is another.

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
    """Return the same, of a picture that is not looked into again."""
    return Stages(pretrained("photos"), photo_input(picture.pixels, crop))


@cache
def summary() -> list[Row]:
    """Return the summary of its layers, made once."""
    return pretrained("photos").summary()
