"""Leading a class, and the bar for those who work alone: what the server tells their browsers."""

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.ui.classroom import class_bar, lead
from cnnviz.ui.classroom.addresses import qr_code
from cnnviz.ui.server.browser_modules import FOLDER
from cnnviz.ui.server.rooms import leading
from cnnviz.ui.server.rooms.protocol import CODE
from tests.images.pictures import encoded, noise

BASE = "https://cnn.school.example/app"
PNG = encoded(noise(40, 60, seed=2), "PNG")


def teacher():
    """Do what the browser asks for, and draw the button: the part of a page that leads."""
    import streamlit as st

    from cnnviz.ui.classroom import lead

    if act := st.session_state.pop("act", None):
        act()
    lead.lead("lab")


def alone():
    """Draw the bar: the part of a page that a follower from a class sees."""
    import streamlit as st

    from cnnviz.ui.classroom.class_bar import draw, enter

    enter()
    if act := st.session_state.pop("act", None):
        act()
    draw("pooling")


@pytest.fixture
def told(monkeypatch):
    """Return what the browsers are told, the latest last."""
    found = []
    monkeypatch.setattr(lead, "_lead", lambda **how: found.append(how["data"]))
    monkeypatch.setattr(class_bar, "_bar", lambda **how: found.append(how["data"]))
    return found


def ask(at, key, act, **said):
    """Run a page again after its component `key` has sent something."""
    at.session_state[key] = SimpleNamespace(**said)
    at.session_state["act"] = act
    at.run()
    assert not at.exception, at.exception[0].stack_trace
    return at


def opened(base=BASE):
    return ask(AppTest.from_function(teacher), "class:lead", lead._open, open=base)


def test_a_class_that_is_opened_has_a_code_an_address_and_the_same_as_a_qr_code(told):
    AppTest.from_function(teacher).run()
    assert told[-1] == {"room": None, "offer": "", "page": "lab", "error": ""}
    opened()
    room = told[-1]["room"]
    assert CODE.fullmatch(room["code"])
    assert room["word"] == f"{room['code']}-{room['key']}"
    assert room["address"] == f"{BASE}/join/{room['code']}"
    assert room["qr"] == qr_code(room["address"])
    assert room["qr"].startswith("data:image/svg+xml")
    assert room["note"] == told[-1]["error"] == ""


@pytest.mark.parametrize(
    "base",
    [
        "javascript:alert(1)",
        "http://[",
        "http://a:b",
        "http://\ud83d",
        "x" * 500,
        None,
        7,
        {"base": BASE},
    ],
)
def test_an_address_that_is_none_is_shown_to_no_class(told, base):
    opened(base)
    assert told[-1]["room"] is None


def test_a_server_for_this_machine_alone_says_what_helps(told, monkeypatch):
    monkeypatch.setattr(lead.st, "get_option", lambda _: "127.0.0.1")
    opened("http://localhost:8501")
    assert told[-1]["room"]["note"] == lead.ALONE


def test_another_session_leads_on_with_the_word_and_with_no_other_one(told):
    opened()
    room = told[-1]["room"]
    other = AppTest.from_function(teacher)
    wrong = f"{room['code']}-{'0' * 32}"
    ask(other, "class:lead", lead._resume, resume={"word": wrong, "base": BASE})
    assert told[-1]["room"] is None
    assert told[-1]["error"] == leading.NOT_A_KEY
    other.run()
    assert told[-1]["error"] == ""  # the error is shown once
    ask(other, "class:lead", lead._resume, resume=None)
    assert told[-1]["room"] is None
    ask(other, "class:lead", lead._resume, resume={"word": room["word"], "base": BASE})
    assert told[-1]["room"] == room | {"session": told[-1]["room"]["session"]}
    lost = AppTest.from_function(teacher)  # a new session of a tab that has slept meanwhile
    said = {"word": room["word"], "base": BASE, "after": room["session"]}
    ask(lost, "class:lead", lead._resume, resume=said)
    assert (told[-1]["room"], told[-1]["error"]) == (None, lead.TAKEN)
    other.run()
    said["after"] = told[-1]["room"]["session"]
    ask(lost, "class:lead", lead._resume, resume=said)
    assert told[-1]["room"]["code"] == room["code"]


