"""What is true of the rows of maps of a network: read from their message (see ui/maps/overview).

What a network's maps are made of is not in the message, so only what travels in numbers can be
told: small maps, all weights, and the large map of the cell that is opened.
"""

from typing import Any, NoReturn

import numpy as np

from cnnviz.ui.server.rooms.truth import NO_KERNEL, NO_PICTURE, Board, CannotTell, Map, Maps, Place
from cnnviz.ui.server.rooms.truth import opened as header_of

NO_NUMBERS = (
    "The maps of this row come as colours, without their numbers: click a cell of the map to open "
    "it, and ask about the large map."
)
WEIGHTS = "Weights have no place on the picture: ask for a number instead."
ONLY_A_NUMBER = (
    "Every number of this row sees the whole picture, so none has a place on it: ask for a number, "
    "or where a map of an earlier row is strongest."
)


class Rows(Maps):
    """The rows of an overview, from its message; a map is a channel of a row."""

    def __init__(self, message: bytes) -> None:
        super().__init__(message, *header_of(message))
        self._strips: list[dict[str, Any]] = self.header["strips"]

    def values(self, number: int, channel: int = 0) -> Map:
        """Return the numbers of a map (H, W); a number of a vector is a map of one cell."""
        strip = self._strip(number)
        place = strip["order"].index(channel) if channel in (strip["order"] or ()) else channel
        shown = channel in strip["order"] if strip["order"] else channel < strip["drawn"]
        if not shown:
            raise CannotTell(f"Map {channel} of this row is not on the screen: choose another one.")
        if strip["exact"] is None:
            raise CannotTell(NO_NUMBERS)
        _, height, width = strip["shape"]
        cells = height * width
        at = self._at + strip["exact"] + 4 * place * cells
        return np.frombuffer(self._message, "<f4", cells, at).reshape(height, width)

    def place(self, number: int) -> Place:
        """Return where the first cell of a row's maps lies, in cells of the picture.

        A cell stands in the middle of what it sees, back through all rows to the picture.
        """
        picture = self._picture(number)
        jump, middle = [1, 1], [0.0, 0.0]  # of the cell in row 0, column 0
        for strip in reversed(self._strips[picture + 1 : number + 1]):
            if strip["kernels"]:
                continue
            if not strip["windows"] or strip["flat"]:
                raise CannotTell(ONLY_A_NUMBER)
            for axis, (size, stride, padding, dilation) in enumerate(strip["windows"]):
                jump[axis] *= stride
                middle[axis] = middle[axis] * stride - padding + dilation * (size - 1) / 2
        top, left = (middle[axis] + 0.5 - jump[axis] / 2 for axis in range(2))
        return top, left, jump[0], jump[1]

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the picture on which the class taps."""
        _, height, width = self._strips[self._picture(len(self._strips))]["shape"]
        return height, width

    def drawn(self, kernel: list[list[int]], number: int | None) -> NoReturn:
        """Raise CannotTell: the layers of a network work on many maps at once."""
        raise CannotTell(NO_KERNEL)

    def makes(self, kernel: list[list[int]], number: int) -> NoReturn:
        """Raise CannotTell, as `drawn` does."""
        raise CannotTell(NO_KERNEL)

    def _strip(self, number: int) -> dict[str, Any]:
        if number >= len(self._strips):
            count = len(self._strips)
            raise CannotTell(f"There are {count} rows here, so none has the number {number}.")
        return self._strips[number]

    def _picture(self, number: int) -> int:
        """Return which row before another one is the picture."""
        if number < len(self._strips) and self._strips[number]["kernels"]:
            raise CannotTell(WEIGHTS)
        found = [i for i, strip in enumerate(self._strips[:number]) if strip["picture"]]
        if not found:
            raise CannotTell(NO_PICTURE)
        return found[0]


def maps_of(message: bytes) -> Maps:
    """Return the maps of a board, or the rows of an overview, whichever the message is of."""
    header, _ = header_of(message)
    return Rows(message) if "strips" in header else Board(message)
