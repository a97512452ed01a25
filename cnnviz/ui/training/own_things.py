"""Teach it your own things: the classes of a session, their pictures, and the trained layer."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.images.picture import Picture
from cnnviz.images.samples import sample_picture
from cnnviz.nn import Sequential, pretrained
from cnnviz.nn.formats.taught import LONGEST_NAME, Taught
from cnnviz.nn.inspection.photos import Crop, square
from cnnviz.nn.training.softmax_regression import Head, fit_head, leave_one_out
from cnnviz.nn.training.transfer import Concern, concerns, features_of, with_head
from cnnviz.ui.network.photo_stages import stages_once
from cnnviz.ui.training.settings import MOST_CLASSES, PAGE
from cnnviz.ui.widgets.formatting import literal, writable
from cnnviz.ui.widgets.frame import LeftOut
from cnnviz.ui.widgets.session_values import state

MOST_PICTURES = 200  # in all classes: each takes 2 kB for features and 7 kB for a thumbnail
THUMBNAIL = 48  # pixels per side
MOST_BACK = 20  # actions that can be undone
LEFT_OUT = LeftOut(
    "your classes",
    "the example of a cup and a cat",
    "Send taught.npz from “Download” too: it can be opened here again.",
)
THINGS = f"{PAGE}:things"
_BEFORE = f"{PAGE}:things_before"
_LEARNED = f"{PAGE}:learned"
KEPT = (THINGS, _LEARNED)  # session keys that the live channel needs


class Shot(NamedTuple):
    """A picture of a class: its number, its features (512,), and a thumbnail (48, 48, 3)."""

    label: int
    features: NDArray[np.float32]
    thumbnail: NDArray[np.uint8]


class Things(NamedTuple):
    """The classes of a user and their pictures; immutable."""

    classes: tuple[str, ...]
    shots: tuple[Shot, ...]

    def counts(self) -> list[int]:
        """Return the number of pictures of each class."""
        labels = [shot.label for shot in self.shots]
        return [labels.count(label) for label in range(len(self.classes))]

    def with_shots(self, shots: Iterable[Shot]) -> "Things":
        """Return a copy with more pictures, as many as fit."""
        return self._replace(shots=(*self.shots, *shots)[:MOST_PICTURES])

    def without(self, number: int) -> "Things":
        """Return a copy without a picture."""
        return self._replace(shots=self.shots[:number] + self.shots[number + 1 :])

    def with_class(self) -> "Things":
        """Return a copy with one more class, which has no picture yet."""
        free = (f"thing {number}" for number in range(1, MOST_CLASSES + 2))
        return self._replace(
            classes=(*self.classes, next(n for n in free if n not in self.classes))
        )

    def without_class(self, label: int) -> "Things":
        """Return a copy without a class and its pictures."""
        classes = self.classes[:label] + self.classes[label + 1 :]
        shots = (
            shot._replace(label=shot.label - (shot.label > label))
            for shot in self.shots
            if shot.label != label
        )
        return Things(classes, tuple(shots))

    def named(self, label: int, name: str) -> "Things":
        """Return a copy with another name for a class.

        Raises
        ------
        ValueError
            If the name is empty, too long, or that of another class; the text is Markdown.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise ValueError(f"A name has 1 to {LONGEST_NAME} letters.")
        if name in self.classes[:label] + self.classes[label + 1 :]:
            raise ValueError(f"Two classes cannot both be called “{literal(name)}”.")
        return self._replace(classes=(*self.classes[:label], name, *self.classes[label + 1 :]))


class Learned(NamedTuple):
    """The result of training: the classes, the last layer, and its accuracy.

    `left_out` (N, classes) are the shares of each picture from a layer trained without it.
    """

    things: Things
    head: Head
    left_out: NDArray
    concerns: list[Concern]
    network: Sequential

    @property
    def labels(self) -> NDArray[np.int64]:
        """The class of each picture."""
        return np.array([shot.label for shot in self.things.shots])

    @property
    def judged(self) -> list[int]:
        """The numbers of the pictures whose class has another picture that the layer has seen.

        Without its only picture a class does not exist, so the answer would mean nothing.
        """
        return np.flatnonzero(np.bincount(self.labels)[self.labels] > 1).tolist()

    @property
    def wrong(self) -> list[int]:
        """The numbers of the judged pictures that a layer trained without them misclassifies."""
        answers, labels = self.left_out.argmax(axis=1), self.labels
        return [one for one in self.judged if answers[one] != labels[one]]


