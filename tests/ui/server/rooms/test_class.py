"""A class in a room of one process: following, answering, and what is not allowed."""

import asyncio
import time

from cnnviz.ui.server.rooms import connection, protocol, recording
from cnnviz.ui.server.rooms.room import MEMBERS, Room, as_json
from cnnviz.ui.server.rooms.store import Change, KeptRoom
from tests.ui.server.rooms.classroom import LONG, Tab, message, process, run, show

CELL = {"board": "lab", "stage": 1, "row": 2, "column": 3, "chain": 0, "pinned": False}


def test_a_follower_gets_the_whole_screen_first_and_then_the_changes():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            first, second = message("a", 1), message("b", 2)
            await show(here, lead.code, {"page": "lab"}, mount_a=first, live_b=second)
            tab = await here.follower(lead.code.lower())
            await tab.until(lambda tab: tab.screen)
            assert tab.screen == {"page": "lab"}
            assert tab.shown == {"mount:a": bytes(first), "live:b": bytes(second)}
            assert tab.cell is None
            teacher = await here.teacher(lead)
            third = message("a", 3)
            await show(here, lead.code, mount_a=third)
            await tab.until(lambda tab: tab.shown["mount:a"] == bytes(third))
            assert tab.shown["live:b"] == bytes(second)
            while not teacher.down.empty():
                await teacher.hear()
            assert teacher.steps == 0  # the leader has the screen and needs none

    lesson()


def test_a_part_that_a_tab_has_is_named_instead_of_sent():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            await show(here, lead.code, {"page": "lab"}, mount_a=message("a", 1))
            tab = await here.follower(lead.code)
            await tab.until(lambda tab: tab.shown)
            sizes = []
            tab.take_step, step = lambda data: (sizes.append(len(data)), step(data)), tab.take_step
            await show(here, lead.code, live_a=message("a", 1))
            await tab.until(lambda tab: "live:a" in tab.shown)
            assert tab.shown["live:a"] == bytes(message("a", 1))
            assert sizes[0] < 300  # although its two planes have 1024 bytes each

    lesson()


def test_a_slow_tab_skips_steps_and_ends_at_the_latest():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            await show(here, lead.code, {"page": "lab"}, live_a=message("a", 0))
            slow = await here.follower(lead.code, receipts=False)
            await slow.until(lambda tab: tab.shown)
            for seed in range(1, 20):
                await show(here, lead.code, live_a=message("a", seed))
            await asyncio.sleep(0)
            assert slow.steps == 1
            slow.say({"got": 1})
            await slow.until(lambda tab: tab.steps == 2)
            assert slow.shown["live:a"] == bytes(message("a", 19))

    lesson()


def test_a_hidden_tab_gets_no_steps_and_is_up_to_date_when_it_comes_back():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            tab, other = await here.follower(lead.code), await here.follower(lead.code)
            await tab.until(lambda tab: tab.steps)
            tab.say({"hidden": True})
            await asyncio.sleep(0)
            await show(here, lead.code, live_a=message("a", 1))
            await other.until(lambda tab: tab.shown)
            assert tab.down.empty()
            tab.say({"hidden": False})
            await tab.until(lambda tab: tab.shown)

    lesson()


def test_the_cell_in_hand_comes_from_the_teachers_browser():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher, tab = await here.teacher(lead), await here.follower(lead.code)
            for row in range(5):
                teacher.say({"cell": {**CELL, "row": row}})
            await tab.until(lambda tab: tab.cell and tab.cell["row"] == 4)
            late = await here.follower(lead.code)
            await late.until(lambda tab: tab.cell == {**CELL, "row": 4})
            teacher.say({"cell": None})
            await tab.until(lambda tab: tab.cell is None)

    lesson()


