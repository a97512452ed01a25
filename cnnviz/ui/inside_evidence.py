"""What a network looks at, as maps and sentences: saliency, occlusion, Grad-CAM, two rivals."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn import Rivals, grad_cam, rivals, saliency
from cnnviz.nn.attribution import Covered, covered_scores
from cnnviz.nn.inputs import operations
from cnnviz.ui.inside import PATCH, Run
from cnnviz.ui.panes import Pane
from cnnviz.ui.text import literal, number

MOST_WORK = 500_000_000  # operations, for all pictures with a patch covered

SENTENCES = {
    "saliency": "By how much the score of **{name}** changes for a small change of each pixel: "
    "red, if a brighter pixel raises it, blue, if it lowers it.",
    "occlusion": "By how much that score falls if {size} × {size} pixels around each are "
    "covered: red parts speak for **{name}**, blue ones against it.",
    "grad_cam": "Where the maps of the last convolution speak for **{name}**. They are coarse, "
    "so this is too; white says nothing.",
}


@dataclass(frozen=True)
class Evidence:
    """One way to ask what speaks for a class: its map, or why there is none."""

    name: str
    title: str
    values: NDArray | None
    words: str


def covered(run: Run) -> Covered:
    """Return the scores with a patch covered, everywhere in turn; coarser for a large network."""
    size = int(PATCH.value)
    return covered_scores(run.stack.network, run.image, size=size, step=step_of(run))


def step_of(run: Run) -> int:
    """Return how far the patch is moved each time, so that all places can be waited for."""
    work = operations(run.stack.network) * run.image[0].size
    return ceil((work / MOST_WORK) ** 0.5)


def evidence(run: Run, hidden: Covered) -> list[Evidence]:
    """Return what speaks for the class that is asked about, in three ways."""
    network, image, label = run.stack.network, run.image, run.asked
    size = int(PATCH.value)
    ways: list[tuple[str, str, Callable[[], NDArray]]] = [
        ("saliency", "Saliency", lambda: strongest(saliency(network, image, label))),
        ("occlusion", "Occlusion", lambda: hidden.fall(label)),
        ("grad_cam", "Grad-CAM", lambda: grad_cam(network, image, label)),
    ]
    name = literal(run.classes[label])
    return [
        _asked(key, title, make, SENTENCES[key].format(name=name, size=size))
        for key, title, make in ways
    ]


def _asked(name: str, title: str, make: Callable[[], NDArray], words: str) -> Evidence:
    try:
        with np.errstate(all="ignore"):
            values = make()
        if not np.isfinite(values).all():
            raise ValueError("The numbers get too large to be written down.")
    except ValueError as error:
        return Evidence(name, title, None, str(error))
    return Evidence(name, title, values, words)


def strongest(gradient: NDArray) -> NDArray:
    """Return of each pixel of (C, H, W) the channel that is furthest from 0, with its sign.

    Examples
    --------
    >>> strongest(np.array([[[1.0, -5.0]], [[-2.0, 3.0]]])).tolist()
    [[-2.0, -5.0]]
    """
    which = np.abs(gradient).argmax(axis=0)
    return np.take_along_axis(gradient, which[None], axis=0)[0]


def two_rivals(run: Run, hidden: Covered) -> Rivals:
    """Return the two strongest classes and what decides between them."""
    return rivals(run.stack.network, run.image, covered=hidden)


def rival_words(run: Run, found: Rivals) -> str:
    """Say which two classes are strongest, and what it would take to change the answer."""
    first, second = (f"**{literal(run.classes[i])}**" for i in (found.first, found.second))
    size = int(PATCH.value)
    most = float(found.evidence.max())
    if most > found.margin:
        row, column = np.unravel_index(found.evidence.argmax(), found.evidence.shape)
        verdict = (
            f"Cover the {size} × {size} pixels around row {row}, column {column}, and {first} "
            f"falls back by {number(most, 3)}: then {second} is ahead. It would change its mind."
        )
    else:
        verdict = (
            f"No {size} × {size} patch takes away more than {number(max(most, 0), 3)}: to cover "
            "one is not enough to make it change its mind."
        )
    return (
        f"Between {first} and {second}: red speaks for {first}, blue for {second}. {first} is "
        f"ahead by {number(found.margin, 3)} in score. {verdict}"
    )


def panes(run: Run, found: list[Evidence], two: Rivals) -> list[Pane]:
    """Return the input and all the evidence as maps of one board, one a slot."""
    channels = run.image[0] if len(run.image) == 1 else run.image
    levels = np.rint(np.clip(channels, 0, 1) * 255).astype(np.uint8)
    made = [
        Pane(
            0,
            "What goes in",
            "What the network gets",
            channels,
            picture=levels,
            black=0,
            white=1,
            file="input",
        )
    ]
    name = run.classes[run.asked]
    for slot, one in enumerate(found, 1):
        if one.values is not None:
            alt = f"{one.title} for {name}"
            made.append(Pane(slot, one.title, alt, one.values, scale=one.name, file=one.name))
    first, second = run.classes[two.first], run.classes[two.second]
    alt = f"What decides between {first} and {second}"
    title = f"{first} or {second}"
    return [*made, Pane(4, title, alt, two.evidence, scale="rivals", file="rivals")]
