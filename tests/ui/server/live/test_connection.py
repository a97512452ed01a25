import asyncio
import logging
import threading

import numpy as np
import pytest

from cnnviz.ui.server.live import connection, route
from cnnviz.ui.server.live.connection import FAILED
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.live.pool import cores
from cnnviz.ui.server.live.scenes import LiveSession, live_session
from tests.ui.server.live.channel import PLANE, maps, run, scene
from tests.ui.server.live.tabs import decode, doubled, tab


def test_settings_are_answered_with_what_follows_from_them(token):
    @run
    async def talk():
        async with tab(token) as here:
            parts, ended = await here.ask(7, bias=3)
            assert parts == {"maps": maps(bias=3), "others": PLANE.tobytes()}
            assert ended == {"n": 7, "ms": pytest.approx(ended["ms"], abs=1e3)}
            parts, ended = await here.ask(8, bias=4)
            assert parts["maps"] == maps(bias=4)
            assert ended["n"] == 8

    talk()


def test_a_plane_that_the_tab_holds_is_not_sent_again(token, lines):
    @run
    async def talk():
        async with tab(token) as here:
            for n in range(10):
                await here.ask(n, bias=n)

    talk()
    (_, facts), size = lines[-1], 2 * PLANE.size
    assert facts["answered"] == 10
    assert size < facts["bytes"] < size + 10 * 500


def test_settings_that_do_not_fit_are_answered_with_the_sentence_of_the_page(token):
    @run
    async def talk():
        async with tab(token) as here:
            parts, ended = await here.ask(1, wrong=True)
            assert parts == {}
            assert ended["error"] == "The kernel (9) is larger than the input (4)."
            assert (await here.ask(2))[0]["maps"] == maps()

    talk()


def test_a_scene_that_raises_is_answered_with_one_sentence_and_logged(token, lines, caplog):
    @run
    async def talk():
        async with tab(token) as here:
            parts, ended = await here.ask(1, broken=True)
            assert (parts, ended["error"]) == ({}, FAILED)
            assert (await here.ask(2))[0]["maps"] == maps()

    with caplog.at_level(logging.ERROR):
        talk()
    assert "a mistake of ours" in caplog.text
    assert "Traceback" in caplog.text
    assert lines[-1][1]["failed"] == 1


def test_a_page_without_a_scene_answers_with_nothing(session, token):
    live_session(session).scene = None

    @run
    async def talk():
        async with tab(token) as here:
            parts, ended = await here.ask(1)
            assert (parts, ended["n"]) == ({}, 1)

    talk()


def test_a_session_may_end_while_its_answer_is_passed_on(session, token, monkeypatch):
    passed = []

    def leads(_):  # another thread may end the session after any look at it
        monkeypatch.setattr(LiveSession, "leads", None)
        return lambda to, _: passed.append(to)

    live_session(session)
    monkeypatch.setattr(LiveSession, "leads", property(leads), raising=False)

    @run
    async def talk():
        async with tab(token) as here:
            parts, ended = await here.ask(1)
            assert "error" not in ended
            assert parts["maps"] == maps()

    talk()
    assert passed == ["maps"]


class Slow:
    """A scene that waits until the test lets it continue."""

    def __init__(self):
        self.begun, self.go_on = threading.Semaphore(0), threading.Semaphore(0)
        self.seen = []

    def __call__(self, request):
        self.seen.append(request.n)
        self.begun.release()
        assert self.go_on.acquire(timeout=10)
        yield "maps", Packed((PLANE,))


async def wait_for(semaphore):
    assert await asyncio.to_thread(semaphore.acquire, timeout=10)


