"""A message to the browser before it is joined: the parts that it is made of."""

import json
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Packed:
    r"""A message in parts, whose bytes one after the other are the message.

    The page's run sends them joined. The live channel looks at each: one that the browser holds
    from the previous answer is named instead of sent, and a plane of two or more dimensions may
    travel at half its size over a slow line.

    Examples
    --------
    >>> bytes(Packed((np.array([1, 2], np.uint8), np.array([[3]], np.uint8))))
    b'\x01\x02\x03'
    """

    parts: tuple[NDArray[np.uint8], ...]
    last: bool = False  # of the answer to a request

    @classmethod
    def text(cls, data: Any) -> Self:  # noqa: ANN401 - whatever JSON can hold
        """Make a message of what a component is told in JSON."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return cls((np.frombuffer(text.encode(), np.uint8),))

    def __bytes__(self) -> bytes:
        return b"".join(part.tobytes() for part in self.parts)
