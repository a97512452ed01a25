"""Own weights on the Inside page: what is opened, and what is refused with a sentence."""

import io
import json
import zipfile

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
    saliency,
    small_cnn,
)
from cnnviz.nn.formats import onnx_writer
from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.nn.inspection.inputs import held_out
from cnnviz.ui.inside import settings
from cnnviz.ui.network import opened, own_network
from cnnviz.ui.widgets.formatting import number, percent
from tests.nn.formats.onnx_models import model, node
from tests.nn.formats.test_fixtures import FOLDER
from tests.nn.formats.test_onnx_reader import CONV, WEIGHTS
from tests.nn.formats.test_state_dicts import WITHOUT, convolutions, weights_of
from tests.ui.apptest import components, errors, spaced
from tests.ui.inside.test_page import PAGE, evidence, layers, words
from tests.ui.overviews import layer_rows
from tests.ui.pages import open_page, run_again

FILE = {"inside.network": "file"}


def saved(network):
    file = io.BytesIO()
    network.save(file)
    return file.getvalue()


def arrays_of(network):
    with np.load(io.BytesIO(saved(network))) as archive:
        return dict(archive)


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def upload(data, at=None):
    """Give the page a file; return the page after it."""
    at = at or open_page(PAGE, FILE)
    uploader = next(each for each in at.file_uploader if each.label.startswith("Open a network"))
    uploader.upload("network.npz", data, "application/octet-stream")
    return run_again(at)


def upload_all(files, at=None):
    """Give the page several files at once; return the page after it."""
    at = at or open_page(PAGE, FILE)
    uploader = next(each for each in at.file_uploader if each.label.startswith("Open a network"))
    for name, data in files.items():
        uploader.upload(name, data, "application/octet-stream")
    return run_again(at)


def fixture(*names):
    return {name: (FOLDER / name).read_bytes() for name in names}


def names(at):
    return [layer_row["name"] for layer_row in layer_rows(components(at, "overview")[-1])]


def test_the_shipped_weights_as_a_file_give_the_same_maps():
    at, own = open_page(PAGE), upload(saved(pretrained("digits")))
    assert not errors(own)
    wanted, found = layers(at), layers(own)
    assert wanted.keys() == found.keys()
    for name, values in wanted.items():
        np.testing.assert_array_equal(found[name], values)


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
        (told[cell],) = (  # softmax has such a component of its own
            each
            for each in (layer_rows(proto, part=None) for proto in components(at, "unit"))
            if each["kind"] != "softmax"
        )
    assert told["parallel1,2,4,5"]["total"] == pytest.approx(
        float(stages["parallel1"][0, 2, 4, 5]), abs=1e-6
    )
    assert told["parallel1,4,4,5"]["lines"][0].startswith("ReLU6 of ")
    assert told["parallel1,8,4,5"]["lines"] == ["Branch 3 hands map 2 on as it is."]
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


def shape_of(at, name):
    rows = layer_rows(components(at, "overview")[-1])
    return next(row["shape"] for row in rows if row["name"] == name)


def said(at):
    found = [*at.info, *at.warning, *at.caption, *at.markdown]
    return "\n".join(each.value.replace("\\", "") for each in found)


def press(at, label):
    next(each for each in at.button if each.label.startswith(label)).click()
    return run_again(at)


def told(at, label, value):
    """Type into a field, or choose from a list, as a person would."""
    fields = [*at.text_input, *at.text_area, *at.selectbox]
    next(each for each in fields if each.label.startswith(label)).set_value(value)
    return run_again(at)


def test_a_network_with_an_operator_that_is_not_known_is_shown_up_to_there():
    data = model([CONV, node("Relu", "y", "r"), node("Sin", "r", "z")], WEIGHTS)
    at = upload_all({"odd.onnx": data})
    assert not errors(at)
    assert names(at) == ["input", "conv1", "relu1"]
    assert "Shown up to here: not known here are Sin (1)." in said(at)
    assert not components(at, "maps")  # no class, so nothing speaks for one
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


