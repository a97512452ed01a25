"""A message to the browser, kept as separate parts until it is sent."""

import json
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Packed:
    r"""A message in parts; the message is their bytes, concatenated.

    A run of the page sends them joined. The live channel treats each part on its own: a part that
    the browser still has from the previous answer is sent as a reference, and a plane of two or
    more dimensions may be sent at half size over a slow connection.

    Examples
    --------
    >>> bytes(Packed((np.array([1, 2], np.uint8), np.array([[3]], np.uint8))))
    b'\x01\x02\x03'
    """

    parts: tuple[NDArray[np.uint8], ...]
    last: bool = False  # message of the answer to a request

    @classmethod
    def text(cls, data: Any) -> Self:  # whatever JSON can hold
        """Make a message from a component's JSON data."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return cls((np.frombuffer(text.encode(), np.uint8),))

    def __bytes__(self) -> bytes:
        return b"".join(part.tobytes() for part in self.parts)
