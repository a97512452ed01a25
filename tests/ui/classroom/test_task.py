"""Sheets in links and files: what is written can be read, and anything foreign is refused."""

import json
import zlib
from base64 import urlsafe_b64encode
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.ui.classroom.task import (
    MARKS,
    MAX_BYTES,
    MAX_TEXT,
    MOST_TASKS,
    Sheet,
    Task,
    read_sheet,
    sheet_of,
)
from cnnviz.ui.classroom.task_goals import Rank
from cnnviz.ui.classroom.task_progress import Numbers, SheetText
from cnnviz.ui.widgets.settings import MAX_LINK_VALUE
from tests.ui.classroom.test_task_goals import GOALS

LETTERS = st.characters().filter(lambda letter: not MARKS.match(letter))
TEXTS = st.text(LETTERS, max_size=60)
ASKED = st.text(LETTERS, min_size=1, max_size=60).filter(str.strip)
TASK = st.builds(
    Task,
    page=st.just("lab"),
    text=ASKED,
    goal=st.lists(GOALS, min_size=1, max_size=3).map(tuple),
    start=TEXTS,
    show=st.lists(TEXTS, max_size=3).map(tuple),
    hints=st.lists(TEXTS, max_size=3).map(tuple),
    solved=TEXTS,
    solution=TEXTS,
    answer=st.text("0123456789", max_size=9),
)
SHEETS = st.builds(Sheet, TEXTS, st.lists(TASK, min_size=1, max_size=3).map(tuple))
PLAIN = {"page": "lab", "text": "?", "goal": [{"rank": 1}]}


def coded(plain):
    return urlsafe_b64encode(zlib.compress(plain)).decode().rstrip("=")


@settings(max_examples=50)
@given(SHEETS)
def test_a_sheet_survives_a_link_and_a_file(sheet):
    assert sheet_of(sheet.code()) == sheet
    assert read_sheet(sheet.file()) == sheet


@given(st.text(max_size=200))
def test_any_text_in_a_link_is_a_sheet_or_refused(text):
    with suppress(ValueError):
        assert isinstance(sheet_of(text), Sheet)


@settings(max_examples=50)
@given(SHEETS, st.data())
def test_a_damaged_link_is_refused_or_another_sheet(sheet, data):
    code = sheet.code()
    place = data.draw(st.integers(0, len(code) - 1))
    damaged = code[:place] + data.draw(st.sampled_from("Az0_-!")) + code[place + 1 :]
    with suppress(ValueError):
        assert isinstance(sheet_of(damaged), Sheet)


@pytest.mark.parametrize(
    "plain",
    [
        b"[" * 60_000, b"{}", b"null", b'{"tasks": []}', b'{"tasks": "x"}',
        b'{"title": 1, "tasks": [{}]}',
        b'{"tasks": [{"page": "lab", "text": "?", "goal": [{"number": NaN}]}]}',
        b"\xff\xfe", b"9" * 9999,
        b'{"tasks": [[]], "__proto__": 1}',
    ],
)  # fmt: skip
def test_foreign_data_is_refused(plain):
    with pytest.raises(ValueError, match=r"."):
        sheet_of(coded(plain))


def test_a_link_that_unpacks_to_more_than_a_sheet_is_refused_early():
    bomb = coded(b" " * 3_000_000)
    assert len(bomb) < MAX_LINK_VALUE
    with pytest.raises(ValueError, match="no tasks"):
        sheet_of(bomb)


def test_a_link_that_ends_too_soon_is_refused():
    code = coded(json.dumps({"tasks": [PLAIN]}).encode())
    assert sheet_of(code)
    with pytest.raises(ValueError, match="no tasks"):
        sheet_of(code[:-12])


@pytest.mark.parametrize(
    "change",
    [
        {"text": "x" * (MAX_TEXT + 1)}, {"text": " "}, {"text": "a\x07b"}, {"text": "a\u202eb"},
        {"goal": []}, {"hints": "?"}, {"hints": ["x"] * 7}, {"show": [1]}, {"more": 1},
        {"text": "\ud800"}, {"start": "x" * 3001},
    ],
)  # fmt: skip
def test_a_task_has_limits(change):
    with pytest.raises(ValueError, match=r"."):
        read_sheet(json.dumps({"tasks": [{**PLAIN, **change}]}))


def test_a_sheet_has_limits():
    assert len(read_sheet(json.dumps({"tasks": [PLAIN] * MOST_TASKS})).tasks) == MOST_TASKS
    with pytest.raises(ValueError, match="up to"):
        read_sheet(json.dumps({"tasks": [PLAIN] * (MOST_TASKS + 1)}))
    with pytest.raises(ValueError, match="kB"):
        read_sheet(b" " * (MAX_BYTES + 1))


def test_a_sheet_that_is_too_long_for_a_link_says_what_helps():
    letters = Random(0).choices([chr(0x4E00 + i) for i in range(9000)], k=20 * MAX_TEXT)
    texts = ["".join(letters[i : i + MAX_TEXT]) for i in range(0, len(letters), MAX_TEXT)]
    with pytest.raises(ValueError, match="as a file"):
        Sheet("", tuple(Task("lab", text, (Rank(1),)) for text in texts)).code()


def test_the_words_of_the_link_are_checked():
    text, numbers = SheetText("lab.sheet", "Sheet"), Numbers("lab.done", "Done")
    assert text.parse("") == ""
    assert text.parse("lab") == "lab"
    assert numbers.parse("3,1,3") == (1, 3)
    assert numbers.parse("") == ()
    for bad in ("x", "0", "21", "1;2", "1," * 50, "-1", "٣"):
        with pytest.raises(ValueError, match=r"."):
            numbers.parse(bad)
    with pytest.raises(ValueError, match="characters"):
        text.understand("x" * (MAX_LINK_VALUE + 1))