@pytest.mark.parametrize("count", [1, 3])
def test_classes_behind_a_sigmoid_have_shares_of_their_own(count):
    network = Sequential(
        [Conv2d(1, 4, 3, seed=1), Activation("relu"), GlobalAvgPool2d(), Flatten(),
         Linear(4, count, seed=2), Activation("sigmoid")],
        input_shape=(1, 16, 16), classes=["ash", "elm", "oak"][:count],
    )  # fmt: skip
    network[4].bias.value = np.array([2, -3, 1], np.float32)[:count]
    at = run_again(upload(saved(network)), {"inside.show": "picture"})
    assert not errors(at)
    share = 1 / (1 + np.exp(-layers(at)["linear1"][:, 0, 0].astype(float)))
    assert f"It says **ash**, {spaced(percent(share[0]))}" in words(at)
    assert "**elm**, " not in words(at)
    if count == 3:
        assert f"; **oak**, {spaced(percent(share[2]))}" in words(at)
    assert "no two classes compete" in words(at)
    assert "Sigmoid shares are not probabilities" in words(at)
    found = evidence(at)
    score = saliency(network, layers(at)["input"], 0)
    np.testing.assert_allclose(found["Saliency"], score[0], atol=1e-6)
    mean = found["Class map"].mean() + float(network[4].bias.value[0])
    assert mean == pytest.approx(float(layers(at)["linear1"][0, 0, 0]), abs=1e-5)
    assert len(found) == 3
    network[4].bias.value = network[4].bias.value - 9
    at = run_again(upload(saved(network)), {"inside.show": "picture"})
    told = "It says that it is not **ash**" if count == 1 else "It finds none of its classes."
    assert told in words(at)


def test_what_speaks_for_a_class_of_a_large_network_waits_until_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(settings, "MOST_AT_ONCE", 1000)
    at = run_again(upload(saved(small_cnn((1, 64, 64), "abc"))), {"inside.show": "picture"})
    assert not errors(at)
    assert not evidence(at)
    assert "million operations for a picture" in said(at)
    at = press(at, "Look for it")
    found = evidence(at)
    assert len(found) == 4
    assert "6 × 6 pixels" in said(at)  # twice the patch of 3, on twice as many pixels as 32
    at = run_again(at, {"inside.open": "conv1,1,4,4"})
    assert evidence(at).keys() == found.keys()
    assert not evidence(run_again(at, {"inside.class": "2"}))


def test_two_networks_are_open_at_most_and_answer_to_the_same_picture():
    first, second = small_cnn((1, 16, 16), "abc", seed=1), small_cnn((1, 12, 12), "xyz", seed=2)
    at = upload_all({"first.onnx": onnx_writer.written(first)})
    at = upload_all({"second.onnx": onnx_writer.written(second)}, at)
    at = run_again(at, {"inside.show": "picture"})
    assert layers(at)["input"].shape == (1, 12, 12)
    other = next(each.value for each in at.markdown if "on the same" in each.value)
    at = press(at, "Show first")
    assert layers(at)["input"].shape == (1, 16, 16)
    sentence = next(each.value for each in at.markdown if each.value.startswith("It says"))
    assert other.endswith(sentence)
    at = upload_all({"third.onnx": onnx_writer.written(first)}, at)
    assert errors(at) == ["Two networks are open; close one of them first."]
    at = press(at, "Close first")
    assert layers(at)["input"].shape == (1, 12, 12)
    at = press(at, "Close second")
    assert "No file is open yet" in said(at)


def test_what_is_guessed_of_bare_weights_is_asked_and_can_be_changed():
    network = convolutions()
    at = upload_all({"net.safetensors": weights_of(network, ["conv1", "conv2", "fc"])})
    assert not errors(at)
    assert "Part of this was guessed" in said(at)
    assert names(at)[1:4] == ["conv1", "relu1", "pool1"]
    at = told(at, "Between the layers", WITHOUT)
    assert names(at)[1:4] == ["conv1", "relu1", "conv2"]
    at = told(at, "Size of its pictures", "40 x 50")
    assert not errors(at)
    assert shape_of(at, "conv2") == [8, 40, 50]
    at = press(at, "It is my network")
    assert "Part of this was guessed" not in said(at)
    at = told(at, "Size of its pictures", "a lot")
    assert errors(at) == ["Write the size as 224, or as 160 × 120: height, then width."]
    assert shape_of(at, "conv2") == [8, 40, 50]


def test_a_size_that_a_network_cannot_take_is_refused_with_the_numbers():
    at = upload_all(fixture("branches.old.onnx"))
    before = layers(at)["input"].shape
    at = told(at, "Size of its pictures", "30")
    assert "takes 1960 numbers, and 2250 come in" in errors(at)[0]
    assert layers(at)["input"].shape == before


def test_a_sample_says_whether_it_is_the_same_network():
    at = upload_all(fixture("residual.old.onnx"))
    uploader = next(each for each in at.file_uploader if each.label.startswith("A sample"))
    uploader.upload("s.npz", (FOLDER / "residual.npz").read_bytes(), "application/octet-stream")
    at = run_again(at)
    assert "this is your network" in said(at)
    at = told(at, "Or its numbers", "1 2 3")
    assert "has the shape (0,)" in said(at)


