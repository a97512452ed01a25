"""Kernels made from parameters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from cnnviz.kernels import (
    KERNELS,
    MAKERS,
    MAX_SIDE,
    box,
    emboss,
    gabor,
    gaussian,
    laplacian_of_gaussian,
    motion,
    oriented_edge,
    sharpen,
    unsharp,
)


def answer(kernel, patch):
    """Return the sum with the kernel on the upper left corner of `patch`."""
    height, width = kernel.shape
    return (kernel.weights * patch[:height, :width]).sum()


@st.composite
def makings(draw):
    """Draw a maker and values that its sliders can have."""
    maker = draw(st.sampled_from(list(MAKERS.values())))
    values = {}
    for parameter in maker.parameters:
        steps = round((parameter.high - parameter.low) / parameter.step)
        values[parameter.name] = parameter.low + parameter.step * draw(st.integers(0, steps))
    return maker, values


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
