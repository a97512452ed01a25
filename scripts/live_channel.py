"""The live channel of a visitor without a browser: settings go up, maps come back.

As in the browser, at most one request is in flight; the maps are counted, not drawn.
"""

import asyncio
import json
import struct
import time
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 60  # seconds to wait for an answer


class LiveChannel:
    """The channel of one tab; `bytes` and `places` describe the last answer."""

    def __init__(self, address: str, token: str, cookies: str = "") -> None:
        self.address, self.token, self.cookies = address, token, cookies
        self.n = self.bytes = 0
        self.places: list[str] = []
        self._socket: ClientConnection | None = None

    async def open(self) -> None:
        """Connect, and send the token."""
        netloc = urlsplit(self.address).netloc
        self._socket = await connect(
            f"ws://{netloc}/live",
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
            origin=self.address,
            additional_headers={"Cookie": self.cookies},
        )
        await self._say({"token": self.token})
        await self._say({"got": json.loads(await self._hear())["k"]})

    async def ask(self, **changes: object) -> float:
        """Ask for the maps of these settings, by their keys; return the seconds it took.

        Raises
        ------
        RuntimeError
            With the server's message, if they do not fit.
        """
        start = time.perf_counter()
        self.n += 1
        texts = {key: f"{value:.12g}" if isinstance(value, float) else str(value)
                 for key, value in changes.items()}  # fmt: skip
        await self._say({"n": self.n, "set": texts})
        while (said := await self._answer())["n"] != self.n:
            pass  # the answer before, repeated at full size after a pause
        if error := said.get("error"):
            raise RuntimeError(error)
        return time.perf_counter() - start

    async def _answer(self) -> dict[str, Any]:
        """Count the maps of an answer, and return its end."""
        self.bytes, self.places = 0, []
        while isinstance(heard := await self._hear(), bytes):
            (length,) = struct.unpack_from("<I", heard)
            header = json.loads(heard[4 : 4 + length])
            self.bytes += len(heard)
            self.places.append(header["to"])
            await self._say({"got": header["k"]})
        return json.loads(heard)

    async def close(self) -> None:
        """Leave."""
        if self._socket:
            await self._socket.close()

    async def _say(self, message: object) -> None:
        await self._socket.send(json.dumps(message))

    async def _hear(self) -> str | bytes:
        return await asyncio.wait_for(self._socket.recv(), PATIENCE)
