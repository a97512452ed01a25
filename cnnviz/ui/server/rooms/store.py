"""Storage for rooms: named fields, and a version that counts the changes.

`MemoryStore` is for one process; `redis_store` for several.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from cnnviz.ui.server.rooms.guesses import RecentGuesses
from cnnviz.ui.server.rooms.limits import LASTS, MOST_ROOMS
from cnnviz.ui.server.rooms.wire import closed, opened

LEADER, OPEN = "leader", "open"  # fields that a change may use as its guard
OWN, LIFTED_PHOTO = "own", "lifted"  # photos of a room: the teacher's, the lifted screen's

Fields = Mapping[str, bytes]


class StoreGone(Exception):
    """The store cannot be reached."""


@dataclass(frozen=True)
class Change:
    """A change to a room: fields to write and fields to remove.

    If `guard` names a field and a value, the change is made only while the field has that value.
    `sign` marks activity of the teacher, which keeps the room open; `end` ends the room.
    """

    put: Fields = field(default_factory=dict)
    gone: Sequence[str] = ()
    guard: tuple[str, bytes] | None = None
    sign: bool = False
    end: bool = False

    def written(self) -> bytes:
        """Return the change as bytes, without its guard, which the store has already checked."""
        names, sizes = list(self.put), [len(body) for body in self.put.values()]
        header = [names, sizes, list(self.gone), self.sign, self.end]
        return closed(header, self.put.values())

    @classmethod
    def read(cls, written: bytes) -> "Change":
        """Return the change from its bytes.

        >>> Change.read(Change({"mode": b"free"}, gone=["cell"], sign=True).written())
        Change(put={'mode': b'free'}, gone=['cell'], guard=None, sign=True, end=False)
        """
        (names, sizes, gone, sign, end), at = opened(written)
        put = {}
        for name, size in zip(names, sizes, strict=True):
            put[name] = written[at : at + size]
            at += size
        return cls(put, gone, sign=sign, end=end)


class KeptRoom(NamedTuple):
    """The stored state of a room, which expires in `lasts` seconds."""

    version: int
    fields: dict[str, bytes]
    lasts: float


Listener = Callable[[int, Change], None]


class Store(Protocol):
    """The interface of a store of rooms."""

    async def create(self, code: str, fields: Fields, lasts: float, version: int = 0) -> bool:
        """Store a room; return False if one with that code exists, unless it is older."""

    async def load(self, code: str) -> KeptRoom | None:
        """Return the state of a room; None if there is none."""

    async def change(self, code: str, change: Change) -> int | None:
        """Change a room; return its new version, None if it is missing or the guard rejects it."""

    async def listen(self, code: str, listener: Listener) -> None:
        """Call a listener with each change and the version after it, in order."""

    async def ignore(self, code: str) -> None:
        """Remove the listener for a room."""

    async def keep_photo(self, code: str, photo: bytes, whose: str = OWN) -> None:
        """Store a photo for as long as the room exists; it replaces an earlier one."""

    async def photo(self, code: str, whose: str = OWN) -> bytes | None:
        """Return a photo of a room."""

    async def tried(self, address: str, *, wrong: bool) -> int:
        """Count the wrong codes from an address in the last minute; with `wrong`, add one first."""

    async def run(self, changed: Callable[[bool], Awaitable[None]]) -> None:
        """Report, until cancelled, when the store is gone and when it is back."""

    async def close(self) -> None:
        """Close all connections."""


class MemoryStore:
    """Rooms in the memory of one process."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}
        self._listeners: dict[str, Listener] = {}
        self._guesses = RecentGuesses()

    async def create(self, code: str, fields: Fields, lasts: float, version: int = 0) -> bool:
        """Store a room."""
        self._forget_old()
        if (kept := self._rooms.get(code)) and kept.version >= version:
            return False
        while len(self._rooms) >= MOST_ROOMS:  # as Redis does when its memory is full
            del self._rooms[min(self._rooms, key=lambda code: self._rooms[code].ends)]
        self._rooms[code] = _Room(dict(fields), time.monotonic() + lasts, version)
        return True

    async def load(self, code: str) -> KeptRoom | None:
        """Return a room."""
        self._forget_old()
        if (room := self._rooms.get(code)) is None:
            return None
        return KeptRoom(room.version, dict(room.fields), room.ends - time.monotonic())

    async def change(self, code: str, change: Change) -> int | None:
        """Change a room."""
        self._forget_old()
        room = self._rooms.get(code)
        if room is None or (change.guard and room.fields.get(change.guard[0]) != change.guard[1]):
            return None
        for name in change.gone:
            room.fields.pop(name, None)
        room.fields.update(change.put)
        room.version += 1
        if change.sign:
            room.ends = time.monotonic() + LASTS
        if change.end:
            del self._rooms[code]
        if listener := self._listeners.get(code):
            listener(room.version, change)
        return room.version

    async def listen(self, code: str, listener: Listener) -> None:
        """Call a listener with each change."""
        self._listeners[code] = listener

    async def ignore(self, code: str) -> None:
        """Remove the listener for a room."""
        self._listeners.pop(code, None)

    async def keep_photo(self, code: str, photo: bytes, whose: str = OWN) -> None:
        """Store a photo of a room."""
        if room := self._rooms.get(code):
            room.photos[whose] = photo

    async def photo(self, code: str, whose: str = OWN) -> bytes | None:
        """Return a photo of a room."""
        room = self._rooms.get(code)
        return room.photos.get(whose) if room else None

    async def tried(self, address: str, *, wrong: bool) -> int:
        """Count the wrong codes from an address in the last minute."""
        return self._guesses.count(address, time.monotonic(), more=wrong)

    async def run(self, changed: Callable[[bool], Awaitable[None]]) -> None:
        """Report that the store is there."""
        await changed(True)
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Do nothing: the rooms end with the process."""

    def _forget_old(self) -> None:
        now = time.monotonic()
        for code in [code for code, room in self._rooms.items() if room.ends <= now]:
            del self._rooms[code]


@dataclass
class _Room:
    fields: dict[str, bytes]
    ends: float
    version: int = 0
    photos: dict[str, bytes] = field(default_factory=dict)
