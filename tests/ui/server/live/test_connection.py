import asyncio
import gc
import json
import logging
import threading
import tracemalloc

import numpy as np
import pytest
from streamlit import config

from cnnviz.ui.server import log
from cnnviz.ui.server.live import connection, route
from cnnviz.ui.server.live.connection import FAILED, UNKNOWN
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.live.pool import cores
from cnnviz.ui.server.live.requests import AT_ONCE, MAX_TEXT
from cnnviz.ui.server.live.scenes import end, live_session
from tests.ui.server.live.tabs import Tab, doubled, tab

PLANE = np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)


def scene(request):
    """Answer with two messages, of which one follows from the settings."""
    if request.changes.get("wrong"):
        raise ValueError("The kernel (9) is larger than the input (4).")
    if request.changes.get("broken"):
        raise KeyError("a mistake of ours")
    yield "maps", Packed((np.frombuffer(repr(request.changes).encode(), np.uint8), PLANE))
    yield "others", Packed((PLANE,))


@pytest.fixture
def session():
    made = {}
    live_session(made).scene = scene
    return made


@pytest.fixture
def token(session):
    return live_session(session).token


@pytest.fixture
def lines(monkeypatch):
    """Return the events of the log, as a list that grows."""
    events = []
    monkeypatch.setattr(log, "event", lambda name, **facts: events.append((name, facts)))
    return events


def run(test):
    """Have a test run on an event loop of its own."""
    return lambda *args, **kwargs: asyncio.run(test(*args, **kwargs))


def maps(**changes):
    texts = {key: str(value) for key, value in changes.items()}
    return repr(texts).encode() + PLANE.tobytes()


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


@pytest.mark.parametrize("origin", ["http://testserver", "http://localhost:8501", None])
def test_a_tab_of_ours_is_let_in(origin, token):
    @run
    async def talk():
        here = Tab(origin=origin)
        assert (await here.open())["type"] == "websocket.accept"
        assert "k" in json.loads((await here.greet(token))["text"])
        await here.close()

    talk()


@pytest.mark.parametrize("origin", ["https://example.org", "http://testserver.example.org", "null"])
def test_a_page_of_another_site_is_not_let_in(origin, monkeypatch, lines):
    monkeypatch.setattr("streamlit.net_util.get_external_ip", lambda: None)

    @run
    async def talk():
        here = Tab(origin=origin)
        assert await here.open() == {"type": "websocket.close", "code": 1008, "reason": ""}

    talk()
    assert lines == [("live channel", {"ended": "foreign origin"})]


def test_the_origins_of_the_configuration_are_let_in(monkeypatch, token):
    allowed = {"server.enableCORS": True, "server.corsAllowedOrigins": ["https://school.example"]}
    before = config.get_option
    monkeypatch.setattr(config, "get_option", lambda name: allowed.get(name, before(name)))

    @run
    async def talk():
        here = Tab(origin="https://school.example")
        assert (await here.open())["type"] == "websocket.accept"
        await here.close()

    talk()


def test_the_channel_stands_below_the_base_path(monkeypatch, token):
    before = config.get_option
    base = {"server.baseUrlPath": "class/cnn"}
    monkeypatch.setattr(config, "get_option", lambda name: base.get(name, before(name)))

    @run
    async def talk():
        async with tab(token, path="/class/cnn/live") as here:
            assert (await here.ask(1))[0]["maps"] == maps()
        astray = Tab(path="/live")
        assert (await astray.open())["type"] == "websocket.close"

    talk()


@pytest.mark.parametrize(
    ("first", "code", "reason"),
    [
        ({"token": "0" * 32}, UNKNOWN, "unknown token"),
        ({"token": ""}, UNKNOWN, "unknown token"),
        ({"n": 1, "set": {}}, UNKNOWN, "unknown token"),
        ("nonsense", 1007, "no JSON"),
        (b"nonsense", 1007, "no frame"),
    ],
)
def test_who_has_no_token_gets_nothing(first, code, reason, lines):
    @run
    async def talk():
        async with tab() as here:
            here.say(first)
            assert (await here.hear())["code"] == code

    talk()
    assert lines[-1][1]["ended"] == reason


def test_who_says_nothing_at_all_is_not_waited_for(monkeypatch, lines):
    monkeypatch.setattr(connection, "PATIENCE", 0.01)

    @run
    async def talk():
        async with tab() as here:
            assert (await here.hear())["code"] == 1008

    talk()
    assert lines[-1][1]["ended"] == "no token"


def test_a_session_that_ends_closes_its_channel(session, token):
    @run
    async def talk():
        async with tab(token) as here:
            await here.ask(1)
            end(session)
            assert (await here.hear())["code"] == UNKNOWN
        async with tab() as late:
            assert (await late.greet(token))["code"] == UNKNOWN

    talk()


def test_a_session_that_is_forgotten_closes_its_channel(session, token):
    @run
    async def talk():
        async with tab(token) as here:
            await here.ask(1)
            session.clear()
            gc.collect()
            assert (await here.hear())["code"] == UNKNOWN

    talk()


