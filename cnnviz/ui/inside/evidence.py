"""The evidence for an answer, as maps and sentences: saliency, occlusion, Grad-CAM, two rivals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn import GlobalAvgPool2d, Rivals, class_map, grad_cam, rivals, saliency
from cnnviz.nn.inspection.attribution import Covered, covered_scores
from cnnviz.nn.inspection.classifiers import operations
from cnnviz.ui.inside.settings import PATCH, TOO_LARGE, Inspection, stages_of
from cnnviz.ui.maps.panes import ITSELF, Fields, Pane
from cnnviz.ui.widgets.formatting import DECIMALS, literal, number

MOST_WORK = 500_000_000  # operations for all pictures with a covered patch
FINE = 32  # pixels per side; up to this picture size, a patch has the chosen size
LEAST_STEPS = 7  # patches across a picture, for a network that is still too large

SPECK = 1e-6  # tolerance as a share of the largest score

SENTENCES = {
    "saliency": "How much the score of **{name}** changes with a small change in each pixel: "
    "red where a brighter pixel raises it, blue where it lowers it.",
    "occlusion": "How much that score falls when the {size} × {size} pixels around each are "
    "covered: red parts are evidence for **{name}**, blue ones against it.",
    "grad_cam": "Where the maps of the last convolution are evidence for **{name}**. They are "
    "coarse, so this is too; 0 is no evidence.",
    "class_map": "Where the score of **{name}** comes from, exactly: the mean of this map and the "
    "bias of the class make the score.",
}


@dataclass(frozen=True)
class EvidenceMap:
    """One kind of evidence for a class: its map, or the reason why there is none."""

    name: str
    title: str
    values: NDArray | None
    sentence: str
    fields: Fields = ITSELF  # the receptive fields of its cells in the picture


def covered(run: Inspection) -> Covered:
    """Return the scores with a covered patch at every position; coarser for a large network.

    Raises
    ------
    ValueError
        If the scores are infinite or undefined.
    """
    size = patch_side(run)
    with np.errstate(all="ignore"):
        made = covered_scores(run.network, run.image, size=size, step=step_of(run))
    if not np.isfinite(made.scores).all():
        raise ValueError(TOO_LARGE)
    return made


def step_of(run: Inspection) -> int:
    """Return the step between patches that keeps the wait for all positions short."""
    work = operations(run.network) * run.image[0].size
    step = ceil((work / MOST_WORK) ** 0.5)
    return min(step, max(min(run.image.shape[1:]) // LEAST_STEPS, 1)) if run.large else step


def patch_side(run: Inspection) -> int:
    """Return the side of the patch in pixels: as chosen, or larger on a large picture."""
    least = min(run.image.shape[1:])
    return min(int(PATCH.value) * max(least // FINE, 1), least)


def evidence(run: Inspection, hidden: Covered) -> list[EvidenceMap]:
    """Return the evidence for the chosen class, by three methods."""
    network, image, label = run.network, run.image, run.asked
    size = patch_side(run)
    exact = _class_map(run)
    ways: list[tuple[str, str, Callable[[], NDArray]]] = [
        ("saliency", "Saliency", lambda: strongest(saliency(network, image, label))),
        ("occlusion", "Occlusion", lambda: clean(hidden.fall(label), hidden)),
    ]
    if exact is None:
        ways.append(("grad_cam", "Grad-CAM", lambda: grad_cam(network, image, label)))
    sentences = dict(SENTENCES)
    if (step := step_of(run)) > 1:
        sentences["occlusion"] += (
            f" In such a large network, the patch moves {step} pixels at a time."
        )
    name = literal(run.classes[label])
    found = [
        _asked(key, title, make, sentences[key].format(name=name, size=size))
        for key, title, make in ways
    ]
    return found if exact is None else [*found, exact]


def _class_map(run: Inspection) -> EvidenceMap | None:
    """Return the class map, if the network ends with the mean of maps and a weighted sum."""
    made = stages_of(run.network, run.image)
    try:
        values = class_map(made, run.asked).evidence
    except ValueError:
        return None
    averaged = max(i for i, layer in enumerate(run.network) if isinstance(layer, GlobalAvgPool2d))
    fields = run.rows[averaged - 1].fields if averaged else ITSELF
    sentence = SENTENCES["class_map"].format(name=literal(run.classes[run.asked]))
    return EvidenceMap("class_map", "Class map", values, sentence, fields)


def _asked(name: str, title: str, make: Callable[[], NDArray], sentence: str) -> EvidenceMap:
    try:
        with np.errstate(all="ignore"):
            values = make()
        if not np.isfinite(values).all():
            raise ValueError(TOO_LARGE)
    except ValueError as error:
        return EvidenceMap(name, title, None, str(error))
    return EvidenceMap(name, title, values, sentence)


def clean(values: NDArray, hidden: Covered) -> NDArray:
    """Return a map with 0 in place of values that are only rounding noise of single precision.

    Examples
    --------
    >>> clean(np.array([2.0, -3e-6, 1e-3]), Covered(np.array([-5.0, 4.0]), np.empty(0))).tolist()
    [2.0, 0.0, 0.001]
    """
    return np.where(np.abs(values) < SPECK * np.abs(hidden.whole).max(), 0, values)


def strongest(gradient: NDArray) -> NDArray:
    """Return, for each pixel of (C, H, W), the channel's value furthest from 0, with its sign.

    Examples
    --------
    >>> strongest(np.array([[[1.0, -5.0]], [[-2.0, 3.0]]])).tolist()
    [[-2.0, -5.0]]
    """
    which = np.abs(gradient).argmax(axis=0)
    return np.take_along_axis(gradient, which[None], axis=0)[0]


def two_rivals(run: Inspection, hidden: Covered) -> Rivals | None:
    """Return the two strongest classes and the evidence between them, if classes compete."""
    if run.each_by_itself:
        return None
    found = rivals(run.network, run.image, covered=hidden)
    return found._replace(evidence=clean(found.evidence, hidden))


def rival_sentence(run: Inspection, found: Rivals | None) -> str:
    """Say which two classes are strongest, and what it would take to change the answer."""
    if found is None:
        return "With a sigmoid each class has a share of its own, so no two classes compete."
    first, second = (f"**{literal(run.classes[i])}**" for i in (found.first, found.second))
    size = patch_side(run)
    # Rounded as displayed, so that the stated difference equals that of the displayed numbers.
    most, margin = (round(float(value), DECIMALS) for value in (found.evidence.max(), found.margin))
    if found.evidence.max() > found.margin:
        verdict = (
            f"Cover the {size} × {size} pixels that are marked, and that lead falls by "
            f"{number(most)}: then {second} is ahead by {number(most - margin)}. It would "
            "change its mind."
        )
    else:
        verdict = (
            f"No {size} × {size} patch takes more than {number(max(most, 0))} off that lead: "
            "covering one is not enough to change the answer."
        )
    return (
        f"Between {first} and {second}: red is evidence for {first}, blue for {second}. {first} is "
        f"ahead by {number(margin)} in score. {verdict}"
    )


def turning_patch(found: Rivals, size: int = 3, step: int = 1) -> tuple[int, int, int, int] | None:
    """Return the edges (top, left, bottom, right) of the patch that changes the winner, if any.

    The patch has `size` pixels per side and moved by `step` pixels each time.
    """
    if not found.evidence.max() > found.margin:
        return None
    height, width = found.evidence.shape
    row, column = map(int, np.unravel_index(found.evidence.argmax(), (height, width)))
    row, column = (
        (start + min(start + step, side)) // 2  # the last strip of `covered_scores` may be narrower
        for start, side in ((row // step * step, height), (column // step * step, width))
    )
    top, left = row - (size - 1) // 2, column - (size - 1) // 2
    return max(top, 0), max(left, 0), min(top + size, height), min(left + size, width)


def panes(
    run: Inspection, found: Sequence[EvidenceMap] = (), two: Rivals | None = None
) -> list[Pane]:
    """Return the input and all the evidence as maps of one board, one per slot."""
    channels = run.image[0] if len(run.image) == 1 else run.image
    levels = np.rint(np.clip(channels, 0, 1) * 255).astype(np.uint8)
    # The digits are in sixteenths, which 255 levels cannot represent: their exact values are sent.
    as_levels = channels.ndim == 3 or np.allclose(levels / 255, channels, atol=1e-6)
    made = [
        Pane(
            0,
            "What goes in",
            "What the network gets",
            channels,
            picture=levels if as_levels else None,
            black=0,
            white=1,
            file="input",
        )
    ]
    name = run.classes[run.asked] if run.answers else ""
    for slot, one in enumerate(found, 1):
        if one.values is not None:
            alt = f"{one.title} for {name}"
            made.append(
                Pane(slot, one.title, alt, one.values, one.fields, scale=one.name, file=one.name)
            )
    if two is None:
        return made
    first, second = run.classes[two.first], run.classes[two.second]
    alt = f"What decides between {first} and {second}"
    title = f"{first} or {second}"
    last = Pane(
        4,
        title,
        alt,
        two.evidence,
        scale="rivals",
        file="rivals",
        outline=turning_patch(two, patch_side(run), step_of(run)),
    )
    return [*made, last]
