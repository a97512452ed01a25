import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.ui.server.live.requests import GARBAGE, Refused
from cnnviz.ui.server.rooms import protocol, reading
from cnnviz.ui.server.rooms.incoming import (
    Agree,
    Answer,
    Cell,
    Clear,
    Close,
    End,
    Free,
    Got,
    Here,
    Hidden,
    Join,
    Lead,
    Lift,
    Mode,
    Show,
)
from cnnviz.ui.server.rooms.reading import (
    first,
    from_follower,
    from_leader,
    is_answer,
    question_of,
)

KEY, ME = "0123456789abcdef" * 2, "0123456789abcdef" * 4
CELL = {"board": "lab", "stage": 1, "row": 2, "column": 3, "chain": 0, "pinned": True}
ASKED = [
    {"kind": "number", "board": "lab", "pane": 1, "row": 2, "column": 3},
    {"kind": "point", "board": "lab", "pane": 1, "text": "Where is it strongest?"},
    {"kind": "choose", "options": ["a", "b"], "right": None},
    {"kind": "choose", "options": ["a", "b", "c"], "right": 2},
    {"kind": "draw", "board": "lab", "pane": None},
    {"kind": "draw", "board": "lab", "pane": 2},
]
READERS = (first, from_follower, from_leader)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def test_the_first_message_joins_or_leads():
    assert first(json.dumps({"join": " krtzn", "me": ME})) == Join("KRTZN", ME)
    assert first(json.dumps({"join": "KRTZN", "me": "", "free": True})) == Join("KRTZN", "", True)
    assert first(json.dumps({"lead": "KRTZN", "key": KEY})) == Lead("KRTZN", KEY)
    assert first(json.dumps({"lead": "KRTZN", "key": KEY, "session": "x"})).session == "x"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"got": 3}, Got(3)),
        ({"hidden": True}, Hidden(True)),
        ({"free": False}, Free(False)),
        ({"here": {"page": "lab", "query": "stride=2"}}, Here("lab", "stride=2")),
        ({"answer": 1, "value": -2.5}, Answer(1, -2.5)),
        ({"agree": True}, Agree(True)),
    ],
)
def test_messages_of_a_follower_are_parsed(said, meant):
    assert from_follower(json.dumps(said)) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"got": 3}, Got(3)),
        ({"cell": CELL}, Cell(CELL)),
        ({"cell": None}, Cell(None)),
        ({"mode": "free"}, Mode("free")),
        ({"close": 1}, Close(1)),
        ({"show": 1}, Show(1)),
        ({"clear": 1}, Clear(1)),
        ({"lift": "7a"}, Lift("7a")),
        ({"lift": None}, Lift(None)),
        ({"end": True}, End()),
    ],
)
def test_messages_of_the_teacher_are_parsed(said, meant):
    assert from_leader(json.dumps(said)) == meant


@pytest.mark.parametrize("question", ASKED)
def test_each_kind_of_question_can_be_posed(question):
    asked = from_leader(json.dumps({"ask": question}))
    assert (asked.kind, asked.text) == (question["kind"], question.get("text", ""))
    assert asked.fields == {
        name: question[name] for name in question if name not in ("kind", "text")
    }


@pytest.mark.parametrize(
    "said",
    [
        {"cell": None}, {"mode": "free"}, {"ask": ASKED[0]}, {"close": 1}, {"show": 1},
        {"clear": 1}, {"lift": None}, {"end": True}, {"text": "hello, class"},
    ],
)  # fmt: skip
def test_a_follower_has_no_words_of_the_teacher_nor_any_text(said):
    with pytest.raises(Refused):
        from_follower(json.dumps(said))


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (from_leader, {"cell": {**CELL, "board": "\ud83d"}}),
        (from_leader, {"ask": {**ASKED[0], "board": "\ud83d"}}),
        (from_leader, {"ask": {**ASKED[1], "text": "Where?\ud83d"}}),
        (from_leader, {"ask": {**ASKED[2], "options": ["a", "\udc00"]}}),
        (from_leader, {"lift": "\ud83d"}),
        (from_follower, {"here": {"page": "lab", "query": "\ud83d"}}),
    ],
)
def test_half_a_character_is_refused(read, said):
    with pytest.raises(Refused) as refused:
        read(json.dumps(said))
    assert refused.value.code == GARBAGE


def test_a_character_of_two_halves_is_understood():
    asked = from_leader(json.dumps({"ask": {**ASKED[1], "text": "\N{CAT FACE}"}}))
    assert asked.text == "\N{CAT FACE}"


@pytest.mark.parametrize(
    "question",
    [
        {**ASKED[0], "row": -1},
        {**ASKED[0], "pane": True},
        {**ASKED[0], "board": ""},
        {**ASKED[1], "text": "x" * 201},
        {**ASKED[2], "options": ["only one"]},
        {**ASKED[2], "options": list("abcdef")},
        {**ASKED[2], "options": ["a", "x" * 81]},
        {**ASKED[3], "right": 3},
        {**ASKED[4], "more": 1},
        {"kind": "essay"},
        {"kind": ["number"]},
    ],
)
def test_invalid_questions_are_refused(question):
    with pytest.raises(Refused, match="no question"):
        question_of(question)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "number",
            [0, -3.5, 1e12],
            [None, "3", True, 1e13, 10**400, float("nan"), float("inf"), [1]],
        ),
        ("point", [[0, 0], [12, 3]], [[1], [1, -1], [1.5, 2], [1, 1 << 14], 7, [True, 1]]),
        ("choose", [0, 2], [3, -1, 1.0, True, None, "a"]),
        (
            "draw",
            [[[0, -1, 99]] * 3],
            [[[0, 0, 100]] * 3, [[0, 0]] * 3, [[0, 0, 0.5]] * 3, [], "k"],
        ),
    ],
)
def test_an_answer_fits_its_question(kind, good, bad):
    assert all(is_answer(kind, 3, value) for value in good)
    assert not any(is_answer(kind, 3, value) for value in bad)


@given(anything)
def test_whatever_comes_is_understood_or_refused(thing):
    for kind in ("number", "point", "choose", "draw"):
        assert is_answer(kind, 3, thing) in (True, False)
    for read in READERS:
        for said in (thing, {"ask": thing}, {"cell": thing}, {"answer": 1, "value": thing}):
            try:
                read(json.dumps(said))
            except Refused:
                continue


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("text", [None, "", "no JSON", "[1", "NaN", "[" * 5000, "7", "null", "{}"])
def test_garbage_is_refused(read, text):
    with pytest.raises(Refused):
        read(text)


@pytest.mark.parametrize("read", READERS)
def test_too_much_is_refused(read):
    with pytest.raises(Refused, match="too big"):
        read(json.dumps({"join": "x" * reading.MAX_TEXT, "me": ""}))


@pytest.mark.parametrize("code", ["KATZ", "KRTZNN", "KAT1E", "KATOE", "ÄÖÜSS", "*****", ""])
def test_texts_that_cannot_be_codes_are_unknown_rooms(code):
    with pytest.raises(Refused, match="no such room") as refused:
        first(json.dumps({"join": code, "me": ""}))
    assert refused.value.code == protocol.UNKNOWN
