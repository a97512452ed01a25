import numpy as np
import pytest

from cnnviz import ACTIVATIONS
from cnnviz.experiments.signal_propagation import (
    BATCH,
    INITIALISATIONS,
    WIDTH,
    activations,
    level,
    propagate,
)


@pytest.mark.parametrize("initialisation", INITIALISATIONS)
def test_a_linear_network_scales_by_the_root_of_the_variance_a_layer(initialisation):
    found = propagate("none", initialisation, 4)
    gain = np.sqrt(INITIALISATIONS[initialisation].scale)
    assert found.spread == pytest.approx(gain ** np.arange(1, 5), rel=0.15)
    assert found.gradient == pytest.approx(gain ** np.arange(3, -1, -1), rel=0.15)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "elu", "gelu"])
def test_gradients_are_those_of_small_steps(activation):
    depth, small = 3, 1e-6
    rng = np.random.default_rng(0)
    x = rng.standard_normal((BATCH, WIDTH))
    weights = rng.standard_normal((depth, WIDTH, WIDTH)) * np.sqrt(1 / WIDTH)
    upstream = rng.standard_normal((BATCH, WIDTH))
    function = ACTIVATIONS[activation].function

    def loss(first_sums):
        y = function(first_sums)
        for weight in weights[1:]:
            y = function(y @ weight)
        return (y * upstream).sum()

    sums = x @ weights[0]
    direction = rng.standard_normal(sums.shape)
    moved = (loss(sums + small * direction) - loss(sums - small * direction)) / (2 * small)
    # A random direction's projection on the gradient has the gradient's squared length as variance.
    gradient = _gradient(sums, weights, upstream, ACTIVATIONS[activation])
    assert moved == pytest.approx((gradient * direction).sum(), rel=1e-4)
    found = propagate(activation, "xavier", depth).gradient[0]
    assert found == pytest.approx(np.sqrt(np.mean(gradient**2)), rel=1e-9)


def _gradient(sums, weights, upstream, activation):
    """Return the gradient at the first sums by the chain rule, written out with matrices."""
    totals = [sums]
    for weight in weights[1:]:
        totals.append(activation.function(totals[-1]) @ weight)
    gradient = upstream * activation.derivative(totals[-1])
    for weight, total in zip(weights[:0:-1], totals[-2::-1], strict=True):
        gradient = gradient @ weight.T * activation.derivative(total)
    return gradient


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_can_fill_a_network(activation):
    found = propagate(activation, "he", 2)
    assert (found.spread > 0).all()
    assert (found.gradient > 0).all()


def test_he_keeps_a_relu_level_where_xavier_lets_it_fade():
    he, xavier = (propagate("relu", name, 20) for name in ("he", "xavier"))
    assert level(he.spread)
    assert level(he.gradient)
    assert not level(xavier.gradient)


def test_xavier_keeps_a_tanh_level():
    found = propagate("tanh", "xavier", 20)
    assert level(found.spread)
    assert level(found.gradient)


@pytest.mark.parametrize("initialisation", ["small", "xavier", "he"])
def test_the_gradient_of_a_sigmoid_vanishes(initialisation):
    found = propagate("sigmoid", initialisation, 10).gradient
    scale = INITIALISATIONS[initialisation].scale
    assert (found[:-1] <= 1.2 * np.sqrt(scale) / 4 * found[1:]).all()


def test_weights_that_are_too_large_let_a_relu_explode():
    found = propagate("relu", "large", 20)
    assert found.spread[-1] > 1e5
    assert found.gradient[0] > 1e5


def test_the_same_seed_gives_the_same_numbers_and_another_one_others():
    one, same, other = (propagate("relu", "he", 3, seed=seed) for seed in (1, 1, 2))
    assert (one.spread == same.spread).all()
    assert (one.spread != other.spread).all()


def test_names_and_depths_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="no activation 'step'"):
        propagate("step", "he", 2)
    with pytest.raises(ValueError, match="no initialisation 'zero'; there are small, xavier"):
        propagate("relu", "zero", 2)
    with pytest.raises(ValueError, match=r"depth must be .*got 0"):
        propagate("relu", "he", 0)


@pytest.mark.parametrize("initialisation", INITIALISATIONS)
def test_the_activations_are_those_of_the_layers_one_after_the_other(initialisation):
    rng = np.random.default_rng(3)
    x = rng.standard_normal((BATCH, WIDTH))
    weights = rng.standard_normal((4, WIDTH, WIDTH))
    made = activations("tanh", initialisation, 4, seed=3)
    for weight, layer in zip(weights, made, strict=True):
        x = np.tanh(x @ (weight * np.sqrt(INITIALISATIONS[initialisation].scale / WIDTH)))
        np.testing.assert_allclose(layer, x, rtol=1e-9)
    spread = propagate("tanh", initialisation, 4, seed=3).spread
    assert made.std(axis=(1, 2)) == pytest.approx(spread)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_he_keeps_the_gradient_where_squared_slopes_average_about_a_half(name):
    each = ACTIVATIONS[name]
    slopes = each.derivative(np.random.default_rng(0).standard_normal(10_000), **each.defaults)
    gradient = propagate(name, "he", 20).gradient
    kept = 0.1 <= gradient[0] / gradient[-1] <= 10
    assert kept == (0.4 < (slopes**2).mean() < 0.7)
