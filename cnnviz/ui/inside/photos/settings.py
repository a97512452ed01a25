"""The settings of the Inside page for the photo network."""

import re

from cnnviz.ui.inside.amplified_maps import Channels, factor
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.settings import ClassNumber
from cnnviz.ui.widgets.drawing_pad import Drawing
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch

VIEW = Choice(
    f"{PAGE}.view",
    "View",
    "layers",
    options={
        "layers": "All layers",
        "evidence": "Evidence",
        "unit": "What a unit looks for",
        "what_if": "What if",
        "fool": "Fool it",
    },
)
ACROSS = Number(
    f"{PAGE}.across", "Across", 50, "Where the square lies: 0 is left.", low=0, high=100, unit="%"
)
DOWN = Number(
    f"{PAGE}.down", "Down", 50, "Where the square lies: 0 is the top.", low=0, high=100, unit="%"
)
PART = Number(
    f"{PAGE}.part",
    "Size",
    100,
    "The side of the square, as a percentage of the shorter side of the picture.",
    low=10,
    high=100,
    unit="%",
)
MAPS = 12  # maps on the screen, per layer
RANK = Number(
    f"{PAGE}.rank",
    "Start at rank",
    0,
    "Maps are ordered by their mean on this photo, the strongest first. Of a layer with fewer maps "
    "you see the last ones.",
    low=0,
    high=984,
    step=MAPS,
)
STEPS = Switch(
    f"{PAGE}.steps",
    "Every step",
    help="Show each convolution before its ReLU too; else each row is a convolution and its ReLU.",
)
OVER = Switch(f"{PAGE}.over", "Over the photo", True, "Lay the map over the photo, in grey.")
MAP_LAYERS = (
    "relu1", "pool1", "fire2", "fire3", "pool3", "fire4", "fire5", "pool5", "fire6", "fire7",
    "fire8", "fire9", "relu10",
)  # fmt: skip


def row_title(name: str) -> str:
    """Return the common title of a convolution and its ReLU, given the name of the ReLU.

    >>> row_title("relu10"), row_title("fire2 squeeze relu"), row_title("fire2")
    ('conv10 + ReLU', 'fire2 squeeze + ReLU', 'fire2 expand + ReLU')
    >>> row_title("pool1")
    'pool1'
    """
    if of_module := re.fullmatch(r"(fire\d)(?: (squeeze) relu)?", name):
        return f"{of_module[1]} {of_module[2] or 'expand'} + ReLU"
    return re.sub(r"^relu(\d+)$", r"conv\1 + ReLU", name)


TITLES = {name: row_title(name) for name in MAP_LAYERS}
LAYER = Choice(
    f"{PAGE}.layer",
    "Grad-CAM at",
    "fire9",
    "Which layer's maps are weighted: early ones show finer detail, late ones more meaning.",
    options=TITLES,
)
EPSILON = Number(
    f"{PAGE}.epsilon",
    "Noise",
    2.0,
    "The most that is added to or subtracted from each number of the photo, out of 255.",
    low=0.0,
    high=8.0,
    step=0.25,
    unit="of 255",
)
TOWARDS = ClassNumber(f"{PAGE}.towards", "Towards", "")
WHAT_LAYER = Choice(f"{PAGE}.what_layer", "Layer", "fire9", options=TITLES)
CHANNELS = Channels(f"{PAGE}.channels", "Maps", "")
FACTOR = factor(f"{PAGE}.factor")
PAINT = Drawing(f"{PAGE}.paint", "Painted grey")
UNIT_LAYER = Choice(f"{PAGE}.unit_layer", "Layer", "fire9", options=TITLES)
EYES = 426  # a map of fire9: eyes grow for it, and of the samples, the cat excites it most
UNIT = Number(f"{PAGE}.unit", "Map", EYES, low=0, high=999)
CROP = (ACROSS, DOWN, PART)
SETTINGS = (VIEW, *CROP, RANK, STEPS, OVER, LAYER, EPSILON, TOWARDS, UNIT_LAYER, UNIT,
            WHAT_LAYER, CHANNELS, FACTOR, PAINT)  # fmt: skip