def test_a_tab_that_led_a_class_reads_that_it_is_over_and_not_that_its_key_is_wrong(told):
    at = AppTest.from_function(teacher)
    said = {"word": f"BCDFG-{'0' * 32}", "base": BASE, "after": "the session before a restart"}
    ask(at, "class:lead", lead._resume, resume=said)
    assert (told[-1]["room"], told[-1]["error"]) == (None, leading.GONE)
    room_js = FOLDER / "classroom" / "room.js"
    assert leading.GONE in room_js.read_text(encoding="utf-8")


def test_leaving_ends_the_lead(told):
    at = opened()
    ask(at, "class:lead", leading.leave)
    assert told[-1]["room"] is None


def came(**query):
    at = AppTest.from_function(alone)
    for name, word in query.items():
        at.query_params[name] = word
    at.run()
    assert not at.exception, at.exception[0].stack_trace
    return at


def test_the_bar_is_for_those_who_come_from_a_class(told):
    for query in ({}, {"room": "KRT"}, {"room": "12345"}, {"room": "AEIOU"}, {"ours": "KRTZN"}):
        came(**query)
    assert told == []
    came(room="krtzn")
    assert told == [{"code": "KRTZN", "page": "pooling", "lent": 0}]


@pytest.mark.parametrize("query", [{"room": "KRTZN"}, {"ours": "KRTZN"}])
def test_the_teachers_photo_comes_along_where_the_link_has_one(told, monkeypatch, query):
    monkeypatch.setattr(leading, "picture", {"KRTZN": PNG}.get)
    assert "cnnviz.photo" not in came(**query).session_state
    found = came(**query, photo="on").session_state["cnnviz.photo"]
    np.testing.assert_array_equal(found.pixels, noise(40, 60, seed=2))


def test_a_photo_that_is_none_is_a_sentence_and_no_picture(told, monkeypatch):
    monkeypatch.setattr(leading, "picture", lambda _: b"no picture")
    at = came(room="KRTZN", photo="on")
    assert "cnnviz.photo" not in at.session_state
    assert told[-1]["code"] == "KRTZN"


def test_the_photo_of_a_screen_that_is_shown_is_known_as_anothers(told, monkeypatch):
    word = f"KRTZN-{'0' * 12}"
    monkeypatch.setattr(leading, "lifted", {word: PNG}.get)
    at = came(lifted=word, photo="on")
    digest = at.session_state["cnnviz.photo"].digest
    assert at.session_state["cnnviz.room.lifted"] == (digest, word)
    assert "cnnviz.photo" not in came(lifted="x", photo="on").session_state


def test_a_screen_lends_its_photo_once_it_is_asked_to(told, monkeypatch):
    lent = []
    monkeypatch.setattr(leading, "lend", lambda code, me, png: lent.append((code, me, png())))
    monkeypatch.setattr(leading, "picture", {"KRTZN": PNG}.get)
    at = came(room="KRTZN", photo="on")
    ask(at, "class:bar", class_bar._lend, lend={"me": "who", "n": 4})
    ((code, me, file),) = lent
    assert (code, me, told[-1]["lent"]) == ("KRTZN", "who", 4)
    assert file.startswith(b"\x89PNG")
    at = came(room="KRTZN")
    ask(at, "class:bar", class_bar._lend, lend={"me": "who", "n": 5})
    assert len(lent) == 1  # no photo is lent: a sample is in the link
    assert told[-1]["lent"] == 5
    ask(at, "class:bar", class_bar._lend, lend="nothing of ours")
    assert told[-1]["lent"] == 5


def test_a_session_whose_lead_another_one_has_taken_says_so_once(told):
    at = opened()
    leading_one = at.session_state["cnnviz.room"]
    leading_one.end()  # as when the room no longer takes what it has recorded
    at.run()
    assert (told[-1]["room"], told[-1]["error"]) == (None, lead.TAKEN)
    at.run()
    assert (told[-1]["room"], told[-1]["error"]) == (None, "")
