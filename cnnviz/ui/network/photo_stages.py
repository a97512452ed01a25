"""Photos in the network that knows them: what all its layers make of one, once for all pages."""

from cnnviz.images.picture import Picture
from cnnviz.nn import pretrained
from cnnviz.nn.inspection.photos import Crop, photo_input
from cnnviz.nn.inspection.stages import Stages, StagesCache

MOST = 6  # photos whose maps are kept, for all sessions together: 22 MB each

_kept = StagesCache(MOST)


def stages_of(picture: Picture, crop: Crop) -> Stages:
    """Return what the network that knows photos makes of a square of a picture.

    Raises
    ------
    ValueError
        If the weights of the network are missing or damaged.
    """
    network = pretrained("photos")
    return _kept.get(
        (picture.digest, crop), lambda: Stages(network, photo_input(picture.pixels, crop))
    )
