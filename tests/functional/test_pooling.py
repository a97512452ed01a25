"""Pooling, against its definition."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from cnnviz.functional.pooling import avg_pool2d, global_avg_pool2d, global_max_pool2d, max_pool2d

# Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016), figure 1.
GUIDE = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)


def starts(size, window, stride, pad, dilation, ceil_mode):
    """List the first cell of each window along one axis."""
    end, reach = size + pad, dilation * (window - 1)
    found = [start for start in range(-pad, end, stride) if start + reach < end]
    cells_are_left_over, following = found[-1] + reach < end - 1, found[-1] + stride
    if ceil_mode and cells_are_left_over and following < size:
        found.append(following)
    return found


def definition(x, window, stride, padding, dilation=(1, 1), ceil_mode=False):
    """Yield each window's place in the output, and the cells (y, x) that it reads."""
    rows, columns = (
        starts(x.shape[axis], window[axis], stride[axis], padding[axis], dilation[axis], ceil_mode)
        for axis in (0, 1)
    )
    for (i, top), (j, left) in itertools.product(enumerate(rows), enumerate(columns)):
        places = itertools.product(range(window[0]), range(window[1]))
        yield (i, j), [(top + r * dilation[0], left + c * dilation[1]) for r, c in places]


def inside(x, cells, margin=(0, 0)):
    """Keep the cells that lie in `x` or in a margin around it."""
    (height, width), (m, n) = x.shape, margin
    return [(r, c) for r, c in cells if -m <= r < height + m and -n <= c < width + n]


