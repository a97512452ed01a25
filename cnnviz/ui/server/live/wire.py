"""An answer of the live channel as bytes: what the tab holds is named, the rest is sent.

The bytes are the length of the header (uint32, little-endian), the header (JSON) and what is
sent of the parts, one after the other. The header has

| word | meaning |
|---|---|
| n | the request that this answers |
| k | the number of this message, for the tab to say that it has come |
| to | what on the page the message is for |
| parts | how each part of the message travels, in their order |

A part is one of

| written as | meaning |
|---|---|
| [SAME, i] | part i of the message before with the same `to` |
| [RAW, size] | as it is |
| [DEFLATED, size, packed] | `packed` bytes that inflate (zlib) to `size` |
| [HALF, size, packed, planes, height, width] | as DEFLATED, of every other row and column of as \
many planes; each cell then stands for two by two |
"""

import json
import struct
import zlib
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.ui.server.live.parts import Packed

SAME, RAW, DEFLATED, HALF = range(4)
LEAST = 512  # bytes; what is smaller is sent as it is
QUICKEST = 1  # level of zlib


@dataclass
class Held:
    """What the tab holds of the last message to each receiver, as digests of its parts."""

    parts: dict[str, list[bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Means:
    """How planes travel: as they are, deflated, or deflated at half their size."""

    deflate: bool = False
    half: bool = False


def encode(n: int, k: int, to: str, packed: Packed, held: Held, means: Means) -> bytes:
    """Return the bytes of an answer, and note in `held` what the tab holds after it."""
    before, after = held.parts.get(to, []), []
    entries, sent = [], []
    for part in packed.parts:
        digest = _digest(part, means)
        after.append(digest)
        if part.size >= LEAST and digest in before:
            entries.append([SAME, before.index(digest)])
            continue
        entry, body = _travelling(part, means)
        entries.append(entry)
        sent.append(body)
    held.parts[to] = after
    head = json.dumps({"n": n, "k": k, "to": to, "parts": entries}, separators=(",", ":")).encode()
    return b"".join([struct.pack("<I", len(head)), head, *sent])


def _digest(part: NDArray[np.uint8], means: Means) -> bytes:
    """Return what tells the tab's copy of a part from others: its bytes and its resolution."""
    if part.size < LEAST:
        return b""
    salt = b"half" if _is_halved(part, means) else b""
    return blake2b(np.ascontiguousarray(part).data, digest_size=12, salt=salt).digest()


def _is_halved(part: NDArray[np.uint8], means: Means) -> bool:
    return means.half and part.ndim >= 2 and part.size >= LEAST and min(part.shape[-2:]) > 1


def _travelling(part: NDArray[np.uint8], means: Means) -> tuple[list[Any], bytes]:
    """Return how a part is written in the header, and what is sent of it."""
    if _is_halved(part, means):
        height, width = part.shape[-2:]
        body = zlib.compress(part[..., ::2, ::2].tobytes(), QUICKEST)
        planes = part.size // (height * width)
        return [HALF, part.size, len(body), planes, height, width], body
    raw = part.tobytes()
    if means.deflate and part.size >= LEAST:
        body = zlib.compress(raw, QUICKEST)
        if len(body) < len(raw):
            return [DEFLATED, len(raw), len(body)], body
    return [RAW, len(raw)], raw
