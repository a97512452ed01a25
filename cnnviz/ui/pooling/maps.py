"""The maps of the Pooling page, and the sentences about them."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from cnnviz.experiments.chain import feature_maps
from cnnviz.experiments.shift import changes
from cnnviz.functional.unpooling import unpool
from cnnviz.ui.chain.run import Run
from cnnviz.ui.chain.sentences import unread_sentences
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.pooling import shift, views
from cnnviz.ui.pooling.settings import (
    PAGE,
    chosen_recipes,
    closeup,
    colours,
    given_input,
    measure,
    pin,
    source,
)
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.curves import curves

POOLED = {"features": "feature map", "picture": "picture", "matrix": "numbers"}

KEPT = {
    "features": "Max keeps the strongest response of each window (amber), so thin edges stay sharp "
    "and grow. Average keeps a little of every cell in it: smoother, and weaker.",
    "picture": "Max keeps the brightest cell of each window (amber), so bright lines stay sharp "
    "and grow, and dark ones vanish. Average keeps a little of every cell in it: smoother.",
    "matrix": "Max keeps the largest number of each window (amber) and forgets the others. Average "
    "keeps a little of each.",
}
OF_ONE = "A window of one cell keeps that cell, as its largest and as its mean."


def answer() -> live_page.Steps[tuple[Run, list[Pane]]]:
    """Draw the results of the settings."""
    given = given_input()
    run, error = views.good_run(f"{PAGE}.{source.value}", given, chosen_recipes())
    lost = views.losses(run)
    shown = views.panes(run, lost)
    sums = views.arithmetic(run, int(closeup.value))
    maps = boards.packed(PAGE, shown, colours.chosen(), sums, pin)
    yield [maps]
    if error:
        st.error(error, icon=":material/straighten:")
    boards.show(*maps)
    st.html(views.table(run, lost))
    draw_sentences(run, solved=not error and views.same(run))
    draw_shifts(run)
    return run, shown


def draw_shifts(run: Run) -> None:
    """Draw and say how much of a shift is left after pooling."""
    st.html("<h2 class='stage'>How much of a shift does pooling hide?</h2>")
    measure.segments(label_visibility="collapsed", width="content")
    lines = shift.measured(run, measure.value)
    label = f"{measure.options[measure.value]}, of the {POOLED[source.value]}"
    curves(key=f"{PAGE}:shifts", data=shift.curves(lines, label))
    frame.say(
        f"{shift.sentence(lines)}\n\n"
        "**What to look for.** The input is shifted to the right, and pooled again in the "
        f"same place. {shift.hint(lines, measure.value)}"
    )


def code_of(run: Run) -> Code:
    """Return the functions that just ran, and the same in other libraries."""
    ran: list[Callable[..., Any]] = [feature_maps, *views.KINDS.values(), unpool, changes]
    return Code(ran, views.programs(run))


def draw_sentences(run: Run, *, solved: bool) -> None:
    """Describe the results, what to look for, and what to try."""
    kept = KEPT[source.value] if max(run.recipes[0].window) > 1 else OF_ONE
    said = (
        f"Output size &nbsp; {views.formula(run)}",
        *unread_sentences(run.geometries[0], pooled=POOLED[source.value]),
        f"**What to look for.** {kept} {views.size_sentence(run)}",
    )
    frame.question(
        "Make max and average pooling give the same map, with one setting.",
        solved,
        "Both maps are the same: where every window has one value only, its largest is its mean.",
        after="\n\n".join(said),
    )
