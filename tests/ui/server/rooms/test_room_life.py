"""How a room ends, who may lead it, and who may join."""

import asyncio
import time

import pytest

from cnnviz.ui.server.rooms import connection, protocol, recording
from cnnviz.ui.server.rooms.incoming import Lead
from cnnviz.ui.server.rooms.limits import LASTS
from cnnviz.ui.server.rooms.room import CELL
from cnnviz.ui.server.rooms.rooms import KEPT
from cnnviz.ui.server.rooms.store import Change, MemoryStore, StoreGone
from tests.ui.server.rooms.classroom import Tab, message, process, run, show


def test_the_teacher_ends_the_room_for_all():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher, tab = await here.teacher(lead), await here.follower(lead.code)
            teacher.say({"end": True})
            await tab.until(lambda tab: tab.closed == protocol.ENDED)
            assert tab.said["ended"] == connection.OVER
            assert (
                await here.rooms.find(lead.code) is None or (await here.rooms.find(lead.code)).over
            )

    lesson()


def test_a_room_ends_three_hours_after_the_last_sign_of_the_teacher(monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)

    async def lesson():
        nonlocal now
        store = MemoryStore()
        assert await store.create("KRTZN", {"key": b""}, LASTS)
        now += LASTS - 1
        assert (await store.load("KRTZN")).lasts == pytest.approx(1)
        await store.change("KRTZN", Change({"answer:1:x": b"1"}))  # not a sign of the teacher
        assert (await store.load("KRTZN")).lasts == pytest.approx(1)
        await store.change("KRTZN", Change(sign=True))
        assert (await store.load("KRTZN")).lasts == pytest.approx(LASTS)
        now += LASTS
        assert await store.load("KRTZN") is None
        assert await store.change("KRTZN", Change(sign=True)) is None

    asyncio.run(lesson())


def test_with_too_many_rooms_the_one_without_its_teacher_for_longest_ends(monkeypatch):
    monkeypatch.setattr("cnnviz.ui.server.rooms.store.MOST_ROOMS", 2)

    @run
    async def lesson():
        store = MemoryStore()
        for code in ("first", "second"):
            await store.create(code, {}, LASTS)
        await store.change("first", Change(sign=True))
        await store.create("third", {}, LASTS)
        found = [code for code in ("first", "second", "third") if await store.load(code)]
        assert found == ["first", "third"]

    lesson()


def test_a_key_brings_the_room_back_and_no_other_word_does():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            assert protocol.CODE.fullmatch(lead.code)
            assert len(bytes.fromhex(lead.key)) == 16
            for _ in range(2):
                teacher = await here.teacher(lead)
                assert teacher.said["welcome"] == {
                    "code": lead.code,
                    "leads": True,
                    "me": "",
                    "mode": "follow",
                }
            thief = Tab(here.app)
            here.tabs.append(thief)
            await thief.open()
            thief.say({"lead": lead.code, "key": "0" * 32})
            await thief.until(lambda tab: tab.closed == protocol.NOT_THE_KEY)
            room = await here.rooms.find(lead.code)
            assert lead.key.encode() not in b"".join(room.fields.values())

    lesson()


def test_a_session_that_leads_after_another_takes_its_place():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            one = await recording.begin(here.rooms, lead)
            one.live("lab", message("lab", 1))
            tab = await here.follower(lead.code)
            await tab.until(lambda tab: tab.shown.get("live:lab") == bytes(message("lab", 1)))
            two = await recording.begin(here.rooms, lead)
            one.live("lab", message("lab", 2))
            two.live("lab", message("lab", 3))
            await tab.until(lambda tab: tab.shown["live:lab"] == bytes(message("lab", 3)))
            while not one.ended:
                await asyncio.sleep(0)
            assert not two.ended
            assert await recording.begin(here.rooms, Lead(lead.code, "0" * 32)) is None

    lesson()


def test_a_leading_tab_is_told_when_another_session_takes_the_lead():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            first = await recording.begin(here.rooms, lead)
            teacher, tab = await here.teacher(lead), await here.follower(lead.code)
            second = await recording.begin(here.rooms, lead)
            await teacher.until(lambda tab: tab.said.get("replaced"))
            other = await here.teacher(lead)
            other.say({"mode": "free"})
            await other.until(lambda tab: tab.said.get("mode") == "free")
            await tab.until(lambda tab: tab.said.get("mode") == "free")
            assert "replaced" not in {*other.said, *tab.said}
            asleep = await here.teacher(first.lead)  # its line was lost meanwhile
            await asleep.until(lambda tab: tab.said.get("replaced"))
            awake = await here.teacher(second.lead)
            await awake.until(lambda tab: "people" in tab.said and "screens" in tab.said)
            assert "replaced" not in awake.said
            first.end()
            second.end()

    lesson()


