"""Send the changes of a leading session or browser to the store: the newest value of each field."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping

from cnnviz.ui.server.rooms.room import Room
from cnnviz.ui.server.rooms.rooms import Rooms
from cnnviz.ui.server.rooms.store import Change, StoreGone

_LOGGER = logging.getLogger(__name__)
PACE = 0.04  # seconds between two changes: more often than the class can be shown

Made = Callable[[], bytes]


class Outbox:
    """Sends the newest value of each field, one change after the other.

    While a change is in flight, or the store is gone, newer values replace the waiting ones. `made`
    is called in a separate thread. If the guard rejects a change, `refused` is called, else
    `changed`.
    """

    def __init__(
        self,
        rooms: Rooms,
        room: Room,
        guard: tuple[str, bytes] | None = None,
        refused: Callable[[], None] = lambda: None,
        changed: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._rooms, self._room, self._guard, self._refused = rooms, room, guard, refused
        self._changed = changed
        self._lock = threading.Lock()
        self._waiting: dict[str, Made | None] = {}
        self._working = self._ended = False

    def put(self, made: Mapping[str, Made], gone: Iterable[str] = ()) -> None:
        """Queue fields to be written or removed; callable from any thread."""
        with self._lock:
            if self._ended:
                return
            for name in gone:
                self._waiting[name] = None
            self._waiting.update(made)
            if self._working or not self._waiting:
                return
            self._working = True
        if not self._rooms.loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._work(), self._rooms.loop)

    def end(self) -> None:
        """Stop sending."""
        with self._lock:
            self._ended = True
            self._waiting.clear()

    def _next(self) -> dict[str, Made | None]:
        with self._lock:
            taken, self._waiting = self._waiting, {}
            self._working = bool(taken)
        return taken

    async def _work(self) -> None:
        while taken := self._next():
            try:
                change = await asyncio.to_thread(self._change, taken)
                allowed = await self._rooms.change(self._room, change)
                if allowed and self._changed:
                    await self._changed()
            except StoreGone:
                self._give_back(taken)
                await asyncio.sleep(PACE)
                await self._rooms.back()
                continue
            except Exception:
                _LOGGER.exception("A change of a room has failed.")
                continue
            if not allowed and not self._room.over:
                self.end()
                self._refused()
            await asyncio.sleep(PACE)

    def _change(self, taken: Mapping[str, Made | None]) -> Change:
        put = {name: made() for name, made in taken.items() if made}
        gone = [name for name, made in taken.items() if not made]
        return Change(put, gone, self._guard, sign=True)

    def _give_back(self, taken: dict[str, Made | None]) -> None:
        """Queue unsent values again, unless newer ones are waiting."""
        with self._lock:
            if not self._ended:
                self._waiting = {**taken, **self._waiting}
