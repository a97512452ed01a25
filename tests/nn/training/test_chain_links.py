"""The chain rule link by link: against the backpropagated slope, and small steps."""

import numpy as np
import pytest

from cnnviz.functional.activations import ACTIVATIONS, softmax
from cnnviz.nn import Flatten, Linear, Sequential, small_cnn
from cnnviz.nn.training.chain_links import links_to_cell, through
from cnnviz.nn.training.chain_rule import slope_in_network
from cnnviz.nn.training.loss import cross_entropy

RNG = np.random.default_rng(4)
IMAGE, LABEL, FILTER = RNG.random((1, 8, 8)), 7, 2


def made(activation="relu", *, norm=False):
    """Return a network in double precision, and its layers' outputs for the image."""
    network = small_cnn((1, 8, 8), "0123456789", activation=activation, batch_norm=norm, seed=3)
    network.train()
    network.forward(RNG.random((32, 1, 8, 8)))  # gives batch normalisation a mean and a variance
    network.eval()
    for parameter in network.parameters().values():
        parameter.value = parameter.value.astype(np.float64)
    x, stages = IMAGE[None], {}
    for name, layer in zip(network.names, network, strict=True):
        x = layer.forward(x)
        stages[name] = x[0]
    return network, stages


def cells_by_slope(network):
    """Return the cells of one map of the first layer by falling slope, and all slopes."""
    by_cell = slope_in_network(network, IMAGE, LABEL, (FILTER, 0, 1, 1)).by_cell
    order = np.argsort(-abs(by_cell), axis=None)
    return np.transpose(np.unravel_index(order, by_cell.shape)).tolist(), by_cell


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("activation", ["relu", "tanh", "prelu", "selu"])
def test_the_links_multiply_to_the_slope_that_is_carried_back(activation, norm):
    network, _ = made(activation, norm=norm)
    cells, by_cell = cells_by_slope(network)
    for row, column in (*cells[:3], cells[-1]):
        links = links_to_cell(network, IMAGE, LABEL, (FILTER, row, column))
        assert links.total == pytest.approx(by_cell[row, column], rel=1e-5, abs=1e-12)
        reached = through(links.feature, links.first_gates)
        assert reached == pytest.approx(links.slopes[links.source], rel=1e-5)
        assert abs(links.products).max() == abs(links.products[links.source])


def test_the_links_are_what_the_layers_say():
    network, stages = made()
    (row, column), *_ = cells_by_slope(network)[0]
    links = links_to_cell(network, IMAGE, LABEL, (FILTER, row, column))
    shares = softmax(stages["linear1"])
    assert links.errors == pytest.approx(shares - (np.arange(10) == LABEL))
    source, second = links.source, network[network.names.index("conv2")].weight.value
    place = np.ravel_multi_index((source[0], source[1] // 2, source[2] // 2), (32, 2, 2))
    dense = network[network.names.index("linear1")].weight.value
    assert links.weights == pytest.approx(dense[:, place])
    assert links.pooled == (FILTER, row // 2, column // 2)
    # 3 × 3 with padding 1: the cell above reads this cell with its lower weights
    for down, across in np.ndindex(3, 3):
        at = links.pooled[1] + 1 - down, links.pooled[2] + 1 - across
        if min(at) >= 0 and max(at) < 4:
            wanted = second[:, FILTER, down, across]
            assert links.kernels[:, *at] == pytest.approx(wanted)
    assert np.count_nonzero(links.kernels[0]) <= 9


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_pooling_passes_a_slope_to_the_largest_and_an_activation_multiplies_it(activation):
    network, stages = made(activation)
    window = stages[f"{activation}1"][FILTER, 2:4, 4:6]
    winner = np.unravel_index(window.argmax(), (2, 2))
    for row, column in np.ndindex(2, 2):
        cell = FILTER, 2 + row, 4 + column
        pool, curve = links_to_cell(network, IMAGE, LABEL, cell).gates
        assert (pool.kind, curve.kind) == ("pool", activation)
        assert pool.factor == ((row, column) == winner)
        wanted = ACTIVATIONS[activation].derivative(stages["conv1"][cell])
        assert curve.factor == pytest.approx(float(wanted), rel=1e-5)


def test_the_product_of_all_links_is_the_central_difference():
    network, stages = made("tanh")
    (row, column), *_ = cells_by_slope(network)[0]
    links = links_to_cell(network, IMAGE, LABEL, (FILTER, row, column))
    behind, losses = network.without_softmax()[1:], []
    for step in (-1e-5, 1e-5):
        moved = stages["conv1"].copy()
        moved[FILTER, row, column] += step
        losses.append(cross_entropy(behind.forward(moved[None]), np.array([LABEL]))[0])
    assert links.total == pytest.approx((losses[1] - losses[0]) / 2e-5, rel=1e-4)


def test_a_network_of_another_kind_and_a_cell_that_is_not_read_are_refused():
    other = Sequential([Flatten(), Linear(64, 10)], input_shape=(1, 8, 8))
    with pytest.raises(ValueError, match="two convolutions"):
        links_to_cell(other, IMAGE, LABEL, (0, 0, 0))
    with pytest.raises(ValueError, match="No window of pool1 reads"):
        links_to_cell(small_cnn((1, 9, 9), "ab"), np.ones((1, 9, 9)), 0, (0, 8, 0))


def test_a_training_keeps_its_own_slopes():
    network, _ = made()
    links_to_cell(network, IMAGE, LABEL, (0, 0, 0))
    assert all(parameter.grad is None for parameter in network.parameters().values())
