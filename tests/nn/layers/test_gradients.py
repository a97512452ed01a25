import re

import numpy as np
import pytest

from cnnviz import ACTIVATIONS
from cnnviz.nn import (
    Activation,
    Affine,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Gated,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    Linear,
    MaxPool2d,
    Pad2d,
    Parallel,
    PReLU,
    Residual,
    SelectChannels,
    Sequential,
    Softmax,
    Upsample,
    cross_entropy,
    small_cnn,
)
from tests.nn.numeric import assert_gradients_are_right, central_differences, in_float64

CONVOLUTIONS = [
    {},
    {"padding": 1},
    {"padding": ((0, 2), (1, 0))},
    {"padding": "same", "kernel_size": (2, 3)},
    {"stride": 2},
    {"stride": (1, 3), "padding": 1},
    {"dilation": 2, "padding": 2},
    {"groups": 2},
    {"groups": 4, "padding": 1, "stride": 2, "dilation": (1, 2)},
    {"padding": 2, "padding_mode": "reflect"},
    {"padding": ((1, 2), (3, 0)), "padding_mode": "replicate"},
    {"padding": (2, 1), "padding_mode": "circular", "stride": 2},
    {"bias": False},
]
MAXIMA = [
    {"kernel_size": 2},
    {"kernel_size": 3, "stride": 1},
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": (1, 2), "dilation": (1, 2), "stride": 1},
    {"kernel_size": 2, "stride": 2, "ceil_mode": True},
    {"kernel_size": 2, "padding": ((0, 1), (1, 0))},
]
MEANS = [
    {"kernel_size": 2},
    {"kernel_size": 3, "stride": 1, "padding": 1},
    {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
    {"kernel_size": 2, "stride": 2, "ceil_mode": True},
    {"kernel_size": (3, 2), "stride": (2, 3), "padding": 1, "ceil_mode": True},
]


@pytest.mark.parametrize("settings", CONVOLUTIONS)
def test_the_gradients_of_a_convolution_are_those_of_central_differences(settings):
    layer = Conv2d(4, 4, **({"kernel_size": 3} | settings))
    assert_gradients_are_right(layer, (2, 4, 5, 7))


@pytest.mark.parametrize("settings", MAXIMA)
def test_the_gradient_of_max_pooling_is_that_of_central_differences(settings):
    assert_gradients_are_right(MaxPool2d(**settings), (2, 2, 5, 7))


@pytest.mark.parametrize("settings", MEANS)
def test_the_gradient_of_average_pooling_is_that_of_central_differences(settings):
    assert_gradients_are_right(AvgPool2d(**settings), (2, 2, 5, 7))


@pytest.mark.parametrize("layer", [GlobalAvgPool2d(), GlobalMaxPool2d()])
def test_the_gradients_of_global_pooling_are_those_of_central_differences(layer):
    assert_gradients_are_right(layer, (2, 3, 4, 5))


def test_dropout_hands_the_gradient_on_through_what_it_kept():
    layer = Dropout(0.25, seed=3)
    layer.training = True
    x = np.random.default_rng(0).standard_normal((4, 50))
    kept = layer.forward(x, remember=True) / x
    np.testing.assert_allclose(layer.backward(np.ones_like(x)), kept)
    layer.training = False
    assert_gradients_are_right(layer, (2, 5))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_gradients_of_an_activation_are_those_of_central_differences(name):
    assert_gradients_are_right(Activation(name), (2, 3, 4, 4))


def test_the_settings_of_an_activation_reach_its_gradient():
    assert_gradients_are_right(Activation("elu", alpha=2.5), (2, 3, 4, 4))


@pytest.mark.parametrize("training", [True, False])
def test_the_gradients_of_batch_normalisation_are_those_of_central_differences(training):
    layer = BatchNorm2d(3, momentum=0.0)
    layer.running_mean[:] = [0.5, -1, 2]
    layer.running_var[:] = [2, 0.5, 1]
    layer.training = training
    layer.weight.value = [1.5, -0.5, 2.0]
    assert_gradients_are_right(layer, (3, 3, 2, 4))


@pytest.mark.parametrize("layer", [Linear(6, 4), Linear(6, 4, bias=False), Softmax()])
def test_the_gradients_of_a_layer_on_vectors_are_those_of_central_differences(layer):
    assert_gradients_are_right(layer, (3, 6))


def test_the_gradients_of_flatten_and_of_softmax_over_channels_are_right():
    assert_gradients_are_right(Flatten(), (2, 3, 2, 4))
    assert_gradients_are_right(Softmax(), (2, 3, 2, 2))


def test_a_whole_network_passes_the_gradient_on_through_all_its_layers():
    network = small_cnn((2, 8, 8), "abc", filters=(3, 4), activation="tanh", batch_norm=True)
    network = Sequential([in_float64(layer) for layer in network.train()]).without_softmax()
    x, labels = np.random.default_rng(0).standard_normal((4, 2, 8, 8)), np.array([0, 1, 2, 1])

    def loss():
        return cross_entropy(network.forward(x, remember=True), labels)[0]

    _, grad = cross_entropy(network.forward(x, remember=True), labels)
    np.testing.assert_allclose(
        network.backward(grad), central_differences(loss, x), rtol=1e-4, atol=1e-8
    )


def test_cross_entropy_has_the_gradient_of_central_differences():
    scores, labels = np.random.default_rng(0).standard_normal((3, 4)), [3, 0, 1]
    numeric = central_differences(lambda: cross_entropy(scores, labels)[0], scores)
    np.testing.assert_allclose(cross_entropy(scores, labels)[1], numeric, rtol=1e-5, atol=1e-9)


def test_the_first_of_equal_maxima_gets_the_gradient():
    layer = MaxPool2d(2)
    layer.forward(np.ones((1, 1, 2, 2)), remember=True)
    assert layer.backward(np.full((1, 1, 1, 1), 5.0)).tolist() == [[[[5, 0], [0, 0]]]]


def test_the_work_for_the_input_can_be_saved_without_changing_the_other_gradients():
    network = small_cnn((1, 8, 8), "abc").without_softmax()
    x = np.random.default_rng(0).standard_normal((4, 1, 8, 8))
    grad = np.ones_like(network.forward(x, remember=True))
    assert network.backward(grad).shape == x.shape
    full = [each.grad for each in network.parameters().values()]
    assert network.backward(grad, to_input=False) is None
    for before, each in zip(full, network.parameters().values(), strict=True):
        np.testing.assert_array_equal(before, each.grad)


def test_backward_without_anything_remembered_is_refused():
    layer = Linear(2, 1)
    layer.forward([[1.0, 2.0]])
    with pytest.raises(ValueError, match=r"use forward\(x, remember=True\)"):
        layer.backward(np.ones((1, 1)))


# A layer of each class, and its output shape for (2, 2, 6, 6).
MAKERS = [
    (lambda: Conv2d(2, 2, 3, padding=1), (2, 2, 6, 6)),
    (lambda: ConvTranspose2d(2, 3, 3), (2, 3, 8, 8)),
    (lambda: MaxPool2d(2), (2, 2, 3, 3)),
    (lambda: AvgPool2d(2), (2, 2, 3, 3)),
    (lambda: GlobalMaxPool2d(), (2, 2, 1, 1)),
    (lambda: GlobalAvgPool2d(), (2, 2, 1, 1)),
    (lambda: Activation("relu"), (2, 2, 6, 6)),
    (lambda: Activation("prelu"), (2, 2, 6, 6)),
    (lambda: Affine(2), (2, 2, 6, 6)),
    (lambda: PReLU(2), (2, 2, 6, 6)),
    (lambda: BatchNorm2d(2), (2, 2, 6, 6)),
    (lambda: Dropout(), (2, 2, 6, 6)),
    (lambda: Pad2d(1), (2, 2, 8, 8)),
    (lambda: Upsample(2), (2, 2, 12, 12)),
    (lambda: SelectChannels([1, 0, 1]), (2, 3, 6, 6)),
    (lambda: Flatten(), (2, 72)),
    (lambda: Softmax(), (2, 2, 6, 6)),
    (lambda: Parallel([Conv2d(2, 1, 1), []]), (2, 3, 6, 6)),
    (lambda: Residual(Conv2d(2, 2, 1)), (2, 2, 6, 6)),
    (lambda: Residual([], []), (2, 2, 6, 6)),
    (lambda: Gated(Conv2d(2, 2, 1)), (2, 2, 6, 6)),
]
X = np.random.default_rng(0).standard_normal((2, 2, 6, 6))


@pytest.mark.parametrize(("make", "out"), MAKERS)
@pytest.mark.parametrize("to_input", [True, False])
def test_a_gradient_of_another_shape_than_the_output_is_refused(make, out, to_input):
    layer = make()
    assert layer.forward(X, remember=True).shape == out
    shapes = [(), (1,), (*out, 1), out[1:], (1, *out[1:]), (*out[:-1], 1), (*out[:-1], 9)]
    for shape in {*shapes, (2, 2, 4, 9), (2, 2, 1, 1)} - {out}:
        said = f"grad must have the shape of the output, {out}, got {shape}."
        for one in layer, Sequential([layer]):
            with pytest.raises(ValueError, match=re.escape(said)):
                one.backward(np.ones(shape), to_input=to_input)


@pytest.mark.parametrize(("make", "out"), MAKERS)
def test_a_gradient_may_be_lists_of_whole_numbers(make, out):
    layer = make()
    layer.forward(X, remember=True)
    whole = np.random.default_rng(1).integers(0, 200, out)
    expected = layer.backward(whole.astype(float))
    for grad in whole.tolist(), whole, whole.astype(np.uint8):
        np.testing.assert_array_equal(layer.backward(grad), expected)


@pytest.mark.parametrize(
    ("grad", "error", "said"),
    [
        (1.0, ValueError, r"the output, \(2, 3\), got \(\)"),
        ([1.0, 2.0, 3.0], ValueError, r"the output, \(2, 3\), got \(3,\)"),
        ([[1.0, 2.0, 3.0], [4.0]], ValueError, "rows of different lengths"),
        (np.ones((2, 3), complex), TypeError, "real numbers, got an array of complex128"),
        ([["a", "b", "c"]] * 2, TypeError, "grad must hold real numbers"),
        (None, TypeError, "grad must hold real numbers"),
    ],
)
def test_invalid_gradients_are_refused_by_name(grad, error, said):
    network = Sequential([Activation("relu"), Linear(5, 3)])
    network.forward(np.ones((2, 5)), remember=True)
    for one in network, network.layers[-1]:
        with pytest.raises(error, match=said):
            one.backward(grad)
    with pytest.raises(TypeError, match="grad must hold real numbers"):
        Sequential([]).backward("none")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("make", "_"), MAKERS)
def test_gradients_stay_in_the_type_they_come_in(make, _, dtype):
    layer = make()
    out = layer.forward(X.astype(dtype), remember=True)
    assert layer.backward(np.ones_like(out)).dtype == dtype
