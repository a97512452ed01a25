"""What the Inside page says of an answer, its Grad-CAM, odd networks, and the downloads."""

import io
import json
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest

from cnnviz.nn import (
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Sequential,
    evaluate,
    pretrained,
    small_cnn,
)
from cnnviz.nn.inspection.inputs import held_out
from cnnviz.ui.inside import answer, files
from cnnviz.ui.inside.network import shipped
from cnnviz.ui.inside.settings import inspect_image
from cnnviz.ui.network.own_network import KEY, OwnNetwork
from tests.nn.formats.npz_files import saved
from tests.ui.apptest import components, errors
from tests.ui.inside.digits import UPRIGHT, by_hand, evidence, layers, opened, words
from tests.ui.inside.uploads import upload
from tests.ui.overviews import layer_rows
from tests.ui.pages import run_again

TEST = held_out("digits")
EMPTY = {"inside.show": "drawing", "inside.drawing": ""}
MIRRORED_E = "d5028aa28aad750d7.d6480aa80"


def test_grad_cam_weighs_the_maps_of_the_last_convolution_by_their_mean_slopes():
    maps = by_hand(TEST.images[0], pretrained("digits"))["relu2"]
    weight = pretrained("digits")[7].weight.value[2].reshape(32, 2, 2).astype(float)
    slopes = np.zeros_like(maps)
    for channel, row, column in np.ndindex(32, 2, 2):  # the slope goes to a window's largest cell
        window = maps[channel, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        y, x = np.unravel_index(window.argmax(), (2, 2))
        slopes[channel, 2 * row + y, 2 * column + x] = weight[channel, row, column]
    together = np.maximum((slopes.mean(axis=(1, 2))[:, None, None] * maps).sum(axis=0), 0)
    found = evidence(opened())["Grad-CAM"]
    # drawn at twice the size, with linear interpolation between the cell centres
    places = np.clip((np.arange(8) - 0.5) / 2, 0, 3)
    rows = np.array([np.interp(places, range(4), line) for line in together])
    wanted = np.array([np.interp(places, range(4), line) for line in rows.T]).T
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_the_record_is_counted_from_the_held_out_pictures():
    shares = evaluate(pretrained("digits"), TEST).shares
    sure = shares.max(axis=1) >= shares[0].max()
    right = shares.argmax(axis=1) == TEST.labels
    said = words(opened())
    assert f"right on {(sure & right).sum()} of {sure.sum()} held-out pictures" in said
    assert "not probabilities of being right" in said


def test_how_sure_is_counted_by_hand():
    found = evaluate(pretrained("digits"), TEST.take(range(3)))._replace(
        shares=np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    )
    assert answer.sure_and_right(found, np.array([0, 1, 1]), 0.7) == (2, 2)
    assert answer.sure_and_right(found, np.array([0, 1, 1]), 0.5) == (3, 2)
    assert answer.sure_and_right(found, np.array([0, 1, 1]), 0.95) == (0, 0)


def test_no_share_is_all_of_it_as_long_as_there_are_others():
    at = opened({"inside.show": "picture", "inside.network": "shapes"})
    assert "> 99 %" in words(at)
    assert "100 %." not in words(at).partition("It gets")[0]


def test_a_wrong_answer_is_said_to_be_wrong():
    number = int(evaluate(pretrained("digits"), TEST).worst(TEST.labels)[0])
    scores = by_hand(TEST.images[number], pretrained("digits"))["linear1"]
    assert scores.argmax() != TEST.labels[number]
    at = opened({"inside.example": number})
    assert f"That is wrong: it is **{TEST.labels[number]}**." in words(at)


def test_examples_are_leafed_through():
    at = opened({"inside.from": 348})
    assert numbers(at) == list(range(348, 360))
    at = run_again(at, {"inside.network": "shapes"})
    assert numbers(at) == list(range(192, 200))


def numbers(at):
    """Return the numbers of the examples on the screen."""
    (proto,) = components(at, "examples")
    return [item["number"] for item in layer_rows(proto, part=None)["items"]]


def test_the_question_is_answered_by_a_drawing_only():
    at = opened({"inside.example": 2})
    assert "It says **3**" in words(at)
    assert not at.success
    at = run_again(at, {"inside.show": "drawing", "inside.drawing": MIRRORED_E})
    assert "It takes your drawing for a 3." in at.success[0].value
    assert by_hand(layers(at)["input"], pretrained("digits"))["linear1"].argmax() == 3
    assert not run_again(at, {"inside.drawing": UPRIGHT}).success


@pytest.mark.parametrize(
    ("classes", "said"), [("a", "say a, what"), ("ab", "say a or b, "), ("abc", "say a, b or c, ")]
)
def test_the_classes_that_a_network_has_to_choose_from_are_listed(classes, said):
    run = SimpleNamespace(
        answers=True, each_by_itself=False, classes=tuple(classes), source="picture", blank=False,
        subject=SimpleNamespace(data=""),
    )  # fmt: skip
    assert f"This network has to {said}" in answer.cannot_know(run)


def test_a_picture_of_one_brightness_is_said_to_hold_no_ink():
    at = opened({"inside.show": "picture"}, photo=np.full((9, 9, 3), 255, np.uint8))
    assert "no ink" in words(at)
    assert not layers(at)["input"].any()


@pytest.mark.parametrize(("name", "two"), [("digits", "3 or 9"), ("shapes", "line or cross")])
def test_covering_a_part_of_an_empty_sheet_changes_nothing(name, two):
    found = evidence(opened({**EMPTY, "inside.network": name}))
    assert not found["Occlusion"].any()
    assert not found[two].any()


def test_the_shares_of_an_opened_softmax_stand_beside_their_classes():
    at = opened({"inside.network": "shapes", "inside.open": "softmax1,2,0,0"})
    told = layer_rows(components(at, "unit")[0], part=None)
    assert [row[0] for row in told["rows"]] == ["circle", "square", "triangle", "cross", "line"]
    assert told["here"] == 2


def test_a_diverged_network_is_a_sentence_and_the_digits_stay():
    own = small_cnn((1, 8, 8), "0123456789")
    own[0].weight.value = np.full_like(own[0].weight.value, np.nan)
    kept = OwnNetwork(own, "digits", 9, 0.1)
    at = opened({"inside.network": "own", KEY: kept})
    assert "too large to be written down" in errors(at)[0]
    wanted = by_hand(TEST.images[0], pretrained("digits"))["softmax1"]
    np.testing.assert_allclose(layers(at)["softmax1"].ravel(), wanted, atol=1e-5)


def test_a_network_without_convolutions_has_no_grad_cam_and_says_why():
    network = Sequential([Flatten(), Linear(64, 10)], input_shape=(1, 8, 8), classes="0123456789")
    at = upload(saved(network))
    assert evidence(at).keys() >= {"Saliency", "Occlusion"}
    assert "Grad-CAM" not in evidence(at)
    assert "needs a convolution" in words(at)


def test_a_file_that_was_read_is_not_kept():
    at = upload(saved(pretrained("digits")))
    uploader = next(each for each in at.file_uploader if each.label.startswith("Open a network"))
    assert not uploader.value


@pytest.mark.parametrize("name", ["digits", "shapes"])
def test_the_archive_holds_every_map_and_what_computes_it(name):
    data = held_out(name)
    run = inspect_image(shipped(name), data.images[0], "example", 2)
    with zipfile.ZipFile(io.BytesIO(files.archive(run, [], {"a": 1}))) as folder:
        found = {file: folder.read(file) for file in folder.namelist()}
    wanted = by_hand(data.images[0], pretrained(name))
    for number, row in enumerate(run.rows, 1):
        values = array(found[f"{number:02}_{row.name}/{row.name}.npy"])
        np.testing.assert_allclose(values, wanted[row.name].reshape(values.shape), atol=1e-4)
    np.testing.assert_array_equal(array(found["input.npy"]), data.images[0])
    assert "04_conv2/031.png" in found
    assert json.loads(found["settings.json"]) == {"a": 1}
    again = Sequential.load(io.BytesIO(found["network.npz"]))
    np.testing.assert_array_equal(
        again.forward(data.images[:5]), pretrained(name).forward(data.images[:5])
    )
    program = found["pytorch.py"].decode()
    compile(program, "pytorch.py", "exec")
    assert 'np.load("input.npy")' in program
    assert "print(network(x))" in program
    program = found["keras_program.py"].decode()
    compile(program, "keras_program.py", "exec")
    assert 'np.load("input.npy")' in program
    assert "print(network(x))" in program


def array(data):
    return np.load(io.BytesIO(data))


def test_a_network_too_wide_to_be_tested_on_all_pictures_is_looked_into_all_the_same():
    layers = [Conv2d(1, 1600, 1), MaxPool2d(8), Flatten(), Linear(1600, 10)]
    network = Sequential(layers, input_shape=(1, 8, 8), classes="0123456789")
    at = upload(saved(network))
    assert not errors(at)
    assert "The app does not know what this network was trained on" in words(at)
    run_again(at, {"inside.drawing": ""})
    assert "Nothing is drawn" in words(at)


@pytest.mark.parametrize(("left", "said"), [(1, "One more class has"), (4, "4 more classes have")])
def test_the_classes_without_a_bar_are_counted_in_words(left, said):
    shares = np.arange(1, answer.MOST_BARS + left + 1, dtype=float)
    names = [f"class {i}" for i in range(len(shares))]
    run = SimpleNamespace(classes=names, scores=shares, shares=shares / shares.sum(), answer=0)
    assert f"<p>{said} less than these.</p>" in answer.bars(run)
