"""An answer of the live channel as bytes: what the tab holds is named, the rest is sent.

The bytes are the length of the header (uint32, little-endian), the header (JSON) and what is
sent of the parts, one after the other. The header has

| word | meaning |
|---|---|
| n | the request that this answers |
| k | the number of this message, for the tab to say that it has come |
| to | what on the page the message is for |
| last | whether it is the last message of the answer, so that the next request may leave |
| parts | how each part of the message travels, in their order |

A part is one of

| written as | meaning |
|---|---|
| [SAME, i] | part i of the message before with the same `to` |
| [RAW, size] | as it is |
| [DEFLATED, size, packed] | `packed` bytes that inflate (zlib) to `size` |
| [HALF, size, packed, planes, height, width] | as DEFLATED, of every other row and column of as \
many planes; each cell then stands for two by two |
| [MAPPED, size] | each byte of the part before it, looked up in the 256 that are sent: so travels \
the ReLU of a map on the same scale |
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
LEAST = 512  # bytes; what is smaller is sent as it is
SAMPLE = 97  # bytes between two that show soon whether a part may be mapped
QUICKEST = 1  # level of zlib
# The hash of the bytes, how many they are, and whether they travelled at half size. Python's own
# hash has 64 bits, keyed anew in each process, and takes a quarter of the time of a digest.
Identity = tuple[int, int, bool]


@dataclass
class Held:
    """What the tab holds of the last message to each receiver: what tells its parts from others."""

    parts: dict[str, list[Identity | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Means:
    """How planes travel: as they are, deflated, or deflated at half their size."""

    deflate: bool = False
    half: bool = False


def encode(n: int, k: int, to: str, packed: Packed, held: Held, means: Means) -> bytes:
    """Return the bytes of an answer, and note in `held` what the tab holds after it."""
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
    """Return how planes at half their size are written in the header, and what is sent."""
    height, width = part.shape[-2:]
    body = zlib.compress(part[..., ::2, ::2].tobytes(), QUICKEST)
    return [HALF, part.size, len(body), part.size // (height * width), height, width], body


def _table(given: bytes, made: bytes) -> bytes | None:
    """Return the table that makes `made` of `given`, byte by byte; None where none does."""
    if len(given) != len(made) or len(made) < LEAST:
        return None
    table = np.zeros(256, np.uint8)
    x, y = (np.frombuffer(raw, np.uint8) for raw in (given, made))
    table[x[::SAMPLE]] = y[::SAMPLE]
    if not np.array_equal(table[x[::SAMPLE]], y[::SAMPLE]):
        return None
    for _ in range(2):  # what the sample has missed is seen in the first round
        wrong = np.flatnonzero(np.frombuffer(given.translate(table.tobytes()), np.uint8) != y)
        if not wrong.size:
            return table.tobytes()
        table[x[wrong]] = y[wrong]
    return None


def _whole(raw: bytes, means: Means) -> tuple[list[Any], bytes]:
    """Return how a part is written in the header, and what is sent of it."""
    if means.deflate and len(raw) >= LEAST:
        body = zlib.compress(raw, QUICKEST)
        if len(body) < len(raw):
            return [DEFLATED, len(raw), len(body)], body
    return [RAW, len(raw)], raw
