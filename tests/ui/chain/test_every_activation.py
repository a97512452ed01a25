"""Every activation in the table has everything that the app and the other libraries need."""

import re
from pathlib import Path

import numpy as np
import pytest

import cnnviz
from cnnviz.functional import activations
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.nn.formats import keras_activations, onnx_layers
from cnnviz.ui.chain.panes import BOUNDED
from cnnviz.ui.chain.sentences import ACTIVATION_SENTENCES
from cnnviz.ui.export.programs import torch_layers
from tests.ui import plain

COMPONENTS = Path(__file__).parents[3] / "static" / "components"
FAR = np.array([-1e4, 1e4])
# In Keras these are layers, not functions, or do not exist: LeakyReLU, PReLU, and for hard sigmoid
# a function whose slope depends on the version.
LAYERS_OF_KERAS = {"none", "leaky_relu", "prelu", "hardsigmoid"}
# Written as several operators.
SEVERAL_OF_ONNX = {"prelu", "silu", "relu6", "hardsigmoid"}


def table(file, name):
    """Return the keys of an object literal in one of the browser's modules."""
    text = (COMPONENTS / file).read_text(encoding="utf-8")
    body = re.search(rf"^export const {name} = {{\n(.*?)^}}", text, re.DOTALL | re.MULTILINE)[1]
    return re.findall(r"^  (\w+)[:(,]", body, re.MULTILINE)


@pytest.mark.parametrize(
    ("file", "name"), [("maps/activations.js", "ACTIVATIONS"), ("maps/slopes.js", "SLOPES")]
)
def test_the_browser_has_each(file, name):
    assert table(file, name) == list(ACTIVATIONS)


def test_each_has_a_sentence_a_plain_twin_and_a_layer_of_pytorch():
    assert set(ACTIVATION_SENTENCES) == set(ACTIVATIONS)
    assert set(plain.ACTIVATIONS) == set(ACTIVATIONS)
    assert set(torch_layers.ACTIVATIONS) == set(ACTIVATIONS)


def test_each_can_be_read_from_keras_by_its_name_and_written_for_onnx():
    assert set(keras_activations.ACTIVATIONS.values()) | LAYERS_OF_KERAS == set(ACTIVATIONS)
    assert set(onnx_layers.ACTIVATIONS) | SEVERAL_OF_ONNX == set(ACTIVATIONS)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "none"])
def test_each_is_exported(name):
    assert name in activations.__all__
    assert name in cnnviz.__all__


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_those_that_never_leave_minus_1_to_1_are_the_bounded_ones(activation):
    stays = np.abs(activation.function(FAR, **activation.defaults)).max() <= 1
    assert stays == (activation.name in BOUNDED)
