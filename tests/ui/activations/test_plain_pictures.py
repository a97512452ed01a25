"""Pictures with nothing in them: what the Activations page says of a map that is flat."""

import numpy as np
import pytest

from cnnviz import KERNELS, conv2d
from tests.ui.activations.test_page import ASTRONAUT, opened
from tests.ui.apptest import sentences, spaced
from tests.ui.pages import headers, run_again

ONE = np.full((1, 1, 3), 127, np.uint8)
BLACK = np.zeros((9, 9, 3), np.uint8)
GREY = np.full((7, 9, 3), 63, np.uint8)  # as 0–1, its mean is rounded


def said(*args, **more):
    return " ".join(sentences(opened(*args, **more)))


def test_a_row_in_which_only_the_border_responds_is_not_said_to_be_0():
    assert conv2d([[127.0]], KERNELS["laplacian_4"].weights, padding="same").item() == -508
    text = said("edge", photo=ONE)
    assert "every response is 0" not in text
    assert "In this row only cells at the border respond: their windows reach into the pad" in text


def test_a_row_of_zeros_is_said_to_be_0():
    assert "In this row every response is 0." in said("edge", photo=BLACK)


@pytest.mark.parametrize(("lesson", "photo"), [("edge", ONE), ("family", BLACK)])
def test_a_flat_map_is_not_said_to_be_divided_by_its_standard_deviation(lesson, photo):
    text = said(lesson, photo=photo)
    assert "is divided by" not in text
    assert "Not normalised: the standard deviation of the map is 0." in text


@pytest.mark.parametrize(
    ("kernel", "photo"), [("sobel_x", BLACK), ("identity", BLACK), ("identity", None)]
)
def test_relu_is_said_to_change_nothing_if_no_cell_is_below_0(kernel, photo):
    text = said(settings={"kernel": kernel}, photo=photo)
    assert "raises the zeros" not in text
    assert "no cell is below 0, so ReLU changes nothing; sigmoid" in text


def test_shares_of_zeros_that_differ_by_less_than_1_percent_are_told_apart():
    bright = np.full((200, 200, 3), 200, np.uint8)
    bright[:80] = 0  # 79 rows of zeros, and one that is negative beside the bright part
    features = conv2d(bright[:, :, 0].astype(float), KERNELS["sharpen"].weights, padding="same")
    before, after = 100 * np.mean(features == 0), 100 * np.mean(features <= 0)
    assert (round(before), round(after)) == (40, 40)
    text = said(settings={"kernel": "sharpen"}, photo=bright)
    first, then = text.split("raises the zeros from ")[1].split(" of the cells")[0].split(" to ")
    assert (first, then) == (f"{before:.1f} %", f"{after:.1f} %")


def of_grey(lesson, settings):
    """Open a lesson on a grey picture, with values from 0 to 1."""
    return run_again(opened(lesson, settings, photo=GREY), {"shared.values": "1"})


@pytest.mark.parametrize("lesson", ["edge", "family"])
def test_a_grey_picture_is_not_divided_by_the_rounding_error_of_its_mean(lesson):
    at = of_grey(lesson, {"kernel": "identity", "edge_kernel": "identity"})
    assert "Not normalised: the standard deviation of the map is 0." in " ".join(sentences(at))
    _, features, *_ = headers(at)[f"activations.{lesson}"]["panes"]
    assert "0.247 … 0.247" in features["figures"]


def test_batch_norm_makes_a_grey_picture_0_and_its_variance_is_0():
    at = of_grey("norm", {"kernel": "identity"})
    assert "Here all are alike, and become 0." in " ".join(sentences(at))
    _, features, normalised, _ = headers(at)["activations.norm"]["panes"]
    assert spaced(features["chart"]["note"]) == "mean 0.247 · variance 0"
    assert "0 … 0 · mean 0" in normalised["figures"]


def test_a_flat_map_is_not_said_to_get_variance_1():
    text = said("norm", photo=BLACK)
    assert "whatever came in" not in text
    assert "mean 0, variance 1, if the cells differ. Here all are alike, and become 0." in text
    assert ASTRONAUT.var() > 0
    assert "mean 0, variance 1, whatever came in." in said("norm")


def test_a_map_that_hardly_differs_is_said_to_get_the_variance_below_it():
    stripes = np.full((8, 8, 3), 120, np.uint8)
    stripes[::2] += 1
    settings = {"kernel": "identity", "place": "after"}
    at = opened("norm", settings=settings, photo=stripes)
    at = run_again(at, {"shared.values": "1"})
    notes = [pane["chart"]["note"] for pane in headers(at)["activations.norm"]["panes"][2:]]
    before, after = (spaced(note).split("variance ")[1] for note in notes)
    assert f"Here the variance is {before}, and becomes {after}." in " ".join(sentences(at))
