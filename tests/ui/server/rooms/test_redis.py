"""Rooms that processes share through Redis: all see the same, and it survives failures."""

import asyncio
from contextlib import suppress

import pytest

from cnnviz.ui.server.rooms import recording, redis_store
from cnnviz.ui.server.rooms.guesses import MOST, GuessLimit
from cnnviz.ui.server.rooms.limits import LASTS
from cnnviz.ui.server.rooms.store import Change
from scripts.redis_server import RedisServer
from tests.ui.server.rooms.classroom import LONG, message, posed, run, show
from tests.ui.server.rooms.processes import processes


@pytest.fixture(scope="module")
def server():
    with RedisServer() as started:
        yield started


def test_a_change_is_one_for_all_who_listen(server):
    @run
    async def talk():
        async with processes(server) as (one, other):
            lead = await one.rooms.open()
            here, there = await one.rooms.find(lead.code), await other.rooms.find(lead.code)
            assert await other.rooms.change(there, Change({"cell": b"1", "mode": b'"free"'}))
            await here.reached(there.version)
            assert here.fields == there.fields == {**here.fields, "cell": b"1"}
            assert await one.rooms.change(here, Change(gone=["cell"]))
            await there.reached(here.version)
            assert "cell" not in there.fields
            assert here.version == there.version == 2
            kept = await one.rooms.store.load(lead.code)
            assert (kept.version, kept.fields) == (2, here.fields)
            assert LASTS - 60 < kept.lasts <= LASTS

    talk()


def test_a_change_whose_guard_is_against_it_is_not_made(server):
    @run
    async def talk():
        async with processes(server, 1) as (here,):
            lead = await here.rooms.open()
            store, code = here.rooms.store, lead.code
            assert await store.change(code, Change({"a": b"1"}, guard=("open", b"1"))) is None
            assert await store.change(code, Change({"open": b"1"})) == 1
            assert await store.change(code, Change({"a": b"1"}, guard=("open", b"1"))) == 2
            assert await store.change(code, Change({"a": b"2"}, guard=("open", b"2"))) is None
            assert (await store.load(code)).fields["a"] == b"1"
            assert await store.change("BBBBB", Change({"a": b"1"})) is None

    talk()


def test_only_a_sign_of_the_teacher_prolongs_a_room(server):
    @run
    async def talk():
        async with processes(server, 1) as (here,):
            store = here.rooms.store
            assert await store.create("KRTZN", {"a": b""}, 5)
            await store.change("KRTZN", Change({"a": b"1"}))
            assert (await store.load("KRTZN")).lasts <= 5
            await store.keep_photo("KRTZN", b"picture")
            await store.change("KRTZN", Change(sign=True))
            assert (await store.load("KRTZN")).lasts > LASTS - 60
            await store.keep_photo("KRTZN", b"another", "lifted")
            assert await store.photo("KRTZN") == b"picture"
            assert await store.photo("KRTZN", "lifted") == b"another"
            await store.change("KRTZN", Change(end=True))
            assert await store.load("KRTZN") is await store.photo("KRTZN") is None
            assert not await store.create("KRTZN", {"a": b""}, 5)  # nor can its code be given again

    talk()


def test_a_screen_stays_while_another_tab_of_its_owner_is_open_in_any_process(server, monkeypatch):
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.TICK", 0.01)

    @run
    async def lesson():
        async with processes(server) as (one, other):
            lead = await one.rooms.open()
            teacher, owner = await one.teacher(lead), await one.free(lead.code)
            owner.say({"here": {"page": "pooling", "query": "stride=3"}})
            await teacher.until(lambda tab: tab.said.get("screens"))
            shown = teacher.said["screens"]
            teacher.say({"lift": shown[0]["screen"]})
            await owner.until(lambda tab: tab.said.get("lift"))
            for process in (one, other):
                second = await process.free(lead.code, owner.me)
                await second.until(lambda tab: tab.said.get("lift"))
                second.say({"here": {"page": "lab", "query": ""}})
                await teacher.until(lambda tab: tab.said["screens"] != shown)
                await second.close()
                await teacher.until(lambda tab: tab.said["screens"] == shown)
            assert "lifted" not in teacher.said
            owner.say({"agree": True})
            await teacher.until(lambda tab: tab.said.get("lifted"))
            assert teacher.said["lifted"]["query"] == "stride=3"

    lesson()


