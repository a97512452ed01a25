"""Networks that PyTorch and Keras wrote, opened here, and ours run in onnxruntime."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from cnnviz.nn import load_model, pretrained, read_model
from cnnviz.nn.formats import onnx_writer
from tests.nn.formats.test_onnx_writer import LAYERS, Sequential, draw, shaken
from tests.peers import architectures
from tests.peers.export_fixtures import drawn

REACHES = 1e-4  # relative to the largest number of a stage


class Recorded(TorchDispatchMode):
    """Keeps the output of every PyTorch operation, in order."""

    def __init__(self):
        super().__init__()
        self.made = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for each in result if isinstance(result, tuple | list) else [result]:
            if isinstance(each, torch.Tensor) and each.is_floating_point():
                self.made.append(each.detach().numpy().copy())
        return result


def every_stage(network, x):
    """Yield each layer, those in branches too, with its output for a batch."""
    for layer, made in zip(network, network.stages(x), strict=True):
        for branch in layer.branches:
            yield from every_stage(branch, x)
        yield layer, made
        x = made


def assert_every_stage_is_there(network, x, recorded):
    for number, (layer, made) in enumerate(every_stage(network, x)):
        scale = max(np.abs(made).max(), 1e-6)
        nearest = min(
            (np.abs(form - made.ravel()).max() / scale for each in recorded.made
             if each.size == made.size for form in forms(each, layer)), default=np.inf
        )  # fmt: skip
        assert nearest <= REACHES, f"stage {number}, {layer}: {nearest:.2g}"


def forms(made, layer):
    """Yield a peer's output in our layout: channels first, flattened."""
    yield made.ravel()
    if made.ndim == 4:
        yield np.moveaxis(made, -1, 1).ravel()
        if layer.kind == "flatten":
            yield np.moveaxis(made, 1, -1).ravel()


pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("dynamo", [True, False], ids=["new exporter", "old exporter"])
@pytest.mark.parametrize("make", architectures.TORCH, ids=lambda make: make.__name__)
def test_pytorch_exports_are_read_completely_and_every_stage_agrees(make, dynamo, tmp_path):
    torch.manual_seed(0)
    network, shape = make()
    with torch.no_grad():
        network, x = drawn(network, shape)
        with Recorded() as recorded:
            wanted = network(x).numpy()
        torch.onnx.export(network, (x,), tmp_path / "m.onnx", dynamo=dynamo, verbose=False)
    external = {file.name: file.read_bytes() for file in tmp_path.glob("*.data")}
    model = read_model((tmp_path / "m.onnx").read_bytes(), external=external)
    assert model.whole
    assert not model.notes
    made = model.network.forward(x.numpy())
    np.testing.assert_allclose(made, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())
    assert_every_stage_is_there(model.network, x.numpy(), recorded)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("make", architectures.KERAS, ids=lambda make: make.__name__)
def test_keras_files_are_read_completely_and_every_stage_agrees(make, suffix, tmp_path):
    import keras

    keras.utils.set_random_seed(0)
    network = make()
    x = np.random.default_rng(0).uniform(0, 255, (2, *network.input_shape[1:])).astype(np.float32)
    with torch.no_grad(), Recorded() as recorded:
        wanted = network(x, training=False).numpy()
    network.save(tmp_path / f"m.{suffix}")
    model = read_model((tmp_path / f"m.{suffix}").read_bytes())
    assert model.whole
    x = np.moveaxis(x.reshape(*x.shape[:3], -1), -1, 1)  # grey pictures may have no channels
    made = model.network.forward(x)
    np.testing.assert_allclose(made, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())
    assert_every_stage_is_there(model.network, x, recorded)


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
