import numpy as np
import streamlit as st

from cnnviz.nn import Trainer, digits, small_cnn
from cnnviz.ui.network.own_network import hand_over, own_network

LEARN, TEST = digits().split()


def trainer():
    made = Trainer(small_cnn((1, 8, 8), LEARN.classes, batch_norm=True), LEARN)
    for _ in range(3):
        made.step()
    return made


def test_a_shared_network_is_found_and_stays_while_training_continues(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    assert own_network() is None
    training = trainer()
    hand_over(training.network, "digits", training.steps, 0.5)
    network, *others = own_network()
    before = network.forward(TEST.images)
    np.testing.assert_array_equal(before, training.network.forward(TEST.images))
    training.step()
    np.testing.assert_array_equal(network.forward(TEST.images), before)
    assert others == ["digits", 3, 0.5]


def test_a_training_goes_on_as_if_nothing_had_been_handed_over(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    one, two = trainer(), trainer()
    hand_over(one.network, "digits", one.steps, 0.5)
    for training in (one, two):
        training.step()
    assert one.history == two.history
