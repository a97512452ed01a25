"""Messages of a room as bytes: in the store, and in the steps that a tab gets.

Each part of a message is deflated once for the whole class; parts that a tab has are referenced.
"""

import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any, Self

import numpy as np

from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.live.wire import LEAST, QUICKEST
from cnnviz.ui.server.rooms.protocol import DEFLATED, RAW, SAME

LENGTH = struct.Struct("<I")
NOTHING = object()  # the state of a tab before its first step


@dataclass(frozen=True)
class Part:
    """A part as it is sent; `entry` describes its encoding, see protocol."""

    entry: tuple[Any, ...]
    body: bytes

    @classmethod
    def of(cls, raw: bytes, digest: str) -> Self:
        """Make a part, deflated if that makes it smaller."""
        if len(raw) >= LEAST:
            packed = zlib.compress(raw, QUICKEST)
            if len(packed) < len(raw):
                return cls((DEFLATED, len(raw), len(packed), digest), packed)
        return cls((RAW, len(raw), digest), raw)

    @property
    def digest(self) -> str:
        """The digest that references this part; empty if the part is too small for that."""
        return self.entry[-1]

    def raw(self) -> bytes:
        """Return the part's bytes, inflated."""
        return zlib.decompress(self.body) if self.entry[0] == DEFLATED else self.body


@dataclass(frozen=True, eq=False)
class Put:
    r"""A message for one receiver.

    Examples
    --------
    >>> put = Put.of(Packed((np.array([1, 2], np.uint8), np.array([[3]], np.uint8))))
    >>> Put.read(put.written).content()
    b'\x01\x02\x03'
    """

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, packed: Packed, known: Mapping[str, Part] | None = None) -> Self:
        """Make a message from its parts; those `known` by their digest are not deflated again."""
        made = []
        for part in packed.parts:
            raw = part.tobytes()
            digest = blake2b(raw, digest_size=12).hexdigest() if len(raw) >= LEAST else ""
            made.append((known or {}).get(digest) or Part.of(raw, digest))
        return cls(tuple(made))

    @classmethod
    def read(cls, written: bytes) -> Self:
        """Read a message from the bytes of a store."""
        header, at = opened(written)
        parts = []
        for entry in header:
            size = entry[-2]
            parts.append(Part(tuple(entry), written[at : at + size]))
            at += size
        return cls(tuple(parts))

    @cached_property
    def written(self) -> bytes:
        """The bytes for a store."""
        return closed([part.entry for part in self.parts], [part.body for part in self.parts])

    def content(self) -> bytes:
        """Return the message itself: its parts, concatenated."""
        return b"".join(part.raw() for part in self.parts)


@dataclass
class Held:
    """The screen, cell and messages that a tab shows."""

    puts: dict[str, Put] = field(default_factory=dict)
    screen: object = NOTHING
    cell: object = NOTHING

    def is_like(self, screen: object, puts: Mapping[str, Put], cell: object) -> bool:
        """Return whether the tab shows exactly this."""
        same = self.screen is screen and self.cell == cell and len(self.puts) == len(puts)
        return same and all(self.puts.get(to) is put for to, put in puts.items())


def step(number: int, screen: Any, puts: Mapping[str, Put], cell: Any, held: Held) -> bytes:  # JSON
    """Return the bytes that bring a tab up to date, and update `held` accordingly."""
    have = {part.digest for put in held.puts.values() for part in put.parts}
    header: dict[str, Any] = {"step": number}
    if held.screen is not screen:
        header["screen"] = screen
    if held.cell is NOTHING or held.cell != cell:
        header["cell"] = cell
    changed = {to: put for to, put in puts.items() if held.puts.get(to) is not put}
    written, bodies = [], []
    for to, put in changed.items():
        entries: list[tuple[Any, ...]] = []
        for part in put.parts:
            if part.digest and part.digest in have:
                entries.append((SAME, part.digest))
                continue
            have.add(part.digest)
            entries.append(part.entry)
            bodies.append(part.body)
        written.append({"to": to, "parts": entries})
    header["put"] = written
    header["gone"] = [to for to in held.puts if to not in puts]
    held.puts, held.screen, held.cell = dict(puts), screen, cell
    return closed(header, bodies)


def closed(header: Any, bodies: Iterable[bytes]) -> bytes:  # JSON
    """Join a header and bodies into bytes."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join((LENGTH.pack(len(text)), text, *bodies))


def opened(written: bytes) -> tuple[Any, int]:
    """Return the header, and the offset of the bodies."""
    (length,) = LENGTH.unpack_from(written)
    at = LENGTH.size + length
    return json.loads(written[LENGTH.size : at]), at


def in_parts(data: Packed | bytes | Any) -> Packed:  # whatever JSON can hold
    """Return a component's data in parts."""
    if isinstance(data, Packed):
        return data
    if isinstance(data, bytes):
        return Packed((np.frombuffer(data, np.uint8),))
    return Packed.text(data)
