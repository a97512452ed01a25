"""Enlarged maps beside the definition, in which each cell is a sum over all cells."""

import numpy as np
import pytest

from cnnviz.nn import MaxPool2d, Sequential, Upsample
from tests.nn.numeric import assert_gradients_are_right

WAYS = [("nearest", False), ("bilinear", False), ("bilinear", True)]


def weights(size, factor, mode, align_corners):
    """Return how much each of `size` cells counts for each cell of the output, (H', H)."""
    cells = np.arange(size * factor)
    if mode == "nearest":
        places = cells // factor
    elif align_corners:
        places = np.linspace(0, size - 1, size * factor)
    else:
        places = np.clip((cells + 0.5) / factor - 0.5, 0, size - 1)
    return np.maximum(0, 1 - np.abs(places[:, np.newaxis] - np.arange(size)))


@pytest.mark.parametrize(("mode", "corners"), WAYS)
@pytest.mark.parametrize("factors", [(1, 1), (2, 2), (3, 1), (1, 4), (2, 5)])
@pytest.mark.parametrize("size", [(1, 1), (1, 3), (4, 5)])
def test_every_cell_is_that_of_the_definition(mode, corners, factors, size):
    x = np.random.default_rng(0).normal(size=(2, 3, *size))
    rows, columns = (weights(*each, mode, corners) for each in zip(size, factors, strict=True))
    made = Upsample(factors, mode, corners).forward(x)
    np.testing.assert_allclose(made, rows @ x @ columns.T, rtol=1e-12, atol=1e-12)


def test_a_few_numbers():
    row = [[[[0.0, 4.0, 8.0]]]]
    assert Upsample((1, 2)).forward(row).ravel().tolist() == [0, 0, 4, 4, 8, 8]
    even = Upsample((1, 2), "bilinear").forward(row)
    assert even.ravel().tolist() == [0, 1, 3, 5, 7, 8]
    corners = Upsample((1, 2), "bilinear", align_corners=True).forward(row)
    np.testing.assert_allclose(corners.ravel(), [0, 1.6, 3.2, 4.8, 6.4, 8])


def test_a_repeated_cell_keeps_its_value_and_type_whatever_it_is():
    x = np.array([[[[np.inf, np.nan, -0.0]]]], np.float32)
    made = Upsample(2).forward(x)
    np.testing.assert_array_equal(made, x.repeat(2, 2).repeat(2, 3))
    assert made.dtype == Upsample(2, "bilinear").forward(x[..., 2:]).dtype == np.float32


@pytest.mark.parametrize(("mode", "corners"), WAYS)
@pytest.mark.parametrize("factors", [(2, 3), (4, 1)])
def test_gradients_match_central_differences(mode, corners, factors):
    assert_gradients_are_right(Upsample(factors, mode, corners), (2, 2, 3, 4))


@pytest.mark.parametrize(("mode", "corners"), WAYS)
@pytest.mark.parametrize("factor", [1, 2, 3, 4, 7])
def test_a_cell_sees_exactly_what_changes_it(mode, corners, factor):
    network, side = Sequential([Upsample(factor, mode, corners)]), 6
    row = network.summary((1, side, side))[-1]
    pictures = np.eye(side).reshape(side, 1, side, 1) * np.ones((1, 1, 1, side))
    changed = (network.forward(pictures) != 0).any(axis=(1, 3))  # (rows in, rows out)
    for cell, seen in enumerate(changed.T):
        first, last = row.fields[0].window(cell)
        found = np.flatnonzero(seen)
        assert (found[0], found[-1]) == (max(first, 0), min(last, side - 1))


def test_its_row_in_a_summary_has_no_parameters_and_smaller_steps():
    *_, row = Sequential([MaxPool2d(2), Upsample(2)]).summary((3, 8, 8))
    assert (row.name, row.output_shape, row.parameters, row.factors) == ("up1", (3, 8, 8), 0, "")
    assert row.fields[0].jump == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"scale_factor": 0}, "scale_factor"),
        ({"scale_factor": 1.5}, "scale_factor"),
        ({"scale_factor": 2, "mode": "bicubic"}, "mode must be one of nearest, bilinear"),
        ({"scale_factor": 2, "align_corners": True}, 'needs mode="bilinear"'),
    ],
)
def test_what_it_cannot_do_is_refused(given, words):
    with pytest.raises((TypeError, ValueError), match=words):
        Upsample(**given)


def test_a_vector_cannot_be_enlarged():
    with pytest.raises(ValueError, match=r"Upsample needs maps \(C, H, W\)"):
        Upsample(2).forward(np.zeros((1, 4)))
