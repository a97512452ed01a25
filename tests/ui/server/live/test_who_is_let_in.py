"""Which pages and sessions may use the channel."""

import gc
import json

import pytest
from streamlit import config

from cnnviz.ui.server.live import connection
from cnnviz.ui.server.live.connection import UNKNOWN
from cnnviz.ui.server.live.scenes import end
from tests.ui.server.live.channel import maps, run
from tests.ui.server.live.tabs import Tab, tab


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


def test_the_channel_is_below_the_base_path(monkeypatch, token):
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
def test_a_tab_without_a_token_gets_nothing(first, code, reason, lines):
    @run
    async def talk():
        async with tab() as here:
            here.say(first)
            assert (await here.hear())["code"] == code

    talk()
    assert lines[-1][1]["ended"] == reason


def test_a_silent_tab_is_not_waited_for(monkeypatch, lines):
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


def test_the_later_of_two_tabs_with_one_token_is_served(token):
    @run
    async def talk():
        async with tab(token) as first, tab(token) as second:
            assert (await first.hear())["code"] == UNKNOWN
            assert (await second.ask(1))[0]["maps"] == maps()

    talk()
