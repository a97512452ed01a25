"""The network that the user has trained here, shared by the pages of the session."""

from copy import deepcopy
from typing import NamedTuple

import streamlit as st

from cnnviz.nn import Sequential
from cnnviz.ui.widgets.session_values import state

KEY = "networks.own"


class OwnNetwork(NamedTuple):
    """A trained network, its training data, and its accuracy.

    `data` is "digits" or "shapes", `steps` the number of mini-batches so far, and `accuracy` the
    share of held-out pictures that it classifies correctly, from 0 to 1.
    """

    network: Sequential
    data: str
    steps: int
    accuracy: float


def hand_over(network: Sequential, data: str, steps: int, accuracy: float) -> None:
    """Keep a copy of `network` in its current state; the other pages get it from `own_network`."""
    copy = deepcopy(network.with_own_memory().forget().eval())
    st.session_state[KEY] = OwnNetwork(copy, data, steps, accuracy)


def own_network() -> OwnNetwork | None:
    """Return the network last trained in this session, or None.

    It is a copy that does not change: training continues with the original.
    """
    return state().get(KEY)
