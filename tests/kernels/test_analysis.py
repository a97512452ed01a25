"""Rank, separable passes, composition and frequency response of kernels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz import conv2d
from cnnviz.experiments.composition import compare_cascade
from cnnviz.kernels import (
    KERNELS,
    MAKERS,
    Kernel,
    compose,
    frequency_response,
    gaussian,
    rank,
    separate,
    strongest_wave,
)

SEPARABLE = (
    "sobel_x",
    "sobel_y",
    "prewitt_x",
    "prewitt_y",
    "scharr_x",
    "scharr_y",
    "box_3",
    "gaussian_3",
    "gaussian_5",
    "identity",
)
NOISE = np.random.default_rng(0).integers(0, 256, (12, 14)).astype(float)
whole = arrays(
    np.int64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.integers(-9, 9)
)

every_kernel = pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS)


@every_kernel
def test_kernels_of_one_product_are_those_the_books_call_separable(kernel):
    assert (rank(kernel) == 1) == (kernel.name in SEPARABLE)


@pytest.mark.parametrize(
    ("name", "expected"), [("laplacian_4", 2), ("outline", 2), ("roberts_x", 2), ("motion", 5)]
)
def test_rank_counts_independent_rows(name, expected):
    assert rank(KERNELS[name]) == expected


def test_a_kernel_of_zeros_has_rank_0():
    assert rank(Kernel("none", "own", [[0, 0], [0, 0]])) == 0


def test_rank_does_not_depend_on_how_small_the_weights_are():
    tiny = 1e-200
    assert rank(Kernel("tiny", "own", [[tiny, 0], [0, tiny]])) == 2


@pytest.mark.parametrize("name", SEPARABLE)
def test_a_separable_kernel_is_exactly_its_column_times_its_row(name):
    column, row = separate(KERNELS[name])
    assert (column.matrix * row.matrix == KERNELS[name].matrix).all()
    assert column.divisor * row.divisor == KERNELS[name].divisor


@pytest.mark.parametrize("name", SEPARABLE)
def test_two_passes_give_the_map_of_the_whole_kernel(name):
    column, row = separate(KERNELS[name])
    twice = conv2d(conv2d(NOISE, column.weights, padding="same"), row.weights, padding="same")
    np.testing.assert_allclose(
        twice, conv2d(NOISE, KERNELS[name].weights, padding="same"), atol=1e-9
    )


@given(
    arrays(np.int64, (3, 1), elements=st.integers(-9, 9)),
    arrays(np.int64, (1, 4), elements=st.integers(-9, 9)),
)
def test_any_product_of_a_column_and_a_row_is_taken_apart_exactly(column, row):
    kernel = Kernel("product", "own", column * row)
    if rank(kernel):
        one, other = separate(kernel)
        assert (one.matrix * other.matrix == kernel.matrix).all()
        assert one.matrix.dtype == other.matrix.dtype == np.int64


def test_a_gaussian_is_the_same_bell_down_and_across():
    column, row = separate(gaussian(7, 1.5))
    np.testing.assert_allclose(column.weights.ravel(), row.weights.ravel())
    assert column.weights.sum() == pytest.approx(1)


@given(whole)
def test_two_passes_are_never_further_off_than_a_kernel_of_zeros(matrix):
    kernel = Kernel("any", "own", matrix)
    column, row = separate(kernel)
    left = kernel.weights - column.weights * row.weights
    assert (left**2).sum() <= (kernel.weights**2).sum() + 1e-9


@given(whole, whole)
def test_two_kernels_in_a_row_are_the_one_composed_of_them(a, b):
    first, second = Kernel("a", "own", a, 2), Kernel("b", "own", b, 3)
    one = compose(first, second)
    np.testing.assert_allclose(
        conv2d(conv2d(NOISE, first.weights), second.weights),
        conv2d(NOISE, one.weights),
        atol=1e-8,
    )
    assert one.shape == tuple(np.add(a.shape, b.shape) - 1)
    assert one.divisor == 6


def test_whole_numbers_stay_whole_when_composed():
    box = KERNELS["box_3"]
    twice = compose(box, box)
    assert twice.matrix.tolist() == np.outer([1, 2, 3, 2, 1], [1, 2, 3, 2, 1]).tolist()
    assert twice.divisor == 81


@every_kernel
def test_the_middle_of_the_frequency_response_is_the_sum_of_the_weights(kernel):
    assert frequency_response(kernel)[32, 32] == pytest.approx(abs(kernel.weights.sum()))


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_the_frequency_response_is_what_a_wave_is_multiplied_by(maker):
    kernel, periods, size = maker.make(), (3, 5), 32
    rows, columns = np.indices((96, 96))
    wave = np.exp(2j * np.pi * (periods[0] * rows + periods[1] * columns) / size)
    answers = conv2d(wave.real, kernel.weights) + 1j * conv2d(wave.imag, kernel.weights)
    factor = frequency_response(kernel, size)[size // 2 + periods[0], size // 2 + periods[1]]
    np.testing.assert_allclose(abs(answers), factor, atol=1e-9)


def test_a_kernel_larger_than_the_response_is_refused_with_both_numbers():
    with pytest.raises(ValueError, match="at least 15, got 8"):
        frequency_response(gaussian(15, 2.0), 8)
    with pytest.raises(ValueError, match="would hold 1000000000 × 1000000000 numbers"):
        frequency_response(gaussian(15, 2.0), 10**9)


def test_blurs_are_strongest_on_flat_areas_and_edges_on_some_wave():
    for kernel in KERNELS.values():
        factor, length = strongest_wave(kernel)
        flat = kernel.family in ("blur", "identity")
        assert np.isinf(length) if flat else 1.4 < length < 64
        assert factor == pytest.approx(frequency_response(kernel).max())


def test_the_difference_inside_is_rounding_and_at_the_border_it_is_not():
    first, second = KERNELS["gaussian_5"], KERNELS["sobel_x"]
    result = compare_cascade(NOISE, first, second, compose(first, second))
    assert result.inside < 1e-9
    assert result.border > 1


def test_a_picture_without_an_inside_has_only_a_border():
    box = KERNELS["box_3"]
    result = compare_cascade(np.ones((1, 1)), box, box, compose(box, box))
    assert result.inside is None
    assert result.border == pytest.approx(abs(1 / 81 - 9 / 81))


@pytest.mark.parametrize("name", SEPARABLE)
def test_two_passes_agree_at_the_border_too(name):
    result = compare_cascade(NOISE, *separate(KERNELS[name]), KERNELS[name])
    assert max(result.inside or 0, result.border or 0) < 1e-9


def test_the_channels_of_a_picture_are_added():
    box = KERNELS["box_3"]
    colour = np.stack([NOISE, 2 * NOISE, 3 * NOISE])
    both = [compare_cascade(x, box, box, compose(box, box)).whole for x in (colour, NOISE)]
    np.testing.assert_allclose(both[0], 6 * both[1])


def test_kernels_whose_sizes_do_not_go_together_are_refused():
    box = KERNELS["box_3"]
    with pytest.raises(ValueError, match=r"together reach over \(5, 5\) cells, not \(3, 3\)"):
        compare_cascade(NOISE, box, box, box)
