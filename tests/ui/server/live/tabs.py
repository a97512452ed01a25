"""A browser tab as the server sees it: it speaks ASGI's WebSocket and nothing else."""

import asyncio
import json
import zlib
from contextlib import asynccontextmanager

import numpy as np
from starlette.applications import Starlette

from cnnviz.ui.server.live.route import LiveRoute
from cnnviz.ui.server.live.wire import DEFLATED, HALF, MAPPED, RAW, SAME
from tests.message import unpacked

LONG = 10  # seconds; only a failing test takes so long


class Tab:
    """One connection to /live."""

    def __init__(self, *, path="/live", origin="http://testserver", receipts=True):
        self.path, self.origin, self.receipts = path, origin, receipts
        self.up, self.down = asyncio.Queue(), asyncio.Queue()
        self.holds = {}

    async def open(self, app=None):
        """Connect; return the server's first message: it accepts, or it refuses."""
        headers = [(b"host", b"testserver")]
        if self.origin:
            headers.append((b"origin", self.origin.encode()))
        scope = {
            "type": "websocket", "path": self.path, "raw_path": self.path.encode(),
            "query_string": b"", "headers": headers, "subprotocols": [], "root_path": "",
            "scheme": "ws", "server": ("testserver", 80), "client": ("192.0.2.7", 4000),
            "extensions": {},
        }  # fmt: skip
        app = app or Starlette(routes=[LiveRoute()])
        self.task = asyncio.create_task(app(scope, self.up.get, self.down.put))
        self.up.put_nowait({"type": "websocket.connect"})
        return await self.hear()

    async def hear(self):
        return await asyncio.wait_for(self.down.get(), LONG)

    def say(self, message):
        kind = "bytes" if isinstance(message, bytes) else "text"
        text = message if isinstance(message, bytes | str) else json.dumps(message)
        self.up.put_nowait({"type": "websocket.receive", kind: text})

    async def greet(self, token):
        """Send the token; return the reply."""
        self.say({"token": token})
        heard = await self.hear()
        if "text" in heard and self.receipts:
            self.say({"got": json.loads(heard["text"])["k"]})
        return heard

    async def answer(self):
        """Return an answer: its messages by receiver, and how it ends."""
        parts = {}
        while "bytes" in (heard := await self.hear()):
            header, content = decode(heard["bytes"], self.holds)
            parts[header["to"]] = content
            if self.receipts:
                self.say({"got": header["k"]})
        if heard["type"] == "websocket.close":
            return parts, heard
        return parts, json.loads(heard["text"])

    async def ask(self, n, **changes):
        """Ask for the result of some settings; return the answer."""
        self.say({"n": n, "set": {key: str(value) for key, value in changes.items()}})
        return await self.answer()

    async def close(self):
        self.up.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(self.task, LONG)


@asynccontextmanager
async def tab(token=None, **words):
    """Open a tab, send a token if there is one, and close the tab at the end."""
    opened = Tab(**words)
    await opened.open()
    if token is not None:
        await opened.greet(token)
    try:
        yield opened
    finally:
        await opened.close()


def decode(answer, holds):
    """Return header and content of an answer, for a tab that holds the parts of earlier ones."""
    (header, data), at, parts = unpacked(answer), 0, []
    for kind, size, *more in header["parts"]:
        if kind == SAME:
            parts.append(holds[header["to"]][size])
        elif kind == RAW:
            parts.append(data[at : at + size])
            at += size
        elif kind == MAPPED:
            parts.append(parts[-1].translate(data[at : at + 256]))
            at += 256
        else:
            body = zlib.decompress(data[at : at + more[0]])
            at += more[0]
            parts.append(doubled(body, *more[1:]) if kind == HALF else body)
        assert kind not in (DEFLATED, MAPPED) or len(parts[-1]) == size
    assert at == len(data)
    holds[header["to"]] = parts
    return header, b"".join(parts)


def doubled(body, planes, height, width):
    """Return whole planes from every other row and column, each cell repeated four times."""
    half = np.frombuffer(body, np.uint8).reshape(planes, (height + 1) // 2, (width + 1) // 2)
    whole = half.repeat(2, axis=1).repeat(2, axis=2)
    return whole[:, :height, :width].tobytes()