def shot_of(picture: Picture, label: int, crop: Crop | None = None) -> Shot:
    """Return a picture as a shot of a class."""
    crop = crop or square(picture.pixels.shape[:2])
    left, top, side = crop
    small = Image.fromarray(picture.pixels).resize(
        (THUMBNAIL, THUMBNAIL), Image.Resampling.BOX, (left, top, left + side, top + side)
    )
    return Shot(label, features_of(stages_once(picture, crop)), np.asarray(small))


@cache
def example() -> Things:
    """Return the initial classes of a session: cup and cat, six squares of a sample of each."""
    squares = [(0.0, 1.0), (0.5, 1.0), (1.0, 1.0), (0.5, 0.75), (0.2, 0.75), (0.8, 0.75)]
    shots = [
        shot_of(picture, label, square(picture.pixels.shape[:2], across=across, part=part))
        for label, picture in enumerate(map(sample_picture, ("coffee", "cat")))
        for across, part in squares
    ]
    return Things(("cup", "cat"), tuple(shots))


def things() -> Things:
    """Return the classes of the session."""
    found: Things | None = state().get(THINGS)
    return example() if found is None else found


def become(new: Things) -> None:
    """Change the classes, and remember the previous state."""
    before: Sequence[Things] = state().get(_BEFORE, ())
    state()[_BEFORE] = (*before[-MOST_BACK + 1 :], things())
    state()[THINGS] = new


def left_out() -> LeftOut | None:
    """Return what a link leaves out if there are pictures other than those of the example."""
    mine = state().get(THINGS)  # not `things`: without the photo network there is no example
    return LEFT_OUT if mine is not None and mine.shots and mine is not example() else None


def can_undo() -> bool:
    """Whether there is something to undo."""
    return bool(state().get(_BEFORE))


def undo() -> None:
    """Undo the last change."""
    *rest, last = state()[_BEFORE]
    state()[_BEFORE], state()[THINGS] = tuple(rest), last


def learned() -> Learned | None:
    """Return the layer trained on the classes with pictures; None if there are fewer than two.

    It is cached until the classes change.
    """
    mine = things()
    kept = state().get(_LEARNED)
    if kept is None or kept[0] is not mine:
        kept = mine, _learn(mine)
        state()[_LEARNED] = kept
    return kept[1]


def _learn(mine: Things) -> Learned | None:
    for label in reversed([label for label, count in enumerate(mine.counts()) if not count]):
        mine = mine.without_class(label)
    if len(mine.classes) < 2:
        return None
    features = np.stack([shot.features for shot in mine.shots])
    labels = np.array([shot.label for shot in mine.shots])
    count = len(mine.classes)
    head = fit_head(features, labels, count)
    left_out = leave_one_out(features, labels, count)
    found = concerns(features, labels, count, left_out)
    network = with_head(pretrained("photos"), head, mine.classes)
    return Learned(mine, head, left_out, found, network)


def as_file(made: Learned) -> Taught:
    """Return the trained layer in the format of a file."""
    shots = made.things.shots
    return Taught(
        made.things.classes,
        made.labels,
        np.stack([shot.features for shot in shots]),
        made.head,
        np.stack([shot.thumbnail for shot in shots]),
    )


def from_file(taught: Taught) -> Things:
    """Return the classes and pictures of a file.

    Raises
    ------
    ValueError
        If there are too many, two have one name, or they are not from this network.
    """
    if len(taught.classes) > MOST_CLASSES or len(taught.labels) > MOST_PICTURES:
        raise ValueError(
            f"The file has {len(taught.classes)} classes with {len(taught.labels)} pictures; there "
            f"is room for {MOST_CLASSES} and {MOST_PICTURES}."
        )
    if taught.features.shape[1] != 512:
        raise ValueError(
            f"The pictures have {taught.features.shape[1]} features; the network for photos gives "
            "512."
        )
    classes = tuple(map(writable, taught.classes))
    if len(set(classes)) < len(classes):
        raise ValueError("Two of its classes have the same name.")
    none = np.zeros((THUMBNAIL, THUMBNAIL, 3), np.uint8)
    small = taught.thumbnails if taught.thumbnails.shape[1:3] == none.shape[:2] else None
    shots = (
        Shot(int(label), features, none if small is None else small[i])
        for i, (label, features) in enumerate(zip(taught.labels, taught.features, strict=True))
    )
    return Things(classes, tuple(shots))
