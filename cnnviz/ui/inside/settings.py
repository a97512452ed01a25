"""The Inside page: its settings, the network's input, and the run on it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.functional.activations import sigmoid, softmax
from cnnviz.images.drawings import ink
from cnnviz.nn import Row, Sequential
from cnnviz.nn.inspection.classifiers import ending, operations
from cnnviz.nn.inspection.inputs import from_drawing, from_picture
from cnnviz.nn.inspection.stages import Stages, StagesCache
from cnnviz.ui.classroom.task_progress import Progress
from cnnviz.ui.inside import network, own_file, what_if
from cnnviz.ui.inside.network import PAGE, Subject
from cnnviz.ui.network.choice import NETWORK
from cnnviz.ui.network.open_cell import OpenCell
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.drawing_pad import Drawing
from cnnviz.ui.widgets.session_values import is_live
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch
from cnnviz.ui.widgets.settings import Setting, notice

TOO_LARGE = "The numbers in this network are too large to be written down."
MOST_AT_ONCE = 100_000_000  # operations per picture; more are only done on request
SHEET = 112  # pixels per side of a drawing before it is scaled down
THREE = (  # the drawing when the page opens
    "d4f46603876348c389c46a2589c6a8c77767c767c8f81a190a8a4a1b88fc676cc5dc64ab8"
)

SOURCE = Choice(
    f"{PAGE}.show",
    "Show it",
    "drawing",
    older="example",
    options={"example": "Example", "drawing": "Draw", "picture": "Your picture"},
)
EXAMPLE = Number(f"{PAGE}.example", "Example", 0, low=0, high=359)
ROOM = 12  # examples on the screen
FIRST = Number(f"{PAGE}.from", "From number", 0, low=0, high=348, step=ROOM)
MISTAKES = Switch(f"{PAGE}.mistakes", "Only the mistakes")
DRAWING = Drawing(f"{PAGE}.drawing", "Drawing", THREE, older="")


class ClassNumber(Setting):
    """The number of a class, or empty for the one that the network answers."""

    def parse(self, text: str) -> str:
        """Return the text, or raise ValueError."""
        if not re.fullmatch(r"\d{0,3}", text):
            raise ValueError("the number of a class")
        return text

    def select(self, classes: Sequence[str], unset: str, **kwargs: Any) -> None:
        """Show the classes in a drop-down list, after an entry that explains choosing none.

        The session keeps the list's format function, and with it the classes, but nothing else.
        """
        st.selectbox(
            self.label,
            ["", *map(str, range(len(classes)))],
            format_func=lambda text: classes[int(text)] if text else unset,
            key=self.key,
            **kwargs,
        )


CLASS = ClassNumber(f"{PAGE}.class", "Class", "")
PATCH = Number(
    f"{PAGE}.patch",
    "Covered patch",
    3,
    "Rows and columns of the patch that is covered with blank paper.",
    low=1,
    high=9,
    step=1,
)
OPEN = OpenCell(f"{PAGE}.open", "Opened cell", "")
progress = Progress(PAGE)
SETTINGS = (working_picture.SAMPLE, working_picture.PHOTO, NETWORK, own_file.SCALE, own_file.ORDER,
            SOURCE, EXAMPLE, FIRST, MISTAKES, DRAWING, CLASS, PATCH, OPEN,
            *what_if.SETTINGS, *progress.settings)  # fmt: skip


# Shared by all sessions; a large network takes 24 MB per picture. An entry keeps its network alive,
# and so the network's id unique.
_kept = StagesCache(most=4)


@dataclass(frozen=True)
class Inspection:
    """A network on one picture.

    `image` is (C, H, W), from 0 to 1; `stages` are the outputs of the layers. `source` is the
    origin of the picture, and `truth` the number of its class, if known.
    """

    subject: Subject
    image: NDArray[np.float32]
    stages: list[NDArray]
    source: str
    truth: int | None = None

    @property
    def network(self) -> Sequential:
        """The network being inspected."""
        return self.subject.network

    @property
    def rows(self) -> list[Row]:
        """The summary of its layers."""
        return self.subject.rows

    @property
    def blank(self) -> bool:
        """Whether the picture is empty."""
        return self.source != "example" and not self.image.any()

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.network.classes

    @property
    def answers(self) -> bool:
        """Whether the network answers with classes."""
        return not self.subject.unanswered

    @property
    def each_by_itself(self) -> bool:
        """Whether each class has its own share, from a sigmoid."""
        return ending(self.network) == "sigmoid"

    @property
    def scores(self) -> NDArray:
        """The scores, one per class, which the last layer turns into shares."""
        return self.stages[-2]

    @property
    def shares(self) -> NDArray:
        """The answer: a share for each class, in double precision, in which no share is exactly 1.

        With a softmax, they add up to 1.
        """
        shared = sigmoid if self.each_by_itself else softmax
        return shared(self.scores.astype(np.float64))

    @property
    def answer(self) -> int:
        """The number of the class with the largest share."""
        return int(self.scores.argmax())

    @property
    def asked(self) -> int:
        """The class whose evidence is shown."""
        return int(CLASS.value) if CLASS.value else self.answer

    @property
    def plain(self) -> "Inspection":
        """The same picture in the network without silenced maps."""
        if self.subject.plain is None:
            return self
        subject = replace(self.subject, network=self.subject.plain, plain=None, change=())
        return inspect_image(subject, self.image, self.source, self.truth)

    @property
    def large(self) -> bool:
        """Whether the network is so slow that its evidence is computed only on request."""
        return operations(self.network) > MOST_AT_ONCE


def run() -> Inspection:
    """Run the chosen network on the chosen input.

    Raises
    ------
    ValueError
        If the network produces infinite or undefined numbers.
    """
    subject = network.subject()
    source = source_of(subject)
    truth = None
    if source == "example":
        image, truth = _example(subject)
    else:
        image = input_of(subject, source)
    made = inspect_image(subject, image, source, truth)
    if made.answers and int(CLASS.value or 0) >= len(made.classes):
        notice(f"Class {CLASS.value} is not possible for this network: its answer is used instead.")
        CLASS.set("")
    return made


def inspect_image(
    subject: Subject, image: NDArray, source: str, truth: int | None = None
) -> Inspection:
    """Return a network's inspection of an image (C, H, W)."""
    image = np.ascontiguousarray(image, np.float32)
    with np.errstate(all="ignore"):
        stages = list(stages_of(subject.network, image).maps)
    if not all(np.isfinite(stage).all() for stage in stages):
        raise ValueError(TOO_LARGE)
    return Inspection(subject, image, stages, source, truth)


