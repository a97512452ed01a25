"""The part of the Training page that trains a network."""

import json
from functools import partial

from cnnviz.ui.training.network import parts
from tests.ui.apptest import components
from tests.ui.pages import open_page, run_again
from tests.ui.training.steps import go_on

PAGE = "pages/9_Training.py"
NETWORK = {"training.part": "network"}
TEST = parts("digits")[1]


def network_page(settings=None):
    return open_page(PAGE, {**NETWORK, **(settings or {})})


def session(at):
    return at.session_state["training:network"]


go = partial(go_on, session)


def told(at, name):
    """Return what the page tells a component as JSON."""
    return [json.loads(proto.json) for proto in components(at, name)]


def press(at, label):
    next(button for button in at.button if button.label == label).click()
    return run_again(at)
