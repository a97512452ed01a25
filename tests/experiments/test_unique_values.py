import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz import conv2d_definition
from cnnviz.experiments.unique_values import MOST, unique_values
from cnnviz.kernels import KERNELS

WHOLE = arrays(np.int64, (5, 7), elements=st.integers(-1000, 1000))


@given(WHOLE, st.floats(0.01, 100), st.floats(-3, 3))
def test_every_cell_gets_its_own_number_back_to_the_last_bit(x, divisor, bias):
    values = x / divisor + bias
    found = unique_values(values, 1 / divisor)
    assert (found.spread(found.pick(values)) == values).all()
    assert len(found.where) <= np.ptp(x) + 1
    assert all(count == (found.which == i).sum() for i, count in enumerate(found.counts[:9]))


@given(WHOLE)
def test_a_function_of_the_few_numbers_is_the_function_of_the_map(x):
    found = unique_values(x, 1)
    np.testing.assert_array_equal(found.spread(np.tanh(found.pick(x / 500))), np.tanh(x / 500))


@pytest.mark.parametrize("name", ["sobel_x", "laplacian_8", "gaussian_3"])
def test_maps_of_kernels_with_whole_weights_have_few_unique_values(name):
    picture = np.random.default_rng(0).integers(0, 256, (20, 30))
    kernel = KERNELS[name]
    features = conv2d_definition(picture.astype(float), kernel.matrix) / kernel.divisor
    found = unique_values(features, 1 / kernel.divisor)
    assert (found.pick(features)[found.which] == features).all()


@pytest.mark.parametrize("values", [
    [[0.0, 1e-12], [1.0, 2.0]],  # two numbers coincide
    [[0.0, float(MOST)]],  # there may be too many values in between
    [[0.0, np.nan]],
    [[0.0, np.inf]],
])  # fmt: skip
def test_maps_of_other_numbers_are_left_as_they_are(values):
    assert unique_values(values, 1.0) is None
