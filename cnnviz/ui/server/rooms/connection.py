"""The connection of one tab of a class or its teacher: incoming messages and outgoing steps."""

import asyncio
import json
import logging
import time
from asyncio import sleep
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from cnnviz.ui.server import log
from cnnviz.ui.server.live.requests import POLICY, Allowance, Refused
from cnnviz.ui.server.rooms import acts
from cnnviz.ui.server.rooms.guesses import GuessLimit
from cnnviz.ui.server.rooms.incoming import Agree, Answer, Cell, Free, Got, Here, Hidden, Join, Lead
from cnnviz.ui.server.rooms.limits import (
    A_SECOND,
    AT_ONCE,
    LEADS_A_SECOND,
    LEADS_AT_ONCE,
    MOST_HERE,
)
from cnnviz.ui.server.rooms.messages import KINDS, STARTING, Message, message_of, view
from cnnviz.ui.server.rooms.outbox import Outbox
from cnnviz.ui.server.rooms.protocol import ENDED, FULL, GONE, NOT_THE_KEY, UNKNOWN
from cnnviz.ui.server.rooms.reading import first, from_follower, from_leader
from cnnviz.ui.server.rooms.room import (
    CELL,
    DIGITS,
    LIFT,
    LIFTED,
    QUESTION,
    SCREEN,
    Room,
    as_json,
)
from cnnviz.ui.server.rooms.rooms import NOT_NOW, STANDING, Rooms
from cnnviz.ui.server.rooms.store import LEADER, Change, StoreGone
from cnnviz.ui.server.rooms.wire import Held, step
from cnnviz.ui.server.sockets import close

_LOGGER = logging.getLogger(__name__)
PATIENCE = 10.0  # seconds for the first message
PACE = 0.05  # seconds between two steps of a tab, if at most CROWD tabs are in the room
CROWD = 33
AGAIN = 1013  # close code "try again later", from the registry of RFC 6455
FAILED = "That did not work."
OVER = "The teacher has closed this class."


