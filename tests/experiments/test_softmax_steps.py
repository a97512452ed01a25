import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax

from cnnviz.experiments.softmax_steps import softmax_steps

VECTORS = arrays(np.float64, st.integers(1, 8), elements=st.floats(-20, 20))
TEMPERATURES = st.floats(0.1, 10)


@given(VECTORS, TEMPERATURES)
def test_shares_are_exponentials_over_their_sum(x, temperature):
    steps = softmax_steps(x, temperature)
    assert steps.total == pytest.approx(steps.exponentials.sum())
    assert steps.shares == pytest.approx(steps.exponentials / steps.total)
    assert steps.shares == pytest.approx(softmax(x / temperature))


@given(VECTORS, TEMPERATURES)
def test_shares_add_to_1(x, temperature):
    assert softmax_steps(x, temperature).shares.sum() == pytest.approx(1)


def test_a_low_temperature_gives_nearly_all_to_the_largest_and_a_high_one_evens_out():
    x = [-2.0, 0.5, -0.3, 1.2]
    low, middle, high = (softmax_steps(x, T).shares for T in (0.1, 1.0, 10.0))
    assert low.max() > 0.99 > middle.max() > high.max() > 0.25


def test_the_worked_vector_has_the_shares_of_its_exponentials():
    steps = softmax_steps([-2.0, 0.5, -0.3, 1.2])
    assert steps.exponentials.round(4).tolist() == [0.1353, 1.6487, 0.7408, 3.3201]
    assert round(steps.total, 4) == 5.845
    assert steps.shares.round(3).tolist() == [0.023, 0.282, 0.127, 0.568]


@pytest.mark.parametrize("count", [1, 2, 3, 16])
@pytest.mark.parametrize(("sign", "end"), [(1, "at most"), (-1, "at least")])
def test_suggested_temperatures_work(count, sign, end):
    with pytest.raises(ValueError, match=end) as error:
        softmax_steps([sign * 1000.0] * count)
    last = float(str(error.value).split(end)[1].split()[0])
    assert softmax_steps([last] * count).shares.tolist() == [1 / count] * count
    with pytest.raises(ValueError, match=end):
        softmax_steps([last + sign] * count)


@pytest.mark.parametrize(
    ("x", "temperature", "reason"),
    [
        ([80.0], 0.1, "is 800, and its exponential is too large: at most 709 works"),
        (np.float32([100]), 1, "is 100, and its exponential is too large: at most 88 works"),
        ([-80.0, -90.0], 0.1, "is -800, and its exponential is too small: at least -708 works"),
        ([-1e6], 0.1, "is -10000000, and its exponential is too small: at least -708 works"),
        ([1.0], 0, "temperature must be above 0, got 0"),
        ([[1.0]], 1, r"one row of numbers, got shape \(1, 1\)"),
    ],
)
def test_impossible_computations_are_named(x, temperature, reason):
    with pytest.raises(ValueError, match=reason):
        softmax_steps(x, temperature)
