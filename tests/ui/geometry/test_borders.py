"""The border: what each mode adds, and what is lost without it."""

import re

import numpy as np
import pytest

from cnnviz import conv2d_definition
from cnnviz.ui.chain.padding import MODE_HELP, MODES
from cnnviz.ui.geometry import views
from cnnviz.ui.maps.message import message
from cnnviz.ui.maps.panes import Colouring
from tests.ui.apptest import sentences, spaced
from tests.ui.geometry.parts import PAGE, opened
from tests.ui.pages import boards, open_page


@pytest.fixture(scope="module")
def borders():
    return opened({"part": "border"})


def test_the_four_borders_hold_what_numpy_pads(borders):
    photo = boards(opened())["geometry:photo"][0].plane
    names = {"zeros": "constant", "replicate": "edge", "circular": "wrap"}
    for pane in boards(borders)["geometry:borders"][::2]:
        mode = pane.header["title"]
        np.testing.assert_array_equal(pane.plane, np.pad(photo, 12, names.get(mode, mode)))
        assert pane.header["outline"] == [0, 0, 256, 256]


@pytest.mark.parametrize(
    ("shape", "width", "lines"),
    [((40, 30), 5, "5 rows or columns"), ((8, 9), 1, "one row or column")],
)
def test_the_stated_loss_without_a_border_is_that_of_a_mean_without_padding(shape, width, lines):
    side = 2 * width + 1
    left = conv2d_definition(np.ones(shape), np.ones((side, side))).shape
    at = opened({"part": "border", "border": width}, photo=np.zeros((*shape, 3), np.uint8))
    assert any(
        f"Without them a mean over {side} × {side} cells would lose {lines} on every side: "
        f"of {shape[0]} × {shape[1]} cells {left[0]} × {left[1]} would be left." in one
        for one in sentences(at)
    )


def test_a_picture_that_a_window_does_not_fit_into_has_nothing_left_without_a_border():
    assert spaced(views.loss_sentence((24, 90), 12)).endswith(
        "of 24 × 90 cells none would be left."
    )
    assert spaced(views.loss_sentence((25, 90), 12)).endswith(
        "of 25 × 90 cells 1 × 66 would be left."
    )


def test_what_added_cells_hold_is_explained_where_it_is_chosen_and_where_it_is_compared(borders):
    explained = [one.help for one in opened().selectbox if one.label == "Added cells hold"]
    assert explained == [MODE_HELP]
    assert MODE_HELP in [one.value for one in borders.caption]
    assert [word.strip() for word in re.findall(r"([a-z]+):", MODE_HELP)] == list(MODES)


def test_cached_borders_belong_to_the_picture_and_the_width():
    for seed, width in ((1, 3), (2, 3), (1, 5), (1, 3)):
        x = np.random.default_rng(seed).integers(0, 256, (16, 12), np.uint8)
        packed, said = views.borders("board", x, width, Colouring())
        shown, own, rims = views.border_panes(x, width)
        assert bytes(packed) == bytes(message("board", shown, Colouring()))
        assert said == views.rim_sentence(own, rims)


def test_only_zeros_darken_the_rim(borders):
    said = next(one for one in sentences(borders) if one.startswith("Mean brightness"))
    own = float(re.search(r"in the picture (\S+); after the mean, with zeros \*\*", said)[1])
    rims = {mode: float(value) for mode, value in re.findall(r"(\w+) \*\*(\S+?)\*\*", said)}
    assert rims["zeros"] < 0.7 * own
    assert all(abs(rims[mode] - own) < 0.1 * own for mode in ("reflect", "replicate"))


@pytest.mark.parametrize(("picture", "darker"), [("impulse", False), ("x", False), ("ramp", True)])
def test_zeros_are_said_to_darken_the_rim_only_where_they_do(picture, darker):
    at = open_page(PAGE, {"geometry.part": "border", "shared.picture": picture})
    said = next(one for one in sentences(at) if one.startswith("Mean brightness"))
    own, *rims = (float(each) for each in re.findall(r"(?:picture |\*\*)(\d[\d.]*)", said))
    assert (rims[0] < min(own, *rims[1:])) is darker
    assert ("they darken the rim" in said) is darker


def test_a_picture_of_one_row_is_said_to_have_no_border():
    at = opened({"part": "border"}, photo=np.full((1, 9, 3), 127, np.uint8))
    assert any("has no border here" in one for one in sentences(at))
    assert not any(
        "would be left" in one or "Not above" in one
        for one in (*sentences(at), *(each.value for each in at.caption))
    )
