import asyncio

import pytest

from cnnviz.ui.server.browser_modules import FILES, VERSION
from cnnviz.ui.server.headers import COOKIE, FOREVER, HEADERS, AnswerHeaders
from cnnviz.ui.server.streamlit_patches.private import inline_scripts

OWN_FILE = "components/core/load.js"


def answer(kind="http", path="/", query="", cookie="", content="text/html; charset=utf-8"):
    """Return the headers of one answer, by their names in lower case."""

    async def app(scope, receive, send):
        if kind == "websocket":
            await send({"type": "websocket.accept", "subprotocol": "streamlit"})
        else:
            headers = [(b"content-type", content.encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": kind,
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"cookie", cookie.encode())] if cookie else [],
    }
    asyncio.run(AnswerHeaders(app)(scope, None, send))
    return {name.decode().lower(): value.decode() for name, value in sent[0].get("headers", [])}


@pytest.fixture
def replica(monkeypatch):
    monkeypatch.setenv("CNNVIZ_REPLICA", "app-2")


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_every_answer_has_every_header(kind):
    headers = answer(kind)
    assert {name: headers[name.lower()] for name in HEADERS} == HEADERS


def test_nothing_may_be_loaded_from_anywhere_else():
    policy = HEADERS["Content-Security-Policy"]
    assert "*" not in policy
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["connect-src"] == "'self' data:"  # a data: address makes no request
    assert "'unsafe-inline'" not in rules["script-src"]


def test_a_link_stays_at_home_and_the_camera_is_ours_alone():
    assert HEADERS["Referrer-Policy"] == "no-referrer"
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=()"


def test_the_scripts_inside_the_page_are_let_in_one_by_one():
    assert inline_scripts().startswith("'sha256-")


def test_one_server_alone_gives_no_cookie():
    assert "set-cookie" not in answer()


@pytest.mark.parametrize("cookie", ["", "a=b", f"{COOKIE}=app-1", f"{COOKIE}=", "\xff"])
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_replica_signs_what_a_person_stays_with(replica, kind, cookie):
    signature = f"{COOKIE}=app-2; Path=/; HttpOnly; SameSite=Lax"
    assert answer(kind, cookie=cookie)["set-cookie"] == signature


def test_a_replica_signs_only_once(replica):
    assert "set-cookie" not in answer(cookie=f"a=b; {COOKIE}=app-2")


def test_a_replica_does_not_sign_files(replica):
    assert "set-cookie" not in answer(content="text/javascript")


@pytest.mark.parametrize("name", ["app", "app-1; Domain=x", "app-1\n", "replica-1", "app-12345"])
def test_a_name_that_the_proxy_would_not_know_is_refused(monkeypatch, name):
    monkeypatch.setenv("CNNVIZ_REPLICA", name)
    with pytest.raises(ValueError, match="app-1, app-2 and so on"):
        AnswerHeaders(None)


def test_a_file_of_the_present_version_is_kept_for_good():
    assert answer(path=f"{FILES}{VERSION}/{OWN_FILE}")["cache-control"] == FOREVER


@pytest.mark.parametrize("folder", ["", "0123456789ab/", f"{VERSION}0/"])
def test_a_file_of_another_version_is_asked_for_again(folder):
    assert answer(path=f"{FILES}{folder}{OWN_FILE}")["cache-control"] == "no-cache"
