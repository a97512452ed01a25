"""The chain rule for one weight: against the gradient, and against central differences."""

import numpy as np
import pytest

from cnnviz.images.samples import SAMPLES
from cnnviz.kernels import KERNELS
from cnnviz.nn import Activation, Conv2d, Flatten, KernelFitting, Linear, Sequential, small_cnn
from cnnviz.nn.training.chain_rule import slope_in_fitting, slope_in_network
from cnnviz.nn.training.loss import cross_entropy

RNG = np.random.default_rng(0)
STEP = 1e-5


def test_the_slope_of_each_weight_of_a_kernel_is_its_gradient_and_the_central_difference():
    picture = SAMPLES["cat"].load()[:60, :80, 0]
    fitting = KernelFitting(picture, KERNELS["sobel_x"].matrix, method="gradient")
    for row, column in np.ndindex(3, 3):
        slope = slope_in_fitting(fitting, row, column)
        assert slope.total == pytest.approx(fitting.gradient()[row, column], rel=1e-9)
        losses = []
        kept = fitting.kernel[row, column]
        for moved in (kept - STEP, kept + STEP):
            fitting.kernel[row, column] = moved
            losses.append(((fitting.map - fitting.target_map) ** 2).mean())
        fitting.kernel[row, column] = kept
        assert slope.total == pytest.approx((losses[1] - losses[0]) / (2 * STEP), rel=1e-5)
        cells, rest = slope.strongest(5)
        assert sum(slope.products[cell] for cell in cells) + rest == pytest.approx(slope.total)


def plain(padding_mode="zeros"):
    """Return a network in double precision whose first layer has stride, padding and dilation."""
    layer = Conv2d(2, 3, 3, 2, padding=2, dilation=2, padding_mode=padding_mode, seed=1)
    layers = [layer, Activation("tanh"), Flatten(), Linear(3 * 5 * 6, 4, seed=2)]
    network = Sequential(layers, input_shape=(2, 9, 11))
    for parameter in network.parameters().values():
        parameter.value = parameter.value.astype(np.float64)
    return network, RNG.normal(size=(2, 9, 11)), 3


def mirrored():
    return plain("reflect")


def digits():
    network = small_cnn((1, 8, 8), "0123456789", activation="tanh", seed=3)
    return network, RNG.random((1, 8, 8)), 7


@pytest.mark.parametrize("make", [plain, mirrored, digits])
def test_the_slope_of_a_weight_of_the_first_layer_is_the_central_difference(make):
    network, image, label = make()
    scorer, values = network.without_softmax(), network[0].weight.value.astype(np.float64)
    before = values.copy()
    for at in [(0, 0, 0, 0), (1, 0, 2, 1), (2, values.shape[1] - 1, 1, 2)]:
        slope = slope_in_network(network, image, label, at)
        losses = []
        for moved in (-STEP, STEP):
            network[0].weight.value = before.copy()
            network[0].weight.value[at] += moved
            losses.append(cross_entropy(scorer.forward(image[None]), np.array([label]))[0])
        network[0].weight.value = before.copy()
        wanted = (losses[1] - losses[0]) / (2 * STEP)
        assert slope.total == pytest.approx(wanted, rel=1e-3, abs=1e-7)
        assert slope.weight == pytest.approx(before[at])


def test_a_training_keeps_its_own_slopes():
    network, image, label = digits()
    slope_in_network(network, image, label, (0, 0, 1, 1))
    assert all(parameter.grad is None for parameter in network.parameters().values())


def test_a_network_that_does_not_begin_with_a_convolution_is_refused():
    network = Sequential([Flatten(), Linear(4, 2)], input_shape=(1, 2, 2))
    with pytest.raises(ValueError, match="must be a plain convolution"):
        slope_in_network(network, np.ones((1, 2, 2)), 0, (0, 0, 0, 0))
