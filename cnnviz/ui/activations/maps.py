"""Lessons of the Activations page on one feature map: family, edge, a slope per channel."""

from dataclasses import replace

import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnviz.experiments.rectification import across_edge, share_of_zeros, step_response
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.kernels import KERNELS, Kernel
from cnnviz.ui.activations.formulas import draw_formulas
from cnnviz.ui.activations.lesson import (
    FAMILY,
    Lesson,
    Work,
    after,
    block,
    chart,
    kernel_chips,
    normalised_by,
    one_source,
    packed,
    source,
    source_controls,
    step,
    work,
)
from cnnviz.ui.activations.settings import (
    PAGE,
    bias,
    edge_kernel,
    function,
    numbers,
    parameters,
    row,
    slopes,
)
from cnnviz.ui.chain.panes import panes
from cnnviz.ui.chain.run import run
from cnnviz.ui.chain.sentences import activation_sentence, activation_title
from cnnviz.ui.maps import boards
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import frame, live_page, working_picture
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import number, percent, percents
from cnnviz.ui.widgets.setting_kinds import Number
from cnnviz.ui.widgets.slider import slider

CHANNEL_KERNELS = ("sobel_x", "sobel_y", "laplacian_4")
_profile = component("maps/profile")


def family(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw every function on the same feature map."""
    names = ("Input", "Feature map", *(ACTIVATIONS[name].title for name in FAMILY))
    block(regions, "family", names)
    frame.stage_title("1 · 2", "Feature map")
    source_controls()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        numbers.segments(label_visibility="collapsed", width="content")
        slider(bias)
    frame.stage_title("3 …", "Functions")
    for parameter in parameters.values():
        slider(parameter)
    made = page.draw(family_answer)
    draw_formulas()
    return made


def family_answer() -> live_page.Steps[Work]:
    """Draw the map after every function."""
    given = working_picture.picture_input()
    done, found = after(given, source(given, bias=bias.value), [step(name) for name in FAMILY])
    relu = found[FAMILY.index("relu")]
    before = chart(
        done.maps[0].features,
        "how many cells have each value",
        marks="features",
        numbers=relu.numbers,
    )
    notes = [f"slope 0 in {percent(each.inactive)} of the cells" for each in found]
    charts = [before, *({**before, "curve": True, "note": note} for note in notes)]
    shown = [
        replace(pane, slot=2 + pane.chain) if pane.stage == 2 else pane
        for pane in one_source(done, charts, relu.numbers)
    ]
    maps = packed("family", done, shown)
    yield [maps]
    boards.show(*maps)
    zeros = share_of_zeros(done.maps[0].features)
    frame.look_for(
        "The solid line is the function, the dashed line its slope; grey shows how many cells "
        "have each value (the "
        "height is the square root of the count). The dot is the cell under the cursor, in every "
        f"map. {normalised_by(done)}{by_relu(zeros, relu.zeros)}; "
        "sigmoid and tanh squash large values together, and their slope there is nearly 0."
    )
    slope = parameters["prelu", "weight"].value
    frame.question(
        "Which slope makes PReLU change nothing at all?",
        slope == 1,
        "Right: with slope 1 the function is a straight line, and the map stays as it was.",
    )
    return work(done, shown)


def by_relu(before: float, after: float) -> str:
    """Say how a ReLU changes the share of zeros in a map."""
    if before == after:
        return "Here no cell is below 0, so ReLU changes nothing"
    lower, higher = percents(before, after)
    return f"ReLU raises the zeros from {lower} to {higher} of the cells"


def edge(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw the values along a row, before and after."""
    here = present_row()
    after_title = activation_title(function.value)
    block(regions, "edge", ("Input", "Feature map", after_title), columns=3)
    with regions.maps, st.container():  # three maps in a line leave room for it
        slider(here)
        profile = st.container()
    controls = frame.controls(3)
    with controls[0]:
        frame.stage_title(1, "Input")
        working_picture.controls()
    with controls[1]:
        frame.stage_title(2, f"Before: {KERNELS[edge_kernel.value].title}")
        kernel_chips(edge_kernel)
        numbers.segments(label_visibility="collapsed")
    with controls[2]:
        frame.stage_title(3, f"After: {after_title}")
        function.select(label_visibility="collapsed")
        for (activation, _), parameter in parameters.items():
            if activation == function.value:
                slider(parameter)
    return page.draw(edge_answer, profile)


def present_row() -> Number:
    """Return the setting of the row, limited to the rows of the working picture."""
    height = working_picture.picture_input().size[0]
    here = replace(row, high=max(height - 1, 1))
    here.set(min(here.value, height - 1))
    return here


def edge_answer(profile: DeltaGenerator) -> live_page.Steps[Work]:
    """Draw the cut before and after."""
    given, here = working_picture.picture_input(), present_row()
    done, (found,) = after(given, source(given, of=edge_kernel), [step(function.value)])
    features = done.maps[0].features
    charts = [chart(features, marks="features"), chart(found.activated, marks="activated")]
    shown = [replace(pane, title="") for pane in one_source(done, charts)]
    start = here.value, int(abs(features[here.value]).argmax())
    maps = packed("edge", done, shown, start)
    cut = {"name": f"{PAGE}:profile", "board": f"{PAGE}.edge", "row": here.value}
    yield [maps, (cut["name"], Packed.text(cut))]
    with profile:
        _profile(key=cut["name"], data=cut)
    boards.show(*maps)
    before, cut_off = percents(share_of_zeros(features), found.zeros)
    chosen = KERNELS[edge_kernel.value]
    other = KERNELS["sobel_x" if edge_kernel.value == "laplacian_4" else "laplacian_4"]
    frame.look_for(
        f"Take one sharp edge, from 0 to 255. {on_a_step(chosen)} {on_a_step(other)} "
        f"{normalised_by(done, edge_kernel)}Where both "
        "signs meet, the map in grey (Colours) goes from white through grey to black, and ReLU, "
        "which "
        f"cuts off what is below 0, makes that abrupt. {in_this_row(chosen, features, here.value)} "
        f"{activation_sentence(*step(function.value))} Zeros before: {before}; after: "
        f"{cut_off}."
    )
    frame.question(
        "Which function brings back the negative half of the profile, a hundred times smaller?",
        step(function.value) == ("leaky_relu", {"negative_slope": 0.01}),
        "Right: leaky ReLU with slope 0.01 keeps 1\N{NO-BREAK SPACE}% of what is negative.",
    )
    return work(done, shown)


def on_a_step(of: Kernel) -> str:
    """Say with which signs a kernel responds to a sharp vertical edge from 0 to 255."""
    answers = step_response(of)
    listed = ", ".join(number(value) for value in answers)
    if abs(answers[-1]) > 1e-9:
        meaning = "it keeps the brightness, so it is not an edge detector"
    elif answers.min() < 0 < answers.max():
        meaning = "both signs, through 0"
    else:
        meaning = "one sign, which says which side is brighter" if answers.any() else "nothing"
    return f"{of.title} responds to it with {listed}: {meaning}."


def in_this_row(of: Kernel, features: NDArray, row: int) -> str:
    """Describe the map's profile across the strongest edge of a row, away from the border."""
    border = of.shape[1] // 2
    line = features[row, border : features.shape[1] - border]
    if not features[row].any():
        return "In this row every response is 0."
    if not line.any():
        return "In this row only cells at the border respond: their windows reach into the padding."
    edge = across_edge(line)
    where = f"In this row the strongest response is {number(edge.peak)}, in column"
    beside = (
        f"; on the other side of that edge, in column {edge.opposite_column + border}, it is "
        f"{number(edge.opposite)}"
        if edge.opposite
        else ""
    )
    return f"{where} {edge.column + border}{beside}."


def channels(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw three feature maps, each with its own slope."""
    block(regions, "channels", ("Input", *(KERNELS[name].title for name in CHANNEL_KERNELS)))
    places = frame.controls(4)
    with places[0]:
        frame.stage_title(1, "Input")
        working_picture.controls()
    for i, name in enumerate(CHANNEL_KERNELS):
        with places[i + 1]:
            frame.stage_title(i + 2, f"Channel {i + 1}: {KERNELS[name].title}")
            slider(slopes[i])
    return page.draw(channels_answer)


def channels_answer() -> live_page.Steps[Work]:
    """Draw the three channels."""
    given = working_picture.picture_input()
    plain = source(given)
    done = run(
        given,
        [
            replace(
                plain,
                kernel=KERNELS[name],
                activation="prelu",
                parameters={"weight": slope.value},
            )
            for name, slope in zip(CHANNEL_KERNELS, slopes, strict=True)
        ],
    )
    titles = {1: "before", 2: "after PReLU"}
    shown = [
        replace(
            pane,
            title=f"{pane.title}: {titles[pane.stage]}",
            slot=1 + pane.chain,
            scale=f"{pane.chain}",
        )
        if pane.stage
        else pane
        for pane in panes(done)
        if pane.stage < 3
    ]
    shown = [
        replace(pane, chart=chart(done.maps[pane.chain].features, curve=True, marks="features"))
        if pane.stage == 2
        else pane
        for pane in shown
    ]
    maps = packed("channels", done, shown)
    yield [maps]
    boards.show(*maps)
    frame.look_for(
        "Each channel has its own slope for what is negative, and a network learns it like a "
        "weight: with 0 the channel is a ReLU, with 1 it changes nothing. A layer of three "
        "channels "
        "has three more slopes to learn, whatever the size of the picture."
    )
    frame.question(
        "Set the slopes so that an edge gives the same value whichever side is brighter.",
        all(slope.value == -1 for slope in slopes),
        "Right: with slope −1 PReLU is |x|, and black on white looks like white on black.",
    )
    return work(done, shown)


LESSONS = {
    "family": Lesson(family, (bias,)),
    "edge": Lesson(edge, (function, edge_kernel, row)),
    "channels": Lesson(channels, slopes),
}
