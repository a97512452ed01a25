"""Limit how fast room codes can be guessed: after many wrong codes, an address has to wait.

Addresses are kept for a minute, only as digests, in the same store as the rooms: in memory, or in
Redis if several processes share their rooms.
"""

import os
from collections import deque
from collections.abc import Mapping
from hashlib import blake2b
from secrets import token_bytes
from typing import Protocol

from cnnviz.ui.server.rooms.limits import A_MINUTE, SLOWEST

MINUTE = 60.0
MOST = A_MINUTE + int(SLOWEST)  # the most wrong codes that are counted for one address
MOST_ADDRESSES = 10_000
SALT = 16  # bytes


class Counting(Protocol):
    """The part of a store that counts wrong codes."""

    async def tried(self, address: str, *, wrong: bool) -> int:
        """Count the wrong codes from an address in the last minute; with `wrong`, add one first."""


class GuessLimit:
    """Decides how long to delay the next response to an address, by its wrong codes."""

    def __init__(self, store: Counting, free: int = A_MINUTE) -> None:
        self.free = free
        self._store = store

    async def wait(self, address: str) -> float:
        """Return by how many seconds to delay the next response to an address."""
        count = await self._store.tried(address, wrong=False)
        over = count - self.free + 1
        return min(float(over), SLOWEST) if over > 0 and count else 0

    async def wrong(self, address: str) -> None:
        """Note a wrong code."""
        await self._store.tried(address, wrong=True)


class RecentGuesses:
    """Counts events per address within a minute, in the memory of one process.

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
        """Return the number of events up to the time `now` (s); with `more`, add one first."""
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
    """Return the digest under which an address is kept."""
    return blake2b(address.encode(), key=salt, digest_size=12).digest()


def address_of(headers: Mapping[str, str], client: str) -> str:
    """Return the address of a browser; behind our proxy, the one that the proxy reports."""
    behind = bool(os.environ.get("CNNVIZ_REPLICA"))
    return headers.get("x-real-ip", client) if behind else client
