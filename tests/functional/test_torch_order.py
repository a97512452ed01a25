"""Arguments have the order that `torch.nn.functional` documents, and work without names."""

import inspect

import numpy as np
import pytest

import cnnviz
from cnnviz import nn

X = np.arange(50.0).reshape(1, 2, 5, 5)
W = np.arange(36.0).reshape(2, 2, 3, 3) % 5

# What follows the input in the documented signature, without what our functions lack.
ORDER = {
    "conv2d": "weight bias stride padding dilation groups",
    "conv2d_definition": "weight bias stride padding dilation groups",
    "conv_transpose2d": "weight bias stride padding output_padding groups dilation",
    "max_pool2d": "kernel_size stride padding dilation ceil_mode return_indices",
    "avg_pool2d": "kernel_size stride padding ceil_mode count_include_pad divisor_override",
    "leaky_relu": "negative_slope",
    "elu": "alpha",
    "prelu": "weight",
}
MODULES = {
    "Conv2d": "in_channels out_channels kernel_size stride padding dilation groups bias "
    "padding_mode",
    "MaxPool2d": "kernel_size stride padding dilation",
    "AvgPool2d": "kernel_size stride padding ceil_mode count_include_pad",
    "BatchNorm2d": "num_features eps momentum",
    "Linear": "in_features out_features bias",
}


def positional(function):
    parameters = inspect.signature(function).parameters.values()
    return [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]


@pytest.mark.parametrize("name", ORDER)
def test_a_function_takes_its_arguments_in_the_order_of_torch(name):
    assert positional(getattr(cnnviz, name))[1:] == ORDER[name].split()


@pytest.mark.parametrize("name", MODULES)
def test_a_layer_takes_its_arguments_in_the_order_of_torch(name):
    assert positional(getattr(nn, name)) == MODULES[name].split()


@pytest.mark.parametrize(
    ("by_place", "by_name"),
    [
        (
            lambda: cnnviz.conv2d(X, W, None, 1, 1),
            lambda: cnnviz.conv2d(X, W, stride=1, padding=1),
        ),
        (
            lambda: cnnviz.conv2d(X, W[:, :1], [1, 2], 2, 1, 1, 2),
            lambda: cnnviz.conv2d(X, W[:, :1], bias=[1, 2], stride=2, padding=1, groups=2),
        ),
        (
            lambda: cnnviz.conv_transpose2d(X, W, None, 2, 1, 1),
            lambda: cnnviz.conv_transpose2d(X, W, stride=2, padding=1, output_padding=1),
        ),
        (lambda: cnnviz.max_pool2d(X, 2, 2), lambda: cnnviz.max_pool2d(X, 2, stride=2)),
        (
            lambda: cnnviz.max_pool2d(X, 3, 1, 1, 2),
            lambda: cnnviz.max_pool2d(X, 3, stride=1, padding=1, dilation=2),
        ),
        (
            lambda: cnnviz.avg_pool2d(X, 3, 1, 1),
            lambda: cnnviz.avg_pool2d(X, 3, stride=1, padding=1),
        ),
        (
            lambda: cnnviz.avg_pool2d(X, 3, 1, 1, False, True, 4),
            lambda: cnnviz.avg_pool2d(X, 3, stride=1, padding=1) * 9 / 4,
        ),
        (lambda: cnnviz.softmax(X, dim=1), lambda: cnnviz.softmax(X, axis=1)),
        (lambda: cnnviz.softmax(X, 1), lambda: cnnviz.softmax(X, axis=1)),
    ],
)
def test_arguments_mean_the_same_by_place_and_by_name(by_place, by_name):
    np.testing.assert_allclose(by_place(), by_name(), rtol=1e-12)


def test_a_mean_is_not_divided_by_0():
    with pytest.raises(ValueError, match="divisor_override is 0"):
        cnnviz.avg_pool2d(X, 2, divisor_override=0)


HUGE = 10**7


@pytest.mark.parametrize(
    "call",
    [
        lambda: cnnviz.conv2d(X, W, padding=HUGE),
        lambda: cnnviz.conv2d(X, W, padding=HUGE, stride=HUGE),
        lambda: cnnviz.conv2d(X, W, padding=HUGE, dilation=HUGE),
        lambda: cnnviz.conv2d(X, W, padding=HUGE, padding_mode="replicate"),
        lambda: cnnviz.conv2d_definition(X, W, padding=HUGE),
        lambda: cnnviz.conv_transpose2d(X, W, stride=HUGE),
        lambda: cnnviz.conv_transpose2d(X, W, dilation=HUGE),
        lambda: cnnviz.conv2d(np.broadcast_to(1.0, (2**14, 2**13)), np.ones((4, 1, 1))),
        lambda: cnnviz.max_pool2d(X, HUGE, padding=HUGE // 2),
        lambda: cnnviz.avg_pool2d(X, HUGE, padding=HUGE // 2),
        lambda: cnnviz.max_pool2d(X, 3, padding=HUGE, dilation=HUGE),
        lambda: nn.Conv2d(2, 2, 3, padding=HUGE).forward(X, remember=True),
        lambda: nn.AvgPool2d(HUGE, padding=HUGE // 2).forward(X, remember=True),
        lambda: nn.Linear(HUGE, HUGE).weight.value,
        lambda: nn.BatchNorm2d(10**9),
    ],
)
def test_arrays_that_are_too_large_are_refused_before_they_are_made(call):
    with pytest.raises(ValueError, match=r"would hold \d+( × \d+)* numbers; at most \d+ fit\."):
        call()


@pytest.mark.parametrize("number", [10**10, 10**30])
@pytest.mark.parametrize("name", ["stride", "padding", "dilation", "groups"])
def test_whole_numbers_without_measure_are_refused(name, number):
    with pytest.raises(ValueError, match=f"{name} must be at most 2147483647, got {number}"):
        cnnviz.conv2d(X, W, **{name: number})


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: cnnviz.conv2d(X, W, padding_mode=["zeros"]), "padding_mode must be one of"),
        (lambda: nn.Conv2d(1, 1, 3, padding_mode={}), "padding_mode must be one of"),
        (lambda: nn.Conv2d(1, 1, 3, seed="x"), "seed must be a whole number"),
        (lambda: nn.Activation([]), "There is no activation"),
        (lambda: nn.Sequential(3), "a sequence of layers, got 3"),
        (lambda: cnnviz.receptive_field(3), "a sequence of layers, got 3"),
        (lambda: cnnviz.receptive_field([3]), r"A layer is given as \(kernel_size, stride"),
        (lambda: cnnviz.receptive_field([(3, "2")]), "stride must be a whole number, got '2'"),
        (lambda: cnnviz.softmax(X, 1.5), "axis must be a whole number, got 1.5"),
        (lambda: cnnviz.Kernel("own", "own", [[1, 2], [3]]), "rows of real numbers"),
        (lambda: cnnviz.Kernel("own", "own", [[1]], "2"), "The divisor must be a number"),
    ],
)
def test_unusable_arguments_are_named(call, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        call()


def test_a_padding_of_numpy_is_a_padding():
    assert nn.MaxPool2d(3, 1, np.int64(1)).forward(X).shape == X.shape
