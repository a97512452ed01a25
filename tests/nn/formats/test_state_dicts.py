"""Weights without a graph: the architecture they are put into, and what a person can add."""

import numpy as np
import pytest
from safetensors.numpy import save as save_safetensors

from cnnviz.nn import (
    PRESETS,
    Activation,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    ModelError,
    Sequential,
    Stack,
    load_model,
    parse_stack,
    read_model,
)
from cnnviz.nn.formats.model import Wanted
from cnnviz.nn.formats.sandbox import read_apart
from cnnviz.nn.stacks.squeezenet import squeezenet
from tests.nn.formats.onnx_models import draw

WITH, WITHOUT = (
    f"Padding that keeps the size, {poolings}" for poolings in ("with poolings", "no poolings")
)


def weights_of(network, names=None):
    """Return the weights of a network as safetensors, its layers named in order."""
    arrays, layers = {}, []
    for name, each in {**network.parameters(), **network.buffers()}.items():
        number, _, last = name.partition(".")
        layers += [number] if number not in layers else []
        place = names[layers.index(number)] if names else number
        arrays[f"{place}.{last}"] = np.asarray(getattr(each, "value", each))
    return save_safetensors(arrays)


def convolutions():
    return Sequential(
        [Conv2d(3, 4, 3, padding=1, seed=1), Activation("relu"),
         Conv2d(4, 8, 3, padding=1, seed=2), Activation("relu"), GlobalAvgPool2d(), Flatten(),
         Linear(8, 5, seed=3)],
        input_shape=(3, 28, 28),
    )  # fmt: skip


def test_weights_that_fit_a_network_of_ours_are_laid_onto_it():
    network = PRESETS["vgg_like"].build(3)
    model = read_model(weights_of(network))
    assert model.notes == ("The weights fit Like VGG, small.",)
    assert not model.guessed
    x = draw(1, 3, 128, 128)
    np.testing.assert_array_equal(model.network.forward(x), network.forward(x))


@pytest.mark.parametrize(
    "names",
    ["features.0 features.2 classifier", "features.0 features.2 fc",
     "features.0 features.2 features.9", "conv conv2 fc", "c c2 d"],
)  # fmt: skip
def test_layers_whose_names_the_alphabet_puts_in_another_order_are_put_in_theirs(names):
    network = convolutions()
    data = weights_of(network, names.split())
    model = read_model(data, wanted=Wanted((28, 28), WITHOUT))
    x = draw(1, 3, 28, 28)
    np.testing.assert_array_equal(model.network.forward(x), network.forward(x))


def test_a_squeezenet_with_the_names_of_torchvision_is_known():
    network = squeezenet()
    fires = (f"features.{number}" for number in (3, 4, 6, 7, 9, 10, 11, 12))
    ways = ("squeeze", "expand1x1", "expand3x3")
    names = ["features.0", *(f"{fire}.{way}" for fire in fires for way in ways), "classifier.1"]
    given = [each.value for each in network.parameters().values()]
    ends = [f"{name}.{end}" for name in names for end in ("weight", "bias")]
    model = read_model(save_safetensors(dict(zip(ends, given, strict=True))))
    assert model.notes == ("The weights fit SqueezeNet v1.1.",)
    for mine, each in zip(given, model.network.parameters().values(), strict=True):
        np.testing.assert_array_equal(each.value, mine)


@pytest.mark.parametrize("header", [640, 896, 1152, 1408])
def test_a_safetensors_file_whose_first_bytes_are_those_of_a_pickle_is_read(header):
    data = weights_of(convolutions())
    length = int.from_bytes(data[:8], "little")
    longer = header.to_bytes(8, "little") + data[8 : 8 + length].ljust(header) + data[8 + length :]
    for network in (read_model(each).network for each in (data, longer)):
        np.testing.assert_array_equal(network[0].weight.value, convolutions()[0].weight.value)


def test_weights_are_laid_onto_a_stack_that_they_fit_and_onto_no_other():
    strange = "conv4k5s2p1,tanh,avg3s1,flatten,dense6"
    shape = (1, 20, 24)
    network = Stack(parse_stack(strange), shape, seed=7).network
    data = weights_of(network, ["first", "second"])
    onto = Stack(parse_stack(strange), shape, seed=1).network
    model = read_model(data, wanted=Wanted(onto=onto))
    assert model.layout == model.layouts[0] == "The given stack"
    assert not model.guessed
    x = draw(2, *shape)
    np.testing.assert_array_equal(model.network.forward(x), network.forward(x))
    np.testing.assert_array_equal(load_model(data, onto=onto).forward(x), network.forward(x))
    wider = Stack(parse_stack("conv5k5s2p1,tanh,avg3s1,flatten,dense6"), shape).network
    with pytest.raises(ModelError, match="build it on the Layers page"):
        read_model(data, wanted=Wanted(onto=wider))