@st.composite
def poolings(draw, dilated=True):
    """Draw a plane and windows that fit it."""
    pair = st.tuples(st.integers(1, 4), st.integers(1, 4))
    window, stride = draw(pair), draw(pair)
    dilation = draw(st.tuples(st.integers(1, 2), st.integers(1, 2))) if dilated else (1, 1)
    padding = tuple(draw(st.integers(0, k // 2)) for k in window)
    shape = tuple(
        draw(st.integers(max(1, d * (k - 1) + 1 - p), 9))
        for k, d, p in zip(window, dilation, padding, strict=True)
    )
    x = draw(arrays(np.float64, shape, elements=st.integers(-5, 5).map(float)))
    return x, window, stride, padding, dilation, draw(st.booleans())


# Worked numbers


def test_the_largest_of_every_3x3_window_of_the_guide():
    assert max_pool2d(GUIDE, 3, stride=1).tolist() == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]


def test_the_mean_of_every_3x3_window_of_the_guide():
    means = [[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]]
    assert avg_pool2d(GUIDE, 3, stride=1).round(1).tolist() == means


def test_windows_stand_side_by_side_without_a_stride():
    assert max_pool2d(np.arange(16).reshape(4, 4), 2).tolist() == [[5, 7], [13, 15]]


# The definition


@given(poolings())
def test_max_pooling_is_its_definition(pooling):
    x, window, stride, padding, dilation, ceil_mode = pooling
    values, indices = max_pool2d(
        x,
        window,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
        return_indices=True,
    )
    expected = {}
    for place, cells in definition(x, window, stride, padding, dilation, ceil_mode):
        winner = max(inside(x, cells), key=lambda cell: x[cell])  # max keeps the first
        expected[place] = x[winner], winner[0] * x.shape[1] + winner[1]
    assert {
        place: (values[place], indices[place]) for place in np.ndindex(values.shape)
    } == expected


@given(poolings())
def test_the_winners_are_the_same_with_and_without_their_places(pooling):
    x, window, stride, padding, dilation, ceil_mode = pooling
    settings = {
        "stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode
    }  # fmt: skip
    values, indices = max_pool2d(x, window, **settings, return_indices=True)
    np.testing.assert_array_equal(values, max_pool2d(x, window, **settings))
    np.testing.assert_array_equal(values, x.ravel()[indices])


@given(poolings(dilated=False), st.booleans())
def test_average_pooling_is_its_definition(pooling, count_include_pad):
    x, window, stride, padding, _, ceil_mode = pooling
    means = avg_pool2d(
        x,
        window,
        stride=stride,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
    )
    expected = {}
    for place, cells in definition(x, window, stride, padding, ceil_mode=ceil_mode):
        counted = inside(x, cells, padding if count_include_pad else (0, 0))
        expected[place] = sum(x[cell] for cell in inside(x, cells)) / len(counted)
    assert {place: means[place] for place in np.ndindex(means.shape)} == pytest.approx(expected)


def test_pooling_at_every_cell_is_a_filter_of_scipy():
    x = np.random.default_rng(0).standard_normal((9, 11))
    largest, mean = max_pool2d(x, (3, 5), stride=1), avg_pool2d(x, (3, 5), stride=1)
    np.testing.assert_array_equal(largest, ndimage.maximum_filter(x, (3, 5))[1:-1, 2:-2])
    np.testing.assert_allclose(mean, ndimage.uniform_filter(x, (3, 5))[1:-1, 2:-2])


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_each_plane_of_a_batch_is_pooled_on_its_own(pool):
    x = np.random.default_rng(0).standard_normal((2, 3, 6, 7))
    together = pool(x, 3, stride=2, padding=1)
    assert together.shape == (2, 3, 3, 4)
    for n, c in np.ndindex(2, 3):
        np.testing.assert_array_equal(together[n, c], pool(x[n, c], 3, stride=2, padding=1))
        np.testing.assert_array_equal(together[n], pool(x[n], 3, stride=2, padding=1))


# Borders


def test_padding_never_wins_over_negative_numbers():
    assert (max_pool2d(-np.ones((4, 4)), 3, stride=1, padding=1) == -1).all()


def test_padding_counts_in_the_mean_unless_it_is_told_not_to():
    x = np.full((2, 2), 4.0)
    assert avg_pool2d(x, 2, padding=1).tolist() == [[1, 1], [1, 1]]
    assert avg_pool2d(x, 2, padding=1, count_include_pad=False).tolist() == [[4, 4], [4, 4]]


def test_cells_beyond_the_padding_do_not_count_in_the_mean():
    assert avg_pool2d(np.ones((5, 5)), 2, ceil_mode=True).tolist() == np.ones((3, 3)).tolist()


def test_a_last_window_wholly_in_the_padding_is_dropped():
    assert max_pool2d(np.ones((3, 3)), 2, padding=1, ceil_mode=True).shape == (2, 2)


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(
    ("padding", "shape"),
    [
        (1, (3, 4)),
        ((1, 0), (3, 3)),
        (((1, 0), (0, 1)), (2, 3)),
        ("valid", (2, 3)),
        ("same", (3, 4)),
    ],
)
def test_padding_takes_the_forms_of_conv2d(pool, padding, shape):
    assert pool(np.zeros((5, 7)), 3, stride=2, padding=padding).shape == shape


def test_padding_on_one_side_moves_the_windows():
    x = np.arange(1, 6).reshape(1, 5)
    assert max_pool2d(x, (1, 2), padding=((0, 0), (1, 0))).tolist() == [[1, 3, 5]]
    assert max_pool2d(x, (1, 2), padding=((0, 0), (0, 1))).tolist() == [[2, 4, 5]]


# Numbers


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize("dtype", [np.uint8, np.int64, bool, np.float64])
def test_integers_become_float64(pool, dtype):
    y = pool(np.ones((4, 4), dtype), 2)
    assert y.dtype == np.float64
    assert (y == 1).all()


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_float32_stays_float32(pool):
    assert pool(np.ones((5, 5), np.float32), 2, padding=1).dtype == np.float32


def test_bytes_do_not_wrap_around_in_the_mean():
    assert avg_pool2d(np.full((2, 2), 255, np.uint8), 2).tolist() == [[255]]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_a_nan_reaches_the_windows_that_hold_it_and_no_others(pool):
    x = np.zeros((4, 4))
    x[0, 3] = np.nan
    with np.errstate(all="raise"):
        assert np.isnan(pool(x, 2)).tolist() == [[False, True], [False, False]]


def test_a_nan_wins_and_says_where_it_was():
    values, indices = max_pool2d([[9.0, np.nan], [1.0, 2.0]], 2, return_indices=True)
    assert np.isnan(values).all()
    assert indices.tolist() == [[1]]


def test_the_first_of_several_winners_is_named_row_by_row():
    assert max_pool2d([[0, 7], [7, 7]], 2, return_indices=True)[1].tolist() == [[1]]


def test_a_window_of_minus_infinity_names_a_cell_that_is_there():
    x = np.full((2, 2), -np.inf)
    values, indices = max_pool2d(x, 2, padding=1, return_indices=True)
    assert np.isneginf(values).all()
    assert indices.tolist() == [[0, 1], [2, 3]]


def test_the_mean_of_millions_of_cells_is_right_in_every_order_of_memory():
    photo = np.full((2000, 2000, 3), 255, np.float32)
    found = global_avg_pool2d(photo.transpose(2, 0, 1))
    assert found.dtype == np.float32
    assert (found == 255).all()


def test_infinities_need_no_warning():
    with np.errstate(all="raise"):
        assert np.isnan(avg_pool2d([[np.inf, -np.inf]], (1, 2))).all()
        assert max_pool2d([[np.inf, -np.inf]], (1, 2)).tolist() == [[np.inf]]


@pytest.mark.parametrize("pool", [lambda x: avg_pool2d(x, 2), global_avg_pool2d])
def test_a_sum_beyond_all_numbers_is_infinite_and_needs_no_warning(pool):
    assert pool(np.full((2, 2), 1e308)).tolist() == [[np.inf]]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_a_window_of_one_cell_copies(pool):
    x = np.arange(6.0).reshape(2, 3)
    y = pool(x, 1)
    np.testing.assert_array_equal(y, x)
    assert not np.shares_memory(x, y)


# Whole planes


def test_global_pooling_is_a_window_as_large_as_the_plane():
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    np.testing.assert_array_equal(global_max_pool2d(x), max_pool2d(x, (4, 5)))
    np.testing.assert_allclose(global_avg_pool2d(x), avg_pool2d(x, (4, 5)))


# What does not fit


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kernel_size": 6}, "In height: a kernel of 6 spans 6 cells, and there are 5"),
        ({"kernel_size": (2, 8)}, "In width: a kernel of 8 spans 8 cells, and there are 7"),
        ({"kernel_size": 0}, "kernel_size must be at least 1, got 0"),
        ({"kernel_size": 2, "stride": 0}, "stride must be at least 1, got 0"),
        (
            {"kernel_size": 3, "padding": (0, 2)},
            r"In width: padding 2 \+ 2 is more than half a window of 3 cells; at most 1 at each",
        ),
        (
            {"kernel_size": 2, "padding": ((0, 2), (0, 0))},
            r"In height: padding 0 \+ 2 is more than half a window of 2 cells; at most 1",
        ),
        (
            {"kernel_size": 1, "padding": 1},
            r"In height: padding 1 \+ 1 is more than half a window of 1 cell; at most 0",
        ),
        ({"kernel_size": 2, "padding": "full"}, 'must be "valid", "same" or numbers, got "full"'),
    ],
)
def test_windows_that_do_not_fit_are_refused_with_their_numbers(arguments, message):
    for pool in (max_pool2d, avg_pool2d):
        with pytest.raises(ValueError, match=message):
            pool(np.zeros((5, 7)), **arguments)


def test_a_window_that_reads_nothing_but_padding_is_refused():
    message = "In height: with dilation 3 and padding 1 a window of 2 reads nothing of the 2 cells"
    with pytest.raises(ValueError, match=message):
        max_pool2d(np.zeros((2, 9)), 2, padding=(1, 0), dilation=3)


@pytest.mark.parametrize(
    "pool",
    [lambda x: max_pool2d(x, 1), lambda x: avg_pool2d(x, 1), global_max_pool2d, global_avg_pool2d],
)
@pytest.mark.parametrize("shape", [(3,), (1, 1, 1, 2, 2)])
def test_arrays_of_other_dimensions_are_refused(pool, shape):
    with pytest.raises(ValueError, match=r"x must be .* got shape"):
        pool(np.zeros(shape))