def stages_of(network: Sequential, image: NDArray) -> Stages:
    """Return the output of each layer for an image (C, H, W), computed once."""
    return _kept.get((id(network), digest(image)), lambda: Stages(network, image))


def digest(image: NDArray) -> bytes:
    """Return a digest that identifies an image."""
    return blake2b(image.tobytes()).digest()


def source_of(subject: Subject) -> str:
    """Return the origin of the input; a network with unknown data has no examples."""
    return "drawing" if SOURCE.value == "example" and not subject.data else SOURCE.value


def example_number(subject: Subject) -> int:
    """Return the number of the chosen example."""
    return min(int(EXAMPLE.value), len(subject.held_out) - 1)


def _example(subject: Subject) -> tuple[NDArray, int]:
    data, number = subject.held_out, example_number(subject)
    return data.images[number], int(data.labels[number])


def input_of(subject: Subject, source: str) -> NDArray[np.float32]:
    """Return the drawing or the picture in the form that the network takes."""
    if source == "drawing":
        return from_drawing(ink(DRAWING.value, SHEET), subject.network.input_shape, subject.data)
    return picture_input(subject)


def picture_input(subject: Subject) -> NDArray[np.float32]:
    """Return the middle of the session's picture in the form that the network takes.

    For this app's networks, dark is ink; for others, 0 is black and 1 is white.
    """
    shape = subject.network.input_shape
    return from_picture(working_picture.picture().pixels, shape, inverted=bool(subject.data))


def safe_run() -> tuple[Inspection, str]:
    """Return the run, and a sentence if the chosen network cannot be run."""
    try:
        return run(), ""
    except ValueError as error:
        if is_live():
            raise
        digits = network.shipped("digits")
        image, truth = digits.held_out.images[0], int(digits.held_out.labels[0])
        sentence = f"{error} The digits network is shown instead."
        return inspect_image(digits, image, "example", truth), sentence


def choose_example(chosen: object) -> None:
    """Look at another held-out picture."""
    if isinstance(chosen, int | float) and not isinstance(chosen, bool) and chosen == chosen:
        EXAMPLE.set(EXAMPLE.nearest(chosen))
