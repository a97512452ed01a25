"""All rooms of this process: open them, find them, keep them in sync with the store, drop them."""

import asyncio
import os
import threading
import time
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from secrets import choice, token_hex
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from cnnviz.ui.server import log
from cnnviz.ui.server.live.requests import Allowance
from cnnviz.ui.server.rooms.cancelling import ended
from cnnviz.ui.server.rooms.incoming import Lead
from cnnviz.ui.server.rooms.limits import LASTS, ROOMS_A_SECOND, ROOMS_AT_ONCE
from cnnviz.ui.server.rooms.protocol import ALPHABET, LETTERS
from cnnviz.ui.server.rooms.room import HERE, MEMBERS, SHORT, Member, Room, as_json, new_fields
from cnnviz.ui.server.rooms.store import Change, MemoryStore, Store, StoreGone

VARIABLE = "CNNVIZ_ROOMS"
STANDING = "The class is paused for a moment: its storage cannot be reached. Your page still works."
ALONE = (
    "This site runs in several processes, and a class needs storage that they share. Whoever runs "
    f"the site must set {VARIABLE} to the address of a Redis server, such as redis://redis:6379."
)
NOT_NOW = "That did not work: the storage of the class cannot be reached. Try again in a moment."
TICK = 1.0  # seconds between two counts of the people here
SPEAKS = 4.0  # seconds after which a process repeats its count, to show that it is alive
KEPT = 60.0  # seconds for which a room without members in this process is kept up to date
PATIENCE = 5.0  # seconds for a page to wait for the store

Result = TypeVar("Result")


class RoomError(Exception):
    """An error, as a sentence for the teacher."""


class Rooms:
    """The rooms that have members in this process.

    Everything runs on one event loop; other threads use `call`.
    """

    def __init__(self, store: Store, loop: asyncio.AbstractEventLoop) -> None:
        self.store, self.loop = store, loop
        self.process = token_hex(6)
        self.standing = False
        self._rooms: dict[str, Room] = {}
        self._finding: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._up = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._said: dict[str, tuple[dict[str, Any], float]] = {}
        self._allowance = Allowance(ROOMS_A_SECOND, ROOMS_AT_ONCE)

    def start(self) -> None:
        """Start the background tasks; call on the loop."""
        self._tasks = [
            self.loop.create_task(self.store.run(self._changed)),
            self.loop.create_task(self._look_around()),
        ]

    async def stop(self) -> None:
        """Stop; the rooms themselves remain in the store."""
        await ended(*self._tasks)
        await self.store.close()

    def call(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine on the loop and wait for its result; call from any other thread."""
        asked = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return asked.result(PATIENCE)
        except (StoreGone, TimeoutError):
            asked.cancel()  # a caller who was told of a failure must not lead a room a little later
            raise RoomError(NOT_NOW) from None

    async def open(self) -> Lead:
        """Open a new room."""
        if not self._allowance.spend(time.monotonic()):
            raise RoomError("Too many classes are being opened right now: try again in a moment.")
        for _ in range(100):
            lead = Lead("".join(choice(ALPHABET) for _ in range(LETTERS)), token_hex(16))
            if await self.store.create(lead.code, new_fields(lead), LASTS):
                log.event("room", what="opened")
                return lead
        raise RoomError("All class codes are in use: try again later.")

    async def find(self, code: str) -> Room | None:
        """Return a room, kept up to date from now on; None if there is none."""
        async with self._finding.setdefault(code, asyncio.Lock()):
            if room := self._rooms.get(code):
                room.idle_since = time.monotonic()  # the caller may join it a little later
                return room
            kept = None
            try:
                await self.store.listen(code, lambda *news: self._hear(code, *news))
                kept = await self.store.load(code)
            finally:  # also if the store is gone: otherwise the listener would stay
                if kept is None:
                    await self.store.ignore(code)
            return self._rooms.setdefault(code, Room(code, kept)) if kept else None

    async def change(self, room: Room, change: Change, patience: float = PATIENCE) -> bool:
        """Change a room, and wait until the change arrives here; return whether it was allowed.

        Raises
        ------
        StoreGone
            If the store cannot be reached, or may lack changes that this process has.
        """
        if self.standing:
            raise StoreGone
        version = await self.store.change(room.code, change)
        if version is None:
            return False
        with suppress(TimeoutError):
            await room.reached(version, patience)
        return True

    async def back(self) -> None:
        """Wait until the store can be reached."""
        await self._up.wait()

    def _hear(self, code: str, version: int, change: Change) -> None:
        room = self._rooms.get(code)
        if room and not room.take(version, change):
            self.spawn(self._catch_up(room))  # a change was missed

    async def _catch_up(self, room: Room) -> None:
        """Load the room from the store.

        If the store has lost the room, or its last changes, write the state from here: after a
        power cut the processes come back one by one, and the first may have the oldest state.
        """
        with suppress(StoreGone):
            kept = await self.store.load(room.code)
            lasts = room.ends - time.monotonic()
            if (kept is None or kept.version < room.version) and lasts > 0 and not room.over:
                await self.store.create(room.code, room.fields, lasts, room.version)
                kept = await self.store.load(room.code)
            if kept is None:
                room.finish()
            else:
                room.take_whole(kept)

    async def _changed(self, there: bool) -> None:
        """Note that the store is gone, or back."""
        if self.standing == there:
            log.event("rooms", store="back" if there else "gone")
        if there:
            for room in tuple(self._rooms.values()):
                await self._catch_up(room)
                for recording in tuple(room.recordings):
                    recording.keep_photo()  # restoring a room does not restore its photo
            self._up.set()
        else:
            self._up.clear()
        self.standing = not there
        for room in self._rooms.values():
            for member in tuple(room.members):
                member.wake(("standing",))

    async def _look_around(self) -> None:
        """Report how many people are here, end expired rooms, and drop rooms without members."""
        while True:
            await asyncio.sleep(TICK)
            for code, room in tuple(self._rooms.items()):
                with suppress(StoreGone):
                    await self._look_after(code, room)

    async def _look_after(self, code: str, room: Room) -> None:
        now = time.monotonic()
        if room.ends <= now and not room.over:
            room.finish()
        if room.members or room.recordings:
            room.idle_since = now
        if room.over or now - room.idle_since > KEPT:
            # A caller who finds it again meanwhile must wait; otherwise it would be dropped for
            # them, too.
            async with self._finding.setdefault(code, asyncio.Lock()):
                del self._rooms[code]
                self._said.pop(code, None)
                await self.store.ignore(code)
            return
        people = [member for member in room.members if not member.leads]
        who = {"inside": _names(people), "free": _names(one for one in people if one.free)}
        before, since = self._said.get(code, ({"inside": [], "free": []}, now))
        if who != before or (people and now - since > SPEAKS):
            self._said[code] = who, now
            said = as_json({"who": who, "at": round(time.time(), 1)})
            await self.store.change(code, Change({MEMBERS + self.process: said}))

    def here(self, person: str) -> str:
        """Return the field for the page that a person of this process is on."""
        return f"{HERE}{self.process}:{person}"

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine in the background; call on the loop."""
        task = self.loop.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)


