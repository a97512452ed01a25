import asyncio
import os
import subprocess
import sys

import pytest

from cnnviz.resources import ROOT
from cnnviz.ui.server.browser_modules import BLANK_PAGE, FILES, VERSION
from cnnviz.ui.server.headers import (
    COOKIE,
    EMBED_IN,
    FOREVER,
    POLICY,
    AnswerHeaders,
    embedding_sites,
    headers_for,
    misconfigured,
)
from cnnviz.ui.server.streamlit_patches.private import inline_scripts, page
from scripts.server import free_port

OWN_FILE = "components/core/load.js"


def answer(kind="http", path="/", query="", cookie="", content="text/html; charset=utf-8", sets=""):
    """Return the headers of a response, by name in lower case; the app sets a cookie."""

    async def app(scope, receive, send):
        if kind == "websocket":
            await send({"type": "websocket.accept", "subprotocol": "streamlit"})
        else:
            headers = [(b"content-type", content.encode())]
            headers += [(b"set-cookie", sets.encode())] * bool(sets)
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
    headers, wanted = answer(kind), headers_for()
    assert {name: headers[name.lower()] for name in wanted} == wanted


def test_nothing_may_be_loaded_from_anywhere_else():
    policy = headers_for()["Content-Security-Policy"]
    assert "*" not in policy
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["connect-src"] == "'self' data:"  # a data: address causes no request
    assert "'unsafe-inline'" not in rules["script-src"]


def test_a_link_stays_at_home_and_the_camera_is_ours_alone():
    assert headers_for()["Referrer-Policy"] == "no-referrer"
    assert headers_for()["X-Content-Type-Options"] == "nosniff"
    assert headers_for()["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=()"


def test_the_scripts_inside_the_page_are_let_in_one_by_one():
    allowed = POLICY["script-src"].split()
    for text in (page(), BLANK_PAGE):
        assert inline_scripts(text) in allowed


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


def test_below_a_base_path_files_are_kept_for_good_too(below):
    assert answer(path=f"/cnn{FILES}{VERSION}/{OWN_FILE}")["cache-control"] == FOREVER
    assert answer(path=f"/cnn{FILES}{OWN_FILE}")["cache-control"] == "no-cache"


def rules(headers):
    return dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))


def test_no_other_site_may_show_the_app_in_a_frame():
    headers = answer()
    assert rules(headers)["frame-ancestors"] == "'self'"
    assert headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_the_sites_that_are_named_may_and_no_others(monkeypatch, kind):
    monkeypatch.setenv(EMBED_IN, "https://moodle.example.org  https://*.example.com:8443")
    headers = answer(kind)
    sites = "'self' https://moodle.example.org https://*.example.com:8443"
    assert rules(headers)["frame-ancestors"] == sites
    assert "x-frame-options" not in headers  # it cannot name sites, and would refuse them all
    others = {name: rule for name, rule in rules(headers).items() if name != "frame-ancestors"}
    assert not any("example" in rule for rule in others.values())


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "moodle.example.org",
        "https://moodle.example.org/",
        "https://moodle.example.org/course",
        "https://a.org; script-src *",
        "https://a.org, https://b.org",
        "https://*",
        "https://a..org",
        "https://a.org:0",
        "https://a.org:99999",
        "https://A.org",
        "ftp://a.org",
        "'unsafe-inline'",
        "https://b.org javascript:alert(1)",
        "https://user@a.org",
        "https://a.org\x00",
    ],
)
def test_a_site_that_is_none_is_refused_with_one_sentence(monkeypatch, text):
    with pytest.raises(ValueError, match="CNNVIZ_EMBED_IN holds"):
        embedding_sites(text)
    monkeypatch.setenv(EMBED_IN, text.replace("\x00", "\x01"))
    assert misconfigured().count("\n") == 0
    assert misconfigured().startswith("CNNVIZ_EMBED_IN holds")


def test_sites_are_named_between_spaces():
    assert embedding_sites("") == embedding_sites("  ") == ()
    assert embedding_sites("http://localhost:8000 https://a-b.org") == (
        "http://localhost:8000",
        "https://a-b.org",
    )
    assert misconfigured() == ""


def test_cookies_reach_the_app_inside_a_frame(monkeypatch, replica):
    token = "_streamlit_xsrf=2|a|b|1; Path=/; SameSite=Lax"
    assert answer(sets=token, content="text/plain")["set-cookie"] == token
    monkeypatch.setenv(EMBED_IN, "https://moodle.example.org")
    framed = "SameSite=None; Secure; Partitioned"
    kept = answer(sets=token, content="text/plain")["set-cookie"]
    assert kept == f"_streamlit_xsrf=2|a|b|1; Path=/; {framed}"
    assert answer()["set-cookie"] == f"{COOKIE}=app-2; Path=/; HttpOnly; {framed}"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        (
            EMBED_IN,
            "moodle.example.org",
            "CNNVIZ_EMBED_IN holds 'moodle.example.org'; it takes origins separated by spaces, "
            "such as https://moodle.example.org, in lower case and without a path.",
        ),
        (
            "CNNVIZ_ROOMS",
            "redis:6379",
            "CNNVIZ_ROOMS takes the address of a Redis server, such as redis://redis:6379 or "
            "rediss://redis:6379.",
        ),
    ],
)
def test_the_server_does_not_start_with_a_variable_that_makes_no_sense(variable, value, said):
    run = subprocess.run(
        [sys.executable, "scripts/run.py", f"--port={free_port()}", "--server.headless=true"],
        cwd=ROOT,
        env={**os.environ, variable: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.splitlines() == [said]
