"""The true answers to questions about maps, computed from the maps' message as the app does it.

A message of maps contains the exact input and all parameters of each chain (see
cnnviz/ui/maps/header.py). So the truth can be computed without the session that sent it.
"""

import math
from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.activations import ACTIVATIONS, batch_norm
from cnnviz.functional.convolution import convolve_channels
from cnnviz.functional.pooling import avg_pool2d, max_pool2d
from cnnviz.ui.server.rooms import wire

NEAR = 0.03  # share of the longer side: a tap this close to the strongest cell counts as on it
AS_STRONG = 0.95  # share of the largest value: a cell this strong counts as the strongest
DIGITS = 3  # significant digits that an answer must get right
ROUNDING = 1e-9  # of arithmetic, as a share of half a unit of the last of these digits
NOISE = 1e-12  # how far from 0 a sum that cancels may end
EQUAL = 1e-6  # tolerance for equal maps, as a share of the largest value

Map = NDArray[np.floating]
Place = tuple[float, float, float, float]  # top, left, height, width of the first cell
UNKNOWN = "That answer cannot be computed here: choose a map whose arithmetic is shown below."
NO_PICTURE = "There is no picture here that the class could tap: ask for a number instead."
NO_KERNEL = "No map here is made from a picture by a single kernel: ask for a kernel in the Lab."
NO_SINGLE = "No single 3 × 3 kernel makes that map: ask about another one, or for any kernel."


class CannotTell(ValueError):
    """The answer cannot be computed; the message says why in a sentence."""