def _names(people: Iterable[Member]) -> list[str]:
    return sorted({one.person[:SHORT] for one in people})


def store_of(address: str) -> Store:
    """Return the store at an address; without an address, one in memory."""
    if not address:
        return MemoryStore()
    if "://" not in address:  # "redis:6379" would mean database 6379 on this machine
        raise ValueError(f"{VARIABLE} must be an address with a scheme.")
    from cnnviz.ui.server.rooms.redis_store import RedisStore  # imported only if used

    return RedisStore(address)


_present: Rooms | None = None
_making = threading.Lock()


def serve(loop: asyncio.AbstractEventLoop) -> Rooms:
    """Start the rooms of this process on a running loop."""
    global _present
    _present = Rooms(store_of(os.environ.get(VARIABLE, "")), loop)
    _present.start()
    return _present


def rooms() -> Rooms:
    """Return the rooms of this process; without a server, start a loop of their own."""
    with _making:
        if _present is None or _present.loop.is_closed():
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="rooms", daemon=True).start()
            asyncio.run_coroutine_threadsafe(_serve_here(), loop).result(PATIENCE)
        return _present


def misaddressed() -> str:
    """Say that the address of the store is invalid; empty if it is valid, or if none is set."""
    try:
        store_of(os.environ.get(VARIABLE, ""))
    except ValueError:  # the address may hold a password, so it is not repeated
        return (
            f"{VARIABLE} takes the address of a Redis server, such as redis://redis:6379 or "
            "rediss://redis:6379."
        )
    return ""


def why_not() -> str:
    """Return why this server cannot host rooms; empty if it can."""
    several = bool(os.environ.get("CNNVIZ_REPLICA"))
    return ALONE if several and not os.environ.get(VARIABLE) else ""


async def _serve_here() -> None:
    serve(asyncio.get_running_loop())
