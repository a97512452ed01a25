"""Lessons of the Activations page on layers: dying ReLU, and merging two linear layers into one."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.experiments.composition import layer, two_layers
from cnnviz.experiments.rectification import Rectified, answers_to_samples, inactive_shares
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.images.samples import SAMPLES
from cnnviz.kernels import KERNELS, compose
from cnnviz.ui.activations.lesson import (
    Lesson,
    Work,
    after,
    block,
    chart,
    matrix_table,
    one_source,
    packed,
    source,
    source_controls,
    step,
    work,
)
from cnnviz.ui.activations.programs import two_layer_programs
from cnnviz.ui.activations.settings import (
    PAGE,
    colours,
    first,
    kernel,
    parameters,
    pin,
    push,
    second,
)
from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import run
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame, live_page, working_picture
from cnnviz.ui.widgets.curves import curves, curves_message
from cnnviz.ui.widgets.formatting import listed, number, percent
from cnnviz.ui.widgets.slider import slider

MORTAL = ("relu", "leaky_relu", "prelu", "elu")


def dying(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw which cells stay active, and which can still learn, as the bias decreases."""
    titles = [ACTIVATIONS[name].title for name in MORTAL]
    slopes = (f"Its slope: {title}" for title in titles)
    block(regions, "dying", ("Input", *titles, "Feature map", *slopes), columns=5)
    with regions.maps:  # two rows of maps leave room for it
        curve = st.container()
    frame.stage_title("1 · 6", "Feature map")
    source_controls(sizes=False)
    slider(push)
    for name in MORTAL[1:]:
        for (activation, _), parameter in parameters.items():
            if activation == name:
                slider(parameter)
    return page.draw(dying_answer, curve)


def dying_answer(curve: DeltaGenerator) -> live_page.Steps[Work]:
    """Draw which cells stay active and which can learn."""
    given = working_picture.picture_input()
    done, found = after(
        given,
        source(given, largest=True, bias=push.value),
        [step(name) for name in MORTAL],
    )
    features = done.maps[0].features
    before = chart(
        features, "the input of every function", marks="features", numbers=found[0].numbers
    )
    charts = [before, *({**before, "curve": True, "note": ""},) * len(MORTAL)]
    shown = one_source(done, charts, found[0].numbers)
    shown = [
        replace(
            pane,
            slot=1 + pane.chain,
            title=f"{pane.title}: {percent(found[pane.chain].inactive)} inactive",
            file=f"3_activation_{MORTAL[pane.chain]}",
        )
        if pane.stage == 2
        else replace(pane, slot=5 * pane.stage)
        for pane in shown
    ]
    for i, (name, each) in enumerate(zip(MORTAL, found, strict=True)):
        alt = f"The slope of {ACTIVATIONS[name].title}"
        title = f"Gradient: {percent(each.passed)} passed"
        place: dict[str, Any] = {
            "fields": shown[1].fields,
            "slot": 6 + i,
            "unique_values": each.numbers,
            "file": f"slope_{name}",
        }
        shown.append(Pane(2, title, alt, each.slopes, scale=f"slope {i}", **place))
    maps = packed("dying", done, shown)
    everywhere = answers_to_samples(KERNELS[kernel.value], colour=given.colour)
    size = done.recipes[0].kernel.divisor / KERNELS[kernel.value].divisor
    size *= 255 / given.white  # the samples are 0 to 255
    deaths = f"{PAGE}:death", death(features, found[0], everywhere.values(), size)
    yield [maps, curves_message(*deaths)]
    with curve:
        curves(*deaths)
    boards.show(*maps)
    now = verdict(found[0].inactive, everywhere, size)
    passed = {
        ACTIVATIONS[name].title: percent(each.passed)
        for name, each in zip(MORTAL[1:], found[1:], strict=True)
        if any(step(name)[1].values())
    }
    kept = list(passed)
    frame.look_for(
        "At 0 and below, a ReLU gives 0 and its slope is 0: the cell is inactive, and no gradient "
        "comes back through it. That is normal for some cells of a picture; a unit is dead only "
        f"when it is inactive for every input. {now} Push the bias down: the slope map of ReLU "
        f"becomes 0 everywhere. {listed(kept)} {'keep' if len(kept) > 1 else 'keeps'} a slope, so "
        "a gradient is left that can bring the bias up again."
    )
    frame.question(
        "Make every cell of ReLU inactive with the bias alone. Is the unit dead then?",
        found[0].inactive == 1,
        f"{now} An input for which all slopes are 0 cannot tell the kernel or the bias which way "
        "to change. The gradient that still comes back here: "
        f"{listed([f'{share} with {title}' for title, share in passed.items()])}.",
    )
    return work(done, shown)


def active_samples(everywhere: Mapping[str, np.ndarray], size: float) -> list[str]:
    """Return the titles of the samples on which the ReLU is active somewhere at this bias."""
    return [SAMPLES[name].title for name, x in everywhere.items() if x[-1] / size + push.value > 0]


