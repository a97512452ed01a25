"""The lesson of the Activations page on two layers without an activation, which are one layer."""

from dataclasses import replace

import numpy as np
import streamlit as st

from cnnviz.experiments.composition import layer, two_layers
from cnnviz.kernels import KERNELS, compose
from cnnviz.ui.activations.lesson import Lesson, Work, block, matrix_table
from cnnviz.ui.activations.programs import two_layer_programs
from cnnviz.ui.activations.settings import PAGE, colours, first, pin, second
from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import run
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame, live_page, working_picture
from cnnviz.ui.widgets.formatting import number


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
    frame.say(
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


LESSONS = {"linear": Lesson(linear, (first, second))}
