"""Rooms whose storage is gone for a while, and what they still have when it is back."""

import asyncio
import time
from functools import partial

import pytest

from cnnviz.ui.server.rooms import recording, redis_store
from cnnviz.ui.server.rooms.rooms import STANDING
from cnnviz.ui.server.rooms.store import LEADER, StoreGone
from scripts.redis_server import RedisServer
from tests.ui.server.rooms.classroom import LONG, message, posed, run
from tests.ui.server.rooms.processes import processes


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Let a lost or restored store be noticed within a moment."""
    monkeypatch.setattr(redis_store, "PATIENCE", 0.3)
    monkeypatch.setattr(redis_store, "PULSE", 0.05)


async def kept_photo(here, code, photo):
    """Wait until the store has saved a photo."""
    async with asyncio.timeout(LONG):
        while await here.rooms.store.photo(code) != photo:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("way", ["killed", "frozen"])
def test_rooms_stand_still_without_redis_and_go_on_when_it_is_back(way):
    @run
    async def lesson():
        with RedisServer() as own:
            async with processes(own) as (one, other):
                lead, teacher, tab = await posed(
                    one, {"kind": "choose", "options": ["a", "b"], "right": 1}
                )
                away = await other.follower(lead.code)
                await away.until(lambda tab: tab.said.get("question"))
                led = await recording.begin(one.rooms, lead)
                led.photo("a digest", lambda: b"photo")
                await kept_photo(other, lead.code, b"photo")
                await asyncio.to_thread(own.kill if way == "killed" else own.freeze)
                for each in (teacher, tab, away):
                    await each.until(lambda tab: tab.said.get("standing") == STANDING)
                with pytest.raises(StoreGone):
                    await one.rooms.open()
                tab.say({"answer": 1, "value": 0})
                await tab.until(lambda tab: "cannot be reached" in tab.said.get("error", ""))
                led.live("lab", message("lab", 1))
                led.live("lab", message("lab", 2))
                since = time.monotonic()
                await asyncio.to_thread(own.start if way == "killed" else own.thaw)
                for each in (teacher, tab, away):
                    await each.until(lambda tab: tab.said.get("standing") == "")
                for each in (tab, away):
                    await each.until(
                        lambda tab: tab.shown.get("live:lab") == bytes(message("lab", 2))
                    )
                assert time.monotonic() - since < 3
                await kept_photo(other, lead.code, b"photo")
                tab.say({"answer": 1, "value": 1})
                await tab.until(lambda tab: tab.said["question"]["mine"] == 1)
                await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 1})

    lesson()


def test_a_photo_that_comes_while_the_store_is_gone_is_kept_when_it_is_back():
    @run
    async def lesson():
        with RedisServer() as own:
            async with processes(own, 1) as (here,):
                lead = await here.rooms.open()
                led = await recording.begin(here.rooms, lead)
                tab = await here.follower(lead.code)
                await asyncio.to_thread(own.kill)
                await tab.until(lambda tab: tab.said.get("standing") == STANDING)
                led.photo("one", lambda: b"an earlier photo")
                led.photo("another", lambda: b"photo")
                await asyncio.sleep(0.2)
                await asyncio.to_thread(own.start)
                await kept_photo(here, lead.code, b"photo")

    lesson()


def test_a_process_with_older_state_does_not_win_by_reconnecting_first(monkeypatch):
    @run
    async def lesson():
        with RedisServer() as own:
            async with processes(own) as (one, other):
                lead = await one.rooms.open()
                tab = await one.follower(lead.code)
                away = await other.follower(lead.code)
                other.rooms.store._listeners[lead.code] = lambda *_: None
                led = await recording.begin(one.rooms, lead)  # the other process misses this
                await asyncio.to_thread(own.kill)
                for each in (tab, away):
                    await each.until(lambda tab: tab.said.get("standing") == STANDING)
                there = await other.rooms.find(lead.code)
                other.rooms.store._listeners[lead.code] = partial(other.rooms._hear, lead.code)
                waits, load = asyncio.Event(), one.rooms.store.load

                async def late(code):
                    await waits.wait()
                    return await load(code)

                monkeypatch.setattr(one.rooms.store, "load", late)
                await asyncio.to_thread(own.start)
                await away.until(lambda tab: tab.said.get("standing") == "")
                assert LEADER not in there.fields
                waits.set()
                led.live("lab", message("lab", 1))
                for each in (tab, away):
                    await each.until(
                        lambda tab: tab.shown.get("live:lab") == bytes(message("lab", 1))
                    )
                here = await one.rooms.find(lead.code)
                assert here.fields == there.fields
                assert here.fields[LEADER] == led.id
                assert not led.ended

    lesson()
