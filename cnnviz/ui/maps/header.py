"""The header of a board's message, defined in this one place.

From this, scripts/header_types.py writes static/components/maps/header.d.ts, against which the
browser modules are type-checked. A test checks what pages send against it.
"""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

Pair = tuple[int, int]  # (vertical, horizontal), unless stated otherwise


class Pooling(TypedDict):
    """The pooling of a chain."""

    kind: Literal["max", "average"]
    window: Pair
    stride: Pair
    pads: Pair
    include: bool


class Sizes(TypedDict):
    """The sizes of the maps of a chain."""

    input: Pair
    features: Pair
    pooled: Pair


class Norm(TypedDict):
    """A batch normalisation before or after the activation of a chain."""

    place: Literal["before", "after"]
    mean: float
    variance: float
    epsilon: float
    gamma: float
    beta: float


class Chain(TypedDict):
    """A recipe as the browser computes it: one kernel, an activation, and maybe a pooling."""

    title: str
    kernelLabel: str
    matrices: list[list[list[float]]]
    divisor: float
    flip: bool
    bias: float
    stride: Pair
    dilation: Pair
    pads: tuple[Pair, Pair]
    mode: Literal["zeros", "reflect", "replicate", "circular"]
    activation: str
    activationTitle: str
    bounded: bool
    parameters: dict[str, float]
    norm: Norm | None
    pooling: Pooling | None
    sizes: Sizes
    unread: list[tuple[list[int], list[int]] | None]


class Chart(TypedDict):
    """The chart below a map: a histogram, and maybe the curve of an activation."""

    limit: float
    counts: list[int]
    curve: bool
    marks: Literal["features", "activated"] | None
    note: str


class PaneHeader(TypedDict):
    """One map of a board."""

    stage: int
    slot: int
    title: str
    height: int
    width: int
    channels: int
    picture: bool
    grey: bool
    black: float
    white: float
    role: Literal[
        "", "picture", "plane", "convolution", "part", "normalised", "activation", "pooling", "loss"
    ]
    chain: int | None
    channel: int
    chart: Chart | None
    outline: tuple[int, int, int, int] | None
    over: bool
    place: tuple[float, float, float, float]
    legend: tuple[str, str, str]
    figures: str
    alt: str
    offset: int
    which: NotRequired[int]
    numbers: int | None


class Input(TypedDict):
    """Where the exact input is in the message, and how to read it."""

    channels: int
    height: int
    width: int
    offset: int
    factor: float
    exact: bool
    black: float
    white: float


class Cursor(TypedDict):
    """A cell of a map."""

    stage: int
    row: int
    column: int
    chain: int


class Tables(TypedDict):
    """Where the colour tables of the themes are in the message."""

    light: int
    dark: int


class Header(TypedDict):
    """The header of a board's message; optional fields come with the arithmetic."""

    board: str
    world: tuple[float, float, float, float]
    table: Tables
    panes: list[PaneHeader]
    chains: Sequence[Chain]
    input: Input | None
    kernelTable: NotRequired[Tables]
    predict: NotRequired[bool]
    closeup: NotRequired[int]
    linked: NotRequired[bool]
    panel: NotRequired[bool]
    start: NotRequired[Cursor]
    subject: NotRequired[str]
    pin: NotRequired[str]
