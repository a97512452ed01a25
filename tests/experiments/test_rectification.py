import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz import ACTIVATIONS, KERNELS
from cnnviz.experiments.rectification import (
    divided,
    histogram,
    inactive_shares,
    rectified,
    share_of_zeros,
)
from cnnviz.experiments.unique_values import unique_values

MAPS = arrays(np.float64, (4, 5), elements=st.floats(-100, 100))
STEPS = [(name, activation.defaults) for name, activation in ACTIVATIONS.items()]


def test_relu_leaves_what_is_above_0_of_the_worked_vector():
    assert rectified([-2.0, 0.5, -0.3, 1.2], ("relu", {})).activated.tolist() == [0, 0.5, 0, 1.2]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[0])
def test_a_map_is_activated_and_measured_by_function_and_derivative_of_the_registry(step):
    name, parameters = step
    x = np.random.default_rng(0).normal(size=(6, 7))
    found = rectified(x, step)
    slopes = ACTIVATIONS[name].derivative(x, **parameters)
    assert (found.activated == ACTIVATIONS[name].function(x, **parameters)).all()
    assert found.inactive == (slopes == 0).mean()
    assert found.zeros == (found.activated == 0).mean()
    assert found.passed == pytest.approx(abs(slopes).mean())


def test_a_gradient_that_is_turned_round_has_passed():
    assert rectified([-2.0, -1.0, 1.0, 2.0], ("prelu", {"weight": -1.0})).passed == 1


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[0])
def test_with_its_few_numbers_a_map_is_measured_as_without(step):
    x = np.random.default_rng(0).integers(-40, 40, (30, 20)) / 8
    found, plain = rectified(x, step, unique_values(x, 1 / 8)), rectified(x, step)
    assert (found.activated == plain.activated).all()
    assert (found.slopes == plain.slopes).all()
    assert (found.zeros, found.inactive) == (plain.zeros, plain.inactive)
    assert found.passed == pytest.approx(plain.passed)


@given(MAPS)
def test_the_zeros_of_relu_are_its_dead_cells(x):
    found = rectified(x, ("relu", {}))
    assert found.zeros == found.inactive == 1 - found.passed


@given(MAPS, st.sampled_from(["leaky_relu", "prelu", "elu"]))
def test_a_slope_below_0_keeps_every_cell_alive(x, name):
    assert rectified(x, next(step for step in STEPS if step[0] == name)).inactive == 0


@given(MAPS, st.lists(st.floats(-200, 200), min_size=1, max_size=5))
def test_inactive_shares_count_the_cells_that_a_relu_turns_off(x, biases):
    expected = [np.mean(x <= -bias) for bias in biases]
    assert inactive_shares(x, biases).tolist() == expected


@given(MAPS, st.lists(st.floats(-200, 200), min_size=1, max_size=5))
def test_inactive_shares_of_counted_numbers_are_those_of_the_cells(x, biases):
    values, counts = np.unique(np.append(np.rint(x), [7.0, 0.0, 7.0]), return_counts=True)
    cells = np.repeat(values, counts)
    found = inactive_shares(values[::-1], biases, counts[::-1])
    assert found.tolist() == inactive_shares(cells, biases).tolist()


def test_a_bias_below_the_largest_answer_kills_every_cell():
    x = np.random.default_rng(1).normal(size=(9, 9))
    assert inactive_shares(x, [-x.max()]) == [1]


@given(MAPS, st.floats(0.1, 1000))
def test_a_histogram_counts_every_cell_once(x, limit):
    assert histogram(x, limit).sum() == x.size


def test_a_histogram_is_that_of_numpy_where_nothing_lies_beyond():
    x = np.random.default_rng(2).uniform(-3, 3, 1000)
    assert histogram(x, 3.0, 10).tolist() == np.histogram(x, 10, (-3, 3))[0].tolist()


def test_a_histogram_of_the_different_values_and_their_counts_is_that_of_all_cells():
    x = np.random.default_rng(3).integers(-9, 9, (40, 50)) / 4
    values, counts = np.unique(x, return_counts=True)
    assert histogram(values, 2.0, counts=counts).tolist() == histogram(x, 2.0).tolist()


def test_a_histogram_needs_a_width():
    with pytest.raises(ValueError, match=r"limit must be at least .*, got 0"):
        histogram([1.0], 0)


def test_a_kernel_divided_by_its_spread_leaves_a_spread_of_1_to_three_digits():
    x = np.random.default_rng(3).normal(size=(50, 50)) * 40
    kernel = KERNELS["sobel_x"]
    spread = np.std(x) * 3.0
    assert divided(kernel, spread).divisor == float(f"{spread:.3g}")


def test_a_kernel_divided_by_0_stays_as_it_is():
    assert divided(KERNELS["sobel_x"], 0.0).divisor == 1


def test_a_share_of_zeros_goes_from_none_to_all():
    assert (share_of_zeros([1.0, -1.0]), share_of_zeros([0.0, -0.0])) == (0, 1)


def test_an_unknown_activation_is_named():
    with pytest.raises(ValueError, match="no activation 'step'"):
        rectified([1.0], ("step", {}))
