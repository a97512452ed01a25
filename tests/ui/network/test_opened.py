from io import BytesIO
from itertools import pairwise

import pytest

from cnnviz.nn import Activation, Conv2d, GlobalAvgPool2d, Model, Sequential
from cnnviz.nn.formats import safetensors_writer
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


@pytest.mark.parametrize(
    ("size", "note"),
    [
        ((None, None), "The file does not say how large its pictures are, and 224 × 224 pixels "
         "would take too long to compute: 192 × 192 are used here."),
        ((224, 224), "Pictures of 224 × 224 pixels would take too long to compute: "
         "192 × 192 are used here, and the answers may differ."),
        ((280, 240), "Pictures of 280 × 240 pixels would take too long to compute: "
         "192 × 192 are used here, and the answers may differ."),
    ],
)  # fmt: skip
def test_pictures_that_take_too_long_are_replaced_by_smaller_ones(size, note):
    nodes = [node("Conv", "x w b", "a", pads=[1, 1, 1, 1])]
    nodes += [node("Relu", before, after) for before, after in pairwise("abc")]
    made = opened(
        {"a.onnx": model(nodes, [("w", draw(64, 3, 3, 3)), ("b", draw(64))], (1, 3, *size))}
    )
    assert made.model.network.input_shape == (3, 192, 192)
    assert made.model.notes == (note,)
    assert made.model.guessed == (size == (None, None))


def test_a_network_for_pictures_of_one_size_that_take_too_long_stays_refused():
    nodes = [node("Conv", "x w b", "a", pads=[1, 1, 1, 1]), node("Relu", "a", "b"),
             node("Relu", "b", "c"),
             node("Flatten", "c", "f"), node("MatMul", "f d", "y")]  # fmt: skip
    weights = [("w", draw(64, 1, 3, 3)), ("b", draw(64)), ("d", draw(64 * 224 * 224, 2))]
    made = opened({"a.onnx": model(nodes, weights, (1, 1, 224, 224))})
    with pytest.raises(ValueError, match="at most 8,388,608 are computed here"):
        made.viewed("0–1", blue_first=False)


def test_weights_for_a_stack_that_takes_too_long_keep_its_size():
    layers = [Conv2d(3, 64, 3, padding=1), Activation("relu"), Activation("relu")]
    stack = Sequential(layers, input_shape=(3, 224, 224))
    made = opened({"a.safetensors": safetensors_writer.written(stack)}, Wanted(onto=stack))
    assert made.model.network.input_shape == (3, 224, 224)
    assert made.model.notes == ()


def test_a_network_of_ours_takes_the_size_that_is_asked_for():
    file = BytesIO()
    Sequential([Conv2d(1, 2, 3), GlobalAvgPool2d()], input_shape=(1, 28, 28)).save(file)
    made = opened({"a.npz": file.getvalue()}, Wanted((20, 12)))
    assert made.model.network.input_shape == (1, 20, 12)


def test_a_network_that_takes_no_pictures_is_left_as_it_is():
    file = BytesIO()
    Sequential([Activation("relu")], input_shape=(5,)).save(file)
    made = opened({"a.npz": file.getvalue()}, Wanted((20, 12)))
    assert made.model.network.input_shape == (5,)
