"""An answer of the live channel as bytes: parts that the tab already has are only referenced.

The bytes are the length of the header (uint32, little-endian), the header (JSON) and the bodies of
the parts, one after the other. The header has

| word | meaning |
|---|---|
| n | the request that this answers |
| k | the number of this message, which the tab's receipt names |
| to | the receiver on the page |
| last | whether it is the last message of the answer, so that the tab may send the next request |
| parts | how each part of the message is encoded, in order |

A part is one of

| written as | meaning |
|---|---|
| [SAME, i] | part i of the previous message with the same `to` |
| [RAW, size] | as it is |
| [DEFLATED, size, packed] | `packed` bytes that inflate (zlib) to `size` |
| [HALF, size, packed, planes, height, width] | as DEFLATED, every other row and column of that \
many planes; each cell then stands for two by two |
| [MAPPED, size] | each byte of the previous part, looked up in a table of 256 bytes that is sent: \
enough for the ReLU of a map on the same scale |
"""

import json
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.ui.server.live.parts import Packed

SAME, RAW, DEFLATED, HALF, MAPPED = range(5)
LEAST = 512  # bytes; smaller parts are sent as they are
SAMPLE = 97  # first, only every 97th byte is compared, which quickly rules out most parts
QUICKEST = 1  # zlib level
# The hash of the bytes, their number, and whether they were sent at half size. Python's own hash
# has 64 bits and a new key in each process, and takes a quarter of the time of a digest.
Identity = tuple[int, int, bool]


@dataclass
class Held:
    """The identities of the parts that the tab has of the last message to each receiver."""

    parts: dict[str, list[Identity | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Means:
    """How planes are sent: as they are, deflated, or deflated at half size."""

    deflate: bool = False
    half: bool = False


def encode(n: int, k: int, to: str, packed: Packed, held: Held, means: Means) -> bytes:
    """Return a message of an answer as bytes; note in `held` the parts that the tab then has."""
    before, after = held.parts.get(to, []), []
    entries, sent = [], []
    previous = b""
    for part in packed.parts:
        raw, halved = part.tobytes(), _is_halved(part, means)
        identity = (hash(raw), len(raw), halved) if len(raw) >= LEAST else None
        after.append(identity)
        if identity and identity in before:
            entry, body = [SAME, before.index(identity)], b""
        elif halved:
            entry, body = _half(part)
        elif table := _table(previous, raw):
            entry, body = [MAPPED, len(raw)], table
        else:
            entry, body = _whole(raw, means)
        entries.append(entry)
        sent.append(body)
        previous = b"" if halved else raw
    held.parts[to] = after
    said = {"n": n, "k": k, "to": to, "last": packed.last, "parts": entries}
    head = json.dumps(said, separators=(",", ":")).encode()
    return b"".join([struct.pack("<I", len(head)), head, *sent])


def _is_halved(part: NDArray[np.uint8], means: Means) -> bool:
    return means.half and part.ndim >= 2 and part.size >= LEAST and min(part.shape[-2:]) > 1


def _half(part: NDArray[np.uint8]) -> tuple[list[Any], bytes]:
    """Return the header entry and the body of planes at half size."""
    height, width = part.shape[-2:]
    body = zlib.compress(part[..., ::2, ::2].tobytes(), QUICKEST)
    return [HALF, part.size, len(body), part.size // (height * width), height, width], body


def _table(given: bytes, made: bytes) -> bytes | None:
    """Return the table that maps `given` to `made` byte by byte; None if there is none."""
    if len(given) != len(made) or len(made) < LEAST:
        return None
    table = np.zeros(256, np.uint8)
    x, y = (np.frombuffer(raw, np.uint8) for raw in (given, made))
    table[x[::SAMPLE]] = y[::SAMPLE]
    if not np.array_equal(table[x[::SAMPLE]], y[::SAMPLE]):
        return None
    for _ in range(2):  # the first round finds the values that the sample missed
        wrong = np.flatnonzero(np.frombuffer(given.translate(table.tobytes()), np.uint8) != y)
        if not wrong.size:
            return table.tobytes()
        table[x[wrong]] = y[wrong]
    return None


def _whole(raw: bytes, means: Means) -> tuple[list[Any], bytes]:
    """Return the header entry and the body of a part at full size."""
    if means.deflate and len(raw) >= LEAST:
        body = zlib.compress(raw, QUICKEST)
        if len(body) < len(raw):
            return [DEFLATED, len(raw), len(body)], body
    return [RAW, len(raw)], raw
