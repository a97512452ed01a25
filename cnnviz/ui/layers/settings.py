"""The Layers page: its settings, its presets, its picture, and the run on it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnviz.images.crop import square
from cnnviz.images.loading import fit, grey, planes
from cnnviz.nn import (
    PRESETS,
    Block,
    Row,
    Sequential,
    Stack,
    fill,
    format_stack,
    parse_stack,
    small_cnn,
)
from cnnviz.nn.stacks.from_network import blocks_of, fill_from
from cnnviz.nn.stacks.stack import MOST, QUICK
from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.layers import large_stacks
from cnnviz.ui.layers.stack_editor import Edited, StackText, edited
from cnnviz.ui.network.open_cell import OpenCell
from cnnviz.ui.network.opened import opened_file
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.session_values import is_live, state
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch

PAGE = "layers"
MOST_UNDOS = 50


@dataclass(frozen=True)
class Start:
    """A preset of the page: a stack, what it is known for, and the picture that it is designed for.

    A preset with dense layers is designed for a square picture with given channels; the others take
    the channels as they are.
    """

    title: str
    description: str
    stack: str
    side: int
    square: bool
    colour: str


def _small(seed: int) -> Sequential:
    return small_cnn((3, 64, 64), "0123456789", seed=seed)


@cache
def starts() -> dict[str, Start]:
    """Return the presets by name."""
    builders: dict[str, tuple[str, str, Callable[[int], Sequential]]] = {
        name: (preset.title, preset.description, preset.build) for name, preset in PRESETS.items()
    }
    names = ["three", "small", "lenet5", "vgg_like", "separable", "alexnet", "vgg16"]
    builders["small"] = (
        "Small CNN",
        "The layers of the network that learns on the Training page.",
        _small,
    )
    return {name: _start(*builders[name]) for name in names}


def _start(title: str, description: str, build: Callable[[int], Sequential]) -> Start:
    network = build(0)
    channels, height, _ = network.input_shape
    dense = any(layer.kind == "linear" for layer in network)
    stack = format_stack([Block.of_layer(layer) for layer in network])
    colour = ("colour" if channels == 3 else "grey") if dense else ""
    return Start(title, description, stack, height, dense, colour)


STACK = StackText(f"{PAGE}.stack", "Stack", starts()["vgg_like"].stack)
SIDE = Number(
    f"{PAGE}.side",
    "Size of the picture",
    128,
    low=8,
    high=224,
    step=1,
    unit="px",
    help="Its longest side. Large pictures show more and take longer.",
)
SQUARE = Switch(
    f"{PAGE}.square",
    "Square",
    help="Cut the middle out and make it just this size. Networks that end in dense layers are "
    "made for one size.",
)
FILTERS = Choice(
    f"{PAGE}.filters",
    "Filters",
    "random",
    options={
        "random": "Random",
        "hand": "Sobel, Gabor",
        "digits": "Learned: digits",
        "shapes": "Learned: shapes",
        "file": "From a file",
    },
    help="Training from scratch begins with random ones. Learned ones come from the two networks "
    "of this app, where kernel size and channels fit; those of a file, where the shapes are the "
    "same.",
)
SEED = Number(f"{PAGE}.seed", "Random seed", 5, low=0, high=9999, step=1)
WEIGHTS = Switch(
    f"{PAGE}.weights",
    "Show filters",
    help="The weights of each convolution, brown below zero and teal above, each filter on its "
    "own scale. For a filter with several channels, the channel with the largest weights is shown.",
)
CHOSEN = Number(f"{PAGE}.block", "Block", 0, low=0, high=47, step=1)
OPEN = OpenCell(f"{PAGE}.open", "Opened cell", "")
progress = Progress(PAGE)
SETTINGS = (working_picture.SAMPLE, working_picture.PHOTO, working_picture.COLOUR, STACK, SIDE,
            SQUARE, FILTERS, SEED, WEIGHTS, CHOSEN, OPEN, *progress.settings)  # fmt: skip
STARTED = (STACK, SIDE, SQUARE, working_picture.COLOUR)  # settings that a preset sets
UNDONE = (*STARTED, FILTERS, SEED)  # settings that undo restores
FITTED = f"{PAGE}:picture"  # session key of the resized picture
_SHOWN, _PAST, _FUTURE = f"{PAGE}:shown", f"{PAGE}:past", f"{PAGE}:future"


@dataclass(frozen=True)
class StackRun:
    """A stack on the picture of the session.

    `image` is (C, H, W), from 0, black, to 1, white. `sources` gives the origin of the filters of
    each layer that has some; `stages` are the outputs of the layers that are small enough.
    `classes` would name the numbers of the answer, but a stack has no class names.
    """

    image: NDArray[np.float32]
    stack: Stack
    sources: dict[str, str]
    stages: list[NDArray]
    classes: tuple[str, ...] = ()

    @property
    def network(self) -> Sequential:
        """The layers of the stack up to the first that does not fit."""
        return self.stack.network

    @property
    def rows(self) -> list[Row]:
        """The summary of these layers."""
        return self.stack.rows


def run(place: DeltaGenerator) -> StackRun:
    """Compute the current stack on the current picture; `place` shows the progress."""
    image = picture()
    stack = Stack(parse_stack(STACK.value), image.shape, int(SEED.value))
    few = stack.network[: stack.within(QUICK if is_live() else MOST)]
    made = opened_file() if FILTERS.value == "file" else None
    if FILTERS.value == "file":
        sources = fill_from(few, made.model.network) if made else fill(few, "random")
    else:
        sources = fill(few, FILTERS.value)
    key = (_picture_key(), STACK.value, FILTERS.value, SEED.value, made and made.model.network)
    return StackRun(image, stack, sources, large_stacks.stages(stack, image, key, place))


def _picture_key() -> tuple[str, int, bool, str]:
    given = working_picture.picture()
    return given.digest, int(SIDE.value), SQUARE.value, working_picture.COLOUR.value


def picture() -> NDArray[np.float32]:
    """Return the input picture: (C, H, W), from 0 to 1."""
    side, given, key = int(SIDE.value), working_picture.picture(), _picture_key()
    kept = state().get(FITTED, (None, None))
    if kept[0] != key:
        pixels = square(given.pixels, side) if SQUARE.value else fit(given.pixels, side)
        values = planes(pixels) if working_picture.COLOUR.value == "colour" else grey(pixels)[None]
        kept = key, values
        state()[FITTED] = kept
    return kept[1].astype(np.float32) / 255


def act(done: object) -> None:
    """Apply a change from the editor to the stack."""
    word = done.get("act") if isinstance(done, dict) else None
    if word in ("undo", "redo"):
        step_back(forward=word == "redo")
        return
    before = Edited(STACK.blocks, int(CHOSEN.value))
    after = edited(before, done)
    if after.blocks != before.blocks:
        STACK.set(format_stack(after.blocks))
        OPEN.set("")
    CHOSEN.set(after.chosen)


def start(name: str) -> None:
    """Apply a preset, with the picture at the size that it is designed for."""
    wanted = starts()[name]
    STACK.set(wanted.stack)
    SIDE.set(wanted.side)
    SQUARE.set(wanted.square)
    if wanted.colour:
        working_picture.COLOUR.set(wanted.colour)
    CHOSEN.set(0)
    OPEN.set("")


def start_from_file() -> None:
    """Rebuild the network of the open file from blocks, with its weights.

    Raises
    ------
    ValueError
        If it has layers that are not available as blocks, or takes another form of picture.
    """
    network = opened_file().model.network
    channels, height, width = network.input_shape
    if height != width or not SIDE.low <= height <= SIDE.high:
        raise ValueError(f"It takes pictures of {height} × {width}.")
    STACK.set(format_stack(blocks_of(network)))
    SIDE.set(height)
    SQUARE.set(True)
    working_picture.COLOUR.set("colour" if channels == 3 else "grey")
    FILTERS.set("file")
    CHOSEN.set(0)
    OPEN.set("")


def present_start() -> str | None:
    """Return the name of the current preset, if any."""
    now = tuple(setting.value for setting in STARTED)
    for name, one in starts().items():
        if now == (one.stack, one.side, one.square, one.colour or working_picture.COLOUR.value):
            return name
    return None


def remember() -> None:
    """Save the previous state for undo if it has changed; called by every run."""
    now = tuple(setting.value for setting in UNDONE)
    shown = st.session_state.get(_SHOWN, now)
    st.session_state[_SHOWN] = now
    if shown != now:
        past = st.session_state.setdefault(_PAST, [])
        past.append(shown)
        del past[:-MOST_UNDOS]
        st.session_state[_FUTURE] = []


def step_back(*, forward: bool = False) -> None:
    """Undo the last change, or redo it."""
    past = st.session_state.setdefault(_PAST, [])
    future = st.session_state.setdefault(_FUTURE, [])
    source, other = (future, past) if forward else (past, future)
    if not source:
        return
    other.append(tuple(setting.value for setting in UNDONE))
    st.session_state[_SHOWN] = source.pop()
    for setting, value in zip(UNDONE, st.session_state[_SHOWN], strict=True):
        setting.set(value)
    CHOSEN.set(min(int(CHOSEN.value), max(0, len(STACK.blocks) - 1)))
    OPEN.set("")


def can_undo() -> bool:
    """Whether there is something to undo."""
    return bool(st.session_state.get(_PAST))


def can_redo() -> bool:
    """Whether there is something to redo."""
    return bool(st.session_state.get(_FUTURE))
