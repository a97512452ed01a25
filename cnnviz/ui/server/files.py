"""Serve from memory the files that never change.

A browser that opens the app for the first time requests about 120 files, three megabytes in all.
Read from disk by Streamlit, they cost a third of a second of CPU time per user and are sent
uncompressed.
"""

import asyncio
import gzip
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cnnviz.ui.server.browser_modules import is_ours_for_good
from cnnviz.ui.server.routes import below_base
from cnnviz.ui.server.whole_response import whole_response

MAX_BYTES = 64 * 2**20  # bytes of all cached files together
COMPRESSED = re.compile(r"(text/|application/(javascript|json)|image/svg)")
LEAST = 1024  # bytes; compressing less than this gains nothing
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
CONDITIONS = ("range", "if-none-match", "if-modified-since")


class KeptFiles:
    """Caches responses for files that never change, compressed for browsers that accept it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.size = 0
        self._kept: dict[tuple[str, bool], list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass the request on and remember the response."""
        if not _is_for_a_file(scope):
            await self.app(scope, receive, send)
            return
        packed = bool(GZIP.search(Headers(scope=scope).get("accept-encoding", "")))
        messages = self._kept.get((scope["path"], packed))
        if messages is None:
            messages = await self._ask(scope, receive, packed)
        for message in messages:
            await send(dict(message))  # a copy: whoever forwards it adds headers

    async def _ask(self, scope: Scope, receive: Receive, packed: bool) -> list[Message]:
        """Return the app's response as two messages, or an empty list if it broke off."""
        asked = scope if packed else _without_encodings(scope)
        whole = await whole_response(self.app, asked, receive)
        if whole is None:  # half a file must not be cached for other users
            return []
        start, body = whole
        headers = MutableHeaders(scope=start)
        if packed and len(body) >= LEAST and _can_be_packed(headers):
            body = await asyncio.to_thread(gzip.compress, body, 6)
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(body))
        if "accept-encoding" not in headers.get("vary", "").lower():
            headers.add_vary_header("Accept-Encoding")
        messages = [start, {"type": "http.response.body", "body": body}]
        lasts = "immutable" in headers.get("cache-control", "") or is_ours_for_good(scope)
        kept = scope["path"], packed
        # Another request for the file may have stored it meanwhile.
        new = start["status"] == 200 and lasts and kept not in self._kept
        if new and self.size + len(body) <= MAX_BYTES:
            self.size += len(body)
            self._kept[kept] = messages
        return messages


def _without_encodings(scope: Scope) -> Scope:
    """Return a request that accepts no compression; Streamlit takes gzip;q=0 for a yes."""
    headers = [(name, text) for name, text in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": headers}


def _can_be_packed(headers: Headers) -> bool:
    """Whether a response is text that Streamlit has not already compressed."""
    text = COMPRESSED.match(headers.get("content-type", ""))
    return bool(text) and "content-encoding" not in headers


def _is_for_a_file(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    if not (below_base(scope["path"]).startswith("/static/") or is_ours_for_good(scope)):
        return False
    headers = Headers(scope=scope)
    return not any(name in headers for name in CONDITIONS)
