"""Choices that make a training fail, and what the page says about them."""

import re

import pytest

from cnnviz.ui.training.network import SETUPS
from tests.ui.apptest import components, errors, link, said, sentences
from tests.ui.pages import open_page, run_again
from tests.ui.training.digits import PAGE, go, network_page, press, session

pytestmark = pytest.mark.usefixtures("time_for_every_step")


@pytest.mark.parametrize(
    ("title", "words", "accuracy"),
    [
        ("Dead", "Dead: in relu", 0.3),
        ("Vanished", "Vanished: the gradient is", 0.3),
        ("Diverged", "Diverged: the loss is", 0.4),
    ],
)
def test_a_bad_choice_fails_and_the_page_says_how(title, words, accuracy):
    at = press(network_page({"training.pace": "25"}), title)
    at = go(at, 8)
    assert session(at).evaluation.accuracy < accuracy
    assert errors(at)[0].startswith(words)
    assert not re.search(r"\de[+-]?\d", errors(at)[0])  # numbers in the app's notation
    assert len(errors(at)) == 1
    assert len(at.success) == (title == "Dead")  # that was the question


def test_batch_normalisation_rescues_what_would_have_vanished():
    at = go(press(network_page({"training.pace": "25"}), "Rescued"), 12)
    assert session(at).evaluation.accuracy > 0.9
    assert not errors(at)


def test_the_good_choice_is_the_default():
    at = press(press(network_page(), "Diverged"), SETUPS[0].title)
    assert link(at) == "part=network"


def test_weights_that_are_too_large_are_called_loud():
    at = go(network_page({"training.init": "large"}), 2)
    assert at.info[0].value.startswith("Too loud a start: the first loss was")


def test_numbers_that_cannot_be_held_end_the_training():
    settings = {"training.activation": "none", "training.optimiser": "sgd"}
    settings |= {"training.sgd_rate": "10", "training.pace": "25"}
    at = go(network_page(settings), 20)
    assert session(at).over
    assert not session(at).running
    assert "too large to be held" in errors(at)[0]
    assert any("its scores are not numbers" in one for one in sentences(at))
    assert not any("it says **" in one for one in sentences(at))
    at = run_again(at, {"training.cell": "0,0", "training.example": 5})
    session(at).do("reset")
    assert session(run_again(at)).steps == 0


@pytest.mark.parametrize(
    "settings",
    [
        {"data": "shapes", "filters": "16", "filters2": "32", "batch": "64", "activation": "gelu"},
        {"data": "shapes", "example": 359, "cell": "9,9"},
        {"filters": "4", "filters2": "8", "batch": "8", "activation": "none", "norm": True},
        {"activation": "softplus", "init": "large", "optimiser": "sgd", "sgd_rate": "10"},
        {"activation": "prelu", "init": "small", "adam_rate": "10", "pace": "25"},
        {"activation": "selu", "norm": True, "adam_rate": "0.00001", "example": 359},
    ],
)
def test_every_extreme_trains(settings):
    at = go(network_page({f"training.{name}": value for name, value in settings.items()}), 3)
    assert session(at).steps > 0
    assert len(components(at, "overview")) == 2
    assert len(errors(at)) <= 1


def test_a_link_with_nonsense_is_said_and_left_aside():
    at = open_page(PAGE, link="cell=10,3&batch=33&seed=-1&part=network")
    assert "cell=10,3" in "".join(said(at)).replace("\\", "")
    assert session(at).made_of["batch"] == "32"
