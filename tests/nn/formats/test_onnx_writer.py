import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from cnnviz import ACTIVATIONS
from cnnviz.nn import (
    PRESETS,
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
    load_model,
    pretrained,
    read_model,
)
from cnnviz.nn.formats import onnx_writer, safetensors_writer
from tests.nn.formats.onnx_models import draw


def shaken(network):
    """Give each weight different numbers, and return the network."""
    for seed, parameter in enumerate(network.parameters().values()):
        parameter.value = draw(*parameter.shape, seed=seed)
    for seed, array in enumerate(network.buffers().values()):
        array[...] = np.abs(draw(*array.shape, seed=seed)) + 0.5
    return network


LAYERS = {
    "valid": [Conv2d(3, 4, 3)],
    "uneven": [Conv2d(3, 4, (2, 3), (2, 1), padding=((0, 2), (1, 0)), bias=False)],
    "same": [Conv2d(3, 6, 3, padding="same", dilation=2, groups=3)],
    "mirror": [Conv2d(3, 4, 3, padding=1, padding_mode="reflect")],
    "around": [Conv2d(3, 4, 3, padding=2, padding_mode="circular")],
    "edge": [Pad2d(((1, 2), (0, 1)), "replicate")],
    "zeros": [Pad2d(1)],
    "transposed": [ConvTranspose2d(3, 4, 3, 2, 1, 1)],
    "repeated": [Upsample((2, 3))],
    "between": [Upsample((3, 2), "bilinear")],
    "corners": [Upsample(2, "bilinear", align_corners=True)],
    "chosen": [SelectChannels([2, 0, 2]), Flatten(), SelectChannels(range(9))],
    "max": [MaxPool2d(3, 2, 1)],
    "max up": [MaxPool2d(3, 2, ceil_mode=True)],
    "mean": [AvgPool2d(3, 2, 1)],
    "mean of cells": [AvgPool2d(3, 2, 1, count_include_pad=False)],
    "global": [Parallel([GlobalAvgPool2d(), GlobalMaxPool2d()])],
    "norm": [BatchNorm2d(3, eps=1e-3)],
    "by channel": [Affine(3), PReLU(3)],
    "one for all": [Affine(1), PReLU(1)],
    "vector": [Flatten(), Affine(243), Linear(243, 4, bias=False), Dropout(0.2), Softmax()],
    "branches": [
        Parallel([Conv2d(3, 4, 1), [Conv2d(3, 4, 3, padding=1), Activation("relu")], []]),
        Residual([Conv2d(11, 11, 3, padding=1)]),
        Residual([Conv2d(11, 4, 1)], [Conv2d(11, 4, 1), BatchNorm2d(4)]),
    ],
    "gates": [
        Gated([GlobalAvgPool2d(), Conv2d(3, 3, 1), Activation("sigmoid")]),
        Gated([Conv2d(3, 2, 1)], [Conv2d(3, 2, 3, padding=1)]),
    ],
    **{name: [Affine(3), Activation(name)] for name in ACTIVATIONS},
}


@pytest.mark.parametrize("layers", LAYERS.values(), ids=LAYERS)
def test_onnx_computes_the_written_network_and_we_read_it_back(layers):
    network = shaken(Sequential(layers, input_shape=(3, 9, 9)))
    data, x = onnx_writer.written(network), draw(2, 3, 9, 9, seed=99)
    wanted = network.forward(x)
    (theirs,) = ReferenceEvaluator(onnx.load_from_string(data)).run(None, {"image": x})
    np.testing.assert_allclose(theirs, wanted, rtol=1e-4, atol=1e-4)
    model = read_model(data)
    assert model.whole
    np.testing.assert_allclose(model.network.forward(x), wanted, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["digits", "shapes", "photos"])
def test_the_networks_of_the_app_come_back_layer_by_layer(name):
    network = pretrained(name)
    again = load_model(onnx_writer.written(network))
    assert again.classes == network.classes
    assert [layer.kind for layer in again] == [layer.kind for layer in network]
    x = draw(1, *network.input_shape)
    for ours, theirs in zip(network.stages(x), again.stages(x), strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("kind", [MaxPool2d, AvgPool2d])
def test_a_last_window_that_pytorch_drops_is_not_asked_of_onnx(kind):
    network = Sequential([kind(1, 2, 0, ceil_mode=True)], input_shape=(1, 12, 12))
    data, x = onnx_writer.written(network), draw(2, 1, 12, 12)
    (theirs,) = ReferenceEvaluator(onnx.load_from_string(data)).run(None, {"image": x})
    np.testing.assert_array_equal(theirs, network.forward(x))
    np.testing.assert_array_equal(load_model(data).forward(x), theirs)


@pytest.mark.parametrize("kind", [MaxPool2d, AvgPool2d])
def test_a_pooling_that_onnx_cannot_express_is_refused_with_its_size(kind):
    network = Sequential([kind(2, 3, ceil_mode=True)], input_shape=(1, 7, 12))
    with pytest.raises(ValueError, match="rounds up along one side of maps of 7 × 12 only"):
        onnx_writer.written(network)


def test_a_network_without_an_input_shape_is_refused():
    with pytest.raises(ValueError, match="input shape"):
        onnx_writer.written(Sequential([Conv2d(1, 1, 3)]))


@pytest.mark.parametrize("name", ["lenet5", "separable"])
def test_weights_go_out_as_safetensors_and_fit_again(name):
    network = PRESETS[name].build(5)
    again = read_model(safetensors_writer.written(network)).network
    x = draw(1, *network.input_shape)
    np.testing.assert_array_equal(again.forward(x), network.forward(x))
