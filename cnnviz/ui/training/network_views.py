"""The views of a network in training: rows of maps, tables, pictures and sentences."""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from math import log

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.nn import Conv2d, Dataset, Evaluation, Sequential
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.network.layer_rows import layer_rows, times
from cnnviz.ui.training.curves import brief
from cnnviz.ui.training.network import NetworkSession
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import accuracy_percent, number, percent

LEARNED = 0.9  # accuracy on held-out pictures from which it counts as trained
LOUD = 4.0  # times the loss of a guess: above this, the initial weights are too large
MANY = 10  # times its start: a change above that is not written in percent
MOST_EXAMPLES = 12
_confusion = component("confusion")


def filter_rows(network: Sequential, start: Mapping[str, NDArray]) -> list[LayerRow]:
    """Return the kernels of each convolution, and below them their change since `start`.

    A layer with many channels shows the filters for the first.
    """
    found = []
    for layer, name in zip(network, network.names, strict=True):
        if isinstance(layer, Conv2d):
            weight = layer.weight.value
            channels = weight.shape[1]
            of = "" if channels == 1 else f" · first of {channels} channels each"
            figures = f"{times(weight[:, 0].shape)}{of}"
            for title, key, shown in (
                (f"Filters of {name}", "filters", weight),
                ("Change since the start", "change", weight - start[name]),
            ):
                values = np.nan_to_num(shown[:, 0], posinf=0, neginf=0)
                found.append(LayerRow(f"{name}-{key}", title, figures, values, kernels=True))
    return found


def change_sentence(network: Sequential, start: Mapping[str, NDArray]) -> str:
    """Say how far the filters have moved from their random start."""
    parts = []
    for name, layer in zip(network.names, network, strict=True):
        if name not in start:
            continue
        moved = np.linalg.norm(layer.parameters()["weight"].value - start[name])
        if not np.isfinite(moved):
            return "The weights have grown beyond all bounds."
        if not moved:
            return "The filters are still the random numbers they started as."
        ratio = float(moved / np.linalg.norm(start[name]))
        parts.append(
            f"in {name} {percent(ratio) if ratio < MANY else brief(round(ratio)) + ' times'}"
        )
    return (
        f"Change of the filters, relative to their size at the start: {', '.join(parts)}. "
        "Where that is little, they still look like the random start; what was learned is in "
        "the change."
    )


def example_rows(network: Sequential, image: NDArray) -> list[LayerRow]:
    """Return the rows of every layer's output for one picture (C, H, W) from 0 to 1."""
    with np.errstate(all="ignore"):  # even if the network has diverged
        stages = [np.nan_to_num(stage) for stage in network.stages(image[None])]
    return layer_rows(image, network, network.summary(), stages, classes=network.classes, white=1.0)


def confusion(
    key: str, evaluation: Evaluation, classes: Sequence[str], chosen: str, choose: Callable
) -> None:
    """Show the confusion table; `choose` is called with the clicked cell, as "3,8"."""

    def take() -> None:
        choose(str(st.session_state[key].chosen))

    _confusion(
        key=key,
        data={
            "classes": list(classes),
            "counts": evaluation.confusion.tolist(),
            "chosen": [int(place) for place in chosen.split(",")] if chosen else None,
        },
        on_chosen_change=take,
    )


def in_cell(data: Dataset, evaluation: Evaluation, cell: str) -> NDArray[np.int64]:
    """Return the pictures of one cell of the confusion table, the worst mistakes first."""
    truth, said = (int(place) for place in cell.split(","))
    answers = evaluation.shares.argmax(axis=1)
    found = np.flatnonzero((data.labels == truth) & (answers == said))
    order = np.argsort(evaluation.shares[found, truth], kind="stable")
    return found[order]


def verdict(session: NetworkSession) -> tuple[str, str]:
    """Return a verdict on a training, if any, and whether it is good."""
    guess = log(len(session.test.classes))
    if session.diagnosis:
        return "bad", session.diagnosis.text
    history = session.trainer.history
    if session.evaluation.accuracy >= LEARNED:
        # While it runs, what a screen reader would read out at every step stays as it was at first.
        learned = list(takewhile(lambda one: one[1] >= LEARNED, reversed(session.tested)))
        steps, accuracy = learned[-1 if session.running else 0]
        return "good", (
            f"Learned: {accuracy_percent(accuracy)} of {len(session.test)} pictures that it has "
            f"never seen, after {steps} steps."
        )
    if history and history[0].loss > LOUD * guess:
        return "so", (
            f"Too loud a start: the first loss was {number(history[0].loss)}, and blind "
            f"guessing gives {guess:.2f}. With weights this large the network is sure of "
            "everything, and the first steps go into unlearning that."
        )
    return "so", ""


def answer_sentence(session: NetworkSession, example: int, shares: NDArray) -> str:
    """Describe the answer for one held-out picture, given its share for each class."""
    if not shares.any():  # the shares of a network that has diverged are not numbers
        return f"Held-out picture {example}: its scores are not numbers, so it says nothing."
    said, truth = int(shares.argmax()), int(session.test.labels[example])
    names = session.test.classes
    tail = "That is right." if said == truth else f"It is {_article(names[truth])}{names[truth]}."
    sure = percent(float(shares[said]))
    return f"Held-out picture {example}: it says **{names[said]}**, {sure}. {tail}"


def _article(name: str) -> str:
    return "a " if name.isalpha() else ""


def mistakes_sentence(wrong: int) -> str:
    """Say which mistakes on the held-out pictures are shown."""
    if wrong == 0:
        return "It makes no mistake on the held-out pictures."
    if wrong == 1:
        return "It makes a single mistake."
    if wrong <= MOST_EXAMPLES:
        return f"All {wrong} mistakes, beginning with the smallest share of the right class."
    return f"Of {wrong} mistakes, those in which the right class got the smallest share."