def test_a_member_of_a_lost_class_is_not_told_that_the_code_is_wrong():
    @run
    async def lesson():
        async with process() as before:
            lead = await before.rooms.open()
            tab = await before.follower(lead.code)
        async with process() as here:  # after a restart, without a store that outlives it
            for hello in ({"join": lead.code, "me": tab.me}, {"lead": lead.code, "key": lead.key}):
                back = Tab(here.app)
                here.tabs.append(back)
                await back.open()
                back.say(hello)
                await back.until(lambda tab: tab.closed)
                assert back.closed == protocol.GONE

    lesson()


def test_an_unknown_code_is_refused_and_many_of_them_slowly(monkeypatch):
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    @run
    async def lesson():
        async with process() as here:
            here.tries.free = 3
            lead = await here.rooms.open()
            with monkeypatch.context() as patch:
                patch.setattr(connection, "sleep", sleep)
                for _ in range(5):
                    tab = Tab(here.app)
                    here.tabs.append(tab)
                    await tab.open()
                    tab.say({"join": "BBBBB", "me": ""})
                    await tab.until(lambda tab: tab.closed == protocol.UNKNOWN)
                assert waited == [1.0, 2.0]
                before = await here.follower(lead.code, address="192.0.2.8")
                assert waited == [1.0, 2.0]
                await here.follower(lead.code, before.me)
                assert waited == [1.0, 2.0]  # a follower who has been here before does not wait
                await here.follower(lead.code, "0" * 64)
                assert waited == [1.0, 2.0, 3.0]  # one who only claims so does
                await here.follower(lead.code)
                assert waited == [1.0, 2.0, 3.0, 3.0]

    lesson()


@pytest.mark.parametrize(
    "garbage",
    ["no JSON", "{}", "[]", '{"end": true}',
     '{"ask": {"kind": "point", "board": "lab", "pane": 0}}', '{"text": "hello"}',
     '{"answer": 1}', "[" * 9000],
)  # fmt: skip
def test_a_follower_that_says_what_no_browser_of_ours_says_is_let_go(garbage):
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            tab, other = await here.follower(lead.code), await here.follower(lead.code)
            tab.say(garbage)
            await tab.until(lambda tab: tab.closed in (1007, 1009))
            await show(here, lead.code, {"page": "lab"})
            await other.until(lambda tab: tab.screen)

    lesson()


def test_a_tab_that_sends_without_end_is_disconnected():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            tab = await here.follower(lead.code)
            for _ in range(connection.AT_ONCE + connection.A_SECOND):
                tab.say({"hidden": False})
            await tab.until(lambda tab: tab.closed == 1008)

    lesson()


def test_a_room_that_nobody_needs_is_forgotten_here_and_found_again(monkeypatch):
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.TICK", 0.001)
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.KEPT", 0)

    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            room = await here.rooms.find(lead.code)
            while lead.code in here.rooms._rooms:
                await asyncio.sleep(0.001)
            assert await here.rooms.find(lead.code) is not room

    lesson()


def test_a_room_that_somebody_has_just_found_is_not_forgotten():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            room = await here.rooms.find(lead.code)
            room.idle_since -= 2 * KEPT
            assert await here.rooms.find(lead.code) is room
            await here.rooms._look_after(lead.code, room)  # before a tab has joined
            assert await here.rooms.find(lead.code) is room

    lesson()


def test_a_room_found_while_it_is_being_dropped_still_gets_changes(monkeypatch):
    @run
    async def lesson():
        async with process() as here:
            store = here.rooms.store
            ignore = store.ignore

            async def ignore_later(code):
                await asyncio.sleep(0)  # as Redis, which is asked over the network
                await ignore(code)

            monkeypatch.setattr(store, "ignore", ignore_later)
            lead = await here.rooms.open()
            room = await here.rooms.find(lead.code)
            room.idle_since -= 2 * KEPT
            forget = here.rooms._look_after(lead.code, room)
            _, found = await asyncio.gather(forget, here.rooms.find(lead.code))
            assert found is not room
            await store.change(lead.code, Change({CELL: b"1"}))
            assert found.fields[CELL] == b"1"

    lesson()


def test_a_code_that_is_looked_for_in_vain_leaves_nothing_behind(monkeypatch):
    @run
    async def lesson():
        async with process() as here:
            store = here.rooms.store
            assert await here.rooms.find("KRTZN") is None

            async def gone(_):
                raise StoreGone

            monkeypatch.setattr(store, "load", gone)
            with pytest.raises(StoreGone):
                await here.rooms.find("BCDFG")
            assert not store._listeners
            assert not here.rooms._finding

    lesson()
