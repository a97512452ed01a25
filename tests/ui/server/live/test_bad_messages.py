"""Garbage, or too many messages, closes one channel and harms no other."""

import gc
import json
import logging
import tracemalloc

import numpy as np
import pytest

from cnnviz.ui.server.live import connection
from cnnviz.ui.server.live.requests import AT_ONCE, MAX_TEXT, Allowance
from cnnviz.ui.server.live.scenes import live_session
from tests.ui.server.live.channel import maps, run, scene
from tests.ui.server.live.tabs import Tab, tab


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
            async with tab(token) as again:  # the token is still valid
                assert (await again.ask(2))[0]["maps"] == maps()

    talk()
    assert [facts["ended"] for _, facts in lines].count("left") == 2


def test_a_tab_that_sends_too_often_is_disconnected(token, lines):
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


@pytest.mark.parametrize("said", [{"got": 10**9}, {"hidden": False}], ids=["receipt", "hidden"])
def test_only_receipts_for_what_was_sent_may_be_as_many_as_one_likes(
    said, token, lines, monkeypatch
):
    monkeypatch.setattr(connection, "Allowance", lambda: Allowance(rate=1e-9, burst=5))

    @run
    async def talk():
        async with tab(token) as here:  # one message, and a receipt
            for n in range(4):  # a message and two receipts each
                await here.ask(n)
            here.say(said)
            assert (await here.hear())["code"] == 1008

    talk()
    assert lines[-1][1]["ended"] == "too frequent"


def garbage(count, seed=13):
    """Yield `count` messages of all kinds, few of which a tab would send."""
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
