"""The message of an overview: what is sent exactly, what as means, and what is left out."""

from types import SimpleNamespace

import numpy as np
import pytest

from cnnviz.images.colour_maps import symmetric_limits, to_index
from cnnviz.ui.maps.overview import LONGEST, MOST_NUMBERS, LayerRow, message
from tests.ui.overviews import layer_rows

RNG = np.random.default_rng(0)


def sent(*given):
    return layer_rows(SimpleNamespace(bytes=bytes(message(given))))


def test_a_large_map_is_drawn_as_means_of_blocks():
    values = RNG.normal(size=(3, 2 * LONGEST - 1, 2 * LONGEST))
    (layer_row,) = sent(LayerRow("a", "a", "", values))
    assert layer_row["block"] == [2, 2]
    assert layer_row["exact"] is None
    height, width = values.shape[1:]
    means = np.array(
        [
            [plane[i : i + 2, j : j + 2].mean() for j in range(0, width, 2)]
            for plane in values
            for i in range(0, height, 2)
        ]
    ).reshape(3, LONGEST, LONGEST)
    limit = symmetric_limits(means)
    assert np.array_equal(layer_row["levels"], to_index(means, -limit, limit))


def test_maps_with_nothing_below_zero_are_grey_and_the_others_are_not():
    values = np.maximum(RNG.normal(size=(2, 4, 4)), 0)
    limit = symmetric_limits(values)
    grey, signed = sent(LayerRow("a", "a", "", values), LayerRow("b", "b", "", values - 0.1))
    assert (grey["grey"], signed["grey"]) == (True, False)
    assert np.array_equal(grey["levels"], to_index(values, 0, limit))
    (over,) = sent(LayerRow("a", "a", "", values, large=True, over=True))
    assert not over["grey"]  # the photo shows through it


def test_maps_that_are_0_everywhere_are_named_however_small_the_others_are():
    values = np.stack([np.zeros((4, 4)), np.full((4, 4), 1e-6), np.eye(4), np.zeros((4, 4))])
    grey, signed = sent(LayerRow("a", "a", "", values), LayerRow("b", "b", "", values - 0.1))
    assert (grey["zeros"], signed["zeros"]) == ([0, 3], [])
    (some,) = sent(LayerRow("a", "a", "", values, order=(2, 3)))
    assert some["zeros"] == [1]  # its position, not its number


def test_few_numbers_travel_exactly():
    values = RNG.normal(size=(4, 32, 32)).astype(np.float32)
    assert values.size == MOST_NUMBERS
    (layer_row,) = sent(LayerRow("a", "a", "", values))
    assert np.array_equal(layer_row["exact"], values)
    (layer_row,) = sent(LayerRow("a", "a", "", np.append(values.ravel(), 1)))
    assert layer_row["exact"] is None


def test_a_map_in_large_travels_exactly_however_large_it_is():
    values = RNG.normal(size=(1, 224, 200)).astype(np.float32)
    (layer_row,) = sent(LayerRow("a", "a", "", values, large=True))
    assert layer_row["block"] == [1, 1]
    assert np.array_equal(layer_row["exact"], values)


@pytest.mark.parametrize("white", [1, 255])
def test_a_picture_is_drawn_by_its_brightness(white):
    values = np.array([[[0, 0.5, 1]]]) * white
    (layer_row,) = sent(LayerRow("a", "a", "", values, picture=True, white=white))
    assert layer_row["levels"].tolist() == [[[0, 128, 255]]]


def test_each_filter_has_a_scale_of_its_own():
    values = np.array([[[-1.0, 0.5]], [[-10.0, 5.0]], [[0.0, 0.0]]])
    (layer_row,) = sent(LayerRow("a", "a", "", values, kernels=True))
    first, second, third = layer_row["levels"].tolist()
    assert first == second
    assert third == [[127, 127]]


def test_no_more_maps_travel_than_are_shown():
    values = RNG.normal(size=(50, 4, 4))
    (layer_row,) = sent(LayerRow("a", "a", "", values, shown=7))
    assert (layer_row["drawn"], layer_row["shape"]) == (7, [50, 4, 4])
    assert layer_row["levels"].shape == (7, 4, 4)


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 1, 500), (2, 500, 1), (1, 97, 3)])
def test_odd_shapes_travel(shape):
    (layer_row,) = sent(LayerRow("a", "a", "", RNG.normal(size=shape)))
    assert max(layer_row["size"]) <= LONGEST
    assert min(layer_row["size"]) >= 1


def test_numbers_that_are_not_finite_are_drawn_as_such():
    values = np.array([[[np.nan, np.inf, -np.inf, 1.0]]])
    (layer_row,) = sent(LayerRow("a", "a", "", values))
    assert layer_row["levels"].tolist() == [[[255, 254, 0, 254]]]
