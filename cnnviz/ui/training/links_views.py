"""Write out the chain rule from the loss to one cell of the first map, link by link."""

from collections.abc import Iterable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.nn.training.chain_links import Gate, Links, Place
from cnnviz.ui.network import unit
from cnnviz.ui.training.settings import PAGE
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.formatting import number

MOST_TERMS = 6  # products that are written out: the largest ones
NOTHING = (
    "No slope reaches this map: on the way back every link is multiplied by 0 somewhere, because "
    "a cell is inactive or is not the largest of its window."
)


def draw_links(links: Links, cell: Place, classes: Sequence[str]) -> None:
    """Write out the terms of the slope at a cell."""
    if not links.total:
        st.caption(NOTHING)
        return
    frame.say(
        f"Here is that way back to one cell, the one that adds most below: {_place(cell)}.\n\n"
        "**Loss → scores.** The slope of the loss with respect to a score is simple: the share of "
        "that class, minus 1 if it is the true class.\n\n"
        f"**Scores → conv2.** We follow one cell of conv2, {_place(links.source)}. Its value, "
        "after the layers in between, enters each score through a weight of the dense layer, so "
        "the products are added up:"
    )
    products = links.errors * links.weights
    order = np.argsort(-abs(products), kind="stable")
    _sum(
        "dense",
        ("class", "share − truth", "weight", "product"),
        [(classes[i], links.errors[i], links.weights[i]) for i in order[:MOST_TERMS]],
        products[order],
        links.first_gates,
    )
    frame.say(
        f"**conv2 → map.** The cell is part of {_place(links.pooled)} of pool1, and conv2 reads "
        "that in several places of each of its maps, with a weight each. Again the products of "
        "slope and weight are added up:"
    )
    reads = np.transpose(np.nonzero(links.kernels))
    products = links.products[tuple(reads.T)]
    order = np.argsort(-abs(products), kind="stable")
    places = [(int(a), int(b), int(c)) for a, b, c in reads[order[:MOST_TERMS]]]
    _sum(
        "conv",
        ("cell of conv2", "slope there", "weight", "product"),
        [(_place(at), links.slopes[at], links.kernels[at]) for at in places],
        products[order],
        links.gates,
    )
    frame.say(gates_sentence(links.gates))


def gates_sentence(gates: Sequence[Gate]) -> str:
    """Say how the layers that work cell by cell change a slope.

    >>> print(gates_sentence([Gate("pool1", "pool", 1.0), Gate("relu1", "relu", 1.0)]))
    Pooling passes a slope on to the largest of its window only. ReLU multiplies it by its own slope
    at the cell, 1 above 0 and else 0.
    """
    told = ["Pooling passes a slope on to the largest of its window only."]
    for gate in gates:
        if gate.kind == "none":
            told.append("Without an activation it stays as it is.")
        elif gate.kind in ACTIVATIONS:
            steps = ", 1 above 0 and else 0" if gate.kind == "relu" else ""
            title = ACTIVATIONS[gate.kind].title
            told.append(f"{title} multiplies it by its own slope at the cell{steps}.")
        elif gate.kind != "pool":
            told.append("Batch normalisation multiplies it by the factor that scales the map.")
    return " ".join(told)


def _sum(
    key: str,
    heads: Sequence[str],
    rows: Iterable[tuple[str, float, float]],
    products: NDArray[np.float64],
    gates: Sequence[Gate],
) -> None:
    """Write factors and products, the strongest first, their sum, and the effect of the gates."""
    written = [(name, float(a), float(b), float(a * b)) for name, a, b in rows]
    total, then = float(products.sum()), []
    slope = total
    for gate in gates:
        slope *= gate.factor
        why = ", the largest of its window" if gate.kind == "pool" else ""
        then.append((f"{gate.name}{why}: × {number(gate.factor)}", slope))
    told = {
        "kind": "dense",
        "heads": heads,
        "rows": written,
        "rest": {
            "count": len(products) - len(written),
            "total": float(products[len(written) :].sum()),
        },
        "bias": None,
        "total": total,
        "then": then,
    }
    unit.write(f"{PAGE}:links-{key}", told)


def _place(cell: Place) -> str:
    at, row, column = cell
    return f"map {at}, row {row}, column {column}"
