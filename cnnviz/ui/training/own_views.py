"""Teach it your own things: rows, thumbnails and sentences."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.nn.inspection.class_map import ClassMap, edge_share
from cnnviz.nn.inspection.photos import photo_pixels, square
from cnnviz.nn.training.transfer import FEATURES, FEW, Concern, evidence_of, features_of, nearest
from cnnviz.ui.maps.message import Blob
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.network.layer_rows import field_windows, times
from cnnviz.ui.network.photo_stages import stages_of, summary
from cnnviz.ui.training.own_things import THUMBNAIL, Learned, Things
from cnnviz.ui.training.settings import speaks
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import literal, number, percent

_shots = component("labelled-pictures")

NEAR = 3
EDGE = 0.85  # share of the evidence in the outer three quarters of the area


class Seen(NamedTuple):
    """The answer to the current picture, and the numbers of the most similar known pictures."""

    image: NDArray[np.float32]
    classes: tuple[str, ...]
    shares: NDArray
    asked: int
    evidence: ClassMap
    near: list[int]

    @property
    def answer(self) -> int:
        """The class with the largest share."""
        return int(self.shares.argmax())


def seen(made: Learned) -> Seen:
    """Return the trained layer's answer to the current picture."""
    picture = working_picture.picture()
    stages = stages_of(picture, square(picture.pixels.shape[:2]))
    features = features_of(stages)
    shares = made.head.shares(features[None])[0]
    classes = made.things.classes
    asked = int(speaks.value) if speaks.value < len(classes) else int(shares.argmax())
    known = np.stack([shot.features for shot in made.things.shots])
    near = [near.number for near in nearest(features, known, NEAR)]
    evidence = evidence_of(made.head, stages, asked)
    return Seen(stages.image, classes, shares, asked, evidence, near)


def rows(now: Seen) -> list[LayerRow]:
    """Return the current picture, the evidence for a class laid over it, and all shares."""
    planes = photo_pixels(now.image).transpose(2, 0, 1)
    name, evidence = now.classes[now.asked], now.evidence.evidence
    mean, bias = round(float(evidence.mean()), 3), round(now.evidence.bias, 3)
    score = (
        f"mean {number(mean)} + bias {number(bias)} = {number(round(mean + bias, 3))}, its score"
    )
    windows = field_windows(next(row for row in summary() if row.name == FEATURES))
    return [
        LayerRow("input", "Picture", times(planes.shape), planes, picture=True, aside=True),
        LayerRow(
            "evidence",
            f"Evidence for {name}",
            f"{times(evidence.shape)} · {score}",
            evidence[None],
            windows=windows,
            large=True,
            over=True,
        ),
        LayerRow(
            "shares", "Shares", "softmax of the scores", now.shares, labels=now.classes, shares=True
        ),
    ]


def shots(
    key: str, mine: Things, numbers: Sequence[int], remove: Callable[[int], None] | None = None
) -> None:
    """Show thumbnails of some pictures; with `remove`, a click removes one."""

    def take() -> None:
        chosen = st.session_state[key].removed
        if remove and isinstance(chosen, int) and 0 <= chosen < len(mine.shots):
            remove(chosen)

    blob, items = Blob(), []
    for one in numbers:
        shot = mine.shots[one]
        planes = np.ascontiguousarray(shot.thumbnail.transpose(2, 0, 1))
        items.append({"number": one, "name": mine.classes[shot.label], "offset": blob.add(planes)})
    header = {"items": items, "side": THUMBNAIL, "removable": remove is not None}
    _shots(key=key, data=bytes(blob.message(header)), on_removed_change=take)


def held_out_sentence(made: Learned) -> str:
    """Say how many pictures a layer trained without them classifies correctly."""
    count, wrong = len(made.judged), len(made.wrong)
    alone = len(made.things.shots) - count
    if not count:
        return "Each class has one picture: take more, so that one can be left out as a test."
    are = "is" if count - wrong == 1 else "are"
    rest = " A class with one picture is not counted." if alone else ""
    said = (
        f"With each picture left out once, **{count - wrong} of {count}** {are} classified "
        f"correctly.{rest}"
    )
    if not wrong:
        return said
    return f"{said} The {'one' if wrong == 1 else 'ones'} it gets wrong:"


def edge_sentence(now: Seen) -> str:
    """Say whether the evidence for a class lies near the edge, where the background is."""
    part = edge_share(now.evidence.evidence)
    if part < EDGE:
        return ""
    return (
        f"{percent(part)} of the evidence for “{literal(now.classes[now.asked])}” is near the edge "
        "of the picture: the network may be relying on the background."
    )


def concern_sentences(made: Learned) -> list[str]:
    """Name the problems that limit the answers, the gravest first."""
    return [_sentence(concern, made.things.classes) for concern in made.concerns]


def _sentence(concern: Concern, classes: Sequence[str]) -> str:
    names = [f"“{literal(classes[label])}”" for label in concern.classes]
    first, *rest = concern.numbers
    if concern.kind == "few":
        pictures = "picture" if first == 1 else "pictures"
        return f"{names[0]} has only {first:.0f} {pictures}; at least {FEW} are needed."
    if concern.kind == "lopsided":
        return (
            f"{names[0]} has {first:.0f} pictures, {names[1]} {rest[0]:.0f}: what looks like "
            f"neither is more likely to be taken for {names[0]}."
        )
    if concern.kind == "alike":
        return (
            f"The pictures of {names[0]} are almost identical (similarity {first:.2f}, where 1 is "
            "identical), so the network does not learn what may change. Turn it, move it, change "
            "the light and the background."
        )
    return (
        f"When left out, {percent(first)} of {names[0]} are taken for {names[1]}: show it more of "
        "both."
    )
