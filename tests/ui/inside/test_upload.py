"""Own weights on the Inside page: what can be opened, and what the page shows of it."""

import numpy as np
import pytest

from cnnviz.nn import (
    Activation,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    Linear,
    Parallel,
    Residual,
    Sequential,
    digits,
    evaluate,
    lenet5,
    pretrained,
    small_cnn,
)
from cnnviz.nn.formats import onnx_writer
from cnnviz.nn.inspection.inputs import held_out
from cnnviz.ui.network import own_network
from cnnviz.ui.widgets.formatting import number
from tests.nn.formats.npz_files import saved
from tests.nn.formats.onnx_models import CONV, WEIGHTS, model, node
from tests.ui.apptest import components, errors, without
from tests.ui.inside.digits import PAGE, layers, words
from tests.ui.inside.uploads import FILE, fixture, names, said, upload, upload_all
from tests.ui.overviews import layer_rows
from tests.ui.pages import open_page, run_again


def test_the_shipped_weights_as_a_file_give_the_same_maps():
    at, own = open_page(PAGE), upload(saved(pretrained("digits")))
    assert not errors(own)
    assert "without your network" in without(own)
    assert without(at) == without(open_page(PAGE, FILE)) == ""
    wanted, found = layers(at), layers(own)
    assert wanted.keys() == found.keys()
    for name, values in wanted.items():
        np.testing.assert_array_equal(found[name], values)


def test_streamlit_does_not_keep_the_files_of_a_network_or_of_a_refused_one(kept_uploads):
    at = upload_all(fixture("residual.new.onnx", "residual.new.onnx.data"))
    assert not errors(at)
    assert kept_uploads() == []
    assert errors(upload(b"no network", at))
    assert kept_uploads() == []


def test_a_network_of_scores_gets_names_for_its_classes_and_a_softmax():
    network = Sequential(
        [Conv2d(3, 4, 3), BatchNorm2d(4), Flatten(), Linear(4 * 10 * 14, 6)],
        input_shape=(3, 12, 16),
    )
    at = upload(saved(network))
    assert not errors(at)
    assert names(at) == ["input", "conv1", "norm1", "flatten1", "linear1", "softmax1"]
    assert "class " in words(at)
    assert "The app does not know what this network was trained on" in words(at)
    at = run_again(at, {"inside.show": "picture"})
    pixels = layers(at)["input"]
    assert pixels.shape == (3, 12, 16)
    assert not np.array_equal(pixels[0], pixels[2])  # in colour


def test_a_network_of_branches_is_looked_into_and_each_of_its_cells_opens():
    network = Sequential(
        [
            Conv2d(1, 4, 3, padding=1),
            Parallel(
                [Conv2d(4, 3, 1, seed=1), [Conv2d(4, 3, 3, padding=1), Activation("relu6")], []]
            ),
            Residual(Conv2d(10, 10, 3, padding=1)),
            Dropout(),
            Parallel([GlobalAvgPool2d(), GlobalMaxPool2d()]),
            Flatten(),
            Linear(20, 3),
        ],
        input_shape=(1, 16, 16),
    )
    at = run_again(upload(saved(network)), {"inside.show": "picture"})
    assert not errors(at)
    image = layers(at)["input"]
    assert np.ptp(image) > 0
    stages = dict(zip(network.names, network.stages(image[None]), strict=True))
    told = {}
    for cell in ("parallel1,2,4,5", "parallel1,4,4,5", "parallel1,8,4,5", "residual1,7,4,5",
                 "dropout1,0,0,0", "parallel2,3,0,0", "parallel2,13,0,0"):  # fmt: skip
        at = run_again(at, {"inside.open": cell})
        assert not errors(at)
        (told[cell],) = (  # the softmax has a panel of its own
            each
            for each in (layer_rows(proto, part=None) for proto in components(at, "unit"))
            if each["kind"] != "softmax"
        )
    assert told["parallel1,2,4,5"]["total"] == pytest.approx(
        float(stages["parallel1"][0, 2, 4, 5]), abs=1e-6
    )
    assert told["parallel1,4,4,5"]["lines"][0].startswith("ReLU6 of ")
    assert told["parallel1,8,4,5"]["lines"] == ["Branch 3 passes map 2 on unchanged."]
    assert told["residual1,7,4,5"]["lines"][0].startswith("The branch gives ")
    assert "only during training" in told["dropout1,0,0,0"]["lines"][0]
    for channel, cell, how in ((3, "parallel2,3,0,0", "mean"), (13, "parallel2,13,0,0", "largest")):
        text = number(float(stages["parallel2"][0, channel, 0, 0]))
        assert text in told[cell]["lines"][0]
        assert how in told[cell]["lines"][0]