def verdict(here: float, everywhere: Mapping[str, np.ndarray], size: float) -> str:
    """Say for how many pictures the unit is active, and whether it is dead."""
    active = active_samples(everywhere, size)
    if not active and here == 1:
        return (
            f"It is now: inactive in every cell of all {len(everywhere)} sample pictures and of "
            "this one, so as far as these go it is dead."
        )
    some = f" ({', '.join(active)})" if 0 < len(active) <= 4 else ""
    alive = f"it still responds in {len(active)} of the {len(everywhere)} sample pictures{some}"
    return f"It is not dead now: {alive}." if active else "It is not dead now: it responds here."


def death(
    features: np.ndarray, relu: Rectified, everywhere: Iterable[np.ndarray], size: float
) -> dict[str, Any]:
    """Return the share of inactive cells as a function of the bias: here, and over all samples.

    The current bias is marked on the first curve.
    """
    inactive, numbers = relu.inactive, relu.numbers
    values, counts = (numbers.pick(features), numbers.counts) if numbers else (features, None)
    biases = np.linspace(push.low, push.high, 111)
    all_answers = list(everywhere)
    cells = sum(each.size for each in all_answers)
    below = sum(
        np.searchsorted(each, -biases * size, side="right").astype(float) for each in all_answers
    )
    here = inactive_shares(values - push.value, biases.tolist(), counts)
    return {
        "label": f"Share of inactive cells against the bias: {percent(inactive)} of this "
        f"picture at {number(push.value)}.",
        "x": {"low": push.low, "high": push.high, "label": "bias"},
        "y": {"low": 0, "high": 1, "label": "inactive cells of ReLU"},
        "lines": [
            {"name": f"this picture {percent(inactive)}", "values": here.tolist()},
            {"name": f"all {len(all_answers)} samples", "values": np.divide(below, cells).tolist()},
        ],
        "marker": {"x": push.value, "y": inactive},
    }


def linear(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw two kernels in sequence, one kernel equal to both, and the effect of a ReLU between."""
    names = ("Input", "One 5 × 5 kernel", "Two 3 × 3 in a row", "Map 3 − map 2", "A ReLU between")
    block(regions, "linear", (*names, "Map 5 − map 3"), columns=3)
    controls = frame.controls(3)
    with controls[0]:
        frame.stage_title(1, names[0])
        working_picture.controls()
    with controls[1]:
        frame.stage_title(2, names[1])
        both = compose(KERNELS[first.value], KERNELS[second.value])
        st.html(matrix_table(both.matrix, both.divisor))
    with controls[2]:
        frame.stage_title("3 …", names[2])
        first.select()
        second.select()
    return page.draw(linear_answer)


def linear_answer() -> live_page.Steps[Work]:
    """Draw the four maps."""
    given, one, two = working_picture.picture_input(), KERNELS[first.value], KERNELS[second.value]
    both = compose(one, two)
    found = two_layers(given.values, one, two)
    done = run(given, [layer(both)])
    picture, whole, *_ = panes(done)
    named = (
        (2, "two_kernels", "Two kernels in a row", found.two),
        (2, "two_kernels_difference", "The difference from one kernel", found.two - found.one),
        (3, "relu_between", "A ReLU between the two kernels", found.bent),
        (3, "relu_between_difference", "What the ReLU changes", found.bent - found.two),
    )
    shown = [
        picture,
        replace(whole, title="", file="one_kernel"),
        *(
            Pane(at, "", alt, values, whole.fields, whole.scale, slot=slot, file=file)
            for slot, (at, file, alt, values) in enumerate(named, 2)
        ),
    ]
    changed = abs(found.bent - found.two)
    row, column = np.unravel_index(changed.argmax(), changed.shape)
    sums = replace(arithmetic(done), start=(int(row), int(column)))
    maps = boards.packed(f"{PAGE}.linear", shown, colours.chosen(), sums, pin)
    yield [maps]
    boards.show(*maps)
    whole_numbers = not (found.one % 1).any()
    exact = "whole numbers, so no rounding" if whole_numbers else "no rounding here"
    why = "rounding" if found.rounding else exact
    st.markdown(
        f"Largest difference between one kernel and two: **{number(found.rounding, 3)}** ({why}), "
        f"beside values up to {number(abs(found.two).max())} away from 0. "
        f"With a ReLU between them: **{number(found.bend)}**."
    )
    frame.look_for(
        "Maps 2 and 3 are the same: layers without an activation, however many, are one layer, "
        "here with a 5 × 5 kernel. (The picture has full padding, so that both see the "
        "same zeros.) A ReLU between them breaks this where it cuts something off, and only then "
        "does depth help."
    )
    frame.question(
        "Choose a first kernel for which the ReLU changes nothing, on any picture.",
        bool((one.matrix >= 0).all()),
        f"Right: no weight of {one.title} is negative and neither is a pixel, so its responses "
        "never fall below 0 and there is nothing to cut off.",
    )

    def code() -> Code:
        return Code((two_layers, layer), two_layer_programs(one, two, colour=given.colour))

    return Work(done, shown, code)


LESSONS = {
    "linear": Lesson(linear, (first, second)),
    "dying": Lesson(dying, (push,)),
}
