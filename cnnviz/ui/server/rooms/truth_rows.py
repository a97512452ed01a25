"""The true answers to questions about a network's maps, from their message (see ui/maps/overview).

The message does not say how a network's maps are computed, so only values that it contains can be
asked for: small maps, all weights, and the large map of the opened cell.
"""

from typing import Any, NoReturn

import numpy as np

from cnnviz.ui.server.rooms.truth import NO_KERNEL, NO_PICTURE, Board, CannotTell, Map, Maps, Place
from cnnviz.ui.server.rooms.truth import opened as header_of

NO_NUMBERS = (
    "The maps of this row are sent as colours, without numbers: click a cell of the map to open "
    "it, and ask about the large map."
)
WEIGHTS = "Weights have no place on the picture: ask for a number instead."
ONLY_A_NUMBER = (
    "Every number of this row sees the whole picture, so none has a place on it: ask for a number, "
    "or where a map of an earlier row is strongest."
)


class Rows(Maps):
    """The rows of an overview, read from its message; a map is a channel of a row."""

    def __init__(self, message: bytes) -> None:
        super().__init__(message, *header_of(message))
        self._layers: list[dict[str, Any]] = self.header["layers"]

    def values(self, number: int, channel: int = 0) -> Map:
        """Return the values of a map (H, W); an element of a vector is a map of one cell."""
        layer = self._layer(number)
        place = layer["order"].index(channel) if channel in (layer["order"] or ()) else channel
        shown = channel in layer["order"] if layer["order"] else channel < layer["drawn"]
        if not shown:
            raise CannotTell(f"Map {channel} of this row is not on the screen: choose another one.")
        if layer["exact"] is None:
            raise CannotTell(NO_NUMBERS)
        _, height, width = layer["shape"]
        cells = height * width
        at = self._at + layer["exact"] + 4 * place * cells
        return np.frombuffer(self._message, "<f4", cells, at).reshape(height, width)

    def place(self, number: int) -> Place:
        """Return the position of the first cell of a row's maps, in cells of the picture.

        A cell lies at the centre of its receptive field, traced back through all rows to the
        picture.
        """
        picture = self._picture(number)
        jump, middle = [1, 1], [0.0, 0.0]  # for the cell in row 0, column 0
        for layer in reversed(self._layers[picture + 1 : number + 1]):
            if layer["kernels"]:
                continue
            if not layer["windows"] or layer["flat"]:
                raise CannotTell(ONLY_A_NUMBER)
            for axis, (size, stride, padding, dilation) in enumerate(layer["windows"]):
                jump[axis] *= stride
                middle[axis] = middle[axis] * stride - padding + dilation * (size - 1) / 2
        top, left = (middle[axis] + 0.5 - jump[axis] / 2 for axis in range(2))
        return top, left, jump[0], jump[1]

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the picture that the class taps on."""
        _, height, width = self._layers[self._picture(len(self._layers))]["shape"]
        return height, width

    def drawn(self, kernel: list[list[int]], number: int | None) -> NoReturn:
        """Raise CannotTell: the layers of a network work on many maps at once."""
        raise CannotTell(NO_KERNEL)

    def makes(self, kernel: list[list[int]], number: int) -> NoReturn:
        """Raise CannotTell, as `drawn` does."""
        raise CannotTell(NO_KERNEL)

    def _layer(self, number: int) -> dict[str, Any]:
        if number >= len(self._layers):
            count = len(self._layers)
            raise CannotTell(f"There are {count} rows here, so none has the number {number}.")
        return self._layers[number]

    def _picture(self, number: int) -> int:
        """Return the row, before a given one, that is the picture."""
        if number < len(self._layers) and self._layers[number]["kernels"]:
            raise CannotTell(WEIGHTS)
        found = [i for i, layer in enumerate(self._layers[:number]) if layer["picture"]]
        if not found:
            raise CannotTell(NO_PICTURE)
        return found[0]


def maps_of(message: bytes) -> Maps:
    """Return the maps of a message: a board's, or the rows of an overview."""
    header, _ = header_of(message)
    return Rows(message) if "layers" in header else Board(message)
