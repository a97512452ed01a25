"""Questions to a class: posed with the truth, answered by each person, counted and judged."""

import json
from collections import Counter
from collections.abc import Mapping
from statistics import median_low
from typing import Any

import numpy as np

from cnnviz.images.colour_maps import COLOUR_MAPS, THEMES, to_index
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.rooms.incoming import Ask
from cnnviz.ui.server.rooms.limits import MOST_KERNELS
from cnnviz.ui.server.rooms.protocol import CHOOSE, NUMBER, POINT
from cnnviz.ui.server.rooms.truth import CannotTell, Maps, is_right_number
from cnnviz.ui.server.rooms.wire import LENGTH

LONGEST = 128  # largest side of a map in the gallery, in cells
AS_STRONG = 4  # times the usual strength: stronger maps are clipped, so that others are not blank
ITSELF = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]  # the kernel whose map is the picture
SECRET = ("right",)  # the fields of a question that only the teacher may see

Value = Any  # a number, a cell or a kernel, by the kind of question
Answers = Mapping[str, Value]


def truth_of(ask: Ask, board: Maps | None) -> Value:
    """Return the truth; raise CannotTell if it cannot be computed."""
    if ask.kind == CHOOSE:
        return ask.fields["right"]
    if board is None:
        raise CannotTell(f"There are no maps “{ask.fields['board']}” on the page.")
    pane, channel = ask.fields["pane"], ask.fields.get("channel", 0)
    if ask.kind == NUMBER:
        return board.cell(pane, ask.fields["row"], ask.fields["column"], channel)
    if ask.kind == POINT:
        return list(board.strongest(pane, channel))
    board.drawn([[0, 0, 0]] * 3, pane)
    if pane is not None:
        board.makes([[0, 0, 0]] * 3, pane)
    return None


def is_still(question: Mapping[str, Any], asked: Maps, now: Maps) -> bool:
    """Return whether the maps on the page are still what a question is about."""
    pane, channel = question["pane"], question.get("channel", 0)
    try:
        before, after = (
            maps.drawn(ITSELF, None) if pane is None else maps.values(pane, channel)
            for maps in (asked, now)
        )
    except CannotTell:
        return False
    return np.array_equal(before, after, equal_nan=True)


def public(question: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a question as the class may see it."""
    if question is None:
        return None
    return {name: question[name] for name in question if name not in SECRET}


def judged(
    question: Mapping[str, Any],
    truth: Value,
    answers: Answers,
    board: Maps | None,
) -> dict[str, bool | None]:
    """Return whether each person's answer was right; None if no answer can be wrong."""
    known: dict[str, bool | None] = {}
    for value in answers.values():
        text = json.dumps(value)
        if text not in known:
            known[text] = is_right(question, truth, value, board)
    return {person: known[json.dumps(value)] for person, value in answers.items()}


def is_right(
    question: Mapping[str, Any],
    truth: Value,
    value: Value,
    board: Maps | None,
) -> bool | None:
    """Return whether an answer is right; None if no answer can be wrong."""
    kind = question["kind"]
    if kind == NUMBER:
        return is_right_number(value, float(truth))
    if kind == CHOOSE:
        return None if truth is None else value == truth
    if kind == POINT:
        row, column = value
        return board.is_strong(question["pane"], row, column, question.get("channel", 0))
    return None if question["pane"] is None else board.makes(value, question["pane"])


def tally(
    question: Mapping[str, Any], answers: Answers, rights: Mapping[str, bool | None]
) -> Value:
    """Count the answers, without names."""
    kind = question["kind"]
    if kind == CHOOSE:
        counts = Counter(answers.values())
        return [counts[option] for option in range(len(question["options"]))]
    if kind == NUMBER:
        numbers = Counter(float(value) for value in answers.values())
        judged_as = {float(value): rights.get(person) for person, value in answers.items()}
        return [[value, numbers[value], judged_as[value]] for value in sorted(numbers)]
    counts = Counter(json.dumps(value) for value in answers.values())
    right = {json.dumps(value): rights[person] for person, value in answers.items()}
    if kind == POINT:
        return [[*json.loads(text), counts[text], right[text]] for text in sorted(counts)]
    commonest = sorted(counts, key=lambda text: (-counts[text], not right[text], text))
    kernels = [
        {"kernel": json.loads(text), "count": counts[text], "right": right[text]}
        for text in commonest[:MOST_KERNELS]
    ]
    return {"rights": sum(value is True for value in rights.values()), "kernels": kernels}


def gallery(kernels: list[list[list[int]]], board: Maps, pane: int | None) -> Packed:
    """Return the maps of drawn kernels in the format of protocol: signed, all on one scale.

    A single kernel of 99s does not make all other maps blank: its own map is clipped.
    """
    names = ("diverging", "kernel")
    maps = [_small(board.drawn(kernel, pane)) for kernel in kernels]
    strengths = [strength for one in maps if (strength := float(np.abs(one).max()))]
    limit = min(max(strengths), AS_STRONG * median_low(strengths)) if strengths else 1.0
    tables = [COLOUR_MAPS[table] for name in names for table in THEMES[name].values()]
    levels = [to_index(one, -limit, limit) for one in maps]
    parts = [np.ascontiguousarray(part) for part in (*tables, *levels)]
    starts = np.cumsum([0, *(part.size for part in parts)]).tolist()
    height, width = maps[0].shape if maps else (0, 0)
    header = {
        "height": height,
        "width": width,
        "limit": limit,
        "table": dict(zip(THEMES["diverging"], starts, strict=False)),
        "kernelTable": dict(
            zip(THEMES["kernel"], starts[len(THEMES["diverging"]) :], strict=False)
        ),
        "offsets": starts[len(tables) : -1],
    }
    text = json.dumps(header).encode()
    head = np.frombuffer(LENGTH.pack(len(text)) + text, np.uint8)
    return Packed((head, *parts))


def _small(values: np.ndarray) -> np.ndarray:
    """Keep only every n-th cell of a map, so that it fits the gallery."""
    step = -(-max(values.shape) // LONGEST)
    return values[::step, ::step]