def test_of_two_tabs_with_one_token_the_later_is_talked_with(token):
    @run
    async def talk():
        async with tab(token) as first, tab(token) as second:
            assert (await first.hear())["code"] == UNKNOWN
            assert (await second.ask(1))[0]["maps"] == maps()

    talk()


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


class Slow:
    """A scene that waits until the test lets it go on."""

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
            here.say({"got": 0})  # everything before it has been taken once this has
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


def test_on_a_very_slow_line_planes_come_whole_when_the_hand_rests(monkeypatch, session, token):
    plane = np.arange(256 * 256, dtype=np.uint32).astype(np.uint8).reshape(256, 256)
    live_session(session).scene = lambda request: iter(
        [("maps", Packed((plane + np.uint8(request.n),)))]
    )
    monkeypatch.setattr(connection, "REST", 0.0)
    monkeypatch.setattr("cnnviz.ui.server.live.line_speed.VERY_SLOW", 1e12)

    @run
    async def talk():
        async with tab(token) as here:
            parts, _ = await here.ask(1)  # nothing is measured yet, so this comes as it is
            assert parts["maps"] == (plane + 1).tobytes()
            parts, _ = await here.ask(2)
            assert parts["maps"] == doubled((plane[::2, ::2] + 2).tobytes(), 1, 256, 256)
            parts, ended = await here.answer()  # unasked
            assert (parts["maps"], ended["n"]) == ((plane + 2).tobytes(), 2)

    talk()


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("x" * (MAX_TEXT + 1), 1009),
        (bytes(10**6), 1009),
        ("[" * 1000, 1007),
        ({"token": "again"}, 1007),
        ({"n": 1}, 1007),
    ],
    ids=["long text", "long bytes", "nested", "a second token", "half a request"],
)
def test_a_bad_message_closes_its_channel_alone(message, code, session, token, lines):
    other = {}
    live_session(other).scene = scene

    @run
    async def talk():
        async with tab(token) as here, tab(live_session(other).token) as there:
            here.say(message)
            assert (await here.hear())["code"] == code
            assert (await there.ask(1))[0]["maps"] == maps()
            async with tab(token) as again:  # the token is still worth something
                assert (await again.ask(2))[0]["maps"] == maps()

    talk()
    assert [facts["ended"] for _, facts in lines].count("left") == 2


def test_who_talks_too_often_is_shown_the_door(token, lines):
    @run
    async def talk():
        async with tab(token) as here:
            for n in range(AT_ONCE + 50):
                here.say({"n": n, "set": {}})
            while (heard := await here.hear())["type"] != "websocket.close":
                pass
            assert heard["code"] == 1008

    talk()
    assert lines[-1][1]["ended"] == "too frequent"


def garbage(count, seed=13):
    """Return as many messages of all kinds, of which few are what a tab would say."""
    random = np.random.default_rng(seed)
    words = ["n", "set", "got", "hidden", "token", "bias", "\x00", "é", "__proto__"]
    values = [0, -1, 1e308, 2**70, None, True, "x", "9" * 50, [], {}, [[[]]], {"n": {}}, "\ud800"]
    for _ in range(count):
        kind = random.integers(4)
        if kind == 0:
            yield random.bytes(random.integers(0, 300))
        elif kind == 1:
            yield "".join(map(chr, random.integers(32, 0x3000, random.integers(0, 80))))
        else:
            chosen = random.choice(len(words), random.integers(0, 4), replace=False)
            said = {words[i]: values[random.integers(len(values))] for i in chosen}
            yield json.dumps({"n": 1, "set": said} if kind == 2 else said)


def test_eight_hundred_messages_of_garbage_do_no_harm(token, lines):
    @run
    async def talk():
        tracemalloc.start()
        opened, grown = 0, []
        messages = list(garbage(800))
        async with tab(token) as steady:
            for part in range(4):
                for message in messages[200 * part : 200 * (part + 1)]:
                    other = {}
                    live_session(other).scene = scene
                    async with tab(live_session(other).token, receipts=False) as here:
                        here.say(message)
                        opened += 1
                lines.clear()
                gc.collect()
                grown.append(tracemalloc.get_traced_memory()[0])
            assert (await steady.ask(1, bias=1))[0]["maps"] == maps(bias=1)
        tracemalloc.stop()
        assert opened == 800
        assert grown[-1] - grown[1] < 160_000, "what 400 channels leave behind"

    talk()


def test_many_silent_channels_cost_little():
    @run
    async def talk():
        sessions = [{} for _ in range(300)]
        tokens = [live_session(each).token for each in sessions]
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        tabs = []
        for token in tokens:
            here = Tab()
            await here.open()
            await here.greet(token)
            tabs.append(here)
        cost = (tracemalloc.get_traced_memory()[0] - before) / len(tabs)
        tracemalloc.stop()
        for here in tabs:
            await here.close()
        assert cost < 50_000

    talk()


def test_the_token_is_in_no_line_of_the_log(token, lines, caplog):
    @run
    async def talk():
        async with tab(token) as here:
            await here.ask(1)
            here.say({"token": token})
            await here.hear()

    with caplog.at_level(logging.DEBUG):
        talk()
    assert token not in repr(lines) + caplog.text


def test_there_are_as_many_threads_as_cores():
    assert route.pool().threads == cores() >= 1
