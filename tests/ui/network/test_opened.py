from cnnviz.nn import Activation, Model, Sequential
from cnnviz.nn.formats.model import Wanted
from cnnviz.ui.network.opened import OpenedModel


class Emptied(dict):
    """What another thread makes of it, which asks for another scale at the same time."""

    def __setitem__(self, asked, made):
        super().__setitem__(asked, made)
        self.clear()


def opened(made):
    network = Sequential([Activation("relu")], input_shape=(1, 2, 2))
    return OpenedModel(Model(network, "ONNX"), "a.onnx", {}, Wanted(), made)


def test_a_network_is_viewed_although_another_thread_asks_for_another_scale():
    assert opened(Emptied()).viewed("0–255", False).network.names == ("scale", "relu1")


def test_a_network_is_made_once_for_a_scale_and_again_for_another():
    model = opened({})
    first = model.viewed("0–255", False)
    assert model.viewed("0–255", False) is first
    assert model.viewed("−1–1", False) is not first
    assert len(model._made) == 1
