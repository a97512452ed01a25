import numpy as np
import pytest
from scipy.signal import correlate2d

from cnnviz import KERNELS
from cnnviz.experiments.composition import two_layers

SMALL = [kernel for kernel in KERNELS.values() if kernel.shape == (3, 3)]
PICTURE = np.random.default_rng(0).integers(0, 256, (12, 9))


def pairs():
    rng = np.random.default_rng(1)
    return [rng.choice(SMALL, 2, replace=True) for _ in range(12)]


@pytest.mark.parametrize(("first", "second"), pairs())
def test_two_layers_without_an_activation_are_one(first, second):
    found = two_layers(PICTURE, first, second)
    assert found.rounding <= 1e-12 * max(1, abs(found.two).max())


@pytest.mark.parametrize(("first", "second"), pairs())
def test_both_ways_are_those_of_scipy(first, second):
    found = two_layers(PICTURE, first, second)
    between = correlate2d(PICTURE.astype(float), first.weights)
    assert found.two == pytest.approx(correlate2d(between, second.weights))
    assert found.bent == pytest.approx(correlate2d(np.maximum(between, 0), second.weights))


def test_a_relu_between_two_edge_kernels_is_no_single_kernel():
    found = two_layers(PICTURE, KERNELS["sobel_x"], KERNELS["sobel_y"])
    assert found.bend > 100


def test_a_relu_after_a_blur_changes_nothing():
    assert two_layers(PICTURE, KERNELS["box_3"], KERNELS["sobel_y"]).bend == 0


def test_colour_is_the_sum_of_its_channels():
    picture = np.random.default_rng(2).integers(0, 256, (3, 6, 5))
    kernels = KERNELS["sobel_x"], KERNELS["emboss"]
    grey = two_layers(picture.sum(axis=0), *kernels)
    for one, other in zip(two_layers(picture, *kernels), grey, strict=True):
        assert one == pytest.approx(other)


def test_a_single_pixel_is_enough():
    assert two_layers([[7]], KERNELS["sobel_x"], KERNELS["sobel_y"]).one.shape == (5, 5)
