"""The routes: /room for our browsers, /join for people, both below the base path."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit import config

from cnnviz.ui.server import log
from cnnviz.ui.server.browser_modules import VERSION
from cnnviz.ui.server.headers import AnswerHeaders, headers_for
from cnnviz.ui.server.rooms import route
from cnnviz.ui.server.rooms.guesses import address_of
from tests.ui.server.rooms.classroom import Tab

PAGE = '<html><link href="@base/favicon.png"><script src="@modules/a.js"></script></html>'


@pytest.fixture
def page(tmp_path, monkeypatch):
    file = tmp_path / "join.html"
    file.write_text(PAGE)
    monkeypatch.setattr(route, "PAGE", file)


@pytest.fixture
def app():
    return Starlette(routes=route.room_routes(), middleware=[Middleware(AnswerHeaders)])


def ask(app, path, method="GET"):
    """Return status, headers and text of a response."""
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(),
             "query_string": b"", "headers": [], "root_path": ""}  # fmt: skip
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, None, send))
    headers = {name.decode().title(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent).decode()


@pytest.mark.parametrize("path", ["/join", "/join/KRTZN", "/join/krtzn", "/join/<script>"])
def test_the_page_of_a_follower_is_the_same_for_every_code(page, app, path):
    status, headers, text = ask(app, path)
    assert status == 200
    modules = f"/app/static/{VERSION}/components/"
    assert text == PAGE.replace("@modules/", modules).replace("@base/", "/")
    wanted = headers_for()
    assert {name: headers[name.title()] for name in wanted} == wanted


@pytest.mark.parametrize("path", ["/join/KRTZN/x", "/join/KRTZN/", "/join/a/b/c"])
def test_an_address_below_a_code_asks_for_the_letters(app, path):
    status, headers, _ = ask(app, path)
    assert (status, headers["Location"]) == (307, "/join")


def test_the_doors_are_below_the_base_path(page, monkeypatch):
    monkeypatch.setattr(config, "get_option", lambda name: "cnn/viz")
    app = Starlette(routes=route.room_routes())
    assert ask(app, "/join")[0] == 404
    assert 'href="/cnn/viz/favicon.png"' in ask(app, "/cnn/viz/join/KRTZN")[2]
    assert f'"/cnn/viz/app/static/{VERSION}/components/a.js"' in ask(app, "/cnn/viz/join")[2]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_sent_to_the_page(page, app, method):
    assert ask(app, "/join/KRTZN", method)[0] == 405


def test_a_tab_of_another_site_is_not_let_in(app, monkeypatch):
    said = []
    monkeypatch.setattr(log, "event", lambda name, **facts: said.append((name, facts)))

    async def knock():
        tab = Tab(app)
        heard = await tab.open(origin="http://elsewhere.example")
        await tab.task
        return heard

    assert asyncio.run(knock())["type"] == "websocket.close"
    assert said == [("room", {"what": "tab", "ended": "foreign origin"})]


def test_our_own_tab_is_accepted_and_told_that_a_room_does_not_exist(app):
    async def knock():
        tab = Tab(app)
        heard = await tab.open()
        tab.say({"join": "BBBBB", "me": ""})
        await tab.until(lambda tab: tab.closed)
        await tab.task
        return heard["type"], tab.closed

    assert asyncio.run(knock()) == ("websocket.accept", 4404)


def test_only_behind_a_proxy_of_ours_somebody_else_says_who_asks(monkeypatch):
    told = {"x-real-ip": "192.0.2.9"}
    monkeypatch.delenv("CNNVIZ_REPLICA", raising=False)
    assert address_of(told, "192.0.2.7") == "192.0.2.7"
    monkeypatch.setenv("CNNVIZ_REPLICA", "app-1")
    assert address_of(told, "192.0.2.7") == "192.0.2.9"
    assert address_of({}, "192.0.2.7") == "192.0.2.7"
