"""Sums, shares and sentences, as the browser writes them out for one cell of a layer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.experiments.softmax_steps import softmax_steps
from cnnviz.images.colour_maps import symmetric_limits
from cnnviz.nn.inspection.unit import ConvUnit

MOST_PARTS = 24  # channels of a convolution that are written out: the strongest ones
MOST_TERMS = 14  # products of a dense unit, or shares of a softmax
LARGEST_SCORE = 12.0  # exponentials of larger ones are too long to read and to add up


def sum_of(
    unit: ConvUnit,
    x: NDArray,
    then: Sequence[tuple[str, float]],
    names: Sequence[str] = (),
    most: int = MOST_PARTS,
) -> dict[str, Any]:
    """Return the terms of a convolution of x (C, H, W) in a cell, the largest first.

    `names` are the names of the channels, if they have any.
    """
    chosen, rest = unit.strongest(most)
    others = len(unit.parts) - len(chosen)
    label = "channel {}".format if len(x) > 1 else "window".format
    return {
        "kind": "conv",
        "parts": [
            {
                "channel": part.channel,
                "label": names[part.channel] if names else label(part.channel),
                "window": part.window.values.tolist(),
                "padded": part.window.padded.tolist(),
                "kernel": part.kernel.tolist(),
                "total": part.total,
            }
            for part in chosen
        ],
        "rest": {"count": others, "total": rest} if others else None,
        "bias": unit.bias,
        "total": unit.total,
        "then": then,
        **colours_of(x),
    }


def colours_of(x: NDArray) -> dict[str, Any]:
    """Return how to colour windows of x: as its maps, in grey if nothing is below 0."""
    return {"limit": symmetric_limits(x, 99.5), "grey": bool((x >= 0).all())}


def shares_of(x: NDArray, here: int, names: Sequence[str]) -> dict[str, Any]:
    """Return how softmax turns scores (N,) into shares, with the unit `here` marked.

    If a score is above `LARGEST_SCORE`, the largest one is subtracted from all of them first.
    """
    scores = x.astype(np.float64)
    shift = float(scores.max()) if abs(scores).max() > LARGEST_SCORE else 0.0
    steps = softmax_steps(scores - shift)
    order = np.argsort(-scores, kind="stable")[:MOST_TERMS]
    order = np.sort(np.union1d(order, [here]))
    others = np.setdiff1d(np.arange(len(scores)), order)
    return {
        "kind": "softmax",
        "rows": [
            (names[i], *map(float, (scores[i], steps.exponentials[i], steps.shares[i])), i)
            for i in order.tolist()
        ],
        "rest": (
            f"the other {len(others)}" if len(others) else "",
            0.0,
            float(steps.exponentials[others].sum()),
            float(steps.shares[others].sum()),
        ),
        "total": steps.total,
        "shift": shift,
        "here": here,
    }


def lines(*sentences: str) -> dict[str, Any]:
    """Return sentences, each to be written on its own line."""
    return {"kind": "lines", "lines": sentences}
