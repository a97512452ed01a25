"""The live connection of one tab: its requests and their answers."""

import asyncio
import json
import logging
import time
import weakref
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

from starlette.websockets import WebSocket, WebSocketDisconnect

from cnnviz.ui.server import log
from cnnviz.ui.server.live.line_speed import LineSpeed
from cnnviz.ui.server.live.one_in_flight import OneInFlight
from cnnviz.ui.server.live.pool import Pool
from cnnviz.ui.server.live.requests import (
    GARBAGE,
    POLICY,
    Allowance,
    Got,
    Hello,
    Hidden,
    Refused,
    Request,
    read,
)
from cnnviz.ui.server.live.scenes import LiveSession, find
from cnnviz.ui.server.live.wire import Held, Means, encode
from cnnviz.ui.server.sockets import close

PATIENCE = 10.0  # seconds for the first message
REST = 0.25  # seconds without a request after which planes are sent again at full size
UNKNOWN = 4404  # the token belongs to no session, or to one that has ended
FAILED = "That could not be computed."
_LOGGER = logging.getLogger(__name__)


class Asked(NamedTuple):
    """A request, and whether to send its planes at full size however slow the connection is."""

    request: Request
    whole: bool


@dataclass(frozen=True)
class Message:
    """An outgoing message: text or bytes, with the number that its receipt will name.

    The last message of an answer also holds the request, and whether the planes were at half size.
    """

    content: str | bytes
    k: int = 0
    ends: Asked | None = None
    half: bool = False


class Connection:
    """Talks to one tab."""

    def __init__(self, websocket: WebSocket, pool: Pool) -> None:
        self.counts: Counter[str] = Counter()
        self._websocket = websocket
        self._loop = asyncio.get_running_loop()
        self._outbox: asyncio.Queue[Message | None] = asyncio.Queue()
        self._requests = OneInFlight(pool, self._answer, self._deliver)
        self._allowance, self._line_speed, self._held = Allowance(), LineSpeed(), Held()
        self._session: weakref.ref[LiveSession] | None = None
        self._k = 0  # number of the latest message
        self._latest: Request | None = None
        self._rest: asyncio.TimerHandle | None = None

    async def serve(self) -> None:
        """Serve the tab until either side closes the connection."""
        since, ended = time.monotonic(), "left"
        sender = asyncio.create_task(self._send())
        try:
            await self._greet()
            while True:
                self._take(await self._next())
        except WebSocketDisconnect:
            pass
        except Refused as refused:
            ended = refused.reason
            await close(self._websocket, refused.code)
        finally:
            sender.cancel()
            self._forget_rest()
            self._requests.close()
            if session := self._present():
                session.leave(self.end)
            seconds = round(time.monotonic() - since, 3)
            log.event("live channel", ended=ended, seconds=seconds, **self.counts)

    def end(self) -> None:
        """Close the channel because its session has ended; callable from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._outbox.put_nowait, None)

    # Messages from the tab

    async def _greet(self) -> None:
        """Wait for the token; the receipt for our reply measures the round-trip time."""
        try:
            async with asyncio.timeout(PATIENCE):
                first = await self._next()
        except TimeoutError:
            raise Refused("no token", POLICY) from None
        session = find(first.token) if isinstance(first, Hello) else None
        if session is None:
            raise Refused("unknown token", UNKNOWN)
        self._session = weakref.ref(session)
        session.open(self.end)
        self._k += 1
        self._outbox.put_nowait(Message(json.dumps({"k": self._k}), self._k))

    async def _next(self) -> Hello | Request | Got | Hidden:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        text, now = message.get("text"), time.monotonic()
        said = read(message["bytes"] if text is None else text)
        # Receipts do not count: their number is determined by the messages that we send.
        is_owed = isinstance(said, Got) and self._line_speed.got(said.k, now)
        if not is_owed and not self._allowance.spend(now):
            raise Refused("too frequent", POLICY)
        return said

    def _take(self, said: Hello | Request | Got | Hidden) -> None:
        match said:
            case Request():
                self.counts["asked"] += 1
                self._ask(said)
            case Got():
                pass  # already noted in `_next`
            case Hidden(hidden):
                self._requests.leave(hidden)
            case Hello():
                raise Refused("a second token", GARBAGE)

    def _ask(self, request: Request) -> None:
        self._latest = request
        self._forget_rest()
        self.counts["dropped"] += self._requests.ask(Asked(request, whole=False)) is not None

    # Answers to the tab

    def _answer(self, asked: Asked) -> Generator[Message, None, Message]:
        """Compute an answer, in a thread of the pool: one message for each part of the page."""
        start = time.perf_counter()
        end: dict[str, int | float | str] = {"n": asked.request.n}
        session = self._present()
        scene = session.scene if session else None
        means = self._line_speed.means()
        if asked.whole:
            means = Means(means.deflate)
        try:
            for to, packed in scene(asked.request) if scene else ():
                self._k += 1
                if leads := session.leads:  # looked up once: the session may end meanwhile
                    leads(to, packed)
                content = encode(asked.request.n, self._k, to, packed, self._held, means)
                yield Message(content, self._k)
        except ValueError as error:
            end["error"] = str(error)
        except Exception:
            _LOGGER.exception("A scene has failed.")
            self.counts["failed"] += 1
            end["error"] = FAILED
        end["ms"] = round(1000 * (time.perf_counter() - start), 1)
        return Message(json.dumps(end), ends=asked, half=means.half)

    def _deliver(self, message: Message) -> None:
        """Queue a message, from a pool thread; the event loop may already be closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._outbox.put_nowait, message)

    async def _send(self) -> None:
        """Send the queued messages, one after the other."""
        while message := await self._outbox.get():
            if message.k:
                self._line_speed.sent(message.k, len(message.content), time.monotonic())
            self.counts["bytes"] += len(message.content)
            try:
                if isinstance(message.content, str):
                    await self._websocket.send_text(message.content)
                else:
                    await self._websocket.send_bytes(message.content)
            except (WebSocketDisconnect, RuntimeError, OSError):
                return  # the tab is gone, as the receiving half will notice
            if message.ends:
                self._sent(message)
        await close(self._websocket, UNKNOWN)

    def _sent(self, last: Message) -> None:
        """Continue after an answer; one at half size is repeated at full size after a pause.

        Unless the tab has asked again, which it may once it has the last maps of this answer.
        """
        self.counts["answered"] += 1
        if last.half and last.ends.request is self._latest:
            whole = Asked(self._latest, whole=True)
            self._rest = self._loop.call_later(REST, self._requests.ask, whole)
        self._requests.free()

    def _forget_rest(self) -> None:
        if self._rest:
            self._rest.cancel()

    def _present(self) -> LiveSession | None:
        return self._session() if self._session else None