class Maps(ABC):
    """The maps that a room shows; each has a number and, in an overview, a channel."""

    def __init__(self, message: bytes, header: dict[str, Any], at: int) -> None:
        self.header = header
        self._message, self._at = message, at

    @abstractmethod
    def values(self, number: int, channel: int = 0) -> Map:
        """Return the values of a map, (H, W), or of a colour picture, (C, H, W)."""

    @abstractmethod
    def place(self, number: int) -> Place:
        """Return where the first cell of a map lies, in cells of the picture."""

    @property
    @abstractmethod
    def size(self) -> tuple[int, int]:
        """Rows and columns of the picture that the class taps on."""

    @abstractmethod
    def drawn(self, kernel: list[list[int]], number: int | None) -> Map:
        """Return the map of a drawn kernel, with the geometry of a map's chain."""

    @abstractmethod
    def makes(self, kernel: list[list[int]], number: int) -> bool:
        """Return whether a drawn kernel makes a map, up to its brightness."""

    def cell(self, number: int, row: int, column: int, channel: int = 0) -> float:
        """Return the value of a cell of a map."""
        values = self.values(number, channel)
        if values.ndim != 2:
            raise CannotTell("A cell of a picture in colour has three numbers: ask about a map.")
        if row >= values.shape[0] or column >= values.shape[1]:
            height, width = values.shape
            raise CannotTell(f"That map has {height} × {width} cells, so none at {row}, {column}.")
        if not np.isfinite(value := float(values[row, column])):
            raise CannotTell("That cell holds no number: ask about another one.")
        return value

    def strongest(self, number: int, channel: int = 0) -> tuple[int, int]:
        """Return the position of a map's largest absolute value, in cells of the picture."""
        strength = self._strength(number, channel)
        row, column = np.unravel_index(strength.argmax(), strength.shape)
        top, left, down, across = self.place(number)
        height, width = self.size
        at = top + down * (int(row) + 0.5), left + across * (int(column) + 0.5)
        return min(max(int(at[0]), 0), height - 1), min(max(int(at[1]), 0), width - 1)

    def is_strong(self, number: int, row: int, column: int, channel: int = 0) -> bool:
        """Return whether a map is about as strong as its maximum near a cell of the picture."""
        strength = self._strength(number, channel)
        top, left, down, across = self.place(number)
        near = max(1, round(NEAR * max(strength.shape)))
        at = int((row + 0.5 - top) // down), int((column + 0.5 - left) // across)
        around = strength[
            tuple(slice(max(0, place - near), max(0, place + near + 1)) for place in at)
        ]
        return bool(around.size and around.max() >= AS_STRONG * strength.max())

    def _strength(self, number: int, channel: int) -> Map:
        values = self.values(number, channel)
        if values.ndim != 2:
            raise CannotTell("A picture in colour has no strongest cell: ask about a map.")
        return np.abs(values)


def opened(message: bytes) -> tuple[dict[str, Any], int]:
    """Return the header of a message of maps, and the offset of its planes."""
    try:
        return wire.opened(message)
    except ValueError:
        _cannot_tell()


class Board(Maps):
    """The maps of a board, read from its message."""

    def __init__(self, message: bytes) -> None:
        super().__init__(message, *opened(message))

    def pane(self, number: int) -> dict[str, Any]:
        """Return the header entry of a map."""
        panes = self.header.get("panes", [])
        if number >= len(panes):
            raise CannotTell(f"There are {len(panes)} maps here, so none has the number {number}.")
        return panes[number]

    def place(self, number: int) -> Place:
        """Return where the first cell of a map lies, in cells of the picture."""
        return self.pane(number)["place"]

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the picture that the class taps on: the map of the first stage."""
        panes = self.header.get("panes", [])
        shown = next((pane for pane in panes if pane.get("picture")), None)
        shown = shown or next((pane for pane in panes if pane.get("stage") == 0), None)
        if not (found := self.header.get("input") or shown):
            raise CannotTell(NO_PICTURE)
        return found["height"], found["width"]

    @cached_property
    def input(self) -> Map:
        """The exact input, (C, H, W)."""
        if not (told := self.header.get("input")):
            _cannot_tell()
        shape = told["channels"], told["height"], told["width"]
        kind = np.dtype("<f8") if told["exact"] else np.dtype(np.uint8)
        at, count = self._at + told["offset"], int(np.prod(shape))
        values = np.frombuffer(self._message, kind, count, at).reshape(shape)
        first = 0.0 if told["exact"] else told["black"]
        return first + values.astype(np.float64) * told["factor"]

    def chain(self, number: int | None) -> dict[str, Any]:
        """Return the chain that a map is computed by."""
        chains = self.header.get("chains") or []
        if number is None or number >= len(chains):
            _cannot_tell()
        return chains[number]

    def values(self, number: int, channel: int = 0) -> Map:
        """Return the values of a map, (H, W) or (C, H, W)."""
        pane = self.pane(number)
        if pane["role"] == "picture":
            return self.input if len(self.input) > 1 else self.input[0]
        if pane["role"] == "plane":
            return self.input[pane["channel"]]
        if pane["numbers"] is not None:
            shape = pane["height"], pane["width"]
            at = self._at + pane["numbers"]
            return np.frombuffer(self._message, "<f8", shape[0] * shape[1], at).reshape(shape)
        chain = self.chain(pane["chain"])
        if pane["role"] == "part":
            channel = pane["channel"]
            alone = {**chain, "matrices": [chain["matrices"][channel]], "bias": 0}
            return features(self.input[channel : channel + 1], alone)
        made = features(self.input, chain)
        if pane["role"] == "convolution":
            return made
        if pane["role"] == "normalised" and chain["norm"]:
            before = chain["norm"]["place"] == "before"
            return _normalised(made if before else _activated(made, chain), chain["norm"])
        if pane["role"] == "activation":
            return _finished(made, chain)
        return (
            _pooled(_finished(made, chain), chain) if pane["role"] == "pooling" else _cannot_tell()
        )

    def drawn(self, kernel: list[list[int]], number: int | None) -> Map:
        """Return the map of a drawn kernel, with the geometry of a map's chain."""
        self._has_kernels()
        pane = {"chain": 0} if number is None else self.pane(number)
        return features(self.input, _with_kernel(self.chain(pane["chain"]), kernel, self.input))

    def makes(self, kernel: list[list[int]], number: int) -> bool:
        """Return whether a drawn kernel makes a map, up to its brightness."""
        chain = self.chain(self.pane(number)["chain"])
        first, *others = chain["matrices"]
        if max(np.shape(first)) > 3 or any(other != first for other in others):
            raise CannotTell(NO_SINGLE)
        wanted = features(self.input, {**chain, "bias": 0})
        made = features(self.input, _with_kernel(chain, kernel, self.input))
        sizes = [np.abs(one).max() for one in (wanted, made)]
        if wanted.shape != made.shape or not all(sizes):
            return wanted.shape == made.shape and not any(sizes)
        return bool(np.abs(wanted / sizes[0] - made / sizes[1]).max() < EQUAL)

    def _has_kernels(self) -> None:
        if not self.header.get("chains"):
            raise CannotTell(NO_KERNEL)


def is_right_number(answer: float, truth: float) -> bool:
    """Return whether a number is right to three significant digits; a whole number, exactly.

    It is right within half a unit of the third digit of the truth, so rounding to three digits or
    more is always right, and a truth halfway between two numbers may be rounded up or down.

    >>> is_right_number(114.5, 114.509), is_right_number(115, 114.509), is_right_number(114, 114.4)
    (True, True, True)
    >>> is_right_number(12.35, 12.3456), is_right_number(12.2, 12.3456)
    (True, False)
    >>> is_right_number(1019, 1019.0), is_right_number(1020, 1019.0)
    (True, False)
    """
    if truth.is_integer():
        return answer == truth
    unit = 10.0 ** (math.floor(math.log10(abs(truth))) - DIGITS + 1)
    return abs(answer - truth) <= max(unit / 2 * (1 + ROUNDING), NOISE)


def features(x: Map, chain: dict[str, Any]) -> Map:
    """Return the feature map (H', W') of a chain's kernel for an input (C, H, W)."""
    weight = np.array(chain["matrices"], float)
    if chain["flip"]:
        weight = weight[:, ::-1, ::-1]
    vertical, horizontal = map(tuple, chain["pads"])
    answer = convolve_channels(
        x,
        weight,
        stride=tuple(chain["stride"]),
        dilation=tuple(chain["dilation"]),
        padding=(vertical, horizontal),
        padding_mode=chain["mode"],
    )
    return answer / chain["divisor"] + chain["bias"]


def _with_kernel(chain: dict[str, Any], kernel: list[list[int]], x: Map) -> dict[str, Any]:
    """Return a chain with its kernel, of any size, replaced by a 3 × 3 kernel."""
    drawn = {"matrices": [kernel] * len(x), "divisor": 1, "bias": 0, "flip": False}
    if np.array(chain["matrices"][0]).shape == (3, 3):
        return {**chain, **drawn}
    return {**chain, **drawn, "pads": [(d, d) for d in chain["dilation"]]}


def _finished(made: Map, chain: dict[str, Any]) -> Map:
    norm = chain["norm"]
    if norm and norm["place"] == "before":
        return _activated(_normalised(made, norm), chain)
    return _activated(made, chain)


def _activated(x: Map, chain: dict[str, Any]) -> Map:
    return ACTIVATIONS[chain["activation"]].function(x, **chain["parameters"])


def _normalised(x: Map, norm: dict[str, Any]) -> Map:
    mean, variance, gamma, beta = (
        np.array([norm[name]]) for name in ("mean", "variance", "gamma", "beta")
    )
    return batch_norm(x[None], mean, variance, gamma, beta, eps=norm["epsilon"])[0]


def _pooled(x: Map, chain: dict[str, Any]) -> Map:
    """Return the pooled map, with the chain's settings for padding and incomplete windows."""
    pooling = chain["pooling"]
    if not pooling:
        return x
    how: dict[str, Any] = {"stride": tuple(pooling["stride"]), "padding": tuple(pooling["pads"])}
    pool: Any = max_pool2d
    if pooling["kind"] != "max":
        pool, how["count_include_pad"] = avg_pool2d, pooling["include"]
    made = pool(x, tuple(pooling["window"]), **how)
    if list(made.shape) != list(chain["sizes"]["pooled"]):
        made = pool(x, tuple(pooling["window"]), ceil_mode=True, **how)
    return made


def _cannot_tell() -> NoReturn:
    raise CannotTell(UNKNOWN)
