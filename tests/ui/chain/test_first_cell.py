"""Which cell a chain shows before the user points at one."""

import numpy as np
import pytest

from cnnviz.experiments.chain import Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.kernels import KERNELS, box
from cnnviz.ui.chain.panes import arithmetic
from cnnviz.ui.chain.run import run

SOBEL = KERNELS["sobel_x"]


def stepped(low, high):
    """Return a picture of 8 × 8 with an upright edge before its column 5."""
    values = np.full((8, 8), low, np.uint8)
    values[:, 5:] = high
    return Input.picture(values)


def test_a_weak_edge_of_the_picture_goes_before_the_strong_one_at_its_border():
    made = run(stepped(100, 110), [Recipe(SOBEL)])
    assert made.maps[0].activated[1, 0] == 400  # 4 × 100 against the zeros beside it
    assert made.maps[0].activated[1, 4] == 40
    assert arithmetic(made).start == (1, 4)


def test_in_an_even_picture_the_border_is_all_there_is():
    assert arithmetic(run(stepped(100, 100), [Recipe(SOBEL)])).start == (1, 0)


@pytest.mark.parametrize("padding", ["valid", "same", "full"])
def test_the_cell_is_counted_in_the_map_whatever_the_padding(padding):
    before = {"valid": 0, "same": 1, "full": 2}[padding]
    made = run(stepped(100, 110), [Recipe(SOBEL, padding=padding)])
    assert arithmetic(made).start == (before, 3 + before)


def test_a_kernel_larger_than_the_picture_has_no_window_inside():
    made = run(Input.numbers([[1.0, 5.0]]), [Recipe(box(3), pooling="none")])
    assert arithmetic(made).start == (0, 0)
