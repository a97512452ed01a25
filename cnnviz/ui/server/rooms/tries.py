"""Codes that were guessed: whoever tries many waits for each answer.

Addresses are kept for a minute, in memory alone, and as digests that hide them.
"""

import os
from collections import deque
from collections.abc import Mapping
from hashlib import blake2b
from secrets import token_bytes

A_MINUTE = 100  # wrong codes from one address that are answered at once
MINUTE = 60.0
SLOWEST = 20.0  # seconds
MOST_ADDRESSES = 10_000


class Tries:
    """Counts wrong codes by address.

    Examples
    --------
    >>> tries = Tries(free=2)
    >>> for now in (1, 2, 3):
    ...     print(tries.wait("192.0.2.7", now))
    ...     tries.wrong("192.0.2.7", now)
    0
    0
    1.0
    >>> tries.wait("192.0.2.7", 4), tries.wait("192.0.2.8", 4), tries.wait("192.0.2.7", 64)
    (2.0, 0, 0)
    """

    def __init__(self, free: int = A_MINUTE) -> None:
        self.free = free
        self._salt = token_bytes(16)
        self._wrong: dict[bytes, deque[float]] = {}

    def wait(self, address: str, now: float) -> float:
        """Return how many seconds the next answer to an address has to wait."""
        wrong = self._of(address, now)
        over = len(wrong) - self.free + 1
        return min(float(over), SLOWEST) if over > 0 and wrong else 0

    def wrong(self, address: str, now: float) -> None:
        """Note a wrong code."""
        key = self._key(address)
        if key not in self._wrong and len(self._wrong) >= MOST_ADDRESSES:
            del self._wrong[next(iter(self._wrong))]
        self._wrong.setdefault(key, deque(maxlen=self.free + int(SLOWEST))).append(now)

    def _of(self, address: str, now: float) -> deque[float]:
        key = self._key(address)
        wrong = self._wrong.get(key, deque())
        while wrong and wrong[0] <= now - MINUTE:
            wrong.popleft()
        if not wrong:
            self._wrong.pop(key, None)
        return wrong

    def _key(self, address: str) -> bytes:
        return blake2b(address.encode(), key=self._salt, digest_size=12).digest()


def address_of(headers: Mapping[str, str], client: str) -> str:
    """Return the address of a browser; behind a proxy of ours, as that has it."""
    behind = bool(os.environ.get("CNNVIZ_REPLICA"))
    return headers.get("x-real-ip", client) if behind else client
