"""What if: channels are silenced or made louder, and a part of the photo is painted grey."""

import re
from base64 import b64encode
from dataclasses import replace

import streamlit as st

from cnnviz.images.drawings import ink
from cnnviz.images.samples import thumbnail
from cnnviz.nn.inspection.photos import photo_pixels
from cnnviz.nn.inspection.stages import Stages, louder, painted, strongest_first
from cnnviz.nn.stacks.squeezenet import SIDE
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.inside.photos.settings import CHANNELS, FACTOR, MOST_CHANNELS, PAINT, WHAT_LAYER
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.drawing_pad import drawing_pad
from cnnviz.ui.widgets.slider import slider
from cnnviz.ui.widgets.text import literal, percent

STRONGEST = 8


def changed(made: PhotoRun) -> PhotoRun:
    """Return the run with what is changed; only what follows from a change is computed."""
    stages, layer = made.plain, WHAT_LAYER.value
    mask = ink(PAINT.value, SIDE) > 0.5
    if mask.any():
        stages = Stages(stages.network, painted(stages.image, mask))
    channels = chosen(made)
    if channels:
        stages = stages.changed(layer, louder(stages[layer], channels, float(FACTOR.value)))
    key = made.key, PAINT.value, layer, tuple(channels), FACTOR.value
    return replace(made, key=key, made=stages)


def chosen(made: PhotoRun) -> list[int]:
    """Return the numbers of the maps that are changed; those that the layer has."""
    count = len(made.plain[WHAT_LAYER.value])
    return [one for one in map(int, re.findall(r"\d+", CHANNELS.value)) if one < count]


def draw_bench(before: PhotoRun, after: PhotoRun) -> None:
    """Draw what can be changed, and say what becomes of the answer."""
    frame.stage_title(3, "What if")
    st.markdown(sentence(before, after))
    WHAT_LAYER.select()
    order = strongest_first(before.plain[WHAT_LAYER.value]).tolist()
    key = f"{PAGE}:channels:maps"
    st.session_state[key] = chosen(before)
    st.multiselect(
        "Maps, the strongest first",
        order,
        format_func=lambda number: f"map {number}",
        key=key,
        on_change=take,
        args=(key,),
        max_selections=MOST_CHANNELS,
    )
    with st.container(horizontal=True, gap="small"):
        st.button(f"The {STRONGEST} strongest", on_click=choose, args=(order[:STRONGEST],))
        st.button("None", on_click=choose, args=([],))
    slider(FACTOR)
    st.caption("Paint a part of the photo grey, the mean of the photos that it was taught.")
    photo = thumbnail(photo_pixels(before.plain.image), SIDE)
    drawing_pad(PAINT, "data:image/webp;base64," + b64encode(photo).decode())


def take(key: str) -> None:
    """Change the maps that are chosen."""
    choose(st.session_state[key])


def choose(numbers: list[int]) -> None:
    """Change these maps."""
    CHANNELS.set(",".join(map(str, numbers)))


def sentence(before: PhotoRun, after: PhotoRun) -> str:
    """Say what becomes of the answer."""
    name, was = literal(before.classes[before.answer]), float(before.shares[before.answer])
    now, share = literal(after.classes[after.answer]), float(after.shares[after.answer])
    if after.made is after.plain:
        return "Silence maps or paint over a part of the photo, and see what becomes of the answer."
    if now == name:
        return f"It still says **{name}**: {percent(was)} before, {percent(share)} now."
    return f"It said **{name}**, {percent(was)}, and now it says **{now}**, {percent(share)}."
