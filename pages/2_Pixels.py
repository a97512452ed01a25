"""Pixels: a picture is numbers, in three channels; why a network shares its weights."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnviz.experiments.parameter_count import convolution_parameters, dense_parameters
from cnnviz.experiments.shift import changed, shift_maps, shifted
from cnnviz.images.loading import grey
from cnnviz.kernels import KERNELS
from cnnviz.ui.chain.panes import CHANNELS
from cnnviz.ui.chain.run import Input, Run
from cnnviz.ui.export import downloads
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import LookSettings
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.pixels import views
from cnnviz.ui.pixels.programs import programs
from cnnviz.ui.widgets import frame, picture_picker
from cnnviz.ui.widgets.kernel_picker import SMALL_KERNELS
from cnnviz.ui.widgets.settings import Choice, Number, Switch, restore
from cnnviz.ui.widgets.slider import moves, slider

PAGE, SHIFT = "pixels", "pixels-shift"
on = {name: Switch(f"{PAGE}.{name}", f"{name.capitalize()} on", True) for name in CHANNELS}
closeup = Choice(
    f"{PAGE}.closeup", "Show", "0", options={"0": "Whole picture", "32": "32 cells", "8": "8 cells"}
)
SIDES = {"150 × 150": 150, "160 × 160": 160}
side = Number(f"{PAGE}.side", "Side of the picture", 150, low=1, high=1024, unit="px")
channels = Choice(f"{PAGE}.depth", "Channels", "3", options={"1": "1, grey", "3": "3, colour"})
kernel_size = Number(f"{PAGE}.kernel_size", "Side of the filter", 3, low=1, high=15)
units = Number(f"{PAGE}.units", "Neurons, or filters", 1, low=1, high=512)
right = Number(f"{PAGE}.right", "To the right", 3, low=-16, high=16, unit="px")
down = Number(f"{PAGE}.down", "Down", 0, low=-16, high=16, unit="px")
border = Choice(
    f"{PAGE}.border",
    "What comes in at the edge",
    "circular",
    options={"circular": "What went out", "zeros": "Black"},
)
kernel = Choice(f"{PAGE}.kernel", "Kernel", "sobel_x", options=SMALL_KERNELS)
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
looks = LookSettings(PAGE)
SETTINGS = (
    *picture_picker.SETTINGS,
    *on.values(),
    closeup,
    *(side, channels, kernel_size, units),
    *(right, down, border, kernel),
    pin,
    *looks.settings,
)


@st.fragment
def page() -> None:
    """Draw the page; a change of a setting runs this and nothing else."""
    restore(SETTINGS)
    frame.say_notices()
    head = frame.head("Pixels", "A picture is a grid of numbers. Point at any cell to read it.")
    with st.container(key="planes"):
        draw_plane_controls()
        run, shown = planes()
        st.markdown(
            "**What to look for.** Each plane is bright where the picture has much of that colour; "
            "white is bright in all three, black in none. Grey counts green most, because eyes do: "
            "0.299 R + 0.587 G + 0.114 B, which is a filter of one cell."
        )
    st.divider()
    draw_weights(run.input.size)
    st.divider()
    draw_shift()
    with head:
        looks.controls()
        frame.link(SETTINGS)
        downloads.buttons(run, shown, looks.look(), SETTINGS, code)


def lit() -> NDArray[np.uint8]:
    """Return the planes of the picture (3, H, W), with 0 in those that are switched off."""
    return views.only(picture_picker.colour_planes(), [name for name in CHANNELS if on[name].value])


@st.fragment
def planes() -> tuple[Run, list[Pane]]:
    """Draw the planes; the slider of the size under the hand runs this alone."""
    run = views.grey_run(lit(), float(picture_picker.SCALE.value))
    shown = views.plane_panes(run)
    boards.show(PAGE, shown, looks.look(), views.plane_arithmetic(run, int(closeup.value)), pin)
    moves(PAGE, [picture_picker.SIZE])
    return run, shown


def code() -> downloads.Code:
    """Return what has just run, and the same in other libraries."""
    ran = (grey, shifted, shift_maps, changed, dense_parameters, convolution_parameters)
    mine = programs(
        KERNELS[kernel.value],
        down.value,
        right.value,
        border.value,
        colour=picture_picker.COLOUR.value == "colour",
        white=float(picture_picker.SCALE.value),
    )
    return downloads.Code(ran, mine)


def draw_plane_controls() -> None:
    """Draw the settings of the picture, and the places of the planes."""
    left, other = st.columns(2, gap="large", vertical_alignment="bottom")
    with left:
        slider(picture_picker.SIZE)
    with other, st.container(horizontal=True, gap="large"):
        picture_picker.SCALE.segments(width="content")
        closeup.segments(width="content")
    titles = ("Picture", *(name.capitalize() for name in CHANNELS), "Grey")
    with st.container(key="strip"):
        for stage, (column, title) in enumerate(
            zip(st.columns(5, gap="medium"), titles, strict=True)
        ):
            with column:
                frame.stage_title(stage + 1, title)
                if title.lower() in on:
                    on[title.lower()].toggle()
                else:
                    st.caption("3 numbers a cell" if stage == 0 else "1 number a cell")
                boards.slot(PAGE, stage, pin=pin if stage == 0 else None)


def draw_weights(size: tuple[int, int]) -> None:
    """Draw the calculator: a weight for every number, or one filter for all places."""
    st.subheader("Why not a dense network?")
    controls, counted = st.columns([1, 2.59], gap="large")
    with controls:
        slider(side)
        with st.container(horizontal=True, gap="small"):
            for label, length in (SIDES | {"This picture": max(size)}).items():
                st.button(label, on_click=side.set, args=(length,))
        slider(kernel_size)
        left, other = st.columns(2)
        with left:
            channels.segments()
        with other:
            units.stepper()
    with counted:
        weights()
    st.markdown(
        "**What to look for.** A dense neuron has a weight for every number of the picture, so "
        "ten pixels more a side cost thousands. A filter looks through the same few weights at "
        "every place: it costs the same for any picture."
    )


@st.fragment
def weights() -> None:
    """Draw what is counted; the sliders of the calculator run this alone."""
    st.html(views.weights_shown(side.value, int(channels.value), kernel_size.value, units.value))
    moves(f"{PAGE}:weights", [side, kernel_size])


def draw_shift() -> None:
    """Draw the experiment: the picture shifted, and what that changes."""
    st.subheader("What happens when the picture shifts?")
    left, places = st.columns([1, 2.37], gap="medium")
    with left:
        slider(right)
        slider(down)
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            border.segments(width="content")
            picture_picker.COLOUR.segments(width="content")
            kernel.select(width=160)
    with places:
        boards.row(*((SHIFT, stage) for stage in range(3)))
    shift(left)


@st.fragment
def shift(figures: DeltaGenerator) -> None:
    """Draw what the shift changes; its sliders run this alone."""
    drawn = lit() if picture_picker.COLOUR.value == "colour" else grey(lit().transpose(1, 2, 0))
    given = Input.picture(drawn, float(picture_picker.SCALE.value))
    by = down.value, right.value, border.value
    moved = shift_maps(given.values, KERNELS[kernel.value].weights, *by)
    with figures:
        st.html(views.shift_table(given, moved))
        st.markdown(
            f"The strongest answer was {views.strongest(moved.before)}; "
            f"now it is {views.strongest(moved.after)}."
        )
    shown = views.shift_panes(given, shifted(given.intensities, *by), moved)
    boards.show(SHIFT, shown, looks.look())
    still = (right.value or down.value) and changed(given.values, moved.picture) == 0
    frame.question(
        "Find a picture and a shift that changes not a single number of the input.",
        bool(still),
        f"{right.value} to the right, {down.value} down, and every number is where it was: "
        "the picture repeats itself.",
        after="**What to look for.** To a dense layer the shifted picture is a new one: nearly "
        "every number of its input has changed. The feature map only moves along (the map at the "
        "lower right is empty): what a filter finds, it finds anywhere. That is equivariance; "
        "pooling then adds a little invariance.",
    )
    moves(SHIFT, [right, down])


page()
