"""Stacks too slow for live updates: computed one at a time, with progress; the last one is kept."""

import weakref
from collections.abc import Hashable, Iterator
from math import prod
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnviz.nn import Row, Stack
from cnnviz.nn.stacks.stack import QUICK
from cnnviz.ui.server.turns import alone
from cnnviz.ui.widgets.session_values import is_live, state

KEPT = "layers:computed"  # session key that no widget uses
WAITING = "Another large network is being computed; yours is next."
# The time of layers, expressed in multiply-adds (VGG-16 on 224 × 224, one thread).
PER_CELL, PER_WEIGHT = 25, 50


class KeptStages:
    """The outputs of a large stack's layers, for the session that shows it."""

    def __init__(self, key: Hashable, stages: list[NDArray]) -> None:
        self.key, self.stages = key, stages


_one_at_a_time = Lock()
_latest: weakref.ref[KeptStages] | None = None  # only one is kept, over all sessions


def stages(
    stack: Stack, image: NDArray[np.float32], key: Hashable, place: DeltaGenerator
) -> list[NDArray]:
    """Return the outputs of a stack's layers for an image (C, H, W).

    While the user drags, only quick layers are computed; a run of the page computes all that it
    can, and shows its progress in `place`. The results are kept under `key`, so that a click on a
    cell need not wait for them again.
    """
    if is_live():
        return stack.stages(image, QUICK)
    kept = state().pop(KEPT, None)
    if stack.within(QUICK) == stack.computable:
        if kept:
            kept.stages = []
        return stack.stages(image)
    if kept is None or kept.key != key or not kept.stages:
        kept = KeptStages(key, [])
        with alone(_one_at_a_time, lambda: place.progress(0.0, WAITING)):
            _make_room(kept)
            kept.stages = list(_with_progress(stack, image, place))
    state()[KEPT] = kept
    return kept.stages


def _with_progress(
    stack: Stack, image: NDArray[np.float32], place: DeltaGenerator
) -> Iterator[NDArray]:
    rows = stack.rows[: stack.computable]
    ends = np.cumsum([_work(row) for row in rows])
    bar = place.progress(0.0)
    made = zip(rows, ends, stack.each_stage(image), strict=True)
    for number, (row, end, stage) in enumerate(made, 1):
        bar.progress(float(end / ends[-1]), f"{row.name}: layer {number} of {len(rows)}")
        yield stage
    place.empty()


def _work(row: Row) -> int:
    """Return the approximate time of a layer, in multiply-adds."""
    return row.multiply_adds + PER_CELL * prod(row.output_shape) + PER_WEIGHT * row.parameters


def _make_room(kept: KeptStages) -> None:
    """Drop the kept results of any session: the maps of one stack take up to 134 MB."""
    global _latest
    before = _latest() if _latest else None
    if before is not None:
        before.stages = []
    _latest = weakref.ref(kept)
