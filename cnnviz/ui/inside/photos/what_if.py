"""What if: silence or amplify channels, and paint a part of the photo grey."""

from dataclasses import replace

import streamlit as st

from cnnviz.images.drawings import ink
from cnnviz.images.samples import thumbnail
from cnnviz.nn.inspection.photos import photo_pixels
from cnnviz.nn.inspection.stages import Stages, louder, painted
from cnnviz.nn.stacks.squeezenet import SIDE
from cnnviz.ui.inside.amplified_maps import AmplifiedMaps, becomes
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.inside.photos.settings import CHANNELS, FACTOR, PAINT, WHAT_LAYER
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.data_url import kept_data_url
from cnnviz.ui.widgets.drawing_pad import drawing_pad

SHEET = f"{PAGE}:what_if_photo"
AMPLIFIED = AmplifiedMaps(CHANNELS, FACTOR)


def changed(made: PhotoRun) -> PhotoRun:
    """Return the run with the changes; only the layers that depend on them are computed."""
    stages, layer = made.plain, WHAT_LAYER.value
    mask = ink(PAINT.value, SIDE) > 0.5
    if mask.any():
        stages = Stages(stages.network, painted(stages.image, mask))
    channels = AMPLIFIED.chosen(len(made.plain[layer]))
    if channels:
        stages = stages.changed(layer, louder(stages[layer], channels, float(FACTOR.value)))
    key = made.key, PAINT.value, layer, tuple(channels), FACTOR.value
    return replace(made, key=key, made=stages)


def draw_bench(before: PhotoRun, after: PhotoRun) -> None:
    """Draw the controls for changes, and say how the answer changes."""
    frame.stage_title("", "What if")
    frame.say(sentence(before, after))
    WHAT_LAYER.select()
    AMPLIFIED.draw(before.plain[WHAT_LAYER.value])
    st.caption("Paint a part of the photo grey: the mean of its training photos.")
    image = before.plain.image
    drawing_pad(
        PAINT, kept_data_url(SHEET, before.key, lambda: thumbnail(photo_pixels(image), SIDE))
    )


def sentence(before: PhotoRun, after: PhotoRun) -> str:
    """Say how the answer changes."""
    if after.made is after.plain:
        return "Silence maps or paint over a part of the photo, and see how the answer changes."
    return becomes(before, after)
