"""Limit how fast codes of rooms can be guessed: an address that tries many waits each time.

Addresses are kept for a minute, as digests that hide them: in memory, or where several processes
share their rooms, with these.
"""

import os
from collections import deque
from collections.abc import Mapping
from hashlib import blake2b
from secrets import token_bytes
from typing import Protocol

from cnnviz.ui.server.rooms.limits import A_MINUTE, SLOWEST

MINUTE = 60.0
MOST = A_MINUTE + int(SLOWEST)  # wrong codes that are counted for one address
MOST_ADDRESSES = 10_000
SALT = 16  # bytes


class Counting(Protocol):
    """What counts wrong codes: a store of rooms."""

    async def tried(self, address: str, *, wrong: bool) -> int:
        """Return how many wrong codes came from an address within a minute, with this one."""


class GuessLimit:
    """How long the next answer to an address waits, by its wrong codes in a store."""

    def __init__(self, store: Counting, free: int = A_MINUTE) -> None:
        self.free = free
        self._store = store

    async def wait(self, address: str) -> float:
        """Return how many seconds the next answer to an address has to wait."""
        count = await self._store.tried(address, wrong=False)
        over = count - self.free + 1
        return min(float(over), SLOWEST) if over > 0 and count else 0

    async def wrong(self, address: str) -> None:
        """Note a wrong code."""
        await self._store.tried(address, wrong=True)


class RecentGuesses:
    """Counts what comes from addresses within a minute, in the memory of one process.

    Examples
    --------
    >>> recent = RecentGuesses()
    >>> [recent.count("192.0.2.7", now, more=True) for now in (1, 2, 3)]
    [1, 2, 3]
    >>> recent.count("192.0.2.7", 62), recent.count("192.0.2.8", 62), recent.count("192.0.2.7", 64)
    (1, 0, 0)
    """

    def __init__(self) -> None:
        self._salt = token_bytes(SALT)
        self._found: dict[bytes, deque[float]] = {}

    def count(self, address: str, now: float, *, more: bool = False) -> int:
        """Return how many there were until now, in seconds; with one more, if there is one."""
        key = digest(address, self._salt)
        found = self._found.pop(key, None) or deque(maxlen=MOST)
        while found and found[0] <= now - MINUTE:
            found.popleft()
        if more:
            found.append(now)
        if found:
            self._found[key] = found
        while len(self._found) > MOST_ADDRESSES:
            del self._found[next(iter(self._found))]
        return len(found)


def digest(address: str, salt: bytes) -> bytes:
    """Return what an address is kept as."""
    return blake2b(address.encode(), key=salt, digest_size=12).digest()


def address_of(headers: Mapping[str, str], client: str) -> str:
    """Return the address of a browser; behind a proxy of ours, as that has it."""
    behind = bool(os.environ.get("CNNVIZ_REPLICA"))
    return headers.get("x-real-ip", client) if behind else client
