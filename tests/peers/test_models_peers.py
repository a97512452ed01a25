"""Opens networks that PyTorch and Keras wrote, and runs in onnxruntime what we write."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import pytest

from cnnviz.nn import load_model, pretrained, read_model
from cnnviz.nn.formats import onnx_writer
from tests.nn.formats.test_onnx_writer import LAYERS, Sequential, draw, shaken
from tests.peers import architectures
from tests.peers.export_fixtures import drawn

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("dynamo", [True, False], ids=["new exporter", "old exporter"])
@pytest.mark.parametrize("make", architectures.TORCH, ids=lambda make: make.__name__)
def test_what_pytorch_exports_is_read_whole_and_gives_the_same(make, dynamo, tmp_path):
    import torch

    torch.manual_seed(0)
    network, shape = make()
    with torch.no_grad():
        network, x = drawn(network, shape)
        wanted = network(x).numpy()
        torch.onnx.export(network, (x,), tmp_path / "m.onnx", dynamo=dynamo, verbose=False)
    external = {file.name: file.read_bytes() for file in tmp_path.glob("*.data")}
    model = read_model((tmp_path / "m.onnx").read_bytes(), external=external)
    assert model.whole
    assert not model.notes
    made = model.network.forward(x.numpy())
    np.testing.assert_allclose(made, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("make", architectures.KERAS, ids=lambda make: make.__name__)
def test_what_keras_saves_is_read_whole_and_gives_the_same(make, suffix, tmp_path):
    import keras

    keras.utils.set_random_seed(0)
    network = make()
    x = np.random.default_rng(0).uniform(0, 255, (2, *network.input_shape[1:])).astype(np.float32)
    wanted = network(x, training=False).detach().numpy()
    network.save(tmp_path / f"m.{suffix}")
    model = read_model((tmp_path / f"m.{suffix}").read_bytes())
    assert model.whole
    made = model.network.forward(x.transpose(0, 3, 1, 2))
    np.testing.assert_allclose(made, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())


def in_onnxruntime(data, x):
    import onnxruntime

    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    return session.run(None, {"image": x})[0]


@pytest.mark.parametrize("layers", LAYERS.values(), ids=LAYERS)
def test_every_layer_that_is_written_gives_the_same_in_onnxruntime(layers):
    network, x = shaken(Sequential(layers, input_shape=(3, 9, 9))), draw(2, 3, 9, 9, seed=99)
    made = in_onnxruntime(onnx_writer.written(network), x)
    np.testing.assert_allclose(made, network.forward(x), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["digits", "shapes", "photos"])
def test_the_networks_of_the_app_give_the_same_in_onnxruntime(name):
    network = pretrained(name)
    x = draw(1, *network.input_shape)
    data = onnx_writer.written(network)
    np.testing.assert_allclose(in_onnxruntime(data, x), network.forward(x), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(load_model(data).forward(x), network.forward(x), atol=1e-6)
