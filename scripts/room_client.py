"""One tab of a class, or of its teacher, without a browser: it receives steps, and paints nothing.

Against a running server, from a coroutine:

    follower = RoomClient("http://localhost:8501")
    await follower.join("KRTZN")
"""

import asyncio
import json
import struct
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from cnnviz.ui.server.rooms.protocol import DEFLATED, SAME
from scripts.cookies import Http

PATIENCE = 60.0  # seconds to wait for an answer
AGAIN = (0.0, 0.5, 1.0, 2.0)  # seconds before each attempt to reconnect

Parts = dict[str, list[tuple[str, int, bytes]]]  # by receiver: digest, kind, bytes


class RoomClient:
    """A tab: `said` holds the last message of each kind, `steps` each step's time and receivers."""

    def __init__(self, address: str, cookies: Mapping[str, str] | None = None) -> None:
        self.address = address
        self.http = Http(address, dict(cookies or {}))
        self.me = ""
        self.said: dict[str, Any] = {}
        self.screen: Any = None
        self.cell: Any = None
        self.steps: list[tuple[float, frozenset[str]]] = []
        self.bytes = self.lost = 0
        self.errors: list[str] = []
        self._parts: Parts = {}
        self._first: dict[str, Any] = {}
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def join(self, code: str) -> None:
        """Join as a follower, and receive messages from here on."""
        self._first = {"join": code}
        await self._begin()

    async def lead(self, code: str, key: str) -> None:
        """Join as the teacher."""
        self._first = {"lead": code, "key": key}
        await self._begin()

    async def say(self, message: object) -> None:
        """Send a message."""
        with suppress(ConnectionClosed):
            await self._socket.send(json.dumps(message))

    async def until(self, true: Callable[["RoomClient"], Any]) -> Any:
        """Wait until a condition on the tab is true; return its value."""
        async with asyncio.timeout(PATIENCE):
            while not (found := true(self)):
                self._changed.clear()
                await self._changed.wait()
        return found

    def shown(self) -> dict[str, bytes]:
        """Return the messages that are shown, by receiver."""
        return {
            to: b"".join(zlib.decompress(body) if kind == DEFLATED else body
                         for _, kind, body in parts)
            for to, parts in self._parts.items()
        }  # fmt: skip

    async def leave(self) -> None:
        """Close the tab."""
        if self._reading:
            self._reading.cancel()
        if self._socket:
            await self._socket.close()

    async def _begin(self) -> None:
        await self._connect()
        self._reading = asyncio.create_task(self._read())
        await self.until(lambda tab: "welcome" in tab.said)

    async def _connect(self) -> None:
        self._socket = await connect(
            f"ws://{urlsplit(self.address).netloc}/room",
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
            origin=self.address,
            additional_headers={"Cookie": self.http.header()},
        )
        self.http.take(self._socket.response.headers.get_all("Set-Cookie"))
        self._parts.clear()
        await self.say(self._first | ({"me": self.me} if "join" in self._first else {}))

    async def _read(self) -> None:
        """Receive messages; reconnect when the connection is lost, as a browser does."""
        while True:
            try:
                async for message in self._socket:
                    await self._take(message)
            except ConnectionClosed:
                pass
            if self._socket.close_code in (4403, 4404, 4410, 4429):
                self.errors.append(f"closed with {self._socket.close_code}")
                self._changed.set()
                return
            self.lost += 1
            await self._come_back()

    async def _come_back(self) -> None:
        for attempt in range(100):
            await asyncio.sleep(AGAIN[min(attempt, len(AGAIN) - 1)])
            with suppress(OSError, InvalidHandshake, TimeoutError):
                await self._connect()
                return
        self.errors.append("could not come back")

    async def _take(self, message: str | bytes) -> None:
        self.bytes += len(message)
        if isinstance(message, bytes):
            await self._take_step(message)
        else:
            told = json.loads(message)
            self.said |= told
            self.me = told.get("welcome", {}).get("me", self.me)
            if "error" in told:
                self.errors.append(told["error"])
        self._changed.set()

    async def _take_step(self, data: bytes) -> None:
        (length,) = struct.unpack_from("<I", data)
        header, at = json.loads(data[4 : 4 + length]), 4 + length
        self.screen = header.get("screen", self.screen)
        self.cell = header.get("cell", self.cell)
        have = {part[0]: part for parts in self._parts.values() for part in parts}
        for put in header["put"]:
            parts = []
            for kind, *told in put["parts"]:
                if kind != SAME:
                    body = data[at : at + told[-2]]
                    at += len(body)
                    have[told[-1]] = told[-1], kind, body
                parts.append(have[told[-1]])
            self._parts[put["to"]] = parts
        for to in header["gone"]:
            self._parts.pop(to, None)
        self.steps.append((time.perf_counter(), frozenset(put["to"] for put in header["put"])))
        await self.say({"got": header["step"]})
