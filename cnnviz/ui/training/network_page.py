"""Train a small network: the drawing of this part of the Training page."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import streamlit as st

from cnnviz.functional.checks import count_of
from cnnviz.nn.training.diagnosis import RECENT
from cnnviz.ui.maps.overview import overview
from cnnviz.ui.network.examples import examples
from cnnviz.ui.training import settings
from cnnviz.ui.training.chain_rule_views import draw_network_slope
from cnnviz.ui.training.curves import accuracy_curve, batch_loss_curve
from cnnviz.ui.training.network import SETUPS, NetworkSession, session, take
from cnnviz.ui.training.network_files import network_buttons
from cnnviz.ui.training.network_views import (
    MOST_EXAMPLES,
    answer_sentence,
    change_sentence,
    confusion,
    example_rows,
    filter_rows,
    in_cell,
    mistakes_sentence,
    verdict,
)
from cnnviz.ui.training.settings import PAGE, cell, example, pace
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.curves import curves
from cnnviz.ui.widgets.settings import Setting
from cnnviz.ui.widgets.transport import follow

CELL_HINT = "Point at a cell: what it sees lights up, down to the picture."
WORDS = (
    "A step learns from one batch; an epoch is once through all training pictures. The loss is the "
    f"mean of the last {RECENT} batches. Held-out pictures are never learned from: they only test."
)
FILTER_HINT = "Point at a weight to read it."


def draw(everything: Sequence[Setting], regions: frame.Regions) -> Callable[[], None]:
    """Draw this part of the page; return the function that draws its buttons in the head."""
    columns = frame.controls(4)
    with columns[0]:
        frame.stage_title(1, "Data")
        settings.data.segments()
        settings.batch.segments()
        settings.seed.stepper()
    with columns[1]:
        frame.stage_title(2, "Network")
        for setting in settings.filters:
            setting.segments()
        settings.activation.select()
        settings.norm.toggle()
    with columns[2]:
        frame.stage_title(3, "Learning")
        settings.init.segments()
        settings.optimiser.segments()
        settings.rates[settings.optimiser.value].select()
        if settings.optimiser.value == "sgd":
            settings.momentum.stepper()
    with columns[3]:
        frame.stage_title(4, "Steps")
        pace.segments()
        st.caption(WORDS)
        st.html('<div class="heading">See it go right and wrong</div>')
        with st.container(horizontal=True, gap="small", key="edits:setups"):
            for setup in SETUPS:
                st.button(setup.title, help=setup.help, on_click=take, args=(setup,))
    made = session()
    with regions.maps, st.container(key="stage-wide"):
        answer([made], everything)
    return lambda: network_buttons(made, everything)


@st.fragment
def answer(fresh: list[NetworkSession], everything: Sequence[Setting]) -> None:
    """Take the next steps, and draw their results; the settings do not change meanwhile."""
    if not fresh:
        follow(everything)
    made = fresh.pop() if fresh else session()
    made.advance()
    bar = st.container()
    draw_curves(made)
    draw_filters(made)
    draw_answers(made)
    draw_maps(made)
    draw_verdict(made)
    with bar:
        made.transport(f"{PAGE}:network:transport")
    live_page.Page(everything).follow()


def draw_curves(made: NetworkSession) -> None:
    """Draw loss and accuracy, and say what has happened."""
    loss, accuracy, said = st.columns([1, 1, 1], gap="medium")
    history = made.trainer.history
    with loss:
        losses = [moment.loss for moment in history]
        curves(key=f"{PAGE}:losses", data=batch_loss_curve(losses, made.loss))
    with accuracy:
        learned = [moment.accuracy for moment in history]
        curves(key=f"{PAGE}:accuracy", data=accuracy_curve(learned, made.tested))
    with said:
        if made.said:
            st.info(made.said, icon=":material/restart_alt:")
        kind, sentence = verdict(made)
        if sentence:
            {"good": st.success, "bad": st.error, "so": st.info}[kind](sentence)


def draw_filters(made: NetworkSession) -> None:
    """Draw the weights of both convolutions."""
    st.html('<h2 class="stage">Filters</h2>')
    network = made.trainer.network
    frame.say(change_sentence(network, made.start))
    overview(f"{PAGE}:filters", filter_rows(network, made.start), hint=FILTER_HINT)


def draw_answers(made: NetworkSession) -> None:
    """Draw the confusion table, and pictures of a cell of it or the worst mistakes."""
    table, pictures = st.columns(2, gap="large")
    evaluation, test = made.evaluation, made.test
    chosen = cell_of(made)
    with table:
        st.html('<h2 class="stage">Predicted and true classes</h2>')
        confusion(f"{PAGE}:confusion", evaluation, test.classes, chosen, choose_cell)
    with pictures:
        if chosen:
            which = in_cell(test, evaluation, chosen)
            truth, said = (test.classes[int(place)] for place in chosen.split(","))
            title, text = (
                f"Predicted {said}, is {truth}",
                f"{count_of(len(which), 'held-out picture')}.",
            )
        else:
            which = evaluation.worst(test.labels, MOST_EXAMPLES)
            wrong = int((evaluation.shares.argmax(axis=1) != test.labels).sum())
            title, text = (
                "The worst mistakes",
                mistakes_sentence(wrong),
            )
        st.html(f'<h2 class="stage">{title}</h2>')
        frame.say(text)
        shown = which[:MOST_EXAMPLES]
        examples(f"{PAGE}:examples", test, evaluation, shown, example.value, choose_example)


def draw_maps(made: NetworkSession) -> None:
    """Draw the maps of the chosen picture."""
    chosen = min(example.value, len(made.test) - 1)
    layer_rows = example_rows(made.trainer.network, made.test.images[chosen])
    st.html('<h2 class="stage">Maps of one picture</h2>')
    frame.say(answer_sentence(made, chosen, layer_rows[-1].values))
    overview(f"{PAGE}:overview", layer_rows, hint=CELL_HINT)
    draw_network_slope(made.trainer, made.test, chosen)


def cell_of(made: NetworkSession) -> str:
    """Return the chosen cell, if the table has it."""
    size = len(made.test.classes)
    return cell.value if all(int(place) < size for place in cell.value.split(",") if place) else ""


def choose_cell(text: str) -> None:
    """Choose a cell of the table; choosing it again clears the choice."""
    with suppress(ValueError):  # untrusted input: anything may arrive
        cell.set("" if cell.value == cell.parse(text) else text)


def choose_example(chosen: object) -> None:
    """Choose the picture whose maps are shown."""
    if isinstance(chosen, int | float) and not isinstance(chosen, bool) and chosen == chosen:
        example.set(example.nearest(chosen))


def draw_verdict(made: NetworkSession) -> None:
    """Say what to look for, and what to try."""
    frame.look_for(
        "Filters begin as random numbers, and the gradient alone changes "
        "them; no one designs them. The loss falls first; the accuracy on "
        "held-out pictures follows. The accuracy on the training pictures often gets higher than "
        "that: the gap shows how far it has learned them by heart. Click a picture to see its "
        "maps, or a count to see its pictures."
    )
    frame.question(
        "Make the ReLUs die: find settings that let no gradient through.",
        bool(made.diagnosis and made.diagnosis.kind == "dead"),
        "Dead: after too large a step every unit of a layer is below 0 for every picture. Its "
        "slope there is 0, so no gradient gets past it, and its weights and those before it stay "
        "as they are. Leaky ReLU has a slope there and can recover.",
    )
