"""Activation functions and their slopes."""

import math

import numpy as np
import pytest
from scipy import special

from cnnviz.functional.activations import (
    ACTIVATIONS,
    SELU_ALPHA,
    SELU_SCALE,
    elu,
    gelu,
    leaky_relu,
    prelu,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softplus,
    tanh,
)

EXTREMES = [-np.inf, -1e308, -1000.0, -1e-310, -0.0, 0.0, 1e-310, 1000.0, 1e308, np.inf]
ALL = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
# Without the corners: 0 for most, 6 for ReLU6, −3 and 3 for the hard ones.
GRID = np.concatenate([np.linspace(-6.02, -0.01, 60), np.linspace(0.01, 5.97, 58), [7]])


def settings(activation):
    """Return the default of each parameter."""
    return {parameter.name: parameter.default for parameter in activation.parameters}


# Worked numbers


def test_relu_of_the_textbook_vector():
    assert relu([-2.0, 0.5, -0.3, 1.2]).tolist() == [0, 0.5, 0, 1.2]


def test_relu6_is_flat_below_0_and_from_6_on():
    assert relu6([-1.0, 0.0, 2.5, 6.0, 7.0]).tolist() == [0, 0, 2.5, 6, 6]
    slope = ACTIVATIONS["relu6"].derivative([-1.0, 0.0, 2.5, 6.0, 7.0])
    assert slope.tolist() == [0, 0, 1, 0, 0]


def test_leaky_relu_lets_a_hundredth_through():
    assert leaky_relu([-100.0, 3.0]).tolist() == [-1, 3]


def test_elu_at_minus_1_is_1_over_e_minus_1():
    assert elu(-1.0) == pytest.approx(1 / math.e - 1)
    assert elu(-1.0, alpha=2) == pytest.approx(2 / math.e - 2)


def test_selu_has_the_published_constants():
    assert (SELU_SCALE, SELU_ALPHA) == (1.0507009873554805, 1.6732632423543772)
    assert selu(1.0) == SELU_SCALE
    assert selu(-np.inf) == pytest.approx(-SELU_SCALE * SELU_ALPHA)


def test_selu_keeps_mean_0_and_variance_1_of_a_normal_variable():
    x, weights = np.polynomial.hermite_e.hermegauss(200)
    weights /= weights.sum()
    assert weights @ selu(x) == pytest.approx(0, abs=1e-3)
    assert weights @ selu(x) ** 2 == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("ours", "scipys"),
    [
        (sigmoid, special.expit),
        (tanh, np.tanh),
        (gelu, lambda x: x * special.ndtr(x)),
        (silu, lambda x: x * special.expit(x)),
        (softplus, lambda x: np.logaddexp(0, x)),
    ],
)
def test_smooth_functions_match_scipy(ours, scipys):
    x = np.linspace(-40, 40, 801)
    np.testing.assert_allclose(ours(x), scipys(x), rtol=1e-13)


@pytest.mark.parametrize(
    ("name", "x", "slope"),
    [("relu", 0, 0), ("leaky_relu", 0, 0.01), ("elu", 0, 1), ("sigmoid", 0, 0.25), ("tanh", 0, 1)],
)
def test_slopes_at_0(name, x, slope):
    assert ACTIVATIONS[name].derivative(x) == slope


@pytest.mark.parametrize(("name", "stretch"), [("tanh", 1), ("sigmoid", 2)])
def test_far_from_0_a_slope_is_small_but_not_0(name, stretch):
    x = np.linspace(-300, 300, 601)
    slope = stretch**-2 / np.cosh(x / stretch) ** 2
    np.testing.assert_allclose(ACTIVATIONS[name].derivative(x), slope, rtol=1e-13)


# All of them


@ALL
def test_the_slope_matches_a_central_difference(activation):
    values, step = settings(activation), 1e-5
    ahead, behind = (activation.function(GRID + s, **values) for s in (step, -step))
    slope = activation.derivative(GRID, **values)
    np.testing.assert_allclose(slope, (ahead - behind) / (2 * step), atol=1e-9)


@ALL
def test_extremes_need_no_warning(activation):
    with np.errstate(all="raise"):
        y = activation.function(EXTREMES, **settings(activation))
        slope = activation.derivative(EXTREMES, **settings(activation))
    assert not np.isnan(y).any()
    assert not np.isnan(slope).any()
    assert np.isfinite(y[1:-1]).all()


@ALL
def test_nan_stays_nan(activation):
    with np.errstate(all="raise"):
        y = activation.function([np.nan, 1.0], **settings(activation))
        slope = activation.derivative([np.nan, 1.0], **settings(activation))
    assert np.isnan(y).tolist() == np.isnan(slope).tolist() == [True, False]


@ALL
@pytest.mark.parametrize(
    ("given_type", "returned"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.int8, np.float64),
        (np.uint8, np.float64),
        (bool, np.float64),
    ],
)
def test_float32_stays_and_integers_become_float64(activation, given_type, returned):
    x = np.array([0, 1], given_type)
    assert activation.function(x, **settings(activation)).dtype == returned
    assert activation.derivative(x, **settings(activation)).dtype == returned


