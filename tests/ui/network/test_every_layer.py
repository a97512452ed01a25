"""Every layer that the package exports can be opened, stored and exported to other libraries."""

import inspect

import pytest

from cnnviz import nn
from cnnviz.nn import Layer, Sequential
from cnnviz.nn.formats import npz_settings, onnx_layers
from cnnviz.ui.export.programs.keras_network import keras_program
from cnnviz.ui.export.programs.torch_network import torch_program
from cnnviz.ui.network.unit_views import VIEWS

KINDS = {
    kind
    for name in nn.__all__
    if inspect.isclass(kind := getattr(nn, name)) and issubclass(kind, Layer) and kind is not Layer
}
MADE = (
    nn.Activation("relu"),
    nn.Affine(3),
    nn.AvgPool2d(2),
    nn.BatchNorm2d(3),
    nn.Conv2d(3, 4, 3),
    nn.ConvTranspose2d(3, 4, 3),
    nn.Dropout(0.5),
    nn.Flatten(),
    nn.Gated([nn.GlobalAvgPool2d(), nn.Activation("sigmoid")]),
    nn.GlobalAvgPool2d(),
    nn.GlobalMaxPool2d(),
    nn.Linear(3 * 6 * 6, 4),
    nn.MaxPool2d(2),
    nn.PReLU(3),
    nn.Pad2d(1),
    nn.Parallel([nn.Conv2d(3, 4, 1), nn.Conv2d(3, 2, 1)]),
    nn.Residual([nn.Conv2d(3, 3, 1)]),
    nn.SelectChannels([2, 0]),
    nn.Softmax(),
    nn.Upsample(2),
)


def network(layer):
    """Return a network of one layer, after a Flatten if it takes a vector."""
    before = [nn.Flatten()] if isinstance(layer, nn.Linear) else []
    return Sequential([*before, layer], input_shape=(3, 6, 6))


def test_the_layers_under_test_are_all_that_there_are():
    assert {type(layer) for layer in MADE} == KINDS


def test_a_cell_of_each_can_be_taken_apart():
    assert set(VIEWS) == KINDS


def test_each_goes_into_a_file_and_to_onnx():
    assert set(npz_settings.LAYERS.values()) == KINDS
    assert set(onnx_layers.WRITERS) == KINDS


@pytest.mark.parametrize("write", [torch_program, keras_program], ids=["PyTorch", "Keras"])
@pytest.mark.parametrize("layer", MADE, ids=lambda layer: type(layer).__name__)
def test_each_has_a_program(layer, write):
    made = network(layer)
    without = write(Sequential(list(made)[:-1], input_shape=(3, 6, 6)))
    program = write(made)
    compile(program, "program", "exec")
    assert program != without