class Connection:
    """Talks to one tab."""

    def __init__(
        self, websocket: WebSocket, rooms: Rooms, guesses: GuessLimit, address: str
    ) -> None:
        self.free = self.leads = False
        self.person = ""
        self.here: Here | None = None  # the page that the tab is on, if it is free
        self._websocket, self._rooms = websocket, rooms
        self._guesses, self._address = guesses, address
        self._room: Room | None = None
        self._allowance = Allowance(A_SECOND, AT_ONCE)
        self._held, self._step, self._painted = Held(), 0, True
        self._hidden, self._next_step = False, 0.0
        self._news: set[str] = set()
        self._stirred = asyncio.Event()
        self._told: dict[str, str] = {}
        self._cells: Outbox | None = None
        self._leader: bytes | None = None  # the name of the recording of this tab's own session

    async def serve(self) -> None:
        """Serve the tab until either side closes the connection."""
        since, ended, sender = time.monotonic(), "left", None
        try:
            await self._come_in()
            sender = asyncio.create_task(self._send())
            while True:
                await self._take(await self._next())
        except WebSocketDisconnect:
            pass
        except Refused as refused:
            ended = refused.reason
            await close(self._websocket, refused.code)
        except StoreGone:
            ended = "store gone"
            await self._say({"standing": STANDING})
            await close(self._websocket, AGAIN)
        finally:
            if sender:
                sender.cancel()
            if self._room:
                await self._go_out(self._room)
            seconds = round(time.monotonic() - since, 3)
            log.event("room", what="tab", ended=ended, seconds=seconds, leads=self.leads)

    def wake(self, names: Collection[str]) -> None:
        """Note that these fields have changed."""
        concerned = False
        for name in names:
            kind, _, whose = name.partition(":")
            if kind == "answer" and not self.leads:
                if not whose.endswith(self.person):
                    continue
                kind = QUESTION
            concerned = True
            if kind not in (SCREEN, CELL, "put"):  # these are sent in a step
                self._news.update(KINDS.get(kind, (kind,)))
        if concerned or not names:
            self._stirred.set()

    # Joining and leaving

    async def _come_in(self) -> Room:
        try:
            async with asyncio.timeout(PATIENCE):
                said = first(await self._hear())
        except TimeoutError:
            raise Refused("no code", POLICY) from None
        except Refused as refused:
            if refused.code == UNKNOWN:
                await self._wrong()
            raise
        room = await self._found(said)
        if isinstance(said, Lead):
            if not room.opens_with(said.key):
                await self._wrong()
                raise Refused("not the key", NOT_THE_KEY)
            self.leads, self._held = True, Held(screen=None, cell=None)
            self._allowance = Allowance(LEADS_A_SECOND, LEADS_AT_ONCE)
            self._cells = Outbox(self._rooms, room)
        if len(room.members) >= MOST_HERE and not self.leads:
            raise Refused("too many people", FULL)
        me = ""
        if isinstance(said, Join):
            me, self.free = room.identity(said.me), said.free
            self.person = me[:DIGITS]
        self._room = room
        welcome = {"code": room.code, "leads": self.leads, "me": me, "mode": room.mode}
        await self._say({"welcome": welcome})
        room.members.add(self)
        self.wake(("standing", LIFT, LIFTED, LEADER, *STARTING))
        if isinstance(said, Lead):
            await self._rooms.change(room, Change(sign=True))
            self._leader = said.session.encode(errors="replace") or room.fields.get(LEADER)
        return room

    async def _found(self, said: Join | Lead) -> Room:
        """Return the room with a code, or refuse; too many wrong codes delay either response."""
        room = await self._rooms.find(said.code)
        known = room and isinstance(said, Join) and said.me and room.identity(said.me) == said.me
        if not known and (wait := await self._guesses.wait(self._address)):
            await sleep(wait)
        if room is None or room.over:
            await self._wrong()
            # A page has checked the key of a leader, and `me` comes from a welcome.
            was_here = isinstance(said, Lead) or said.me
            raise Refused("no such room", GONE if was_here else UNKNOWN)
        return room

    async def _wrong(self) -> None:
        await self._guesses.wrong(self._address)

    async def _go_out(self, room: Room) -> None:
        room.members.discard(self)
        if self._cells:
            self._cells.end()
        if self.free:
            with suppress(StoreGone):
                await self._leave_page(room)

    async def _leave_page(self, room: Room) -> None:
        """Forget the page of this tab; another tab of the same person has its own."""
        self.here = None
        pages = [one.here for one in room.members if one.person == self.person and one.here]
        if pages:
            await acts.here(self._rooms, room, self.person, pages[0])
        else:
            await acts.nowhere(self._rooms, room, self.person)

    # Messages from the tab

    async def _hear(self) -> str | None:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        if not self._allowance.spend(time.monotonic()):
            raise Refused("too frequent", POLICY)
        return message.get("text")

    async def _next(self) -> Any:  # what a follower or the teacher says
        text = await self._hear()
        return from_leader(text) if self.leads else from_follower(text)

    async def _take(self, said: Any) -> None:
        room = self._room
        match said:
            case Got(number):
                if number == self._step:
                    self._painted = True
                    self._stirred.set()
            case Hidden(hidden):
                self._hidden = hidden
                self._stirred.set()
            case Cell(cell):
                written = as_json(cell)
                self._cells.put({CELL: lambda: written})
            case Free(free):
                self.free = free
                if not free:
                    await self._try(self._leave_page(room))
            case Here() if self.free:
                self.here = said
                await self._try(acts.here(self._rooms, room, self.person, said))
            case Here():
                pass  # sent before the tab began to follow again
            case Answer():
                self._told.pop(QUESTION, None)  # sent again even if unchanged, as the receipt
                await self._try(acts.answer(self._rooms, room, self.person, said))
            case Agree(agree):
                await self._try(acts.agree(self._rooms, room, self.person, agree))
            case _:
                await self._try(acts.lead(self._rooms, room, said))

    async def _try(self, act: Any) -> None:  # a coroutine
        """Carry out an action; if it fails, tell the tab why in a sentence."""
        try:
            await act
        except ValueError as error:
            await self._tell(self._room, QUESTION)  # it may be closed by now
            await self._say({"error": str(error)})
        except StoreGone:
            await self._say({"error": NOT_NOW})
        except Exception:
            _LOGGER.exception("A request in a room failed.")
            await self._say({"error": FAILED})

    # Messages to the tab

    async def _send(self) -> None:
        """Send news, the latest message of each kind, until the tab is gone."""
        room = self._room
        try:
            while not room.over:
                self._stirred.clear()
                news, self._news = self._news, set()
                for kind in sorted(news):
                    await self._tell(room, kind)
                pause = await self._bring_up_to_date(room)
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._stirred.wait()
            await self._say({"ended": OVER})
            await close(self._websocket, ENDED)
        except (WebSocketDisconnect, RuntimeError, OSError):
            return  # the tab is gone, as the receiving half will notice
        except Exception:
            _LOGGER.exception("Sending news to a tab of a room failed.")
            await close(self._websocket, AGAIN)  # the tab reconnects, and gets everything

    async def _bring_up_to_date(self, room: Room) -> float | None:
        """Send a step if one is due; return the seconds until the next check, None for no limit."""
        following = not (self.free or self._hidden)
        screen, cell, puts = view(room, self.person)
        if not following or not self._painted or self._held.is_like(screen, puts, cell):
            return None
        if (pause := self._next_step - time.monotonic()) > 0:
            return pause
        self._next_step = time.monotonic() + PACE * max(1.0, len(room.members) / CROWD)
        self._step += 1
        self._painted = False
        await self._websocket.send_bytes(step(self._step, screen, puts, cell, self._held))
        return None

    async def _tell(self, room: Room, kind: str) -> None:
        """Send the current message of a kind, unless the tab already has it."""
        if kind == "standing":
            message: Message = {"standing": STANDING if self._rooms.standing else ""}
        elif kind == LEADER:
            is_other = self.leads and room.fields.get(LEADER) != self._leader
            message = {"replaced": True} if is_other else None
        else:
            message = message_of(kind, room, self.person)
        if message is None or (message == {LIFT: False} and LIFT not in self._told):
            return
        text = json.dumps(message, ensure_ascii=False)
        if self._told.get(kind) != text or kind == LIFTED:  # each answers a separate request
            self._told[kind] = text
            await self._websocket.send_text(text)

    async def _say(self, message: dict[str, Any]) -> None:
        with suppress(RuntimeError, OSError, WebSocketDisconnect):
            await self._websocket.send_text(json.dumps(message, ensure_ascii=False))
