"""The messages that a tab may send on the live channel, their sizes and how often.

| message | meaning |
|---|---|
| {"token": text} | the first message: which session's scene it wants |
| {"n": number, "set": {key: text, …}} | request number n: the maps for these settings |
| {"got": number} | receipt for the message with that number |
| {"hidden": true or false} | whether the tab is hidden |

A camera frame is the same request in binary: `n`, height, width and the length of the settings (one
uint32 and three uint16, little-endian), the settings {key: text, …} as JSON, then red, green and
blue of each cell.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_TEXT = 48 * 1024  # characters; a drawing and a kernel of 32 × 32 numbers take a tenth of this
HEAD = struct.Struct("<IHHH")
MAX_FRAME = HEAD.size + MAX_TEXT + 3 * 512 * 512  # bytes
MOST_SETTINGS = 64
LONGEST_KEY = 64
LARGEST_NUMBER = 2**53  # up to here, JavaScript represents every integer exactly
A_SECOND = 300  # messages other than receipts; dragging at 240 frames a second sends nearly as many
AT_ONCE = 400  # messages after a pause


class Refused(Exception):
    """A message that none of our tabs sends; the channel is closed with `code`."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason)
        self.reason, self.code = reason, code


GARBAGE, POLICY, TOO_BIG = 1007, 1008, 1009  # close codes of RFC 6455


@dataclass(frozen=True)
class Hello:
    """The first message."""

    token: str


@dataclass(frozen=True)
class Request:
    """Asks for the maps for these settings, or for this camera frame."""

    n: int
    changes: Mapping[str, str] = field(default_factory=dict)
    frame: NDArray[np.uint8] | None = None  # (H, W, 3)


@dataclass(frozen=True)
class Got:
    """A receipt for message `k`."""

    k: int


@dataclass(frozen=True)
class Hidden:
    """Whether the tab is hidden."""

    hidden: bool


class Allowance:
    """How often a client may send: `rate` times a second, `burst` times after a pause.

    Examples
    --------
    >>> allowance = Allowance(rate=10, burst=2)
    >>> [allowance.spend(now) for now in (0.0, 0.0, 0.0, 0.1)]
    [True, True, False, True]
    """

    def __init__(self, rate: float = A_SECOND, burst: float = AT_ONCE) -> None:
        self.rate, self.burst = rate, burst
        self._left, self._since = float(burst), 0.0

    def spend(self, now: float) -> bool:
        """Use up one message; return whether one was left at the time `now` (s)."""
        self._left = min(self.burst, self._left + self.rate * max(0.0, now - self._since))
        self._since = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def read(message: str | bytes) -> Hello | Request | Got | Hidden:
    """Parse a message; raise Refused if it is not valid.

    >>> read('{"n": 3, "set": {"lab.stride": "2"}}')
    Request(n=3, changes={'lab.stride': '2'}, frame=None)
    """
    if isinstance(message, bytes):
        return _frame(message)
    if len(message) > MAX_TEXT:
        raise Refused("too big", TOO_BIG)
    said = parsed(message)
    match said:
        case {"token": str(token), **rest} if not rest:
            return Hello(token)
        case {"n": n, "set": dict(changes), **rest} if not rest and _is_count(n):
            return Request(n, _settings(changes))
        case {"got": k, **rest} if not rest and _is_count(k):
            return Got(k)
        case {"hidden": bool(hidden), **rest} if not rest:
            return Hidden(hidden)
    raise Refused("not a message of ours", GARBAGE)


def _settings(changes: dict[str, Any]) -> dict[str, str]:
    if len(changes) > MOST_SETTINGS or any(len(key) > LONGEST_KEY for key in changes):
        raise Refused("too many settings", GARBAGE)
    if not all(isinstance(text, str) for text in changes.values()):
        raise Refused("no settings", GARBAGE)
    return changes


def _frame(message: bytes) -> Request:
    if len(message) > MAX_FRAME:
        raise Refused("too big", TOO_BIG)
    if len(message) < HEAD.size:
        raise Refused("no frame", GARBAGE)
    n, height, width, length = HEAD.unpack_from(message)
    at = HEAD.size + length
    if not height * width or len(message) != at + 3 * height * width:
        raise Refused("no frame", GARBAGE)
    changes = parsed(message[HEAD.size : at])
    if not isinstance(changes, dict):
        raise Refused("no settings", GARBAGE)
    cells = np.frombuffer(message, np.uint8, offset=at).reshape(height, width, 3)
    return Request(n, _settings(changes), cells)


def parsed(text: str | bytes) -> Any:
    """Parse a JSON text; raise Refused if it is not JSON, or contains half a surrogate pair."""
    try:
        said = json.loads(text, parse_constant=_no_number)
        json.dumps(said, ensure_ascii=False).encode()  # half a pair, as in "\ud83d", fails here
        return said
    except (ValueError, RecursionError):
        raise Refused("no JSON", GARBAGE) from None


def _is_count(number: object) -> bool:
    if not isinstance(number, int) or isinstance(number, bool):
        return False
    return 0 <= number < LARGEST_NUMBER


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not a number")
