"""The network of the Inside page: one of the app's, the user's own, or one from a file."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import prod

import streamlit as st

from cnnviz.images.samples import DEFAULT_SAMPLE
from cnnviz.nn import Dataset, Evaluation, Row, Sequential, evaluate, pretrained
from cnnviz.nn.inspection.classifiers import classifier
from cnnviz.nn.inspection.inputs import held_out, subject_of
from cnnviz.ui.inside import own_file, what_if
from cnnviz.ui.network import photo_stages
from cnnviz.ui.network.choice import NETWORK, PAGE
from cnnviz.ui.network.opened import opened_file
from cnnviz.ui.network.own_network import own_network
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.frame import LeftOut

MOST_TESTED = 2**25  # cells of a layer over all held-out pictures
_TESTED = f"{PAGE}:tested"

KNOWN_SAMPLE = "coffee"
SHORTCOMINGS = {
    "own": "You have no network yet: train one on the Training page, and it appears here.",
    "file": "No file is open yet.",
}

LEFT_OUT = LeftOut(
    "your network",
    "the digits network",
    "Send the network as a file too: “Download” has it, and “Load a file” opens it.",
)


@dataclass(frozen=True)
class Subject:
    """A network under inspection.

    `network` knows its input shape; it ends with a softmax or a sigmoid and has a name for each
    class, unless `unanswered` says why there is no answer. `data` is its training data as far as
    known: "digits", "shapes" or "". If maps are silenced, `plain` is the network without that, and
    `change` identifies the change.
    """

    name: str
    network: Sequential
    data: str
    unanswered: str = ""
    plain: Sequential | None = None
    change: tuple[Hashable, ...] = ()

    @cached_property
    def rows(self) -> list[Row]:
        """The summary of its layers."""
        return self.network.summary()

    @property
    def held_out(self) -> Dataset | None:
        """Pictures of its kind that this app's networks are not trained on."""
        return held_out(self.data) if self.data else None


def subject() -> Subject:
    """Return the chosen network, with the chosen maps silenced."""
    given = plain_subject()
    network, change = what_if.changed(given.network)
    return replace(given, network=network, plain=given.network, change=change) if change else given


def plain_subject() -> Subject:
    """Return the chosen network, or the digits network if there is none yet."""
    name = NETWORK.value
    if name == "own" and (own := own_network()):
        return Subject("own", classifier(own.network), own.data)
    if name == "file" and (made := opened_file()):
        network, unanswered = own_file.viewed_file(made)
        return Subject("file", network, _data_of(network), unanswered)
    return shipped(name if name in ("digits", "shapes") else "digits")


@cache
def shipped(name: str) -> Subject:
    """Return a network that comes with the app."""
    return Subject(name, classifier(pretrained(name)), name)


def tested(given: Subject) -> Evaluation | None:
    """Return a network's results on the held-out pictures of its kind, if there are any."""
    if given.held_out is None:
        return None
    if given.name == given.data and not given.change:
        return _tested_shipped(given.name)
    kept, key = st.session_state.get(_TESTED), (given.network[0], given.change)
    if kept is None or kept[0] != key:
        kept = key, evaluate(given.network, given.held_out)
        st.session_state[_TESTED] = kept
    return kept[1]


@cache
def _tested_shipped(name: str) -> Evaluation:
    given = shipped(name)
    return evaluate(given.network, given.held_out)


def controls() -> None:
    """Draw the choice of the network, and the control that opens a file."""
    NETWORK.segments(label_visibility="collapsed", on_change=_welcome)
    name = NETWORK.value
    if name == "file":
        own_file.controls()
    if name == "photos" and (missing := photo_stages.missing()):
        st.error(f"{missing} The digits network is shown instead.")
    elif name not in (plain_subject().name, "photos"):
        st.info(f"{SHORTCOMINGS[name]} Until then the digits network is shown.")


def _welcome() -> None:
    """Start with a photo of something that the photo network knows well."""
    as_opened = not working_picture.PHOTO.value and working_picture.SAMPLE.value == DEFAULT_SAMPLE
    if NETWORK.value == "photos" and as_opened:
        working_picture.SAMPLE.set(KNOWN_SAMPLE)


def _data_of(network: Sequential) -> str:
    """Return the data whose pictures and classes fit a network, or "".

    The pictures run through it in one batch; if that takes too much memory, there is no data.
    """
    name = subject_of(network)
    if not name or network.input_shape != held_out(name).images.shape[1:]:
        return ""
    cells = max(prod(row.output_shape) for row in network.summary())
    return name if cells * len(held_out(name)) <= MOST_TESTED else ""
