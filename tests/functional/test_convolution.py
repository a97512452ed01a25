"""What a convolution is: worked numbers, scipy, and the laws that every convolution obeys."""

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz import conv2d, conv2d_definition, output_size
from cnnviz.functional.convolution import convolve_channels
from tests.strategies import convolutions

X = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
DUMOULIN = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
SCIPY_MODES = {
    "zeros": "constant",
    "reflect": "mirror",
    "replicate": "nearest",
    "circular": "grid-wrap",
}

both = pytest.mark.parametrize("convolve", [conv2d, conv2d_definition])
random = np.random.default_rng(0)
photo = random.integers(0, 256, (40, 50))


@both
def test_the_worked_example_with_ones(convolve):
    assert convolve(X, CROSS).tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


@both
def test_the_worked_example_of_dumoulin_and_visin(convolve):
    assert convolve(DUMOULIN, KERNEL).tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


@both
def test_the_same_example_with_padding_1_and_stride_2(convolve):
    expected = [[6, 17, 3], [8, 17, 13], [6, 4, 4]]
    assert convolve(DUMOULIN, KERNEL, padding=1, stride=2).tolist() == expected


@given(convolutions())
def test_whole_numbers_give_exactly_what_the_definition_gives(convolution_request):
    arrays, options = convolution_request
    np.testing.assert_array_equal(conv2d(*arrays, **options), conv2d_definition(*arrays, **options))


