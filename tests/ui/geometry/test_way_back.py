"""The way back: a transposed convolution, and when the size returns."""

import re

import numpy as np
import pytest

from cnnviz import conv2d_definition
from cnnviz.functional.transposed_convolution import conv_transpose2d_definition
from tests.ui.apptest import figures, sentences
from tests.ui.geometry.parts import opened, shapes
from tests.ui.pages import boards


def test_the_way_back_is_the_transposed_convolution():
    grid = np.arange(1.0, 37).reshape(6, 6)
    there = conv2d_definition(grid, np.ones((3, 3)) / 9, stride=2, padding=1)
    back = conv_transpose2d_definition(there, np.ones((3, 3)) / 9, stride=2, padding=1)
    pane = boards(opened({"part": "back"}))["geometry:back-grid"][1]
    size, low, high, *_ = figures(pane)
    assert size == (5, 5)
    assert (low, high) == pytest.approx((back.min(), back.max()), rel=1e-3)


def test_output_padding_brings_the_dropped_cells_back():
    at = opened({"part": "back", "complete": True})
    assert shapes(at, "geometry:back-grid")[1] == (6, 6)
    assert shapes(at, "geometry:back-photo")[1] == (256, 256)
    assert "Rows and columns &nbsp; (3 − 1)·2 − 1 − 1 + 1·(3 − 1) + 1 + 1 = **6**" in sentences(at)


def test_both_sides_of_the_way_back_are_written_out_where_they_differ():
    uneven = {"part": "back", "padding": "sides", "pad_left": 0, "pad_top": 3}
    at = opened(uneven)
    size, *_ = figures(boards(at)["geometry:back-grid"][1])
    said = " ".join(sentences(at))
    ends = [
        int(re.search(rf"{name} &nbsp; .*?= \*\*(\d+)\*\*", said)[1])
        for name in ("Rows", "Columns")
    ]
    assert tuple(ends) == size
    assert ends[0] != ends[1]


@pytest.mark.parametrize("complete", [False, True])
def test_the_size_is_said_to_come_back_only_where_it_does(complete):
    said = " ".join(sentences(opened({"part": "back", "complete": complete})))
    assert ("The size comes back" in said) == complete
    assert ("nor the whole size" in said) != complete


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"grid": 7}, "The whole size comes back for the grid only."),  # the photo has 256
        ({"kernel": 1, "stride": 1}, "Here the size comes back, and the values too."),
    ],
)
def test_the_restored_size_is_stated_for_grid_and_photo(settings, told):
    at = opened({"part": "back", "padding": "valid", **settings})
    assert told in " ".join(sentences(at))
