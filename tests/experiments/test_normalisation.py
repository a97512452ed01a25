import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz import relu, sigmoid
from cnnviz.experiments.normalisation import in_order, moments, normalised

MAP = np.random.default_rng(0).normal(50, 200, (20, 30))
FACTORS = st.floats(-3, 3)


@given(FACTORS, FACTORS)
def test_a_normalised_map_has_mean_beta_and_spread_gamma(gamma, beta):
    found = normalised(MAP, gamma, beta)
    assert found.mean() == pytest.approx(beta, abs=1e-9)
    assert found.std() == pytest.approx(abs(gamma), abs=1e-6)


def test_a_constant_map_becomes_beta():
    assert (normalised(np.full((3, 3), 7.0), 2.0, 0.5) == 0.5).all()
    assert (normalised(np.full((300, 300), 1e6 + 0.1, np.float32), 2.0, 0.5) == 0.5).all()


def test_a_constant_map_whose_mean_is_rounded_becomes_beta_too():
    tenths = np.full((7, 9), 63 / 255)
    assert tenths.mean() != tenths[0, 0]
    assert moments(tenths) == (63 / 255, 0)
    assert (normalised(tenths, 2.0, 0.5) == 0.5).all()


def test_size_and_offset_of_a_map_do_not_matter():
    assert normalised(3 * MAP + 100) == pytest.approx(normalised(MAP), abs=1e-6)


def test_before_a_relu_half_of_a_symmetric_map_is_cut_off_whatever_its_mean():
    x = np.linspace(900, 1000, 100).reshape(10, 10)
    assert np.mean(in_order(x, ("relu", {}), "before").activated == 0) == 0.5
    assert np.mean(in_order(x, ("relu", {}), "after").activated == 0) == 0


def test_the_order_is_that_of_the_steps():
    before = in_order(MAP, ("sigmoid", {}), "before", 2.0, 1.0)
    after = in_order(MAP, ("relu", {}), "after", 2.0, 1.0)
    assert (before.activated == sigmoid(normalised(MAP, 2.0, 1.0))).all()
    assert (after.normalised == normalised(relu(MAP), 2.0, 1.0)).all()


def test_another_order_is_refused():
    with pytest.raises(ValueError, match="place must be 'before' or 'after', got 'between'"):
        in_order(MAP, ("relu", {}), "between")
