import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.functional.pooling import avg_pool2d, max_pool2d
from cnnviz.functional.unpooling import unpool

RNG = np.random.default_rng(0)


def test_windows_side_by_side_give_their_number_to_each_of_their_cells():
    pooled = RNG.normal(size=(3, 4))
    assert np.array_equal(unpool(pooled, (6, 12), (2, 3)), np.kron(pooled, np.ones((2, 3))))


def test_cells_that_no_window_reads_take_the_number_of_the_nearest():
    assert unpool([[1, 2]], (1, 5), (1, 2)).tolist() == [[1, 1, 2, 2, 2]]


def test_a_window_of_one_cell_gives_everything_back():
    x = RNG.normal(size=(5, 4))
    assert np.array_equal(unpool(max_pool2d(x, 1), (5, 4), 1), x)


@given(
    size=st.integers(1, 12),
    kernel_size=st.integers(1, 5),
    stride=st.integers(1, 5),
    padding=st.integers(0, 2),
    ceil_mode=st.booleans(),
)
def test_each_cell_takes_the_number_of_a_window_whose_middle_is_nearest(
    size, kernel_size, stride, padding, ceil_mode
):
    padding = min(padding, kernel_size // 2)
    if size + 2 * padding < kernel_size:
        return
    how = {"stride": (1, stride), "padding": (0, padding), "ceil_mode": ceil_mode}
    pooled = avg_pool2d(np.zeros((1, size)), (1, kernel_size), **how)
    numbers = np.arange(pooled.shape[1], dtype=float)
    middles = numbers * stride - padding + kernel_size / 2
    for cell, number in enumerate(unpool([numbers], (1, size), (1, kernel_size), **how)[0]):
        away = abs(middles - (cell + 0.5))
        assert away[int(number)] == away.min()


def test_the_mean_of_whole_windows_is_not_lost():
    x = RNG.normal(size=(6, 6))
    lost = x - unpool(avg_pool2d(x, 3), (6, 6), 3)
    assert avg_pool2d(lost, 3) == pytest.approx(np.zeros((2, 2)))


def test_max_pooling_loses_nothing_upwards():
    x = RNG.normal(size=(8, 8))
    assert (x <= unpool(max_pool2d(x, 2), (8, 8), 2)).all()


def test_channels_are_enlarged_alike():
    pooled = RNG.normal(size=(3, 2, 2))
    assert np.array_equal(unpool(pooled, 4, 2)[1], unpool(pooled[1], 4, 2))


def test_a_map_of_another_size_is_refused_with_both_sizes():
    with pytest.raises(ValueError, match=r"4 × 4 cells gives 2 × 2, but .* shape \(3, 2\)"):
        unpool(np.zeros((3, 2)), 4, 2)
