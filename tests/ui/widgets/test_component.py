import streamlit as st

from cnnviz.ui.widgets import component


def test_a_component_is_heard_only_while_it_is_on_the_page(monkeypatch):
    monkeypatch.setattr(st, "session_state", {"there": "a state"})
    heard = []
    for key in ("there", "gone"):
        component._hear(key, lambda key=key: heard.append(key))
    assert heard == ["there"]


def test_only_valid_messages_of_a_component_count(monkeypatch):
    said = {"a": {"moved": {"turn": 3}}, "b": {"moved": [1]}, "c": {"moved": "x"}, "d": {}}
    monkeypatch.setattr(st, "session_state", {**said, "f": {"drawn": {"turn": 4}}})
    assert [component.turn_of(key, "moved") for key in "abcdef"] == [3, 0, 0, 0, 0, 0]
    assert component.turn_of("f", "drawn") == 4
