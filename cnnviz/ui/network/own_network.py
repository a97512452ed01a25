"""The network that a user has trained here, handed from page to page within the session."""

from copy import deepcopy
from typing import NamedTuple

import streamlit as st

from cnnviz.nn import Sequential
from cnnviz.ui.widgets.session_values import state

KEY = "networks.own"


class OwnNetwork(NamedTuple):
    """A trained network, what it has learned from, and how well it knows that.

    `data` is "digits" or "shapes", `steps` how many mini-batches it has learned from, and
    `accuracy` the share of held-out pictures that it knows, from 0 to 1.
    """

    network: Sequential
    data: str
    steps: int
    accuracy: float


def hand_over(network: Sequential, data: str, steps: int, accuracy: float) -> None:
    """Keep a copy of `network` as it is now; the other pages find it with `own_network`."""
    copy = deepcopy(network.with_own_memory().forget().eval())
    st.session_state[KEY] = OwnNetwork(copy, data, steps, accuracy)


def own_network() -> OwnNetwork | None:
    """Return the network trained last in this session, or None.

    It is a copy that no longer changes: training goes on with the original.
    """
    return state().get(KEY)
