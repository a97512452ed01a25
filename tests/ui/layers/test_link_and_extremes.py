"""Layers: what a link restores, and what extreme settings lead to."""

from types import SimpleNamespace
from urllib.parse import urlencode

import numpy as np
import pytest

from cnnviz.ui.layers import sentences, settings
from tests.ui.apptest import components, errors, link, said
from tests.ui.overviews import layer_rows, unit
from tests.ui.pages import html, open_page, run_again

PAGE = "pages/8_Layers.py"
RNG = np.random.default_rng(0)


def test_the_whole_stack_is_in_the_link():
    at = open_page(PAGE, {"layers.stack": "conv8k5p0d2,tanh,avg3s1", "layers.filters": "hand"})
    assert "stack=conv8k5p0d2,tanh,avg3s1" in link(at)
    assert "filters=hand" in link(at)


@pytest.mark.parametrize(
    "words",
    [
        "conv99999",
        "conv16" + ",conv16" * 60,
        "<script>alert(1)</script>",
        "conv16k3k3",
        "relu5",
        "conv16z2",
        "none",
        ",,",
        "conv16k0",
        "conv" + "9" * 400,
    ],
)
def test_a_hostile_stack_in_the_link_is_refused_and_said(words):
    with pytest.raises(ValueError, match=r".+"):
        settings.STACK.parse(words)
    at = open_with_link(stack=words)
    assert at.session_state["layers.stack"] == settings.STACK.default
    assert any("is not possible" in toast for toast in said(at))


def open_with_link(**words):
    return open_page(PAGE, link=urlencode(words))


def test_a_link_restores_the_stack_and_the_opened_cell():
    at = open_with_link(stack="conv4,relu,max2", open="conv1,2,5,6", side="40")
    assert at.session_state["layers.stack"] == "conv4,relu,max2"
    assert unit(at)["kind"] == "conv"
    assert not said(at)


SLOW = ("VGG-16", "AlexNet")  # seconds each, so one shape must do for them


@pytest.mark.parametrize(
    ("shape", "colour"),
    [((1, 1), "grey"), ((1, 500), "colour"), ((500, 1), "grey"), ((1024, 1024), "grey"),
     ((2, 3), "colour")],
)  # fmt: skip
def test_odd_pictures_give_maps_or_a_reason(shape, colour):
    photo = RNG.integers(0, 256, (*shape, 3), np.uint8)
    at = open_page(PAGE, {"shared.colour": colour}, photo=photo)
    for one in settings.starts().values():
        if one.title in SLOW and shape != (1, 500):
            continue
        at.session_state["layers.stack"] = one.stack
        for square in (False, True):
            at = run_again(at, {"layers.square": square, "layers.open": "conv1,0,0,0"})
            assert not errors(at)


def test_the_extremes_of_every_setting_give_maps_or_a_reason():
    at = open_page(PAGE)
    for values in (
        {"layers.side": 8},
        {"layers.side": 224, "shared.colour": "colour"},
        {"layers.stack": ""},
        {"layers.stack": "conv1024k15"},
        {"layers.stack": ",".join(["conv1024"] * 48)},
        {"layers.stack": "conv1k1,norm,softmax"},
        {"layers.stack": "flatten,flatten,dense4096,softmax"},
        {"layers.stack": "max16,max16,norm"},
        {"layers.stack": "conv2,softplus,selu,elu,silu"},
        {"layers.seed": 9999, "layers.block": 47, "layers.filters": "shapes"},
    ):
        at = run_again(at, values)
        assert not errors(at)
        assert components(at, "overview")


def test_a_dense_layer_that_is_too_large_is_counted_and_not_computed():
    at = open_page(PAGE, {"layers.stack": "flatten,dense4096,relu"})
    found = layer_rows(components(at, "overview")[0])
    assert [row["name"] for row in found] == ["input", "flatten1"]
    assert any("Layers are computed up to flatten1" in caption.value for caption in at.caption)
    assert "67 112 960" in html(at)  # 4096 × 128 × 128 + 4096


def test_numbers_of_maps_left_out_are_grouped_as_elsewhere():
    flat = SimpleNamespace(name="flatten1", shape=(65536,), shown=4096, values=np.zeros(65536))
    assert sentences.hidden([flat]).startswith(
        "Shown: the first 4096 of 65\u202f536 numbers of flat"
    )


def test_never_more_than_200_maps_are_drawn():
    at = open_page(PAGE, {"layers.stack": ",".join(["conv40,relu"] * 5), "layers.side": 32})
    found = layer_rows(components(at, "overview")[0])
    assert sum(row["drawn"] for row in found) <= 201
    assert any("Shown: the first" in caption.value for caption in at.caption)
