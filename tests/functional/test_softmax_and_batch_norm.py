import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from cnnviz.functional.activations import batch_norm, softmax

# Softmax


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=9), st.floats(-1e3, 1e3))
def test_softmax_shares_add_to_1_and_do_not_change_when_all_shift(x, shift):
    shares = softmax(x)
    assert shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(softmax(np.array(x) + shift), shares, atol=1e-12)


def test_softmax_matches_scipy_along_any_axis():
    x = np.random.default_rng(0).standard_normal((2, 3, 4))
    for axis in (-1, 0, 1):
        np.testing.assert_allclose(softmax(x, axis), special.softmax(x, axis), rtol=1e-14)


def test_softmax_says_which_axes_there_are():
    with pytest.raises(ValueError, match=r"axis must be the one axis of x \(3,\), got 1"):
        softmax([1, 2, 3], 1)
    with pytest.raises(ValueError, match=r"one of the 2 axes of x \(1, 2\), got 2"):
        softmax([[1, 2]], 2)
    with pytest.raises(ValueError, match="x must have an axis, got a single number"):
        softmax(1)


def test_softmax_at_extremes_needs_no_warning():
    with np.errstate(all="raise"):
        assert softmax([1000.0, -1000.0]).tolist() == [1, 0]
        assert softmax([-np.inf, 5.0]).tolist() == [0, 1]
        assert softmax([-1e308, 1e308]).tolist() == [0, 1]
        assert np.isnan(softmax([np.inf, 0.0])).all()
        assert np.isnan(softmax([np.nan, 0.0])).all()


@pytest.mark.parametrize("axis", [2, -3])
def test_softmax_along_an_axis_that_is_not_there_is_refused(axis):
    with pytest.raises(ValueError, match=rf"2 axes of x \(2, 3\), got {axis}"):
        softmax(np.zeros((2, 3)), axis)


# Batch normalisation


@pytest.mark.parametrize("shape", [(3, 8, 9), (5, 3, 8, 9), (50, 3)])
def test_batch_norm_by_the_data_s_own_figures_gives_mean_0_and_variance_1(shape):
    x = 50 + 9 * np.random.default_rng(0).standard_normal(shape)
    channel = 0 if len(shape) == 3 else 1
    rest = tuple(axis for axis in range(len(shape)) if axis != channel)
    y = batch_norm(x, x.mean(rest), x.var(rest), eps=0)
    np.testing.assert_allclose(y.mean(rest), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(rest), 1)


def test_batch_norm_applies_weight_and_bias_by_channel():
    y = batch_norm([[1.0, 5.0]], [0.0, 3.0], [1.0, 4.0], [2.0, 3.0], [10.0, 20.0], eps=0)
    assert y.tolist() == [[12, 23]]


def test_batch_norm_keeps_a_channel_that_does_not_vary_finite():
    assert batch_norm([[3.0], [3.0]], [3.0], [0.0]).tolist() == [[0], [0]]


def test_batch_norm_of_float32_stays_float32():
    x = np.ones((2, 3), np.float32)
    assert batch_norm(x, np.zeros(3), np.ones(3), np.ones(3), np.ones(3)).dtype == np.float32


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1.0, 2.0]], [0.0], [1.0, 1.0]), r"mean must hold 2 numbers.*got shape \(1,\)"),
        (([[1.0, 2.0]], [0.0, 0.0], 1.0), r"var must hold 2 numbers.*got shape \(\)"),
        (([[1.0, 2.0]], [0.0, 0.0], [1.0, -0.5]), r"smallest var of -0.5"),
        (([[1.0]], [0.0], [0.0], None, None, 0), r"var \+ eps must be above 0.*eps = 0"),
        (([1.0, 2.0], [0.0, 0.0], [1.0, 1.0]), r"to have channels, got shape \(2,\)"),
        (([[1.0]], [0.0], [1.0], None, None, -1), "eps must be at least 0, got -1"),
    ],
)
def test_batch_norm_says_what_does_not_fit(arguments, message):
    with pytest.raises(ValueError, match=message):
        batch_norm(*arguments)
