"""The catalogue, the kernel class, and edits."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from cnnviz.kernels import (
    FAMILIES,
    KERNELS,
    Kernel,
    flipped,
    normalised,
    rotated,
    scaled,
    transposed,
    zero_sum,
)

RAMP_RIGHT = np.tile(np.arange(5.0), (5, 1))
WHOLE = st.lists(st.lists(st.integers(-99, 99), min_size=3, max_size=3), min_size=1, max_size=4)


def answer(kernel, patch):
    """Return the sum with the kernel on the upper left corner of `patch`."""
    height, width = kernel.shape
    return (kernel.weights * patch[:height, :width]).sum()


# The catalogue


def test_the_catalogue_is_in_the_order_of_the_families():
    order = [FAMILIES.index(kernel.family) for kernel in KERNELS.values()]
    assert order == sorted(order)
    assert set(order) == set(range(len(FAMILIES)))


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS)
def test_edge_kernels_sum_to_0_and_all_others_to_1(kernel):
    assert kernel.matrix.sum() == (0 if kernel.family == "edge" else kernel.divisor)


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS)
def test_every_kernel_of_the_catalogue_is_whole_numbers_over_a_whole_number(kernel):
    assert kernel.matrix.dtype == np.int64
    assert isinstance(kernel.divisor, int)


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS)
def test_a_description_is_one_sentence(kernel):
    assert kernel.description[0].isupper()
    assert kernel.description.endswith(".")
    assert ". " not in kernel.description


@pytest.mark.parametrize("name", ["sobel", "prewitt", "scharr"])
def test_x_answers_positive_where_it_gets_brighter_to_the_right(name):
    assert answer(KERNELS[f"{name}_x"], RAMP_RIGHT) > 0
    assert answer(KERNELS[f"{name}_x"], RAMP_RIGHT.T) == 0


@pytest.mark.parametrize("name", ["sobel", "prewitt", "scharr"])
def test_y_answers_positive_where_it_gets_brighter_downwards(name):
    assert answer(KERNELS[f"{name}_y"], RAMP_RIGHT.T) > 0
    assert answer(KERNELS[f"{name}_y"], RAMP_RIGHT) == 0


def test_sobel_x_has_its_usual_numbers():
    assert KERNELS["sobel_x"].matrix.tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


def test_the_5x5_unsharp_mask_has_its_usual_numbers():
    assert KERNELS["unsharp"].divisor == 256
    assert KERNELS["unsharp"].matrix[2].tolist() == [-6, -24, 476, -24, -6]


def test_laplacians_match_the_second_derivative_of_scipy():
    image = np.random.default_rng(0).integers(0, 256, (7, 8)).astype(float)
    ours = ndimage.correlate(image, KERNELS["laplacian_4"].weights)
    np.testing.assert_array_equal(ours, ndimage.laplace(image))


def test_outline_is_laplacian_8_with_the_opposite_sign():
    assert (KERNELS["outline"].matrix == -KERNELS["laplacian_8"].matrix).all()
    assert KERNELS["outline"].matrix[1, 1] == 8


# Kernel


def test_weights_are_the_matrix_over_the_divisor():
    assert Kernel("k", "own", [[1, 2]], 4).weights.tolist() == [[0.25, 0.5]]


def test_a_matrix_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        KERNELS["sobel_x"].matrix[0, 0] = 5


@pytest.mark.parametrize(
    "twin", [copy.copy, copy.deepcopy, lambda kernel: pickle.loads(pickle.dumps(kernel))]
)
def test_the_matrix_of_a_copy_cannot_be_written_to_either(twin):
    kernel = twin(KERNELS["sobel_x"])
    assert vars(kernel).keys() == vars(KERNELS["sobel_x"]).keys()
    assert kernel.matrix.tolist() == KERNELS["sobel_x"].matrix.tolist()
    with pytest.raises(ValueError, match="read-only"):
        kernel.matrix[0, 0] = 5


def test_a_kernel_does_not_share_its_matrix_with_its_maker():
    matrix = np.ones((2, 2))
    kernel = Kernel("k", "own", matrix)
    matrix[:] = 7
    assert kernel.matrix.tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("matrix", "divisor", "message"),
    [
        ([1, 2], 1, r"shape \(2,\)"),
        ([[]], 1, r"shape \(1, 0\)"),
        ([[1, 2]], 0, "divisor is 0"),
        ([[1, 2]], np.inf, "The divisor must be finite, got inf"),
        ([[1]], 10**400, "The divisor must be from -1.8e308 to 1.8e308, got about 10⁴⁰⁰"),
        ([[10**400]], 1, "The weights of a kernel must be from -1.8e308 to 1.8e308"),
        (np.ma.masked_equal([[1, 2]], 2), 1, "matrix has 1 masked cell"),
        ([[1, np.nan]], 1, "Row 0, column 1 is nan"),
        ([[1], [1e300]], 1e-300, r"Row 1, column 0 is 1e\+300 / 1e-300"),
    ],
)
def test_an_impossible_kernel_is_refused_with_its_numbers(matrix, divisor, message):
    with pytest.raises(ValueError, match=message):
        Kernel("k", "own", matrix, divisor)


@pytest.mark.parametrize("matrix", [np.ones((2, 2)) * 1j, [["1", "2"]], [[1], [2, 3]]])
def test_a_kernel_holds_real_numbers(matrix):
    with pytest.raises(TypeError, match="rows of real numbers"):
        Kernel("k", "own", matrix)


# Edits


@given(WHOLE)
def test_a_normalised_kernel_sums_to_1_and_stays_whole(matrix):
    kernel = Kernel("k", "own", matrix, 7)
    if kernel.matrix.sum() == 0:
        why = "Weights that sum to 0 cannot" if kernel.matrix.any() else "all are 0"
        with pytest.raises(ValueError, match=why):
            normalised(kernel)
    else:
        assert normalised(kernel).weights.sum() == pytest.approx(1)
        np.testing.assert_array_equal(normalised(kernel).matrix, kernel.matrix)


def test_a_factor_beyond_all_floating_point_numbers_is_refused():
    with pytest.raises(ValueError, match=r"factor must be from -1\.8e308 to 1\.8e308"):
        scaled(KERNELS["sobel_x"], 10**400)


@given(WHOLE, st.integers(1, 9))
def test_zero_sum_takes_the_mean_away_and_stays_whole(matrix, divisor):
    kernel = Kernel("k", "own", matrix, divisor)
    changed = zero_sum(kernel)
    assert changed.matrix.dtype == np.int64
    assert changed.matrix.sum() == 0
    np.testing.assert_allclose(changed.weights, kernel.weights - kernel.weights.mean(), atol=1e-12)


def test_zero_sum_of_fractions_sums_to_0_up_to_rounding():
    assert abs(zero_sum(Kernel("k", "own", [[0.1, 0.7, 0.5]])).weights.sum()) < 1e-15


@given(WHOLE, st.fractions(-9, 9, max_denominator=99))
def test_a_kernel_scaled_by_a_fraction_stays_whole(matrix, factor):
    kernel = Kernel("k", "own", matrix, 3)
    changed = scaled(kernel, float(factor))
    assert changed.matrix.dtype == np.int64
    np.testing.assert_allclose(changed.weights, kernel.weights * float(factor), rtol=1e-12)


def test_scaling_by_a_number_that_is_no_fraction_scales_all_the_same():
    changed = scaled(KERNELS["sobel_x"], 2**0.5)
    np.testing.assert_allclose(changed.weights, KERNELS["sobel_x"].weights * 2**0.5)


def test_scaled_by_half_shares_no_factor_with_the_divisor():
    kernel = scaled(Kernel("k", "own", [[2, 4]], 3), 0.5)
    assert (kernel.matrix.tolist(), kernel.divisor) == ([[1, 2]], 3)


def test_sobel_x_turned_clockwise_is_sobel_y():
    np.testing.assert_array_equal(rotated(KERNELS["sobel_x"]).matrix, KERNELS["sobel_y"].matrix)


@given(WHOLE, st.integers(-5, 5))
def test_turning_there_and_back_changes_nothing(matrix, turns):
    kernel = Kernel("k", "own", matrix)
    back = rotated(rotated(kernel, turns), -turns)
    np.testing.assert_array_equal(back.matrix, kernel.matrix)


def test_a_turn_that_is_no_quarter_turn_is_refused():
    with pytest.raises(TypeError, match=r"quarter_turns must be a whole number, got 1.5"):
        rotated(KERNELS["sobel_x"], 1.5)


@given(WHOLE)
def test_a_flip_is_half_a_turn(matrix):
    kernel = Kernel("k", "own", matrix)
    np.testing.assert_array_equal(flipped(kernel).matrix, rotated(kernel, 2).matrix)


def test_sobel_x_transposed_is_sobel_y():
    np.testing.assert_array_equal(transposed(KERNELS["sobel_x"]).matrix, KERNELS["sobel_y"].matrix)


@pytest.mark.parametrize("edit", [normalised, zero_sum, rotated, flipped, transposed])
def test_an_edit_keeps_the_name_and_leaves_the_original_alone(edit):
    kernel = Kernel("k", "own", [[1, 2, 0]], 5, "What it does.")
    changed = edit(kernel)
    assert (changed.name, changed.description) == ("k", "What it does.")
    assert (kernel.matrix.tolist(), kernel.divisor) == ([[1, 2, 0]], 5)
