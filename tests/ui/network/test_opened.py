from itertools import pairwise

import pytest

from cnnviz.nn import Activation, Model, Sequential
from cnnviz.nn.formats.model import Wanted
from cnnviz.ui.network.opened import OpenedModel, opened
from tests.nn.formats.onnx_models import draw, model, node


class Emptied(dict):
    """What another thread makes of it, which asks for another scale at the same time."""

    def __setitem__(self, asked, made):
        super().__setitem__(asked, made)
        self.clear()


def model_of(made):
    network = Sequential([Activation("relu")], input_shape=(1, 2, 2))
    return OpenedModel(Model(network, "ONNX"), "a.onnx", {}, Wanted(), made)


def test_a_network_is_viewed_although_another_thread_asks_for_another_scale():
    assert model_of(Emptied()).viewed("0–255", False).network.names == ("scale", "relu1")


def test_a_network_is_made_once_for_a_scale_and_again_for_another():
    twice = model_of({})
    first = twice.viewed("0–255", False)
    assert twice.viewed("0–255", False) is first
    assert twice.viewed("−1–1", False) is not first
    assert len(twice._made) == 1


def test_an_open_size_that_takes_too_long_is_replaced_by_a_smaller_one():
    nodes = [node("Conv", "x w b", "a", pads=[1, 1, 1, 1])]
    nodes += [node("Relu", before, after) for before, after in pairwise("abc")]
    weights = [("w", draw(64, 3, 3, 3)), ("b", draw(64))]
    made = opened({"net.onnx": model(nodes, weights, (1, 3, None, None))})
    assert made.model.network.input_shape == (3, 128, 128)
    assert made.model.guessed
    assert made.model.notes == (
        "The file does not say how large its pictures are, and 224 × 224 pixels take too much to "
        "compute: here they have 128 × 128.",
    )
    stated = opened({"net.onnx": model(nodes, weights, (1, 3, 224, 224))})
    with pytest.raises(ValueError, match="With smaller pictures there are fewer"):
        stated.viewed("0–1", blue_first=False)
