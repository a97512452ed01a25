"""The trained network elsewhere: on other pages, and as files."""

import io
import zipfile

import numpy as np
import pytest
from safetensors.numpy import load as load_safetensors

from cnnviz.nn import Sequential, evaluate, read_model
from cnnviz.ui.network.own_network import KEY
from cnnviz.ui.training.network_files import Files
from tests.ui.pages import run_again
from tests.ui.training.digits import TEST, go, network_page, press, session

pytestmark = pytest.mark.usefixtures("time_for_every_step")


def test_the_network_is_handed_to_the_other_pages_and_stays_when_it_is_reset():
    at = go(network_page(), 4)
    session(at).do("pause")
    session(at).do("step")
    at = run_again(at)
    own = at.session_state[KEY]
    assert (own.data, own.steps) == ("digits", 21)
    assert own.accuracy == evaluate(own.network, TEST).accuracy
    before = own.network.forward(TEST.images[:9])
    session(at).do("reset")
    at = run_again(at)
    np.testing.assert_array_equal(at.session_state[KEY].network.forward(TEST.images[:9]), before)


def test_the_download_is_the_network_as_it_was():
    at = go(network_page({"training.norm": True}), 3)
    network = session(at).trainer.network
    files, before = Files.of(session(at), {"seed": 0}), network.forward(TEST.images)
    session(at).step()
    again = Sequential.load(io.BytesIO(files.npz()))
    np.testing.assert_array_equal(again.forward(TEST.images), before)
    assert again.classes == network.classes
    with zipfile.ZipFile(io.BytesIO(files.archive())) as folder:
        names = ["keras_program.py", "network.npz", "network.py", "settings.json", "training.py"]
        assert sorted(folder.namelist()) == ["data.npz", *names]
        assert "layers.BatchNormalization(" in folder.read("keras_program.py").decode()
        assert "nn.BatchNorm2d(16)" in folder.read("network.py").decode()
        with np.load(io.BytesIO(folder.read("data.npz"))) as data:
            np.testing.assert_array_equal(data["held_out"], TEST.images)
            assert len(data["labels"]) == len(data["images"]) == 1437


def test_other_programs_get_the_network_too():
    made = session(go(network_page(), 3))
    files = {file.name: file.make for file in Files.of(made, {}).downloads().files}
    before = made.trainer.network.forward(TEST.images)
    again = read_model(files["network.onnx"]()).network
    np.testing.assert_allclose(again.forward(TEST.images), before, atol=1e-6)
    assert again.classes == TEST.classes
    weights = load_safetensors(files["network.safetensors"]())
    for name, parameter in made.trainer.network.parameters().items():
        np.testing.assert_array_equal(weights[name], parameter.value)


@pytest.mark.parametrize("label", ["Download", "Code"])
def test_download_and_code_open(label):
    at = press(go(network_page(), 1), label)
    if label == "Code":
        assert any("nn.Conv2d(1, 16, 3, padding=1)" in each.value for each in at.code)
