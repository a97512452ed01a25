"""How much a shift of the picture still shows after pooling: measured, drawn and said."""

from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.experiments.shift import change, changed, changes
from cnnviz.ui.chain.run import Run
from cnnviz.ui.pooling.views import KINDS, pool
from cnnviz.ui.widgets.formatting import percents

FURTHEST = 8  # pixels; the largest shift that is measured
HARDLY = 0.95  # if at least this share of a shift still shows, pooling hides hardly any of it
ROUNDING = 1e-9
MEASURES: dict[str, Callable[..., float]] = {"change": change, "changed": changed}


def measured(made: Run, measure: str) -> list[dict[str, Any]]:
    """Measure the effect of shifts by 0 to 8 pixels: after max, after average, before pooling."""
    before, shifts = made.maps[0].activated, range(FURTHEST + 1)
    drawn = []
    for recipe in made.recipes:
        values = changes(before, partial(pool, recipe=recipe), shifts, measure=MEASURES[measure])
        drawn.append({"name": f"{recipe.pooling} pooled", "values": values})
    still = np.ascontiguousarray(before)
    values = _before_pooling(blake2b(still.data).digest(), still.shape, measure, still)
    return [*drawn, {"name": "before pooling", "values": values}]


@st.cache_data(max_entries=256, show_spinner=False)
def _before_pooling(
    digest: bytes,  # together with the shape it identifies the map
    shape: tuple[int, ...],
    measure: str,
    _x: NDArray[np.floating],
) -> list[float]:
    """Measure the effect of shifts before pooling; it does not depend on the pooling's settings."""
    return changes(_x, lambda x: x, range(FURTHEST + 1), measure=MEASURES[measure])


def curves(lines: list[dict[str, Any]], label: str) -> dict[str, Any]:
    """Return the message of the curves."""
    highest = max(max(line["values"]) for line in lines)
    written = percents(*(line["values"][1] for line in lines))
    told = "; ".join(f"{line['name']} {text}" for line, text in zip(lines, written, strict=True))
    return {
        "label": f"{label} against the shift in pixels. At 1 pixel: {told}.",
        "x": {"low": 0, "high": FURTHEST, "label": "shift in pixels"},
        "y": {"low": 0, "high": max(0.1, float(np.ceil(10 * highest) / 10)), "label": label},
        "lines": lines,
    }


def sentence(lines: list[dict[str, Any]]) -> str:
    """State the effect of a shift by one pixel, before and after pooling."""
    largest, mean, before = percents(*(line["values"][1] for line in lines))
    return (
        f"A shift by one pixel: **{before}** before pooling, **{largest}** after max pooling, "
        f"**{mean}** after average pooling."
    )


HINTS = {
    "change": "That is a little invariance, and its price is exact position. "
    "(At 100\N{NO-BREAK SPACE}% the two maps have nothing to do with each other; beyond, they are "
    "opposed.)",
    "changed": "A maximum stays the same as long as its winner stays in the window and nothing "
    "larger comes in. A mean changes with any of its cells, but only a little.",
}


def hint(lines: list[dict[str, Any]], measure: str) -> str:
    """Say whether the pooled maps change less than their input when it shifts by one pixel."""
    *pooled, before = (line["values"][1] for line in lines)
    if before == 0:
        return "Here a shift by one pixel changes nothing, so pooling has nothing to hide."
    shown = {kind: value / before for kind, value in zip(KINDS, pooled, strict=True)}
    some = [kind for kind, share in shown.items() if share < HARDLY]
    hardly = [kind for kind, share in shown.items() if HARDLY <= share < 1 - ROUNDING]
    more = [kind for kind, share in shown.items() if share > 1 + ROUNDING]
    if not some and not hardly:
        why = "larger than before" if more else "as large as before"
        return (
            f"Here neither pooling hides the shift: the change after pooling is {why}. With few "
            "numbers or a small window, a shift is as plain after pooling as before."
        )
    fewer = some or hardly
    both = "both hide" if len(fewer) == len(KINDS) else f"{fewer[0]} pooling hides"
    but = f", but {more[0]} pooling shows even more of it" if more else ""
    if some and hardly:
        but = f", and {hardly[0]} pooling hardly any of it"
    much = "some of the shift" if some else "hardly any of the shift"
    if max(pooled) == 0 or (len(fewer) == 1 and min(pooled) == 0):
        much = "the whole shift"
    return f"Here {both} {much}{but}. {HINTS[measure]}"
