"""A class without browsers: tabs that speak ASGI's WebSocket with /room, and what they show."""

import asyncio
import json
import zlib
from contextlib import asynccontextmanager

import numpy as np
from starlette.applications import Starlette

from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.rooms import connection, rooms, route
from cnnviz.ui.server.rooms.guesses import GuessLimit
from cnnviz.ui.server.rooms.protocol import DEFLATED, SAME
from cnnviz.ui.server.rooms.room import PUT, SCREEN, as_json
from cnnviz.ui.server.rooms.store import Change, MemoryStore
from cnnviz.ui.server.rooms.wire import LENGTH, Put, in_parts
from tests.message import unpacked

LONG = 10  # seconds; only a failing test takes so long


class Tab:
    """One connection to /room."""

    def __init__(self, app, *, receipts=True, address="192.0.2.7"):
        self.app, self.receipts, self.address = app, receipts, address
        self.up, self.down = asyncio.Queue(), asyncio.Queue()
        self.shown, self.parts = {}, {}  # messages by receiver, and their parts
        self.screen = self.cell = None
        self.steps, self.said, self.closed = 0, {}, None

    async def open(self, path="/room", origin="http://testserver"):
        """Connect; return the server's first message."""
        headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
        scope = {
            "type": "websocket", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": headers, "subprotocols": [], "root_path": "", "scheme": "ws",
            "server": ("testserver", 80), "client": (self.address, 4000), "extensions": {},
        }  # fmt: skip
        self.task = asyncio.create_task(self.app(scope, self.up.get, self.down.put))
        self.up.put_nowait({"type": "websocket.connect"})
        return await asyncio.wait_for(self.down.get(), LONG)

    def say(self, message):
        text = message if isinstance(message, str) else json.dumps(message)
        self.up.put_nowait({"type": "websocket.receive", "text": text})

    async def hear(self):
        """Receive one message; return its kind: that of the JSON, "step" or "close"."""
        heard = await asyncio.wait_for(self.down.get(), LONG)
        if heard["type"] == "websocket.close":
            self.closed = heard["code"]
            return "close"
        if heard.get("text") is not None:
            ((kind, value),) = json.loads(heard["text"]).items()
            self.said[kind] = value
            return kind
        self.take_step(heard["bytes"])
        if self.receipts:
            self.say({"got": self.steps})
        return "step"

    async def until(self, true):
        """Receive messages until a condition on the tab is true; return its value."""
        while not (found := true(self)):
            assert await self.hear() != "close" or true(self), self.closed
        return found

    def take_step(self, step):
        (header, data), at = unpacked(step), 0
        self.steps = header["step"]
        have = {digest: part for parts in self.parts.values() for digest, part in parts}
        if "screen" in header:
            self.screen = header["screen"]
        if "cell" in header:
            self.cell = header["cell"]
        for put in header["put"]:
            parts = []
            for kind, *told in put["parts"]:
                digest = told[-1]
                if kind == SAME:
                    parts.append((digest, have[digest]))
                    continue
                size = told[-2]
                body = data[at : at + size]
                at += size
                part = zlib.decompress(body) if kind == DEFLATED else body
                assert len(part) == told[0]
                have[digest] = part
                parts.append((digest, part))
            self.parts[put["to"]] = parts
            self.shown[put["to"]] = b"".join(part for _, part in parts)
        for to in header["gone"]:
            del self.parts[to], self.shown[to]
        assert at == len(data)

    async def join(self, code, me="", **more):
        """Join as a follower; return the identity that the server gives."""
        await self.open()
        self.say({"join": code, "me": me, **more})
        await self.until(lambda tab: "welcome" in tab.said)
        return self.said["welcome"]["me"]

    async def lead(self, lead):
        await self.open()
        self.say({"lead": lead.code, "key": lead.key, "session": lead.session})
        await self.until(lambda tab: "welcome" in tab.said)

    async def close(self):
        self.up.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(self.task, LONG)


class Process:
    """One process of the app, with only its rooms."""

    def __init__(self, store):
        self.rooms = rooms.Rooms(store, asyncio.get_running_loop())
        self.tries = GuessLimit(store)
        self.app = Starlette(routes=[route.PlacedRoute(route.WebSocketRoute, "room", self.talk)])
        self.tabs = []

    async def talk(self, websocket):
        await websocket.accept()
        address = websocket.client.host
        await connection.Connection(websocket, self.rooms, self.tries, address).serve()

    async def follower(self, code, me="", **words):
        tab = Tab(self.app, **words)
        self.tabs.append(tab)
        tab.me = await tab.join(code, me)
        return tab

    async def free(self, code, me=""):
        tab = Tab(self.app)
        self.tabs.append(tab)
        tab.me = await tab.join(code, me, free=True)
        return tab

    async def teacher(self, lead):
        tab = Tab(self.app)
        self.tabs.append(tab)
        await tab.lead(lead)
        return tab

    async def end(self):
        for tab in self.tabs:
            if not tab.task.done():
                await tab.close()
        await self.rooms.stop()


@asynccontextmanager
async def process(store=None):
    """Run a process during a test."""
    made = Process(store or MemoryStore())
    made.rooms.start()
    try:
        yield made
    finally:
        await made.end()


def run(test):
    """Run a test on its own event loop."""
    return lambda *args, **kwargs: asyncio.run(test(*args, **kwargs))


def plane(seed, side=32):
    return np.random.default_rng(seed).integers(0, 9, (side, side)).astype(np.uint8)


def message(name, seed):
    """Return a message of two planes, the first of which is always the same."""
    head = np.frombuffer(name.encode(), np.uint8)
    return Packed((head, plane(0), plane(seed)))


SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
PICTURE = np.arange(64, dtype=np.uint8).reshape(8, 8) ** 2 % 251


def board(kernel=SOBEL, picture=PICTURE):
    """Return the message of a board: a picture, and the map of a kernel."""
    height, width = picture.shape
    common = {"place": [0, 0, 1, 1], "numbers": None, "channel": 0}
    header = {
        "board": "lab",
        "panes": [
            {**common, "stage": 0, "role": "picture", "chain": None},
            {**common, "stage": 1, "role": "convolution", "chain": 0},
        ],
        "input": {"offset": 0, "channels": 1, "height": height, "width": width, "factor": 1,
                  "black": 0, "white": 255, "exact": False},
        "chains": [
            {"matrices": [kernel], "divisor": 1, "bias": 0, "flip": False, "stride": [1, 1],
             "dilation": [1, 1], "pads": [[1, 1], [1, 1]], "mode": "zeros", "activation": "none",
             "parameters": {}, "norm": None, "pooling": None,
             "sizes": {"pooled": [height, width]}},
        ],
    }  # fmt: skip
    text = json.dumps(header).encode()
    return LENGTH.pack(len(text)) + text + picture.tobytes()


async def show(here, code, screen=None, **messages):
    """Change what a room shows, as a recording does."""
    put = {f"{PUT}{to.replace('_', ':')}": Put.of(in_parts(data)).written
           for to, data in messages.items()}  # fmt: skip
    if screen is not None:
        put[SCREEN] = as_json(screen)
    room = await here.rooms.find(code)
    assert await here.rooms.change(room, Change(put))


async def posed(here, question, **words):
    """Open a room with a board, a teacher and a follower, and ask a question."""
    lead = await here.rooms.open()
    await show(here, lead.code, live_lab=board(**words))
    teacher, follower = await here.teacher(lead), await here.follower(lead.code)
    teacher.say({"ask": question})
    await teacher.until(lambda tab: tab.said.get("question"))
    await follower.until(lambda tab: tab.said.get("question"))
    return lead, teacher, follower
