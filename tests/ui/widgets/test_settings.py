"""A setting keeps its value, whatever Streamlit loses."""

import pytest

from cnnviz.ui.widgets.setting_kinds import Choice, Number
from cnnviz.ui.widgets.settings import MAX_LINK_VALUE
from tests.ui.pages import boards, open_page, run_again


def test_a_value_that_went_missing_is_the_one_that_was_kept():
    at = open_page("pages/7_Pooling.py", {"shared.values": "1"})
    before = boards(at)
    for lost in ("shared.values", "pooling.window"):
        run_again(at, {lost: None})
        assert at.session_state[lost] is not None
    assert at.session_state["shared.values"] == "1"
    assert str(boards(at)) == str(before)


def test_a_value_of_a_link_that_is_too_long_is_not_read():
    setting = Choice("page.name", "Name", "x", options={"x": "X"})
    with pytest.raises(ValueError, match=f"at most {MAX_LINK_VALUE} characters"):
        setting.understand("x" * (MAX_LINK_VALUE + 1))


@pytest.mark.parametrize(
    ("state", "value"),
    [
        ({"value": 2.4}, 2),
        ({"value": 10**400}, 5),
        ({"value": float("nan")}, 1),
        ({"value": float("-inf")}, 1),
        ({"value": "2"}, 1),
        ({"value": True}, 1),
        ({}, 1),
        (None, 1),
    ],
)
def test_a_slider_takes_a_number_within_its_ends_and_nothing_else(monkeypatch, state, value):
    monkeypatch.setattr(Number, "value", 1)
    assert Number("page.n", "N", 1, low=0, high=5).within(state) == value
