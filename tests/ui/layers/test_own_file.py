"""The user's own weights on the Layers page."""

from types import SimpleNamespace

import numpy as np
import pytest

from cnnviz.nn import PRESETS, Stack, parse_stack
from cnnviz.nn.formats import onnx_writer
from cnnviz.ui.layers.own_file import taken_sentence
from tests.nn.formats.onnx_models import draw, model, node
from tests.nn.formats.test_fixtures import FOLDER
from tests.nn.formats.test_state_dicts import weights_of
from tests.ui.apptest import components, errors, without
from tests.ui.layers.test_page import PAGE
from tests.ui.overviews import layer_rows
from tests.ui.pages import open_page, run_again

STRANGE = "conv4k5s2p1,tanh,avg3s1,flatten,dense6"
SHAPE = 1, 20, 20
SETTINGS = {"layers.stack": STRANGE, "layers.side": 20, "layers.square": True,
            "shared.colour": "grey", "layers.filters": "file"}  # fmt: skip


def bring(at, **files):
    uploader = next(each for each in at.file_uploader if each.label.startswith("Open weights"))
    for name, data in files.items():
        uploader.upload(name.replace("_", "."), data, "application/octet-stream")
    return run_again(at)


def captions(at):
    return "\n".join(each.value.replace("\\", "") for each in at.caption)


def maps(at):
    rows = layer_rows(components(at, "overview")[-1])
    return {row["name"]: row["exact"] for row in rows}


def press(at, label):
    next(each for each in at.button if each.label.startswith(label)).click()
    return run_again(at)


def test_without_a_file_the_filters_are_random():
    at = open_page(PAGE, SETTINGS)
    assert "No file is open yet, so the filters are random." in captions(at)
    assert without(at) == ""
    np.testing.assert_array_equal(
        maps(at)["conv1"], maps(open_page(PAGE, {**SETTINGS, "layers.filters": "random"}))["conv1"]
    )


def test_bare_weights_are_laid_onto_the_stack_that_stands_there():
    network = Stack(parse_stack(STRANGE), SHAPE, seed=77).network
    at = bring(open_page(PAGE, SETTINGS), net_safetensors=weights_of(network, ["one", "two"]))
    assert not errors(at)
    assert "All 2 layers with weights have those of net.safetensors." in captions(at)
    assert "without your weights" in without(at)
    found = maps(at)
    for name, stage in zip(network.names, network.stages(found["input"][None]), strict=True):
        np.testing.assert_allclose(found[name].ravel(), stage.ravel(), rtol=1e-4, atol=1e-5)
    at = run_again(at, {"layers.stack": STRANGE.replace("conv4k5", "conv4k3")})
    assert "0 of 2 layers" in captions(at)
    assert "conv1, linear1 differ in shape" in captions(at)
    at = bring(at, net_safetensors=weights_of(network, ["one", "two"]))
    assert "build it on the Layers page" in errors(at)[0]


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ([], "No layer of this stack takes weights from a file."),
        (["file"], "The one layer with weights has those of net"),
        (["random"], "0 of 1 layer with weights has those of net; 0 differs"),
        (["file", "random"], "1 of 2 layers with weights has those of net; 1 differs"),
        (["file", "file", "random"], "2 of 3 layers with weights have those of net; 2 differs"),
    ],
)
def test_the_layers_that_have_their_weights_from_a_file_are_counted(sources, said):
    run = SimpleNamespace(sources={str(i): source for i, source in enumerate(sources)})
    assert taken_sentence(run, "net").startswith(said)


def test_an_opened_network_is_built_of_blocks_and_goes_on_to_inside():
    network = PRESETS["lenet5"].build(3)
    at = bring(open_page(PAGE, {"layers.filters": "file"}), lenet_onnx=onnx_writer.written(network))
    assert "differ in shape and stay random" in captions(at)
    at = press(at, "Build lenet")
    assert not errors(at)
    assert at.session_state["layers.stack"].startswith("conv6k5p0,tanh,avg2,conv16k5p0")
    assert "All 5 layers with weights have those of lenet.onnx" in captions(at)
    found = maps(at)
    assert found["input"].shape == (1, 32, 32)
    shares = network.forward(found["input"][None])[0]
    np.testing.assert_allclose(found["softmax1"].ravel(), shares, atol=1e-5)
    at.switch_page("pages/10_Inside.py")
    at = run_again(at, {"inside.network": "file", "inside.show": "picture"})
    assert not errors(at)
    assert "lenet.onnx: ONNX, pictures of 32 × 32 pixels" in captions(at)
    np.testing.assert_allclose(maps(at)["softmax1"].ravel().sum(), 1, atol=1e-5)


def test_a_network_that_was_opened_here_keeps_its_scale_beside_another_on_inside():
    at = open_page(PAGE, {"layers.filters": "file"})
    at = bring(at, keras_row_keras=(FOLDER / "keras_row.keras").read_bytes())
    at.switch_page("pages/10_Inside.py")
    at = run_again(at, {"inside.network": "file", "inside.show": "picture"})
    assert at.session_state["inside.scale"] == "0–255"
    uploader = next(each for each in at.file_uploader if each.label.startswith("Open a network"))
    data = onnx_writer.written(PRESETS["lenet5"].build(3))
    uploader.upload("lenet.onnx", data, "application/octet-stream")
    at = run_again(at)
    assert at.session_state["inside.scale"] == "0–1"
    at = press(at, "Show keras")
    assert not errors(at)
    assert at.session_state["inside.scale"] == "0–255"


def test_a_network_that_is_known_in_part_is_said_to_be_a_part():
    weights = ("w", draw(3, 1, 3, 3)), ("b", draw(3))
    data = model([node("Conv", "x w b", "y"), node("Sin", "y", "z")], weights, (1, 1, 32, 32))
    at = press(bring(open_page(PAGE, {"layers.filters": "file"}), part_onnx=data), "Build part")
    assert "The one layer with weights has those of part.onnx." in captions(at)
    (told,) = at.warning
    assert told.value.replace("\\", "") == "Shown up to here: the app does not support Sin (1)."


def test_a_network_that_is_no_stack_is_said_to_be_none():
    at = open_page(PAGE, {"layers.filters": "file"})
    at = bring(at, residual_old_onnx=(FOLDER / "residual.old.onnx").read_bytes())
    before = at.session_state["layers.stack"]
    at = press(at, "Build residual")
    assert "residual1 is not available as a block of a stack. Look into it" in errors(at)[0]
    assert at.session_state["layers.stack"] == before
