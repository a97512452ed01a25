"""Maps that are multiplied by the output of a branch."""

import numpy as np
import pytest

from cnnviz.functional.receptive_field import Taps
from cnnviz.nn import Activation, Conv2d, Flatten, Gated, GlobalAvgPool2d, Linear, Sequential
from tests.nn.numeric import assert_gradients_are_right


@pytest.mark.parametrize("remember", [False, True])
def test_a_gate_multiplies_each_cell_or_each_map_with_one_number(remember):
    conv, narrow = Conv2d(3, 3, 3, padding=1), Conv2d(3, 5, 1, seed=4)
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 4))
    np.testing.assert_allclose(
        Gated(conv).forward(x, remember=remember), x * conv.forward(x), atol=1e-12
    )
    means = x.mean((2, 3), keepdims=True)
    np.testing.assert_allclose(
        Gated(GlobalAvgPool2d()).forward(x, remember=remember), x * means, atol=1e-12
    )
    np.testing.assert_allclose(
        Gated(narrow, [GlobalAvgPool2d(), Conv2d(3, 5, 1, seed=4)]).forward(x, remember=remember),
        narrow.forward(x) * narrow.forward(means),
        atol=1e-12,
    )


def test_every_cell_behind_a_gate_of_whole_maps_sees_the_whole_picture():
    squeezed = [GlobalAvgPool2d(), Conv2d(3, 3, 1), Activation("sigmoid")]
    for layers in [Gated(squeezed)], [Conv2d(3, 3, 3, 2, 1), Gated(squeezed, Conv2d(3, 3, 2, 2))]:
        row = Sequential(layers).summary((3, 8, 8))[-1]
        for cell in range(row.output_shape[1]):
            first, last = row.fields[0].window(cell)
            assert first <= 0
            assert last >= 7
    assert Gated(Conv2d(3, 3, 3, padding=1)).sight((3, 8, 8)).windows[0] == Taps(3, 1, 1)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Gated([Conv2d(3, 3, 3, padding=1), Activation("sigmoid")]), (2, 3, 4, 4)),
        (Gated([GlobalAvgPool2d(), Conv2d(3, 3, 1), Activation("tanh")]), (2, 3, 4, 4)),
        (Gated(Conv2d(3, 5, 1), [GlobalAvgPool2d(), Conv2d(3, 5, 1, seed=9)]), (2, 3, 4, 4)),
        (Gated(Linear(3, 3)), (2, 3)),
    ],
)
def test_the_gradients_of_a_gate_are_those_of_central_differences(layer, shape):
    assert_gradients_are_right(layer, shape)


@pytest.mark.parametrize(
    ("branch", "made"),
    [(Conv2d(2, 4, 1), r"\(4, 8, 8\)"), ([GlobalAvgPool2d(), Flatten()], r"\(2,\)")],
)
def test_a_gate_that_does_not_fit_is_told_both_shapes(branch, made):
    words = rf"branch gives {made}, the input \(2, 8, 8\)"
    with pytest.raises(ValueError, match=words):
        Sequential([Gated(branch)], input_shape=(2, 8, 8))
    with pytest.raises(ValueError, match=words):
        Sequential([Gated(branch)]).forward(np.ones((1, 2, 8, 8)))