def test_teacher_and_class_may_be_with_different_processes(server):
    @run
    async def lesson():
        async with processes(server) as (one, other):
            lead, teacher, tab = await posed(
                one, {"kind": "choose", "options": ["a", "b"], "right": 1}
            )
            led = await recording.begin(other.rooms, lead)
            away = await other.follower(lead.code)
            await away.until(lambda tab: tab.said.get("question"))
            led.live("lab", message("lab", 1))
            for each in (tab, away):
                await each.until(lambda tab: tab.shown.get("live:lab") == bytes(message("lab", 1)))
            tab.say({"answer": 1, "value": 0})
            away.say({"answer": 1, "value": 1})
            await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 2})
            teacher.say({"show": 1})
            await away.until(lambda tab: tab.said.get("result"))
            assert away.said["result"]["right"] is True
            assert away.said["result"]["tally"] == [1, 1]

    lesson()


def test_a_follower_who_returns_through_another_process_keeps_the_answer(server):
    @run
    async def lesson():
        async with processes(server) as (one, other):
            lead, _, tab = await posed(one, {"kind": "choose", "options": ["a", "b"], "right": 1})
            tab.say({"answer": 1, "value": 0})
            await tab.until(lambda tab: tab.said["question"]["mine"] == 0)
            await tab.close()
            again = await other.follower(lead.code, tab.me)
            assert again.me == tab.me
            await again.until(lambda tab: tab.said.get("question"))
            assert again.said["question"]["mine"] == 0

    lesson()


def test_people_of_all_processes_are_counted(server, monkeypatch):
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.TICK", 0.01)

    @run
    async def lesson():
        async with processes(server) as (one, other):
            lead = await one.rooms.open()
            teacher = await other.teacher(lead)
            for each in (one, other, other):
                await each.follower(lead.code)
            await teacher.until(lambda tab: tab.said.get("people") == {"inside": 3, "free": 0})

    lesson()


def test_a_process_that_missed_a_change_takes_the_whole(server):
    @run
    async def lesson():
        async with processes(server) as (one, other):
            lead = await one.rooms.open()
            tab = await other.follower(lead.code)
            there = await other.rooms.find(lead.code)
            listener, store = other.rooms.store._listeners[lead.code], other.rooms.store
            store._listeners[lead.code] = lambda *_: None
            await show(one, lead.code, {"page": "lab"}, live_a=message("a", 1))
            kept = await store.load(lead.code)
            store._listeners[lead.code] = listener
            assert there.version < kept.version
            await show(one, lead.code, live_b=message("b", 2))
            await tab.until(lambda tab: tab.shown.get("live:a") == bytes(message("a", 1)))
            await tab.until(lambda tab: tab.shown.get("live:b") == bytes(message("b", 2)))

    lesson()


def test_wrong_codes_are_counted_together_by_all_processes_and_for_a_minute(server, monkeypatch):
    @run
    async def talk():
        async with processes(server) as (one, other):
            for process_, count in ((one, 1), (other, 2), (one, 3)):
                assert await process_.rooms.store.tried("192.0.2.7", wrong=True) == count
            assert await other.rooms.store.tried("192.0.2.7", wrong=False) == 3
            assert await other.rooms.store.tried("192.0.2.8", wrong=False) == 0
            tries = GuessLimit(other.rooms.store, free=3)
            assert await tries.wait("192.0.2.7") == 1.0
            redis = one.rooms.store._redis
            keys = [key async for key in redis.scan_iter("cnnviz:tries:*")]
            assert len(keys) == 1
            assert b"192" not in keys[0]
            assert 0 < await redis.ttl(keys[0]) <= 60
            for _ in range(MOST + 5):
                count = await one.rooms.store.tried("192.0.2.9", wrong=True)
            assert count == MOST  # and no more memory, however many guesses
            monkeypatch.setattr(redis_store, "MINUTE", 0)  # now all of them are older
            assert await other.rooms.store.tried("192.0.2.9", wrong=False) == 0

    talk()


def test_pinging_ends_before_the_connections_are_closed(server, monkeypatch):
    ends = []

    async def beat(store, hearing):
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            ends.append(await store._redis.ping())

    monkeypatch.setattr(redis_store.RedisStore, "_beat", beat)

    @run
    async def talk():
        async with processes(server, 1):
            pass
        assert ends == [True]

    talk()


@pytest.mark.parametrize("line", ["stays", "breaks"])
def test_a_cancellation_that_is_lost_on_the_way_to_redis_holds_nothing_up(
    server, monkeypatch, line
):
    """redis-py writes through asyncio.wait_for, which can lose one in Python 3.11."""
    monkeypatch.setattr(redis_store, "PULSE", 0.02)
    asked = asyncio.Event()

    async def ping():
        if not asked.is_set():
            asked.set()
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)

    @run
    async def talk():
        async with asyncio.timeout(LONG), processes(server, 1) as (here,):
            redis = here.rooms.store._redis
            monkeypatch.setattr(redis, "ping", ping)
            await asked.wait()
            if line == "breaks":
                await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
                while not here.rooms.standing:
                    await asyncio.sleep(0.01)
                await here.rooms.back()

    talk()
