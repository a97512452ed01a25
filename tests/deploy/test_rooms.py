"""A class on two replicas behind nginx, with its room in Redis: one is killed in mid-lesson."""

import asyncio
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect

from cnnviz.ui.server.headers import COOKIE
from cnnviz.ui.server.rooms import recording
from cnnviz.ui.server.rooms.guesses import A_MINUTE
from cnnviz.ui.server.rooms.protocol import UNKNOWN
from cnnviz.ui.server.rooms.redis_store import RedisStore
from cnnviz.ui.server.rooms.rooms import Rooms
from scripts.proxy import proxy
from scripts.redis_server import RedisServer
from scripts.replica import Replica
from scripts.room_client import RoomClient
from tests.deploy.test_proxy import get, logged
from tests.ui.server.rooms.classroom import message

NAMES = ("app-1", "app-2")
BACK = 3.0  # seconds until everybody is back where the class is
QUESTION = {"kind": "choose", "options": ["Blur", "Edges"], "right": 1}


class Site:
    """Two replicas behind nginx, and the Redis server that they share."""

    def __init__(self, stack, log):
        self.redis = stack.enter_context(RedisServer())
        rooms = {"CNNVIZ_ROOMS": self.redis.address}
        self.replicas = [
            stack.enter_context(Replica(environment={"CNNVIZ_REPLICA": name, **rooms}))
            for name in NAMES
        ]
        self.log = log
        within = [urlsplit(replica.address).netloc for replica in self.replicas]
        self.address = stack.enter_context(proxy(within, stack.enter_context(log.open("w"))))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with ExitStack() as stack:
        yield Site(stack, tmp_path_factory.mktemp("nginx") / "log")


async def lead(site, stack):
    """Open a room as a session of a third replica does; return its recording."""
    rooms = Rooms(RedisStore(site.redis.address), asyncio.get_running_loop())
    rooms.start()
    stack.append(rooms.stop)
    await rooms.back()
    return await recording.begin(rooms, await rooms.open())


async def come(site, made, number):
    """Connect followers and the teacher's browser through the proxy."""
    tabs = [RoomClient(site.address) for _ in range(number)]
    await asyncio.gather(*(tab.join(made.lead.code) for tab in tabs))
    teacher = RoomClient(site.address)
    await teacher.lead(made.lead.code, made.lead.key)
    return teacher, tabs


def lesson(site, test):
    """Run a test, and clean up after it."""

    async def whole():
        stack = []
        try:
            await test(stack)
        finally:
            for end in reversed(stack):
                await end()

    asyncio.run(whole())


def test_a_class_on_both_replicas_sees_one_room(site):
    async def test(stack):
        made = await lead(site, stack)
        teacher, tabs = await come(site, made, 6)
        stack.extend(tab.leave for tab in (teacher, *tabs))
        assert {tab.http.cookies[COOKIE] for tab in tabs} == set(NAMES)
        made.live("lab", message("lab", 1))
        for tab in tabs:
            await tab.until(lambda tab: tab.shown().get("live:lab") == bytes(message("lab", 1)))
        await teacher.say({"ask": QUESTION})
        for i, tab in enumerate(tabs):
            await tab.until(lambda tab: tab.said.get("question"))
            await tab.say({"answer": 1, "value": i % 2})
        await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 6})
        await teacher.until(lambda tab: tab.said.get("people") == {"inside": 6, "free": 0})
        await teacher.say({"show": 1})
        for i, tab in enumerate(tabs):
            await tab.until(lambda tab: tab.said.get("result"))
            assert tab.said["result"]["right"] is (i % 2 == 1)

    lesson(site, test)


def test_a_replica_is_killed_in_mid_lesson_and_nobody_loses_the_room(site):
    async def test(stack):
        made = await lead(site, stack)
        teacher, tabs = await come(site, made, 8)
        stack.extend(tab.leave for tab in (teacher, *tabs))
        made.live("lab", message("lab", 1))
        await teacher.say({"ask": QUESTION})
        for i, tab in enumerate(tabs):
            await tab.until(lambda tab: tab.said.get("question"))
            await tab.say({"answer": 1, "value": i % 2})
        await teacher.until(lambda tab: tab.said.get("answers") == {"n": 1, "count": 8})
        known = [tab.me for tab in tabs]
        led_here, *here = [tab.http.cookies[COOKIE] == NAMES[0] for tab in (teacher, *tabs)]
        lost = [tab for tab, is_here in zip(tabs, here, strict=True) if is_here]
        for tab in (teacher, *tabs):
            tab.said.clear()
        since = time.monotonic()
        await asyncio.to_thread(site.replicas[0].kill)
        try:
            made.live("lab", message("lab", 2))
            for tab in tabs:
                await tab.until(lambda tab: tab.shown().get("live:lab") == bytes(message("lab", 2)))
            assert time.monotonic() - since < BACK
            assert 0 < len(lost) < len(tabs)
            for tab in lost:
                question = await tab.until(lambda tab: tab.said.get("question"))
                assert question["mine"] == tabs.index(tab) % 2
            assert [tab.me for tab in tabs] == known
            for tab in lost:
                await tab.say({"answer": 1, "value": 1})  # a changed answer, not one more
                await tab.until(lambda tab: tab.said["question"]["mine"] == 1)
            if led_here:  # it may not have noticed yet
                await teacher.until(lambda tab: "welcome" in tab.said)
            await teacher.say({"show": 1})
            await teacher.until(lambda tab: tab.said.get("result"))
            assert teacher.said["result"]["count"] == 8
            assert not [error for tab in (teacher, *tabs) for error in tab.errors]
        finally:
            await asyncio.to_thread(site.replicas[0].restart)

    lesson(site, test)


def test_neither_addresses_nor_codes_stand_in_the_log(site):
    async def test(stack):
        made = await lead(site, stack)
        teacher, tabs = await come(site, made, 1)
        for tab in (teacher, *tabs):
            await tab.leave()
        await asyncio.to_thread(get, site.address, f"/join/{made.lead.code}")
        logged(site.log, {"/room", "/join"})
        text = site.log.read_text() + "".join(replica.text() for replica in site.replicas)
        assert made.lead.code not in text
        assert made.lead.key not in text

    lesson(site, test)


async def guess(site, client):
    """Try a code without a room, from an address; return the seconds until the answer."""
    since = time.monotonic()
    async with connect(
        f"ws://{urlsplit(site.address).netloc}/room",
        local_addr=(client, 0),
        origin=site.address,
        additional_headers={"Cookie": f"{COOKIE}=app-2", "X-Real-IP": "192.0.2.1"},  # forged
    ) as line:
        await line.send('{"join": "BBBBB", "me": ""}')
        await line.wait_closed()
        assert line.close_code == UNKNOWN
    return time.monotonic() - since


def test_guessing_codes_through_the_proxy_delays_only_the_guesser(site):
    async def test(_):
        for _ in range(A_MINUTE):
            await guess(site, "127.0.0.2")
        assert await guess(site, "127.0.0.2") >= 1
        assert await guess(site, "127.0.0.3") < 1

    lesson(site, test)
