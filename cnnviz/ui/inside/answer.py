"""A network's answer, how its shares are computed, and what it cannot know."""

from html import escape

import numpy as np
import streamlit as st

from cnnviz.functional.checks import count_of
from cnnviz.nn import Evaluation
from cnnviz.ui.inside.network import PAGE, tested
from cnnviz.ui.inside.settings import Inspection
from cnnviz.ui.maps.overview import Cell
from cnnviz.ui.network import unit, unit_sums
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.formatting import listed, literal, percent

MOST_NAMED = 3  # classes in the sentence, if several can be found at once
MOST_BARS = 10  # classes drawn as bars: the strongest ones
KINDS = {"digits": "handwritten digits", "shapes": "drawn shapes"}


def answer(run: Inspection) -> None:
    """Draw the answer with a bar for each class, and say how far to trust it."""
    frame.say(answer_sentence(run))
    st.html(bars(run))
    st.caption(worth(run))


def steps(run: Inspection) -> None:
    """Draw how the shares follow from the scores: softmax with its sum, or the sigmoid of one."""
    if run.each_by_itself:
        told = unit.arithmetic(run, Cell(run.network.names[-1], run.answer, 0, 0))
    else:
        told = unit_sums.shares_of(run.scores, run.answer, run.classes)
    unit.write(f"{PAGE}:softmax", told)


def answer_sentence(run: Inspection) -> str:
    """State the answer and whether it is right, as Markdown."""
    name, share = literal(run.classes[run.answer]), percent(float(run.shares[run.answer]))
    if run.each_by_itself:
        return sigmoid_sentence(run)
    if run.truth is None:
        return f"It says **{name}**, {share}."
    truth = literal(run.classes[run.truth])
    verdict = "That is right." if run.truth == run.answer else f"That is wrong: it is **{truth}**."
    return f"It says **{name}**, {share}. {verdict}"


def sigmoid_sentence(run: Inspection) -> str:
    """Say which classes have a share of at least one half, as Markdown."""
    sure = np.flatnonzero(run.shares >= 0.5)
    strongest = sure[np.argsort(-run.shares[sure], kind="stable")]
    found = [
        f"**{literal(run.classes[i])}**, {percent(float(run.shares[i]))}"
        for i in strongest[:MOST_NAMED].tolist()
    ]
    if found:
        more = len(strongest) - len(found)
        return f"It says {'; '.join(found)}{f'; and {more} more' if more else ''}."
    share = percent(float(run.shares[run.answer]))
    if len(run.classes) == 1:
        return f"It says that it is not **{literal(run.classes[0])}**, whose share is {share}."
    nearest = literal(run.classes[run.answer])
    return f"It finds none of its classes. The nearest is **{nearest}**, {share}."


def bars(run: Inspection) -> str:
    """Return the shares of the strongest classes as HTML, in the order of the classes."""
    strongest = np.sort(np.argsort(-run.scores, kind="stable")[:MOST_BARS])
    lines = []
    for i in strongest.tolist():
        share = float(run.shares[i])
        kind = ' class="first"' if i == run.answer else ""
        lines.append(
            f'<li{kind}><b>{escape(run.classes[i])}</b><span class="share">'
            f'<i style="width:{100 * share:.1f}%"></i></span><span>{percent(share)}</span></li>'
        )
    left = len(run.classes) - len(strongest)
    more = f"<p>{_others(left)} less than these.</p>" if left else ""
    return f'<ol class="answers">{"".join(lines)}</ol>{more}'


def worth(run: Inspection) -> str:
    """Say how often such an answer was right, if the truth is known."""
    found = tested(run.subject)
    if found is None:
        return (
            "The app does not know what this network was trained on, nor how often it is right. "
            f"{'Sigmoid' if run.each_by_itself else 'Softmax'} shares are not "
            "probabilities of being right."
        )
    share = float(run.shares[run.answer])
    sure, right = sure_and_right(found, run.subject.held_out.labels, share)
    total = len(found.shares)
    record = f"It gets {percent(found.accuracy)} of {total} held-out pictures right. "
    if sure:
        record += f"At this confidence or higher it was right on {right} of "
        record += f"{count_of(sure, 'held-out picture')}. "
    else:
        record += "It was this confident on none of them. "
    if run.source == "example":
        return record + "Softmax shares are not probabilities of being right."
    return (
        record
        + "Those resemble its training pictures; yours does not, so this count guarantees nothing."
    )


def sure_and_right(found: Evaluation, labels: np.ndarray, share: float) -> tuple[int, int]:
    """Return how many answers had at least this share, and how many of them were right."""
    sure = found.shares.max(axis=1) >= share - 1e-6
    right = found.shares.argmax(axis=1) == labels
    return int(sure.sum()), int((sure & right).sum())


def cannot_know(run: Inspection) -> str:
    """Say what the network cannot know about this input; empty for the kind it was trained on."""
    if not run.answers:
        return ""
    if run.each_by_itself:
        return "Nothing is drawn. The network still gives an answer." if run.blank else ""
    names = listed([*map(literal, run.classes)], "or")
    some = names if len(run.classes) <= MOST_BARS else f"one of its {len(run.classes)} classes"
    nothing = (
        "Your picture has the same brightness everywhere, so there is no ink."
        if run.source == "picture"
        else ("Nothing is drawn.")
    )
    if run.blank:
        return (
            f"{nothing} The network still gives an answer, from its biases alone: it has no answer "
            "for “nothing”."
        )
    if run.source == "picture":
        kind = KINDS.get(run.subject.data, "the pictures that it learned from")
        return (
            f"A photo is not one of the {kind} that this network knows. It has to name {some}, "
            "whatever its input, and may be very sure of it. Its answer says nothing about your "
            "picture."
            if run.subject.data
            else f"This network has to say {some}, whatever its input. It cannot tell "
            "whether your picture is something it knows."
        )
    return ""


def _others(count: int) -> str:
    return "One more class has" if count == 1 else f"{count} more classes have"
