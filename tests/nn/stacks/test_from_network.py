"""Stacks with the weights of other networks, and stacks that are other networks."""

import numpy as np
import pytest

from cnnviz.nn import (
    PRESETS,
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    Residual,
    Sequential,
    Softmax,
    Stack,
    format_stack,
    parse_stack,
    small_cnn,
)
from cnnviz.nn.stacks.from_network import blocks_of, fill_from
from tests.nn.formats.onnx_models import draw


def usual():
    """Return a network like those that a class trains, with non-default batch statistics."""
    norm = BatchNorm2d(6, eps=1e-3)
    norm.running_mean, norm.running_var = draw(6), np.abs(draw(6, seed=1)) + np.float32(0.01)
    return Sequential(
        [Conv2d(3, 6, 3, padding=1, bias=False, seed=1), norm, Activation("relu"), MaxPool2d(2),
         Dropout(), Conv2d(6, 8, 3, 2, padding=((1, 1), (1, 1)), seed=2), Activation("tanh"),
         GlobalAvgPool2d(),
         Flatten(), Linear(8, 5, seed=3), Softmax()],
        input_shape=(3, 16, 16),
    )  # fmt: skip


def rebuilt(network):
    stack = Stack(blocks_of(network), network.input_shape, seed=9)
    return stack, fill_from(stack.network, network)


def test_a_network_is_built_of_blocks_and_makes_the_same():
    network = usual()
    stack, sources = rebuilt(network)
    text = format_stack([one.block for one in stack.placed])
    assert text == "conv6,norm,relu,max2,conv8s2p1,tanh,avg4,flatten,dense5,softmax"
    assert set(sources.values()) == {"file"}
    x = draw(2, 3, 16, 16)
    np.testing.assert_allclose(stack.network.forward(x), network.forward(x), atol=1e-5)


def test_a_network_in_training_is_built_of_the_same_blocks_and_learns_nothing_from_it():
    network = usual()
    blocks, before = blocks_of(network), network[1].running_mean.copy()
    assert blocks_of(network.train()) == blocks
    np.testing.assert_array_equal(network[1].running_mean, before)


@pytest.mark.parametrize("name", ["lenet5", "vgg_like", "separable"])
def test_a_preset_is_built_of_its_own_blocks(name):
    network = PRESETS[name].build(3)
    stack, _ = rebuilt(network)
    x = draw(1, *network.input_shape)
    np.testing.assert_allclose(stack.network.forward(x), network.forward(x), atol=1e-5)


@pytest.mark.parametrize(
    ("layer", "word"),
    [
        (MaxPool2d(2, ceil_mode=True), "max2"),
        (Conv2d(3, 4, 1, bias=False, padding_mode="reflect"), "conv4k1"),
        (AvgPool2d(2, count_include_pad=False), "avg2"),
        (MaxPool2d(3, 1, "same"), "max3s1p1"),
    ],
)
def test_a_setting_that_changes_nothing_here_is_accepted(layer, word):
    assert format_stack(blocks_of(Sequential([layer], input_shape=(3, 8, 8)))) == word


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Residual(Conv2d(3, 3, 1)), "residual1 is not available as a block"),
        (Activation("leaky_relu", negative_slope=0.5), "^leaky_relu1 has settings"),
        (
            AvgPool2d(3, 1, 1, count_include_pad=False),
            "^pool1 has settings that a block does not have",
        ),
        (Conv2d(3, 4, 3, padding=((0, 1), (0, 1))), "conv1 is not available as a block"),
        (Conv2d(3, 4, (1, 5)), "conv1 is not available as a block"),
    ],
)
def test_layers_that_blocks_cannot_express_are_named(layer, words):
    network = Sequential([layer], input_shape=(3, 8, 8))
    with pytest.raises(ValueError, match=words):
        blocks_of(network)


def test_weights_go_where_their_shapes_fit_and_nowhere_else():
    theirs = small_cnn((1, 8, 8), "abc", seed=4)
    stack = Stack(parse_stack("conv16,relu,max2,conv16,relu,flatten,dense3"), (1, 8, 8), seed=1)
    before = stack.network[3].weight.value.copy()
    assert fill_from(stack.network, theirs) == {
        "conv1": "file", "conv2": "random", "linear1": "random",
    }  # fmt: skip
    np.testing.assert_array_equal(stack.network[0].weight.value, theirs[0].weight.value)
    np.testing.assert_array_equal(stack.network[3].weight.value, before)


def test_weights_that_are_no_finite_numbers_stay_where_they_are():
    theirs = small_cnn((1, 8, 8), "abc")
    theirs[0].weight.value[0] = np.nan
    assert fill_from(small_cnn((1, 8, 8), "abc"), theirs)["conv1"] == "random"