def test_colours_can_go_in_blue_first():
    at = upload_all(fixture("residual.old.onnx"))
    at = run_again(at, {"inside.show": "picture", "inside.order": "bgr"})
    found = layers(at)
    np.testing.assert_allclose(found["scale"], found["input"][::-1], atol=1e-6)


def test_a_process_holds_no_more_networks_than_it_has_room_for(monkeypatch):
    monkeypatch.setattr(opened, "MAX_OPEN", 1000)
    at = upload(saved(lenet5()))
    assert "Other people's networks fill" in errors(at)[0]


def header(shape):
    return np.lib.format.magic(1, 0) + (
        f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    ).encode().join([np.uint16(118).tobytes(), b""])


def packed(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return file.getvalue()


def as_npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def gigabyte():
    layer = ["Linear", {"in_features": 2**14, "out_features": 2**14, "bias": False}]
    text = {"input_shape": None, "classes": [], "layers": [layer]}
    described = np.frombuffer(json.dumps(text).encode(), np.uint8)
    return packed({"network": as_npy(described), "0.weight": header((2**14, 2**14)) + b"1234"})


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


def changed(**arrays):
    kept = arrays_of(pretrained("digits"))
    kept = {name: each for name, each in kept.items() if name not in arrays}
    return npz(**kept, **{name: each for name, each in arrays.items() if each is not None})


def not_finite():
    network = small_cnn((1, 8, 8), "abc")
    arrays = arrays_of(network)
    arrays["0.weight"] = arrays["0.weight"] * 0 + np.float32(3e38)
    return npz(**arrays)


BAD = {
    "empty": (b"", "The file is empty"),
    "text": (b"hello", "not a network file that can be read here"),
    "cut short": (saved(pretrained("digits"))[:9000], "zip archive is damaged"),
    "no network": (npz(weights=np.ones(3)), "archive holds no network that can be read here"),
    "wrong shape": (changed(**{"0.weight": np.ones((16, 1, 5, 5), "f4")}), "must have shape"),
    "missing": (changed(**{"3.bias": None}), "Missing: 3.bias."),
    "unknown": (changed(**{"9.extra": np.ones(2, "f4")}), "9.extra"),
    "objects": (changed(**{"0.bias": np.array([Trap()] * 16, object)}), "object"),
    "whole numbers": (changed(**{"0.bias": np.ones(16, int)}), "floats of 16 to 64 bits"),
    "not a number": (changed(**{"0.bias": np.full(16, np.nan, "f4")}), "not finite"),
    "1 GB header": (gigabyte(), "1073741824 bytes that are not in"),
    "a bomb": (packed({"network": bytes(65 * 2**20)}), "at most 64 MB"),
    "too large a file": (bytes(MAX_FILE + 1), "at most 64 MB"),
    "no input shape": (saved(Sequential([Flatten(), Linear(64, 3)])), "does not say which"),
    "too much work": (
        saved(small_cnn((1, 256, 256), "ab", filters=(160, 160))), "operations for one picture"
    ),
    "two channels": (saved(small_cnn((2, 8, 8), "ab")), "2 channels"),
    "overflow": (not_finite(), "so large that its numbers cannot be written down"),
}  # fmt: skip


def test_the_names_in_a_file_are_shown_verbatim():
    at = upload(changed(**{"![x](https://a.example/b)": np.zeros(1, "f4")}))
    (element,) = at.error
    assert "![x](https://a.example/b)" in errors(at)[0].replace("\N{WORD JOINER}", "")
    assert "![" not in element.value


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("data", "reason"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_the_network_stays(data, reason):
    at = upload(saved(small_cnn((1, 16, 16), ("yes", "no", "maybe"))))
    before = layers(at)
    at = upload(data, at)
    (sentence,) = errors(at)
    assert sentence.startswith("This file cannot be opened.")
    assert reason in sentence
    assert "Traceback" not in sentence
    assert [toast.value for toast in at.toast] == [error.value for error in at.error]
    for name, values in before.items():
        np.testing.assert_array_equal(layers(at)[name], values)


def test_a_good_file_takes_the_refusal_away():
    at = upload(b"hello")
    assert errors(at)
    assert not errors(upload(saved(pretrained("shapes")), at))


def test_untrusted_class_names_are_shown_verbatim():
    evil = ("<img src=x onerror=alert(1)>", "![x](http://a.b/c)", "**bold**")
    at = upload(saved(small_cnn((1, 8, 8), evil)))
    assert not errors(at)
    assert "![x](http" not in words(at)
    assert "<img" not in " ".join(each.proto.body for each in at.get("html"))


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