def test_all_ways_in_which_weights_go_together_are_told_and_can_be_chosen():
    network = convolutions()
    data = weights_of(network, ["conv1", "conv2", "fc"])
    model = read_model(data)
    assert model.guessed
    assert model.layout == model.layouts[0] == WITH
    assert model.layouts[1] == WITHOUT
    chosen = read_model(data, wanted=Wanted(layout=WITHOUT))
    assert (chosen.layout, chosen.layouts) == (WITHOUT, model.layouts)
    x = draw(2, 3, 28, 28)
    np.testing.assert_array_equal(chosen.network.forward(x), network.forward(x))
    assert not np.allclose(model.network.forward(x), network.forward(x))


def test_the_weights_of_the_mnist_example_of_pytorch_can_be_arranged_as_there():
    network = Sequential(
        [Conv2d(1, 4, 3, seed=1), Activation("relu"), Conv2d(4, 8, 3, seed=2), Activation("relu"),
         MaxPool2d(2), Flatten(), Linear(8 * 12 * 12, 16, seed=3), Activation("relu"),
         Linear(16, 10, seed=4)],
        input_shape=(1, 28, 28),
    )  # fmt: skip
    data = weights_of(network, ["conv1", "conv2", "fc1", "fc2"])
    chosen = read_model(data, wanted=Wanted(layout="No padding, one pooling at the end"))
    x = draw(1, 1, 28, 28)
    np.testing.assert_array_equal(chosen.network.forward(x), network.forward(x))


def test_a_network_with_shortcuts_is_not_taken_for_a_row():
    shapes = {"a": (4, 3, 3, 3), "block.conv1": (8, 4, 3, 3), "block.conv2": (8, 8, 3, 3),
              "block.downsample": (8, 4, 1, 1), "fc": (5, 8)}  # fmt: skip
    data = save_safetensors({f"{name}.weight": draw(*shape) for name, shape in shapes.items()})
    with pytest.raises(ModelError, match="cannot be guessed from 5 names and shapes"):
        read_model(data)


def test_the_size_of_the_pictures_can_be_said():
    data = weights_of(convolutions())
    assert read_model(data, wanted=Wanted((40, 50))).network.input_shape == (3, 40, 50)
    with pytest.warns(UserWarning, match="are guessed from names"):
        assert load_model(data, size=(40, 50)).input_shape == (3, 40, 50)
    flat = Sequential([Conv2d(1, 4, 3, padding=1), Flatten(), Linear(256, 3)],
                      input_shape=(1, 8, 8))  # fmt: skip
    with pytest.raises(ModelError, match="for pictures of 9 × 9"):
        read_model(weights_of(flat), wanted=Wanted((9, 9)))


def test_the_wanted_layout_reaches_the_other_process():
    network = convolutions()
    data = weights_of(network, ["conv1", "conv2", "fc"])
    apart = read_apart(data, wanted=Wanted((30, 20), WITHOUT))
    assert (apart.layout, apart.network.input_shape) == (WITHOUT, (3, 30, 20))
    onto = Sequential(network.layers, input_shape=(3, 9, 9))
    apart = read_apart(data, wanted=Wanted(onto=onto))
    x = draw(1, 3, 9, 9)
    np.testing.assert_array_equal(apart.network.forward(x), onto.forward(x))


def test_weights_that_are_no_finite_numbers_are_opened_and_told():
    network = convolutions()
    network[2].weight.value[0, 0, 0, 0] = np.nan
    for read in (read_model, read_apart):
        model = read(weights_of(network))
        assert model.notes[-1].startswith("1 of its weights is not finite")
        assert np.isnan(model.network[2].weight.value).sum() == 1


def test_weights_that_fit_nothing_ask_for_onnx():
    with pytest.raises(ModelError, match="export the model as ONNX"):
        load_model(save_safetensors({"a.weight": draw(3, 3, 3), "a.bias": draw(3)}))


@pytest.mark.parametrize("shape", [(0, 3, 3, 3), (4, 0, 3, 3), (0, 4), (4, 0)])
def test_weights_without_numbers_are_refused(shape):
    arrays = {"1.weight": draw(4, 1, 3, 3), "2.weight": np.zeros(shape, np.float32)}
    with pytest.raises(ModelError):
        load_model(save_safetensors(arrays))


def test_weights_of_more_layers_than_a_network_may_have_are_refused_at_once():
    many = {f"{number}.weight": np.ones((1, 1), np.float32) for number in range(501)}
    with pytest.raises(ModelError, match="weights of 501 layers; at most 500 are read"):
        load_model(save_safetensors(many))
