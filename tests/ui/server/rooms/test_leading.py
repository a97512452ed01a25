"""What a page calls to lead a class, and the sentences with which it is refused."""

import asyncio
import subprocess
import sys
from threading import Event

import pytest

from cnnviz.ui.server.rooms import leading
from cnnviz.ui.server.rooms import rooms as rooms_module
from cnnviz.ui.server.rooms.room import DIGITS, LIFT, as_json
from cnnviz.ui.server.rooms.store import Change


def test_several_processes_without_a_shared_memory_say_so(monkeypatch):
    monkeypatch.setenv("CNNVIZ_REPLICA", "app-1")
    monkeypatch.delenv(rooms_module.VARIABLE, raising=False)
    with pytest.raises(leading.RoomError, match="several processes"):
        leading.open_room()
    monkeypatch.setenv(rooms_module.VARIABLE, "redis://127.0.0.1:1")
    assert rooms_module.why_not() == ""


def test_without_the_end_of_a_run_nobody_can_lead(monkeypatch):
    monkeypatch.setenv("CNNVIZ_PATCHES", "off")
    with pytest.raises(leading.RoomError, match="CNNVIZ_PATCHES"):
        leading.open_room()


@pytest.mark.parametrize(
    "word", ["", "KRTZN", f"KRTZN-{'0' * 31}", "x" * 5000, f"BBBBB-{'0' * 32}"]
)
def test_a_word_that_is_no_key_is_refused_in_a_sentence(word):
    with pytest.raises(leading.RoomError, match="not the key"):
        leading.take_up(word)


def test_redis_is_not_loaded_by_those_who_have_none():
    code = "import sys, asgi; print('redis' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_a_store_that_is_gone_is_a_sentence(monkeypatch):
    async def gone():
        raise rooms_module.StoreGone

    here = rooms_module.rooms()
    with pytest.raises(leading.RoomError, match="cannot be reached"):
        here.call(gone())
    monkeypatch.setattr(here.store, "photo", lambda _: gone())
    assert leading.picture("KRTZN") is None  # the page continues with a sample


def test_an_action_that_takes_too_long_is_cancelled(monkeypatch):
    here, ended = rooms_module.rooms(), Event()

    async def slow():
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    monkeypatch.setattr(rooms_module, "PATIENCE", 0.01)
    with pytest.raises(leading.RoomError, match="cannot be reached"):
        here.call(slow())
    assert ended.wait(5)


def test_a_photo_is_lent_by_who_is_asked_for_it_and_by_nobody_else():
    here = rooms_module.rooms()
    lead = here.call(here.open())
    room = here.call(here.find(lead.code))
    me, other = room.identity(""), room.identity("")
    leading.lend(lead.code, me, lambda: b"mine")  # not asked for yet
    asked = Change({LIFT: as_json(me[:DIGITS])})
    assert here.call(here.change(room, asked))
    leading.lend(lead.code, other, lambda: b"another's")
    leading.lend(lead.code, me[:DIGITS] + "0" * DIGITS, lambda: b"unsigned")
    word = f"{lead.code}-{room.screen_of(me[:DIGITS])}"
    assert leading.lifted(word) is None
    leading.lend(lead.code, me, lambda: b"mine")
    assert leading.lifted(word) == b"mine"
    assert leading.lifted(f"{lead.code}-{room.screen_of(other[:DIGITS])}") is None
    assert leading.picture(lead.code) is None  # the teacher's own photo is a different one
    for wrong in ("", "KRTZN", f"BBBBB-{'0' * 12}", "x" * 5000):
        assert leading.lifted(wrong) is None
