"""The lesson of the Activations page on dying ReLU: inactive cells, and which can still learn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.experiments.rectification import Rectified, answers_to_samples, inactive_shares
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.images.samples import SAMPLES
from cnnviz.kernels import KERNELS
from cnnviz.ui.activations.lesson import (
    Lesson,
    Work,
    after,
    block,
    chart,
    one_source,
    packed,
    source,
    source_controls,
    step,
    work,
)
from cnnviz.ui.activations.settings import PAGE, kernel, parameters, push
from cnnviz.ui.chain.run import Run
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
    source_controls()
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
    shown = dying_panes(done, found)
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


def dying_panes(done: Run, found: Sequence[Rectified]) -> list[Pane]:
    """Return the feature map, what each function makes of it, and below that the slopes."""
    before = chart(
        done.maps[0].features,
        "the input of every function",
        marks="features",
        numbers=found[0].numbers,
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
    return shown


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


LESSONS = {"dying": Lesson(dying, (push,))}
