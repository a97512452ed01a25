"""The catalogue, the makers and the edits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from cnnviz.kernels import (
    FAMILIES,
    KERNELS,
    MAKERS,
    MAX_SIDE,
    Kernel,
    box,
    emboss,
    flipped,
    gabor,
    gaussian,
    laplacian_of_gaussian,
    motion,
    normalised,
    oriented_edge,
    rotated,
    scaled,
    sharpen,
    transposed,
    unsharp,
    zero_sum,
)

RAMP_RIGHT = np.tile(np.arange(5.0), (5, 1))
WHOLE = st.lists(st.lists(st.integers(-99, 99), min_size=3, max_size=3), min_size=1, max_size=4)


def answer(kernel, patch):
    """Lay the kernel on the upper left corner of `patch`."""
    height, width = kernel.shape
    return (kernel.weights * patch[:height, :width]).sum()


@st.composite
def makings(draw):
    """Draw a maker and values that its sliders can take."""
    maker = draw(st.sampled_from(list(MAKERS.values())))
    values = {}
    for parameter in maker.parameters:
        steps = round((parameter.high - parameter.low) / parameter.step)
        values[parameter.name] = parameter.low + parameter.step * draw(st.integers(0, steps))
    return maker, values


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
        ([[1, np.nan]], 1, "Row 1, cell 2 is nan"),
        ([[1], [1e300]], 1e-300, r"Row 2, cell 1 is 1e\+300 / 1e-300"),
    ],
)
def test_an_impossible_kernel_is_refused_with_its_numbers(matrix, divisor, message):
    with pytest.raises(ValueError, match=message):
        Kernel("k", "own", matrix, divisor)


# Makers


@given(makings())
def test_made_edge_kernels_sum_to_0_and_all_others_to_1(making):
    maker, values = making
    kernel = maker.make(**values)
    assert kernel.weights.sum() == pytest.approx(float(kernel.family != "edge"), abs=1e-9)


@given(makings())
def test_the_table_says_of_which_family_the_made_kernel_is(making):
    maker, values = making
    assert (maker.name, maker.family) == (maker.make(**values).name, maker.make(**values).family)


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_the_sliders_start_where_the_function_does(maker):
    start = maker.make(**{parameter.name: parameter.default for parameter in maker.parameters})
    np.testing.assert_array_equal(start.weights, maker.make().weights)


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_the_sliders_reach_their_default_in_whole_steps_between_their_ends(maker):
    for parameter in maker.parameters:
        assert parameter.low <= parameter.default <= parameter.high
        steps = (parameter.default - parameter.low) / parameter.step
        assert steps == pytest.approx(round(steps))


def test_a_box_of_3_is_the_one_of_the_catalogue():
    np.testing.assert_array_equal(box(3).weights, KERNELS["box_3"].weights)


def test_a_gaussian_is_the_impulse_response_of_scipy():
    impulse = np.zeros((9, 9))
    impulse[4, 4] = 1
    expected = ndimage.gaussian_filter(impulse, 1.2, radius=4)
    np.testing.assert_allclose(gaussian(9, 1.2).weights, expected, atol=1e-15)


def test_a_laplacian_of_gaussian_is_close_to_that_of_scipy():
    impulse = np.zeros((15, 15))
    impulse[7, 7] = 1
    expected = ndimage.gaussian_laplace(impulse, 1.5)
    np.testing.assert_allclose(laplacian_of_gaussian(15, 1.5).weights, expected, atol=2e-3)


@pytest.mark.parametrize(("angle", "name"), [(0, "sobel_x"), (90, "sobel_y")])
def test_a_steered_edge_is_sobel_along_the_axes(angle, name):
    np.testing.assert_array_equal(oriented_edge(angle).matrix, KERNELS[name].matrix)


@given(st.floats(0, 360))
def test_a_steered_edge_answers_most_to_a_ramp_in_its_direction(angle):
    y, x = np.mgrid[:3, :3]
    turn = np.deg2rad(angle)
    along, across = np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x
    assert answer(oriented_edge(angle), along) == pytest.approx(8)
    assert answer(oriented_edge(angle), across) == pytest.approx(0, abs=1e-9)


def test_motion_at_45_degrees_is_the_diagonal_of_the_catalogue():
    np.testing.assert_array_equal(motion(5, 45).matrix, KERNELS["motion"].matrix)


@given(st.integers(0, 7), st.floats(-720, 720))
def test_motion_is_a_line_through_the_middle_with_one_cell_a_step(half, angle):
    size = 2 * half + 1
    matrix = motion(size, angle).matrix
    assert matrix.sum() == size
    assert matrix[half, half] == 1
    np.testing.assert_array_equal(matrix, matrix[::-1, ::-1])


def test_gabor_of_phase_0_answers_more_to_its_own_stripes_than_to_crossing_ones():
    kernel = gabor(15, 0, 5)
    stripes = np.tile(np.cos(2 * np.pi * (np.arange(15) - 7) / 5), (15, 1))
    assert answer(kernel, stripes) > 20 * abs(answer(kernel, stripes.T))


def test_the_positive_weights_of_gabor_sum_to_1():
    weights = gabor(11, 30, 6, phase=90).weights
    assert weights[weights > 0].sum() == pytest.approx(1)


def test_gabor_turned_by_90_degrees_is_turned_clockwise():
    np.testing.assert_allclose(
        gabor(9, 90, 6, phase=60).weights, np.rot90(gabor(9, 0, 6, phase=60).weights, -1), atol=1e-9
    )


def test_sharpen_by_1_is_the_one_of_the_catalogue():
    np.testing.assert_array_equal(sharpen(1).weights, KERNELS["sharpen"].weights)


@pytest.mark.parametrize("amount", [0.1, 0.3, 1.7, 4.9])
def test_sharpen_keeps_whole_numbers_and_lets_the_divisor_carry_the_fraction(amount):
    kernel = sharpen(amount)
    assert kernel.matrix.dtype == np.int64
    assert kernel.weights[1, 1] == pytest.approx(1 + 4 * amount)
    assert kernel.weights[0, 1] == pytest.approx(-amount)


def test_unsharp_of_amount_0_changes_nothing():
    np.testing.assert_array_equal(unsharp(3, 1.0, 0).weights, KERNELS["identity"].weights)


def test_emboss_starts_with_the_one_of_the_catalogue():
    np.testing.assert_array_equal(emboss().matrix, KERNELS["emboss"].matrix)


def test_emboss_of_depth_0_changes_nothing():
    np.testing.assert_array_equal(emboss(30, 0).matrix, KERNELS["identity"].matrix)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: box(0), "size must be at least 1, got 0"),
        (lambda: box(MAX_SIDE + 1), "size must be at most 15, got 16"),
        (lambda: motion(4, 0), "size must be odd.* got 4: use 3 or 5"),
        (lambda: unsharp(2), "size must be odd.* got 2: use 1 or 3"),
        (lambda: gaussian(3, 0), "sigma must be from 0.1 to 100, got 0"),
        (lambda: gaussian(3, np.nan), "sigma must be finite, got nan"),
        (lambda: laplacian_of_gaussian(2), "size must be at least 3, got 2"),
        (lambda: gabor(5, 0, 2.5), "wavelength must be from 3 to 100, got 2.5"),
        (lambda: sharpen(-1), "amount must be from 0 to 100, got -1"),
        (lambda: emboss(np.inf), "angle must be finite, got inf"),
    ],
)
def test_an_impossible_parameter_is_refused_with_its_number(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("make", [lambda: box("3"), lambda: gaussian(3.5), lambda: sharpen("1")])
def test_a_parameter_that_is_no_number_is_refused(make):
    with pytest.raises(TypeError, match="must be a"):
        make()


# Edits


@given(WHOLE)
def test_a_normalised_kernel_sums_to_1_and_stays_whole(matrix):
    kernel = Kernel("k", "own", matrix, 7)
    if kernel.matrix.sum() == 0:
        with pytest.raises(ValueError, match="sum to 0"):
            normalised(kernel)
    else:
        assert normalised(kernel).weights.sum() == pytest.approx(1)
        np.testing.assert_array_equal(normalised(kernel).matrix, kernel.matrix)


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