def test_people_are_counted_and_teachers_are_not(monkeypatch):
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.TICK", 0.01)

    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher = await here.teacher(lead)
            tabs = [await here.follower(lead.code) for _ in range(3)]
            await teacher.until(lambda tab: tab.said.get("people") == {"inside": 3, "free": 0})
            tabs[0].say({"free": True})
            await tabs[1].until(lambda tab: tab.said.get("people") == {"inside": 3, "free": 1})
            await tabs[0].close()
            await teacher.until(lambda tab: tab.said.get("people") == {"inside": 2, "free": 0})

    lesson()


def test_people_are_counted_once_and_those_who_answered_even_if_they_have_left(monkeypatch):
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.TICK", 0.01)

    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher = await here.teacher(lead)
            tabs = [await here.follower(lead.code) for _ in range(3)]
            await here.follower(lead.code, tabs[0].me)  # another tab of the same person
            await teacher.until(lambda tab: tab.said.get("people") == {"inside": 3, "free": 0})
            teacher.say({"ask": {"kind": "choose", "options": ["a", "b"], "right": 0}})
            await teacher.until(lambda tab: tab.said.get("expected") == 3)
            for tab in tabs[1:]:
                await tab.until(lambda tab: tab.said.get("question"))
                tab.say({"answer": 1, "value": 0})
                await tab.until(lambda tab: tab.said["question"]["mine"] == 0)
                await tab.close()
            await teacher.until(lambda tab: tab.said.get("people") == {"inside": 1, "free": 0})
            assert teacher.said["answers"] == {"n": 1, "count": 2}
            await here.follower(lead.code)
            await teacher.until(lambda tab: tab.said.get("expected") == 4)

    lesson()


def test_people_are_counted_even_if_the_clock_of_their_process_is_wrong():
    who = {"inside": ["a", "b"], "free": ["b"]}
    late = {MEMBERS + "other": as_json({"who": who, "at": time.time() - 3600})}
    room = Room("KRTZN", KeptRoom(1, late, LONG))
    assert room.people() == {"inside": 0, "free": 0}  # of a process that may be long gone
    room.take(2, Change(late))
    assert room.people() == {"inside": 2, "free": 1}


def test_the_class_works_alone_when_the_teacher_says_so():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher, tab = await here.teacher(lead), await here.follower(lead.code)
            teacher.say({"mode": "free"})
            await tab.until(lambda tab: tab.said.get("mode") == "free")
            late = await here.follower(lead.code)
            assert late.said["welcome"]["mode"] == "free"

    lesson()


def test_a_thousand_people_are_enough(monkeypatch):
    monkeypatch.setattr(connection, "MOST_HERE", 2)

    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            for _ in range(2):
                await here.follower(lead.code)
            tab = Tab(here.app)
            here.tabs.append(tab)
            await tab.open()
            tab.say({"join": lead.code, "me": ""})
            await tab.until(lambda tab: tab.closed == protocol.FULL)
            await here.teacher(lead)

    lesson()


def test_a_message_that_cannot_be_made_is_logged_and_the_next_is_shown(caplog):
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            made = await recording.begin(here.rooms, lead)
            made._outbox.put({"cell": lambda: 1 / 0})
            async with asyncio.timeout(LONG):
                while not caplog.records:
                    await asyncio.sleep(0)
            tab = await here.follower(lead.code)
            made.live("lab", message("lab", 1))
            await tab.until(lambda tab: tab.shown.get("live:lab") == bytes(message("lab", 1)))

    lesson()
    assert "ZeroDivisionError" in caplog.text


def test_a_tab_that_misses_a_message_reconnects_and_gets_everything(monkeypatch, caplog):
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            tab = await here.follower(lead.code)
            await tab.until(lambda tab: tab.steps)
            with monkeypatch.context() as patch:
                patch.setattr(connection, "step", lambda *_: 1 / 0)
                await show(here, lead.code, {"page": "lab"})
                await tab.until(lambda tab: tab.closed == connection.AGAIN)
            again = await here.follower(lead.code, tab.me)
            await again.until(lambda tab: tab.screen == {"page": "lab"})

    lesson()
    assert "ZeroDivisionError" in caplog.text