@given(convolutions(whole=False, dtype="float64"))
def test_other_numbers_give_what_the_definition_gives_but_for_rounding(convolution_request):
    arrays, options = convolution_request
    expected = conv2d_definition(*arrays, **options)
    np.testing.assert_allclose(conv2d(*arrays, **options), expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("mode", SCIPY_MODES)
@pytest.mark.parametrize("kernel_size", [(3, 3), (5, 3), (1, 7), (21, 21)])
def test_every_padding_mode_is_that_of_ndimage(mode, kernel_size):
    kernel = random.integers(-9, 10, kernel_size)
    expected = scipy.ndimage.correlate(photo, kernel, mode=SCIPY_MODES[mode])
    np.testing.assert_array_equal(
        conv2d(photo, kernel, padding="same", padding_mode=mode), expected
    )


@pytest.mark.parametrize("kernel_size", [(3, 3), (5, 3), (3, 7), (23, 23)])
def test_valid_same_and_full_are_those_of_scipy_signal(kernel_size):
    kernel = random.integers(-9, 10, kernel_size)
    edges = tuple(size - 1 for size in kernel_size)
    for mode, padding in {"valid": "valid", "same": "same", "full": edges}.items():
        np.testing.assert_array_equal(
            conv2d(photo, kernel, padding=padding), scipy.signal.correlate2d(photo, kernel, mode)
        )


@given(st.integers(1, 7), st.integers(1, 7))
def test_an_impulse_is_answered_with_the_kernel_turned_around(height, width):
    kernel = np.arange(1, height * width + 1).reshape(height, width)
    impulse = [[1]]
    response = conv2d(impulse, kernel, padding=(height - 1, width - 1))
    np.testing.assert_array_equal(response, kernel[::-1, ::-1])


def test_the_identity_kernel_gives_the_picture_back():
    np.testing.assert_array_equal(conv2d(photo, np.pad([[1]], 1), padding=1), photo)


@given(convolutions(dtype="float64"), st.integers(-9, 9))
def test_convolution_is_linear(convolution_request, factor):
    (x, weight, _), options = convolution_request
    y = x[..., ::-1, ::-1]
    np.testing.assert_array_equal(
        conv2d(x + factor * y, weight, **options),
        conv2d(x, weight, **options) + factor * conv2d(y, weight, **options),
    )


@given(st.integers(0, 20), st.integers(0, 20), st.integers(2, 23))
@settings(max_examples=30)
def test_a_shifted_picture_gives_the_shifted_map(down, right, size):
    kernel = np.arange(size * size).reshape(size, size) % 7 - 3
    shifted = conv2d(np.roll(photo, (down, right), (0, 1)), kernel, padding="same",
                     padding_mode="circular")  # fmt: skip
    still = conv2d(photo, kernel, padding="same", padding_mode="circular")
    np.testing.assert_array_equal(shifted, np.roll(still, (down, right), (0, 1)))


@given(convolutions())
def test_the_size_of_the_map_is_that_of_geometry(convolution_request):
    (x, weight, bias), options = convolution_request
    expected = tuple(
        output_size(x.shape[2 + axis], weight.shape[2 + axis], stride=options["stride"][axis],
                    padding=options["padding"][axis], dilation=options["dilation"][axis])
        for axis in (0, 1)
    )  # fmt: skip
    assert conv2d(x, weight, bias, **options).shape == (len(x), len(weight), *expected)


@given(convolutions())
def test_groups_are_separate_convolutions_side_by_side(convolution_request):
    (x, weight, bias), options = convolution_request
    groups = options.pop("groups")
    parts = zip(np.split(x, groups, axis=1), np.split(weight, groups), np.split(bias, groups),
                strict=True)  # fmt: skip
    np.testing.assert_array_equal(
        conv2d(x, weight, bias, groups=groups, **options),
        np.concatenate([conv2d(*part, **options) for part in parts], axis=1),
    )


@given(convolutions())
def test_dilation_is_a_kernel_with_zeros_between_its_taps(convolution_request):
    (x, weight, bias), options = convolution_request
    down, right = options.pop("dilation")
    height, width = weight.shape[2:]
    spread = np.zeros((*weight.shape[:2], (height - 1) * down + 1, (width - 1) * right + 1))
    spread[..., ::down, ::right] = weight
    np.testing.assert_array_equal(
        conv2d(x, weight, bias, dilation=(down, right), **options),
        conv2d(x, spread, bias, **options),
    )


@given(convolutions())
def test_a_stride_keeps_every_so_many_cells(convolution_request):
    (x, weight, bias), options = convolution_request
    down, right = options.pop("stride")
    np.testing.assert_array_equal(
        conv2d(x, weight, bias, stride=(down, right), **options),
        conv2d(x, weight, bias, **options)[..., ::down, ::right],
    )


@given(convolutions())
def test_the_bias_is_added_to_the_map_of_its_filter(convolution_request):
    (x, weight, bias), options = convolution_request
    np.testing.assert_array_equal(
        conv2d(x, weight, bias, **options), conv2d(x, weight, **options) + bias[:, None, None]
    )


@given(convolutions())
def test_a_batch_is_its_pictures_one_by_one(convolution_request):
    (x, weight, bias), options = convolution_request
    np.testing.assert_array_equal(
        conv2d(x, weight, bias, **options),
        np.stack([conv2d(image, weight, bias, **options) for image in x]),
    )


def test_several_kernels_give_a_map_each():
    kernels = np.stack([KERNEL, KERNEL.T, CROSS])
    maps = conv2d(DUMOULIN, kernels, [1, 2, 3])
    for map_, kernel, bias in zip(maps, kernels, [1, 2, 3], strict=True):
        np.testing.assert_array_equal(map_, conv2d(DUMOULIN, kernel, bias))


def test_a_filter_adds_up_its_channels():
    colour = random.integers(0, 256, (3, 8, 9))
    filter_ = random.integers(-9, 10, (1, 3, 3, 3))
    parts = [conv2d(plane, kernel) for plane, kernel in zip(colour, filter_[0], strict=True)]
    np.testing.assert_array_equal(conv2d(colour, filter_)[0], sum(parts))


def test_two_kernels_in_a_row_are_one_larger_kernel():
    both_kernels = conv2d(KERNEL, CROSS[::-1, ::-1], padding=2)
    np.testing.assert_array_equal(conv2d(conv2d(photo, KERNEL), CROSS), conv2d(photo, both_kernels))


def test_a_single_cell_turned_round_is_still_that_cell():
    x = np.array([[[[179.0]], [[70.0]]], [[[6.0]], [[-118.0]]]])[..., ::-1, ::-1]
    weight = np.array([-4.0, -9.0]).reshape(1, 2, 1, 1)
    np.testing.assert_array_equal(conv2d(x, weight), [[[[-1346.0]]], [[[1038.0]]]])


SOBEL_Y = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
RAMP = np.tile(np.arange(0, 256, 15), (9, 1))  # all rows are alike


@pytest.mark.parametrize("repeated", [(1, 1), (9, 9)])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_channels_of_a_flat_area_give_0_on_each_scale(channels, repeated):
    planes = np.tile(RAMP, (channels, *repeated))
    assert conv2d(RAMP / 255, SOBEL_Y).any()  # rounding
    assert not convolve_channels(planes / 255, SOBEL_Y).any()
    assert not convolve_channels(planes, SOBEL_Y / 7).any()
    assert not convolve_channels(np.ones((5, 5)), [[0.1, 0.2, -0.3]]).any()


def test_small_sums_beside_large_ones_stay_as_they_are():
    x = np.array([[1e6, 0.25, 1e6, 1e6, 0.0, 0.0, 0.0, 3e-7]])
    sums = convolve_channels(x, [[1e6, 1.0, -1e6]])
    assert sums[0, 0] == 0.25
    assert sums[0, -1] == pytest.approx(-0.3)
    whole = convolve_channels(np.array([[1e6, 1e6, 1.0]]), [[1e6, -1e6, 3.0]])
    assert whole.tolist() == [[3]]


def test_a_weight_that_is_tiny_beside_another_counts_where_the_other_meets_0():
    x = np.zeros((90, 90))
    x[4, 4], x[50, 50] = 1 / 255, 1.0
    sums = convolve_channels(x, [[1e6, -1e-6]])
    assert sums[4, 3:5].tolist() == [-1e-6 / 255, 1e6 / 255]


def test_terms_that_do_not_cancel_are_not_rounded_away_however_small():
    kernel = np.array([[1.0, 1e-30, 1e-200]])
    x = np.zeros((90, 90))
    x[4, 4] = 1.0
    assert convolve_channels(x, kernel)[4, 2:5].tolist() == [1e-200, 1e-30, 1.0]
