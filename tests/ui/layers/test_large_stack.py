"""A stack that takes long: the page shows its progress, and computes it once."""

from types import SimpleNamespace

import pytest
from streamlit.delta_generator import DeltaGenerator

from cnnviz.ui.layers import large_stacks
from cnnviz.ui.server.live.requests import Request
from tests.ui.apptest import components
from tests.ui.layers.test_page import PAGE
from tests.ui.overviews import layer_rows
from tests.ui.pages import open_page, run_again

LARGE = "conv64k5,relu,conv64k5,relu,conv8k1"  # 425 million multiply-adds on 64 × 64


def opened_on(stack, **more):
    return {"layers.stack": stack, "layers.side": 64, "layers.square": True, **more}


@pytest.fixture
def told(monkeypatch):
    """Return the values of the progress bars, and their texts."""
    found = []

    def progress(place, value, text=None):
        found.append((value, text))
        return place

    monkeypatch.setattr(DeltaGenerator, "progress", progress)
    return found


def test_a_large_stack_shows_how_far_it_is_and_a_quick_one_does_not(told):
    at = open_page(PAGE)
    assert told == []
    run_again(at, opened_on(LARGE))
    values, texts = zip(*told, strict=True)
    assert list(values) == sorted(values)
    assert (values[0], values[-1]) == (0, 1)
    assert texts[-1] == "conv3: layer 5 of 5"
    found = [row["name"] for row in layer_rows(components(at, "overview")[0])]
    assert found == ["input", "conv1", "relu1", "conv2", "relu2", "conv3"]


def test_a_large_stack_is_computed_once_until_what_it_is_made_of_changes(told):
    at = open_page(PAGE, opened_on(LARGE))
    before = components(at, "overview")[0].bytes
    told.clear()
    run_again(at, {"layers.block": 3, "layers.weights": True})
    assert told == []
    run_again(at, {"layers.weights": False})
    assert components(at, "overview")[0].bytes == before
    for change in (
        {"layers.seed": 9},
        {"layers.filters": "hand"},
        {"layers.side": 65},
        {"shared.picture": "coffee"},
    ):
        told.clear()
        run_again(at, change)
        assert told
        assert components(at, "overview")[0].bytes != before


def test_maps_of_a_large_stack_are_kept_for_one_session_only(told):
    first, second = (open_page(PAGE, opened_on(LARGE)) for _ in range(2))
    told.clear()
    run_again(second)
    assert told == []
    run_again(first)  # computes it again
    assert told
    kept = first.session_state[large_stacks.KEPT]
    run_again(first, {"layers.stack": "conv4"})
    assert large_stacks.KEPT not in first.session_state
    assert kept.stages == []


def test_two_large_stacks_are_computed_one_after_the_other(monkeypatch):
    at = open_page(PAGE)
    large_stacks._one_at_a_time.acquire()
    said = []

    def progress(place, value, text=None):
        said.append(text)
        if large_stacks._one_at_a_time.locked() and len(said) == 2:
            large_stacks._one_at_a_time.release()  # the other one has finished
        return place

    monkeypatch.setattr(DeltaGenerator, "progress", progress)
    run_again(at, opened_on(LARGE))
    assert said[:2] == ["Another large network is being computed; yours is next."] * 2
    assert said[-1] == "conv3: layer 5 of 5"
    assert not large_stacks._one_at_a_time.locked()


def test_while_a_hand_drags_a_large_stack_is_drawn_as_far_as_it_is_quick(told):
    at = open_page(PAGE, opened_on(LARGE))
    told.clear()
    scene = at.session_state["cnnviz.live"].scene
    found = dict(scene(Request(1, {"layers.seed": "7"})))
    rows = layer_rows(SimpleNamespace(bytes=bytes(found["layers:overview"])))
    assert [row["name"] for row in rows] == ["input", "conv1", "relu1"]
    assert told == []
