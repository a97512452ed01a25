"""Screens of learners who work alone: offered to the teacher, and shown if their owners agree."""

import asyncio
import json
import time

import pytest

from cnnviz.ui.server.rooms.room import as_json
from cnnviz.ui.server.rooms.store import Change
from tests.ui.server.rooms.classroom import process, run


async def with_a_screen(here):
    """Return the lead of a new class, its teacher, and a learner whose screen is offered."""
    lead = await here.rooms.open()
    teacher, owner = await here.teacher(lead), await here.free(lead.code)
    owner.say({"here": {"page": "pooling", "query": ""}})
    await teacher.until(lambda tab: tab.said.get("screens"))
    return lead, teacher, owner


def test_a_screen_is_shown_only_if_its_owner_agrees():
    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher, other = await here.teacher(lead), await here.follower(lead.code)
            await other.until(lambda tab: tab.steps)
            owner = await here.free(lead.code)
            owner.say({"here": {"page": "pooling", "query": "stride=3"}})
            await asyncio.sleep(0)
            room = await here.rooms.find(lead.code)
            told = as_json({"who": {"inside": [], "free": []}, "at": time.time()})
            await here.rooms.change(room, Change({f"members:{here.rooms.process}": told}))
            await teacher.until(lambda tab: tab.said.get("screens"))
            ((screen, page),) = [one.values() for one in teacher.said["screens"]]
            assert page == "pooling"
            assert "stride" not in json.dumps(teacher.said)
            for agreed, where in ((False, None), (True, {"page": "pooling", "query": "stride=3"})):
                teacher.said.pop("lifted", None)
                teacher.say({"lift": screen})
                await owner.until(lambda tab: tab.said.get("lift"))
                owner.say({"agree": agreed})
                await teacher.until(lambda tab: "lifted" in tab.said)
                assert teacher.said["lifted"] == (where and {**where, "screen": screen})
                await owner.until(lambda tab: not tab.said["lift"])
            assert not {"lift", "lifted", "screens"} & set(other.said)
            other.say({"agree": True})  # without having been asked
            teacher.say({"lift": "0" * 12})
            await teacher.until(lambda tab: "no longer available" in tab.said.get("error", ""))

    lesson()


def test_a_screen_whose_owner_leaves_is_no_longer_asked_for(monkeypatch):
    monkeypatch.setattr("cnnviz.ui.server.rooms.rooms.TICK", 0.01)

    @run
    async def lesson():
        async with process() as here:
            lead = await here.rooms.open()
            teacher = await here.teacher(lead)
            for leaves in (lambda owner: owner.close(), follows):
                owner = await here.free(lead.code)
                await teacher.until(lambda tab: tab.said.get("people", {}).get("free") == 1)
                owner.say({"here": {"page": "pooling", "query": ""}})
                await teacher.until(lambda tab: tab.said.get("screens"))
                teacher.say({"lift": teacher.said["screens"][0]["screen"]})
                await owner.until(lambda tab: tab.said.get("lift"))
                teacher.said.pop("lifted", None)
                await leaves(owner)
                await teacher.until(lambda tab: "lifted" in tab.said)
                assert teacher.said["lifted"] is None
                await teacher.until(lambda tab: tab.said.get("screens") == [])

    async def follows(owner):
        owner.say({"free": False})

    lesson()


@pytest.mark.parametrize("stays", [True, False])
def test_a_teacher_who_was_disconnected_hears_whether_a_screen_is_shown(stays):
    @run
    async def lesson():
        async with process() as here:
            lead, teacher, owner = await with_a_screen(here)
            screen = teacher.said["screens"][0]["screen"]
            teacher.say({"lift": screen})
            await owner.until(lambda tab: tab.said.get("lift"))
            await teacher.close()
            owner.say({"agree": True})
            await owner.until(lambda tab: not tab.said["lift"])
            if not stays:
                await owner.close()
            back = await here.teacher(lead)
            await back.until(lambda tab: "lifted" in tab.said)
            where = {"page": "pooling", "query": "", "screen": screen}
            assert back.said["lifted"] == (where if stays else None)
            back.say({"lift": None})
            await back.close()
            later = await here.teacher(lead)
            await later.until(lambda tab: "screens" in tab.said)  # the last of what is told first
            assert "lifted" not in later.said

    lesson()


def test_a_screen_is_offered_although_it_is_told_before_its_process_has_counted_anyone():
    @run
    async def lesson():
        async with process() as here:
            await with_a_screen(here)

    lesson()