def test_lenet_is_looked_into():
    at = upload(saved(lenet5()))
    assert not errors(at)
    at = run_again(at, {"inside.show": "drawing", "inside.drawing": "d80208080808080e0"})
    assert layers(at)["input"].shape == (1, 32, 32)
    assert np.ptp(layers(at)["input"]) == 1


def test_a_network_from_pytorch_is_looked_into_with_the_weights_beside_it():
    at = upload_all(fixture("residual.new.onnx", "residual.new.onnx.data"))
    assert not errors(at)
    assert names(at)[:4] == ["input", "conv1", "relu1", "pool1"]  # its norms are in the kernels
    captions = " ".join(each.value for each in at.caption)
    assert "ONNX, pictures of 32 × 32 pixels, colour" in captions
    assert " parameters." in captions  # weights and biases
    at = run_again(at, {"inside.show": "picture", "inside.scale": "ImageNet"})
    assert not errors(at)
    found = layers(at)
    np.testing.assert_allclose(
        found["scale"][0], (found["input"][0] - 0.485) / 0.229, rtol=1e-4, atol=1e-5
    )


def test_the_weights_beside_a_file_are_asked_for():
    at = upload_all(fixture("residual.new.onnx"))
    assert "'residual.new.onnx.data', which is missing" in errors(at)[0]


def test_a_network_of_keras_gets_its_scale_and_the_names_that_are_pasted():
    at = upload_all(fixture("keras_row.keras"))
    assert not errors(at)
    assert at.session_state["inside.scale"] == "0–255"
    assert names(at)[1:3] == ["scale", "affine1"]
    at = run_again(at, {"inside:class_names": "ash\nbeech\nelm\noak\nyew"})
    assert not errors(at)
    assert any(
        name in words(at) for name in ("**ash**", "**beech**", "**elm**", "**oak**", "**yew**")
    )


def test_a_network_with_an_operator_that_is_not_known_is_shown_up_to_there():
    data = model([CONV, node("Relu", "y", "r"), node("Sin", "r", "z")], WEIGHTS)
    at = upload_all({"odd.onnx": data})
    assert not errors(at)
    assert names(at) == ["input", "conv1", "relu1"]
    assert "Shown up to here: the app does not support Sin (1)." in said(at)
    assert not components(at, "maps")  # without classes there is no evidence for one
    at = run_again(at, {"inside.show": "picture", "inside.open": "conv1,1,4,4"})
    assert not errors(at)
    (cell,) = (layer_rows(proto, part=None) for proto in components(at, "unit"))
    assert cell["total"] == pytest.approx(float(layers(at)["conv1"][1, 4, 4]), abs=1e-5)


def test_a_network_that_ends_with_maps_is_shown_without_an_answer():
    at = upload(saved(Sequential([Conv2d(1, 2, 3)], input_shape=(1, 8, 8))))
    assert not errors(at)
    assert names(at) == ["input", "conv1"]
    assert "It ends with 2 maps of 6 × 6" in said(at)


def test_a_network_is_shown_up_to_weights_that_are_no_finite_numbers():
    network = small_cnn((1, 16, 16), "abc")
    network[3].weight.value[0, 0, 0, 0] = np.nan
    at = upload_all({"nan.onnx": onnx_writer.written(network)})
    assert not errors(at)
    assert names(at) == ["input", "conv1", "relu1", "pool1"]
    assert "some weights of the next layer, conv2, are not finite" in said(at)
    assert "1 of its weights is not finite" in said(at)


def test_the_network_of_the_training_page_stands_here_with_its_record():
    network = small_cnn((1, 8, 8), digits().classes, seed=3)
    kept = own_network.OwnNetwork(network, "digits", 10, 0.1)
    at = open_page(PAGE, {own_network.KEY: kept, "inside.network": "own"})
    assert not errors(at)
    share = evaluate(network, held_out("digits")).accuracy
    assert f"It gets {100 * share:.0f} % of 360 held-out pictures right" in words(at)


@pytest.mark.parametrize("name", ["own", "file"])
def test_a_network_that_is_not_there_yet_is_said_and_the_digits_are_shown(name):
    at = open_page(PAGE, {"inside.network": name})
    assert "Until then the digits network is shown" in words(at)
    assert "It says" in words(at)


def test_maps_of_an_opened_network_are_silenced():
    network = small_cnn((1, 8, 8), "0123456789", seed=4)
    at = upload(saved(network), open_page(PAGE, {**FILE, "inside.silent_layer": "1"}))
    before = layers(at)
    at.session_state["inside.silent"] = "2"
    after = layers(run_again(at))
    maps = before["relu1"].copy()
    maps[2] = 0
    np.testing.assert_allclose(after["relu1 × 0"], maps)
    wanted = network[2:].forward(maps[None].astype(np.float32))[0]
    np.testing.assert_allclose(after["softmax1"].ravel(), wanted, atol=1e-4)
