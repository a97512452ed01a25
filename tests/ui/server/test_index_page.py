import asyncio
import re
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from cnnviz.ui.server import index_page
from cnnviz.ui.server.browser_modules import BLANK_PAGE, FOLDER, VERSION, first_modules
from cnnviz.ui.server.index_page import FirstPage

SCRIPTS = (
    *("embed", "message-batching", "kept-messages", "lost-line"),
    *("translation", "popover-focus", "kept-focus", "closed-menu"),
)
PAGE = Path(st.__file__).with_name("static") / "index.html"


class Site:
    """An app that gives every request the same answer, and keeps the request."""

    def __init__(self, body=None, kind="text/html; charset=utf-8", status=200):
        self.body, self.kind, self.status, self.asked = body, kind, status, None
        if body is None:
            self.body = PAGE.read_bytes()

    async def __call__(self, scope, receive, send):
        self.asked = {name.decode() for name, _ in scope["headers"]}
        headers = [
            (b"content-type", self.kind.encode()),
            (b"content-length", str(len(self.body)).encode()),
            (b"etag", b'"of the file"'),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body[:99], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[99:]})


def get(site, accept="text/html,*/*;q=0.8", method="GET"):
    sent = []

    async def send(message):
        sent.append(message)

    named = {"accept": accept, "accept-encoding": "gzip", "if-none-match": '"of the file"'}
    headers = [(name.encode(), text.encode()) for name, text in named.items()]
    scope = {"type": "http", "path": "/pixels", "method": method, "headers": headers}
    asyncio.run(FirstPage(site)(scope, None, send))
    said = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    return sent[0]["status"], said, b"".join(message["body"] for message in sent[1:])


def test_our_scripts_stand_before_that_of_streamlit_and_no_cache_keeps_the_page():
    site = Site()
    status, headers, body = get(site)
    scripts = re.findall(rb'<script[^>]* src="([^"]+)"', body)
    folder = f"./app/static/{VERSION}/components/streamlit"
    ours = [f"{folder}/{name}.js".encode() for name in SCRIPTS]
    assert scripts[:-1] == ours
    assert body.replace(index_page.OURS, b"") == site.body
    assert index_page.OURS.startswith(BLANK_PAGE.encode())
    assert status == 200
    assert headers["content-length"] == str(len(body))
    assert "etag" not in headers
    assert site.asked == {"accept"}


def test_every_module_of_the_maps_is_loaded_ahead():
    _, _, body = get(Site())
    ahead = re.findall(rb'<link rel="modulepreload" href="\./app/static/(.*?)">', body)
    assert [path.decode() for path in ahead] == [
        f"{VERSION}/components/{path}" for path in first_modules()
    ]
    assert {"core/load.js", "maps/maps.js", "slider/slider.js"} <= set(first_modules())


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "application/json", "body": b'{"html": "<script type=\\"module\\">"}'},
        {"kind": "text/html", "body": b"<p>Not found</p>", "status": 404},
        {"kind": "text/html", "body": b"", "status": 304},
    ],
)
def test_any_other_answer_stays_as_it_is(options):
    site = Site(**options)
    status, headers, body = get(site)
    assert (status, body) == (site.status, site.body)
    assert headers["content-length"] == str(len(body))
    assert headers["etag"] == '"of the file"'


@pytest.mark.parametrize("asked", [{"accept": "*/*"}, {"method": "HEAD"}])
def test_a_request_for_anything_else_is_passed_on_as_it_came(asked):
    site = Site()
    assert get(site, **asked)[2] == site.body
    assert site.asked == {"accept", "accept-encoding", "if-none-match"}


def test_a_client_that_has_left_gets_no_answer():
    async def gone(scope, receive, send):
        pass

    headers = [(b"accept", b"text/html")]
    scope = {"type": "http", "path": "/", "method": "GET", "headers": headers}
    asyncio.run(FirstPage(gone)(scope, None, None))


def test_the_messages_that_the_script_knows_are_those_of_streamlit():
    text = (FOLDER / "streamlit" / "message-batching.js").read_text()
    known = dict(re.findall(r"\b([A-Z_]+) = (\d+)", text))
    del known["LONGEST"]
    numbers = {field.name.upper(): str(field.number) for field in ForwardMsg.DESCRIPTOR.fields}
    told = {"NEW_SESSION", "SCRIPT_FINISHED", "SESSION_STATUS_CHANGED"}
    assert set(known) == {"HASH", "METADATA", *told}
    assert known.items() <= numbers.items()
    kinds = {field.number for field in ForwardMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    early = {field.name for field in ForwardMsg.DESCRIPTOR.fields if field.number <= 2}
    assert early == {"hash", "metadata"}
    assert min(kinds) > 2


def test_the_message_after_a_lost_connection_is_that_of_a_begun_run():
    text = (FOLDER / "streamlit" / "lost-line.js").read_text()
    known = {name.lower(): int(number) for name, number in re.findall(r"\b([A-Z_]+) = (\d+)", text)}
    status = ForwardMsg.DESCRIPTOR.fields_by_name["session_status_changed"]
    running = status.message_type.fields_by_name["script_is_running"]
    assert known == {field.name: field.number for field in (status, running)}
