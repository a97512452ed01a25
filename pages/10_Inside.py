"""Inside: what a trained network sees, layer by layer, and why it answers as it does."""

import streamlit as st

from cnnviz.ui.classroom import tasks
from cnnviz.ui.inside import files, own_file, question, settings, views
from cnnviz.ui.inside.network import LEFT_OUT, NETWORK, SHORTCOMINGS
from cnnviz.ui.inside.photos import page as photos
from cnnviz.ui.inside.photos import settings as photo_settings
from cnnviz.ui.inside.settings import OPEN, PAGE
from cnnviz.ui.inside.tasks import TASKS
from cnnviz.ui.maps import boards, overview
from cnnviz.ui.maps.panes import Colouring
from cnnviz.ui.network import own_network, photo_stages
from cnnviz.ui.network.opened import FILE
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.settings import restore

SETTINGS = (*settings.SETTINGS, *photo_settings.SETTINGS)


@st.fragment
def inside() -> None:
    """Draw the page; a changed setting reruns only this fragment."""
    restore(SETTINGS)
    TASKS.settle()
    page = live_page.Page(SETTINGS, also=[own_network.KEY, FILE, *views.KEPT, *photos.KEPT])
    try:
        page.draw(answer)
    except Exception:
        own_file.draw_close()  # or the file would keep the user from this page
        raise
    finally:
        frame.say_notices()  # drawing may leave out something of the link, too
    page.follow()


def answer() -> live_page.Steps[None]:
    """Draw the network's input, its answer and the evidence for it, and all maps."""
    if NETWORK.value == "photos" and not photo_stages.missing():
        yield from photos.draw_view(SETTINGS)
        return
    now = views.computed()
    found = question.found(now.run)
    evidence_maps, maps = boards.packed(PAGE, found.panes, Colouring()), views.packed(now)
    yield [maps, evidence_maps] if now.run.answers else [maps]
    views.draw_opened(now)
    regions = frame.draw(
        "Inside",
        "Draw something, and follow it through a trained network.",
        pictures=now.run.source == "picture",
    )
    tasks.draw(TASKS, regions)
    with regions.maps:
        overview.show(*maps, now.layer_rows, OPEN.set)
    with regions.bench:
        places = views.draw_controls(now.run)
    views.draw_answer(now, places)
    if now.run.answers:
        evidence_places = question.draw(now.run)
        question.answer(now.run, found, evidence_maps, evidence_places)
    views.draw_sentences(now.run)
    with regions.head:
        frame.link(SETTINGS, LEFT_OUT if now.run.subject.name in SHORTCOMINGS else None)
        files.buttons(now.run, found.panes, SETTINGS)


inside()
