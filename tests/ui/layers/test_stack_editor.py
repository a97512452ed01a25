"""What can be done to a stack, and what a browser might send instead."""

import pytest

from cnnviz.nn import format_stack, parse_stack
from cnnviz.ui.layers.stack_editor import Edited, detail, edited

STACK = Edited(parse_stack("conv16,relu,max2"), 1)


def after(**act):
    return edited(STACK, act)


@pytest.mark.parametrize(
    ("act", "text", "chosen"),
    [
        ({"act": "choose", "at": 2}, "conv16,relu,max2", 2),
        ({"act": "add", "at": 0, "name": "norm"}, "norm,conv16,relu,max2", 0),
        ({"act": "add", "at": 3, "name": "flatten"}, "conv16,relu,max2,flatten", 3),
        ({"act": "remove", "at": 0}, "relu,max2", 0),
        ({"act": "remove", "at": 2}, "conv16,relu", 1),
        ({"act": "move", "at": 0, "to": 2}, "relu,max2,conv16", 2),
        ({"act": "set", "at": 0, "name": "kernel", "value": 5}, "conv16k5,relu,max2", 0),
        ({"act": "set", "at": 0, "name": "padding", "value": 0}, "conv16p0,relu,max2", 0),
        ({"act": "set", "at": 1, "name": "name", "value": "tanh"}, "conv16,tanh,max2", 1),
    ],
)
def test_an_act_does_what_it_says(act, text, chosen):
    done = edited(STACK, act)
    assert (format_stack(done.blocks), done.chosen) == (text, chosen)


@pytest.mark.parametrize(
    "act",
    [
        None,
        7,
        "remove",
        [],
        {},
        {"act": "explode", "at": 0},
        {"act": "remove"},
        {"act": "remove", "at": 3},
        {"act": "remove", "at": -1},
        {"act": "remove", "at": "0"},
        {"act": "move", "at": 0, "to": 3},
        {"act": "move", "at": 0, "to": None},
        {"act": "add", "at": 0, "name": "what"},
        {"act": "add", "at": 0, "name": ["conv"]},
        {"act": "set", "at": 0, "name": "kernel", "value": 99},
        {"act": "set", "at": 0, "name": "kernel", "value": "3"},
        {"act": "set", "at": 0, "name": "kernel", "value": float("nan")},
        {"act": "set", "at": 0, "name": "kernel", "value": None},
        {"act": "set", "at": 0, "name": "size", "value": 3},
        {"act": "set", "at": 1, "name": "name", "value": {}},
        {"act": ["choose"], "at": 0},
    ],
)
def test_nonsense_does_nothing(act):
    assert edited(STACK, act) == STACK


def test_a_full_stack_takes_no_more():
    full = Edited(parse_stack(",".join(["relu"] * 48)), 0)
    assert edited(full, {"act": "add", "at": 0, "name": "relu"}) == full


def test_the_last_block_can_be_removed():
    assert edited(Edited(parse_stack("relu"), 0), {"act": "remove", "at": 0}) == Edited((), 0)


@pytest.mark.parametrize(
    ("text", "said"), [("conv1", "1 filter · 3 × 3"), ("conv2", "2 filters · 3 × 3")]
)
def test_one_filter_is_not_1_filters(text, said):
    assert detail(parse_stack(text)[0]) == said
