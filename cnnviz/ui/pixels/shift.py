"""The experiment: shift the picture, and compare."""

import streamlit as st

from cnnviz.experiments.chain_input import Input
from cnnviz.experiments.shift import Border, changed, shift_maps, shifted
from cnnviz.images.loading import grey
from cnnviz.kernels import KERNELS
from cnnviz.ui.chain.run import Run
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.pixels import views
from cnnviz.ui.pixels.planes import computed, lit
from cnnviz.ui.pixels.settings import SHIFT, border, colours, down, kernel, right
from cnnviz.ui.widgets import frame, live_page, working_picture
from cnnviz.ui.widgets.formatting import number, percent
from cnnviz.ui.widgets.slider import slider

GONE = (
    "The whole picture has been pushed out of its frame, so there is nothing left for the filter "
    "to find. Move it back a little: the feature map moves along."
)


def draw_shift(page: live_page.Page, regions: frame.Regions) -> tuple[Run, list[Pane]]:
    """Draw the experiment: the shifted picture, and the effect of the shift."""
    with regions.maps:
        names = ("Picture", "Shifted", "Difference")
        boards.block(*((SHIFT, i, name) for i, name in enumerate(names)))
    with regions.bench:
        slider(right)
        slider(down)
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            border.segments(width="content")
            working_picture.COLOUR.segments(label_visibility="collapsed", width="content")
            kernel.select(width=160)
        shown = page.draw(shift)
    return computed()[0], shown


def shift_input() -> Input:
    """Return the picture that is shifted: in grey, or all planes that are on."""
    drawn = lit() if working_picture.COLOUR.value == "colour" else grey(lit().transpose(1, 2, 0))
    return Input.picture(drawn, float(working_picture.SCALE.value))


def shift_by() -> tuple[int, int, Border]:
    """Return by how much it is shifted, down and to the right, and what enters at the edge."""
    return down.value, right.value, border.value


def shift() -> live_page.Steps[list[Pane]]:
    """Draw the effect of the shift; return its panes."""
    given, by = shift_input(), shift_by()
    moved = shift_maps(given.values, KERNELS[kernel.value].weights, *by)
    shown = views.shift_panes(given, shifted(given.intensities, *by), moved)
    maps = boards.packed(SHIFT, shown, colours.chosen())
    yield [maps]
    st.html(views.shift_table(given, moved))
    frame.say(
        f"The largest value was {views.strongest(moved.before)}; "
        f"now it is {views.strongest(moved.after)}."
    )
    boards.show(*maps)
    is_gone = border.value == "zeros" and any(
        abs(move) >= side for move, side in zip(by[:2], given.size, strict=True)
    )
    still = (right.value or down.value) and changed(given.values, moved.picture) == 0
    frame.question(
        "Find a picture and a shift, other than 0, that leave every number of the input as it was.",
        bool(still),
        f"{number(right.value)} to the right, {number(down.value)} down, and every number is where "
        "it was: the picture repeats itself.",
        after=f"**What to look for.** {dense_sentence(changed(given.values, moved.picture))} "
        + (GONE if is_gone else map_sentence(changed(moved.expected, moved.after))),
    )
    return shown


def map_sentence(share: float) -> str:
    """Describe the shift's effect on the feature map; `share` of its cells did not just move."""
    edge = ", except at the edge, where the picture is cut off" if share else ""
    return (
        f"The feature map only moves along{edge}: the last line compares it with the first one, "
        "moved along (the map at the lower right). What a filter finds, it finds anywhere. That is "
        "equivariance; pooling then adds a little invariance."
    )


def dense_sentence(share: float) -> str:
    """Describe the shift's effect on a dense layer; it changes `share` of the numbers."""
    if share == 0:
        return "Here no number of the input has changed, so a dense layer notices nothing."
    return (
        f"A dense layer has a weight for each place, and {percent(share)} of the numbers of its "
        "input have changed: to it, the shifted picture is a different picture."
    )
