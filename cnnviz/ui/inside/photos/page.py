"""The Inside page with the photo network: photo, answer, all layers, and the views behind them."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.ui.classroom import tasks
from cnnviz.ui.inside import network
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos import (
    ascent,
    before_after,
    evidence,
    files,
    fooling,
    occlusion,
    what_if,
)
from cnnviz.ui.inside.photos.answer import draw_answer
from cnnviz.ui.inside.photos.crop_box import crop_box
from cnnviz.ui.inside.photos.rows import layer_rows
from cnnviz.ui.inside.photos.run import PhotoRun, run
from cnnviz.ui.inside.photos.settings import OVER, PART, RANK, STEPS, VIEW
from cnnviz.ui.inside.photos.taken_apart import arithmetic, filters_sheet, of_module
from cnnviz.ui.inside.settings import OPEN
from cnnviz.ui.inside.tasks import TASKS
from cnnviz.ui.maps import overview
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.network.open_cell import opened
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.formatting import grouped, grouped_count
from cnnviz.ui.widgets.settings import Setting
from cnnviz.ui.widgets.slider import slider

KEPT = (occlusion.SESSION, ascent.SESSION, fooling.NOISE)  # session keys besides the settings
HINT = "Point at any cell to see its receptive field on the photo. Click it to take it apart."
UNCHANGED_HINT = "All maps as they are: nothing is changed yet."
CHANGED_HINT = "Maps that are changed, and all that follows from them."
TILE = 26  # pixels per weight of the first filters


def draw_view(everything: Sequence[Setting]) -> live_page.Steps[None]:
    """Draw the page for the photo network."""
    yield from VIEWS[VIEW.value](everything)


def look_at_layers(everything: Sequence[Setting]) -> live_page.Steps[None]:
    """Draw all layers, the strongest maps first."""
    made = run()
    rows = layer_rows(made, int(RANK.value), STEPS.value)
    maps = overview.packed(
        f"{PAGE}:overview", rows, OPEN.value, choosable=True, target="opened", hint=HINT
    )
    yield [maps]
    draw_opened(made, rows)

    def bench() -> None:
        frame.stage_title("", "Maps")
        RANK.stepper()
        STEPS.toggle()

    lay_out(made, everything, partial(overview.show, *maps, rows, OPEN.set), bench)
    draw_sentences()


def look_at_evidence(everything: Sequence[Setting]) -> live_page.Steps[None]:
    """Draw the evidence for a class."""
    made = run()
    maps = evidence.packed(made)
    yield [maps]
    bench = partial(evidence.draw_bench, everything, made)
    lay_out(made, everything, evidence.draw_maps, bench)


def look_at_unit(everything: Sequence[Setting]) -> live_page.Steps[None]:
    """Draw what a unit looks for."""
    made = run()
    yield [ascent.packed()]
    bench = partial(ascent.draw_bench, everything, made)
    lay_out(made, everything, ascent.draw_maps, bench)


def look_at_changes(everything: Sequence[Setting]) -> live_page.Steps[None]:
    """Draw the effect of a change on all maps and on the answer."""
    before = run()
    after = what_if.changed(before)
    rows = layer_rows(after, int(RANK.value), STEPS.value)
    hint = UNCHANGED_HINT if after.made is after.plain else CHANGED_HINT
    maps = overview.packed(f"{PAGE}:overview", rows, hint=hint)
    bars = before_after.packed(before, after)
    yield [maps, bars]

    def bench() -> None:
        what_if.draw_bench(before, after)
        overview.show(*bars, before_after.rows(before, after))

    answer = "Answer" if after.made is after.plain else "Answer, as changed"
    lay_out(after, everything, partial(overview.show, *maps, rows), bench, answer=answer)


def look_at_noise(everything: Sequence[Setting]) -> live_page.Steps[None]:
    """Draw the photo with noise that changes the answer."""
    before = run()
    after = fooling.with_noise(before)
    noise = fooling.panes(before, after)
    messages = fooling.packed(noise, before, after)
    yield messages
    bench = partial(fooling.draw_bench, before, after, messages)
    answer = "Answer without noise"
    lay_out(after, everything, fooling.draw_maps, bench, before=before, answer=answer, noise=noise)


VIEWS = {
    "layers": look_at_layers,
    "evidence": look_at_evidence,
    "unit": look_at_unit,
    "what_if": look_at_changes,
    "fool": look_at_noise,
}


def lay_out(
    made: PhotoRun,
    everything: Sequence[Setting],
    draw_maps: Callable[[], object],
    draw_bench: Callable[[], object],
    *,
    before: PhotoRun | None = None,
    answer: str = "Answer",
    noise: Sequence[Pane] = (),
) -> None:
    """Draw the frame of the page, with the maps and the bench of one view.

    If the view changes the run `before` into `made`, the controls show the answer for `before`;
    `answer` says which of the two it is. The maps of the `noise` go into the ZIP.
    """
    regions = frame.draw("Inside", "See what a network that knows photos makes of yours.")
    tasks.draw(TASKS, regions)
    with regions.bench:
        frame.parts(VIEW)
    with regions.maps:
        draw_maps()
    with regions.bench, draw_controls(before or made, answer):
        draw_bench()
    with regions.head:  # last, so that it reflects the settings above
        frame.link(everything)
        files.buttons(made, everything, noise)


def draw_opened(made: PhotoRun, rows: Sequence[LayerRow]) -> None:
    """Draw the opened map over the photo, and the arithmetic of one of its cells."""
    cell = opened(made, rows, OPEN, PAGE, arithmetic, OVER)  # type: ignore[arg-type]
    if cell and cell.name in ("conv1", "relu1"):
        sheet = filters_sheet(made.network[0]).repeat(TILE, axis=0).repeat(TILE, axis=1)  # type: ignore[arg-type]
        alt = "The 64 filters of the first layer in colours: edges, stripes and blots of colour."
        st.image(sheet, output_format="PNG", width=sheet.shape[1] // 2, alt=alt)
        st.caption(
            "The 64 filters of the first layer, 3 × 3 weights for each colour, row by row from "
            f"filter 0; yours is number {cell.channel}. Grey is 0."
        )
    if cell and (told := of_module(made.network, cell)):
        st.caption(told)


def draw_controls(made: PhotoRun, answer: str) -> DeltaGenerator:
    """Draw the choice of the network, its `answer`, and the input; return the place between."""
    places = frame.controls(4)
    with places[0]:
        frame.stage_title("", "Network")
        network.controls()
        weights = sum(row.parameters for row in made.rows)
        st.caption(f"SqueezeNet 1.1: {grouped(weights)} parameters, 1000 classes.")
    with places[1]:
        frame.stage_title("", answer)
        draw_answer(made)
    with places[3]:
        frame.stage_title("", "What goes in")
        crop_box()
        side = grouped_count(round(made.crop.side), "pixel")
        st.caption(
            f"The bright square, {side} a side, as 224 × 224. Drag it, or choose another picture "
            "above."
        )
        slider(PART)
    return places[2]


def draw_sentences() -> None:
    """Say what to look for, and what to try."""
    frame.look_for(
        "The first maps show edges and colours, and you can still see the "
        "photo in them. Further down they are coarser, fewer places respond, and each map stands "
        "for more: a texture, an eye, the rim of a cup. The last convolution has one map for each "
        "of the 1000 classes; the mean of a map is the score of its class. In between, each of "
        "eight fire modules squeezes to few channels with 1 × 1 filters, and expands with 1 × 1 "
        "and 3 × 3 filters side by side: open one of their cells to see what that saves."
    )
