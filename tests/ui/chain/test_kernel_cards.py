"""Every kernel on the user's photo: computed once, and never shown for another picture."""

import numpy as np
import pytest

from cnnviz.images.loading import Picture
from cnnviz.ui.chain import kernel_cards
from cnnviz.ui.widgets import working_picture
from tests.ui.apptest import change, components, lab

FIRST, SECOND = np.random.default_rng(0).integers(0, 256, (2, 20, 24, 3), np.uint8)


@pytest.fixture
def made(monkeypatch):
    """Return the pixels that the kernel cards were computed from, in order."""
    found = []

    def cards(pixels, *side):
        found.append(pixels)
        return made_of(pixels, *side)

    made_of = kernel_cards.cards
    monkeypatch.setattr(kernel_cards, "cards", cards)
    return found


def strip(at):
    (proto,) = components(at, "gallery")
    return bytes(proto.bytes)


def test_the_strip_of_a_photo_is_made_once_whatever_is_set(made):
    at = lab(photo=FIRST)
    before = strip(at)
    for settings in ({"padding": "same"}, {"size": 32}, {"colour": "colour"}):
        assert strip(change(at, **settings)) == before
    assert len(made) == 1


def test_another_photo_has_a_strip_of_its_own(made):
    at = lab(photo=FIRST)
    before = strip(at)
    at.session_state[working_picture.OWN_PHOTO] = Picture.from_pixels(SECOND, "another")
    assert strip(change(at)) == strip(lab(photo=SECOND)) != before


def test_a_sample_takes_the_strip_of_the_photo_away():
    at = lab(photo=FIRST)
    assert "lab:strip" in at.session_state["cnnviz.made"][1]
    at.session_state["shared.photo"] = False
    change(at)
    assert "lab:strip" not in at.session_state["cnnviz.made"][1]
