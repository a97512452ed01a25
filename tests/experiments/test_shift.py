import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.experiments.shift import change, changed, changes, shift_maps, shifted
from cnnviz.functional.convolution import conv2d_definition
from cnnviz.functional.pooling import avg_pool2d, max_pool2d
from cnnviz.kernels import KERNELS

RNG = np.random.default_rng(0)
SHIFTS = st.integers(-9, 9)
WHOLE = st.integers(0, 9)
BORDERS = st.sampled_from(["circular", "zeros"])


def noise(*shape):
    return RNG.integers(0, 256, shape)


@given(SHIFTS, SHIFTS, BORDERS)
def test_each_number_comes_from_where_it_was_before_the_shift(rows, columns, border):
    x = np.arange(1, 31).reshape(5, 6)
    moved = shifted(x, rows, columns, border)
    for (row, column), number in np.ndenumerate(moved):
        i, j = row - rows, column - columns
        inside = 0 <= i < 5 and 0 <= j < 6
        assert number == (x[i % 5, j % 6] if inside or border == "circular" else 0)


def test_planes_are_shifted_alike():
    x = noise(3, 4, 5)
    for plane, moved in zip(x, shifted(x, 1, -2), strict=True):
        assert np.array_equal(moved, shifted(plane, 1, -2))


def test_a_border_of_another_kind_is_named():
    with pytest.raises(ValueError, match="circular or zeros, got 'mirror'"):
        shifted([[1]], 0, 0, "mirror")


@given(SHIFTS, SHIFTS)
def test_convolution_is_equivariant(rows, columns):
    maps = shift_maps(noise(11, 13), KERNELS["sobel_x"].weights, rows, columns)
    assert changed(maps.expected, maps.after) == 0


def test_where_black_comes_in_only_the_edges_differ():
    maps = shift_maps(noise(11, 13), KERNELS["sobel_x"].weights, 0, 3, "zeros")
    differs = maps.after != maps.expected
    assert differs[:, 2:4].any()
    assert not differs[:, 4:-1].any()


def test_the_maps_of_a_shift_are_convolutions():
    x, kernel = noise(3, 6, 7), KERNELS["prewitt_y"].weights
    maps = shift_maps(x, kernel, 2, 1)
    weight = np.broadcast_to(kernel, (1, 3, 3, 3))
    for picture, features in ((x, maps.before), (np.roll(x, (2, 1), (1, 2)), maps.after)):
        wanted = conv2d_definition(picture, weight, padding="same", padding_mode="circular")[0]
        assert features == pytest.approx(wanted)


def test_numbers_that_differ_by_rounding_have_not_changed():
    x = np.array([1.0, 2.0, 3.0])
    assert changed(x, x * (1 + 1e-12)) == 0
    assert changed(x, [1, 2, 3 + 1e-6]) == pytest.approx(1 / 3)


def test_a_map_of_zeros_does_not_change():
    assert changed(np.zeros((3, 3)), np.zeros((3, 3))) == 0
    assert change(np.zeros((3, 3)), np.zeros((3, 3))) == 0


def test_the_change_between_unrelated_maps_is_1():
    before, after = RNG.normal(size=(2, 100, 100))
    assert change(before, after) == pytest.approx(1, abs=0.05)


def test_the_change_between_unrelated_maps_is_1_even_if_one_is_brighter():
    before, after = RNG.normal(size=(2, 100, 100))
    assert change(before + 9, after) == pytest.approx(1, abs=0.01)
    assert change([9, 8], [0, 0]) == 1


@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=9))
def test_no_change_is_larger_than_that_to_the_negative(pairs):
    before, after = np.transpose(pairs)
    assert 0 <= change(before, after) <= change([-1, 1], [1, -1]) + 1e-9


def test_the_change_does_not_depend_on_the_scale_of_the_maps():
    before, after = RNG.normal(size=(2, 8, 8))
    assert change(5 * before, 5 * after) == pytest.approx(change(before, after))


def test_a_map_that_turns_from_flat_to_flat_has_changed_wholly():
    assert change(np.zeros(4), np.ones(4)) == 1


def test_means_that_differ_only_by_rounding_have_not_changed():
    x = np.tile([0.1, 0.7, 0.3], (3, 2))  # each window of three columns has the same mean
    assert changes(x, lambda x: avg_pool2d(x, 3), range(9)) == [0] * 9


def test_a_flat_map_of_tenths_that_becomes_another_has_changed_wholly():
    assert change(np.full((7, 9), 0.1), np.full((7, 9), 0.7)) == 1


def test_no_shift_changes_nothing():
    x = noise(8, 8)
    assert changes(x, lambda x: max_pool2d(x, 2), [0]) == [0]


def test_pooling_shows_less_of_a_shift_than_what_goes_in():
    smooth = avg_pool2d(RNG.normal(size=(70, 70)), 5, stride=1)
    before = changes(smooth, lambda x: x, range(1, 4))
    for pooling in (avg_pool2d, max_pool2d):
        after = changes(smooth, lambda x, pooling=pooling: pooling(x, 4), range(1, 4))
        assert all(pooled < raw for pooled, raw in zip(after, before, strict=True))


def test_a_shift_by_whole_windows_only_moves_the_pooled_map():
    x = noise(8, 8)
    pooled = max_pool2d(x, 2)
    assert np.array_equal(max_pool2d(shifted(x, 0, 4), 2), shifted(pooled, 0, 2))