def test_only_the_latest_of_what_waits_is_worked_on(session, token, lines):
    live_session(session).scene = slow = Slow()

    @run
    async def talk():
        async with tab(token) as here:
            here.say({"n": 1, "set": {}})
            await wait_for(slow.begun)
            for n in range(2, 50):
                here.say({"n": n, "set": {}})
            here.say({"got": 0})  # once this is taken, everything before it has been taken
            while here.up.qsize():
                await asyncio.sleep(0)
            slow.go_on.release()
            assert (await here.answer())[1]["n"] == 1
            slow.go_on.release()
            assert (await here.answer())[1]["n"] == 49

    talk()
    assert slow.seen == [1, 49]
    assert (lines[-1][1]["asked"], lines[-1][1]["dropped"]) == (49, 47)


def test_others_are_answered_while_one_user_s_maps_take_long(session, token):
    live_session(session).scene = slow = Slow()
    other = {}
    live_session(other).scene = scene

    @run
    async def talk():
        async with tab(token) as here, tab(live_session(other).token) as there:
            here.say({"n": 1, "set": {}})
            await wait_for(slow.begun)
            assert (await there.ask(1, bias=1))[0]["maps"] == maps(bias=1)
            slow.go_on.release()
            await here.answer()

    talk()


def test_for_a_hidden_tab_nothing_is_computed(session, token):
    seen = []

    def watched(request):
        seen.append(request.n)
        yield "maps", Packed((PLANE,))

    live_session(session).scene = watched

    @run
    async def talk():
        async with tab(token) as here:
            here.say({"hidden": True})
            here.say({"n": 1, "set": {}})
            here.say({"n": 2, "set": {}})
            here.say({"hidden": False})
            assert (await here.answer())[1]["n"] == 2

    talk()
    assert seen == [2]


def test_on_a_very_slow_connection_planes_follow_at_full_size_after_a_pause(
    monkeypatch, session, token
):
    plane = np.arange(256 * 256, dtype=np.uint32).astype(np.uint8).reshape(256, 256)
    live_session(session).scene = lambda request: iter(
        [("maps", Packed((plane + np.uint8(request.n),)))]
    )
    monkeypatch.setattr(connection, "REST", 0.0)
    monkeypatch.setattr("cnnviz.ui.server.live.line_speed.VERY_SLOW", 1e12)

    @run
    async def talk():
        async with tab(token) as here:
            parts, _ = await here.ask(1)  # nothing has been measured yet, so this is sent in full
            assert parts["maps"] == (plane + 1).tobytes()
            parts, _ = await here.ask(2)
            assert parts["maps"] == doubled((plane[::2, ::2] + 2).tobytes(), 1, 256, 256)
            parts, ended = await here.answer()  # sent unasked
            assert (parts["maps"], ended["n"]) == ((plane + 2).tobytes(), 2)

    talk()


def test_outdated_planes_are_not_sent_again_at_full_size(monkeypatch, session, token):
    seen, end = [], threading.Semaphore(1)

    def ends_late(request):
        seen.append(request.n)
        yield "maps", Packed((np.full((256, 256), request.n, np.uint8),))
        assert end.acquire(timeout=10)

    live_session(session).scene = ends_late
    monkeypatch.setattr(connection, "REST", 0.0)
    monkeypatch.setattr("cnnviz.ui.server.live.line_speed.VERY_SLOW", 1e12)

    @run
    async def talk():
        async with tab(token) as here:
            await here.ask(1)
            here.say({"n": 2, "set": {}})
            while not (maps := await here.hear()).get("bytes"):
                pass
            decode(maps["bytes"], here.holds)
            here.say({"n": 3, "set": {}})  # a tab asks again once it has the last maps
            while here.up.qsize():
                await asyncio.sleep(0)
            for _ in range(3):
                end.release()
            assert (await here.answer())[1]["n"] == 2
            assert (await here.answer())[1]["n"] == 3
            parts, ended = await here.answer()
            assert (parts["maps"][0], ended["n"]) == (3, 3)

    talk()
    assert seen == [1, 2, 3, 3]


def test_there_are_as_many_threads_as_cores():
    assert route.pool().threads == cores() >= 1