@ALL
@pytest.mark.parametrize("x", [3, -3.0, np.float32(0.5), np.array(0.5)])
def test_one_number_gives_one_number(activation, x):
    assert np.isscalar(activation.function(x))
    assert np.isscalar(activation.derivative(x))


@ALL
def test_a_masked_cell_is_refused(activation):
    for compute in (activation.function, activation.derivative):
        with pytest.raises(ValueError, match="x has 1 masked cell: fill it first"):
            compute(np.ma.masked_less([-1.0, 2.0], 0))


@ALL
def test_float32_is_as_precise_as_it_can_be(activation):
    x = GRID.astype(np.float32)
    exact = activation.function(x.astype(float), **settings(activation))
    np.testing.assert_allclose(
        activation.function(x, **settings(activation)), exact, rtol=2e-6, atol=1e-7
    )


@ALL
def test_the_input_is_left_alone(activation):
    x = np.array([-1.0, 2.0])
    activation.function(x, **settings(activation))
    activation.derivative(x, **settings(activation))
    assert x.tolist() == [-1, 2]


@ALL
def test_a_function_is_known_by_the_name_it_has_in_the_table(activation):
    assert ACTIVATIONS[activation.name] is activation
    assert activation.name in ("none", activation.function.__name__)


@ALL
def test_the_sliders_start_where_the_function_and_its_slope_do(activation):
    for function in activation.function, activation.derivative:
        with_defaults = function(GRID, **settings(activation))
        np.testing.assert_array_equal(with_defaults, function(GRID))


def test_prelu_of_the_table_starts_with_a_quarter_and_the_function_asks_for_its_slope():
    assert ACTIVATIONS["prelu"].function([-4.0, 4.0]).tolist() == [-1, 4]
    assert ACTIVATIONS["prelu"].derivative([-4.0, 4.0]).tolist() == [0.25, 1]
    with pytest.raises(TypeError, match="weight"):
        prelu([-4.0, 4.0])


@ALL
@pytest.mark.parametrize("x", [["a"], [1j], [None]])
def test_arguments_that_are_not_numbers_are_refused(activation, x):
    with pytest.raises(TypeError, match="x must hold real numbers"):
        activation.function(x, **settings(activation))


@ALL
@pytest.mark.parametrize("x", [[], np.empty((0, 3)), np.empty(0, np.float32), np.empty(0, int)])
def test_nothing_is_refused(activation, x):
    with pytest.raises(ValueError, match="x holds no numbers"):
        activation.function(x, **settings(activation))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("size", [2, 4, 8])
def test_numbers_in_any_order_of_bytes_come_out_in_that_of_the_machine(order, size):
    y = relu(np.array([-1.0, 2.5], f"{order}f{size}"))
    assert y.tolist() == [0, 2.5]
    assert y.dtype == np.dtype(np.float64 if size == 8 else np.float32)


# Parameters


def test_prelu_has_a_slope_for_each_channel():
    x = -np.ones((2, 3, 4, 5))
    y = prelu(x, [0.1, 0.2, 0.3])
    assert y[:, :, 0, 0].tolist() == [[-0.1, -0.2, -0.3]] * 2
    assert prelu(x[0], [0.1, 0.2, 0.3])[:, 0, 0].tolist() == [-0.1, -0.2, -0.3]


def test_the_slope_of_prelu_is_that_of_its_channel():
    x = np.array([[[-1.0]], [[-1.0]]])
    assert ACTIVATIONS["prelu"].derivative(x, [0.1, 0.2]).ravel().tolist() == [0.1, 0.2]


def test_prelu_of_one_slope_is_leaky_relu():
    np.testing.assert_array_equal(prelu(GRID, 0.25), leaky_relu(GRID, 0.25))
    np.testing.assert_array_equal(prelu(GRID, [0.25]), leaky_relu(GRID, 0.25))


def test_prelu_with_a_wrong_number_of_slopes_is_refused():
    with pytest.raises(ValueError, match=r"3 numbers.*\(3, 2, 2\), got shape \(2,\)"):
        prelu(np.zeros((3, 2, 2)), [0.1, 0.2])


def test_prelu_by_channel_needs_channels():
    with pytest.raises(ValueError, match=r"to have channels, got shape \(4,\)"):
        prelu(np.zeros(4), [0.1, 0.2])


@pytest.mark.parametrize("alpha", [np.nan, np.inf])
def test_a_parameter_that_is_not_finite_is_refused(alpha):
    with pytest.raises(ValueError, match="alpha must be finite"):
        elu([1.0], alpha)


@pytest.mark.parametrize(
    ("alpha", "shown"), [(10**400, "10⁴⁰⁰"), (-(10**5000), "-10⁵⁰⁰⁰")], ids=["large", "low"]
)
def test_a_parameter_beyond_all_floating_point_numbers_is_refused(alpha, shown):
    words = f"alpha must be from -1.8e308 to 1.8e308, got about {shown}"
    with pytest.raises(ValueError, match=words):
        elu([1.0], alpha)
