"""Calls as programs make them, which mypy reads too: what runs must also type-check."""

from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

import cnnviz

Floats = NDArray[np.floating]
Winners = tuple[Floats, NDArray[np.int64]]

X = np.arange(32.0).reshape(1, 2, 4, 4)
WEIGHT = np.ones((2, 2, 3, 3))


def shape(array: NDArray[Any]) -> tuple[int, ...]:
    return array.shape


def test_max_pooling_takes_its_arguments_by_place() -> None:
    assert shape(assert_type(cnnviz.max_pool2d(X, 2, 2), Floats)) == (1, 2, 2, 2)
    assert shape(assert_type(cnnviz.max_pool2d(X, 2, 2, 1, 1, True, False), Floats)) == (1, 2, 3, 3)
    by_place = assert_type(cnnviz.max_pool2d(X, 2, 2, 0, 1, False, True), Winners)
    by_name = assert_type(cnnviz.max_pool2d(X, 2, 2, return_indices=True), Winners)
    for found in by_place, by_name:
        assert found[1][0, 0].tolist() == [[5, 7], [13, 15]]


def test_max_pooling_takes_a_flag_that_is_known_only_when_it_runs() -> None:
    for flag in (False, True):
        by_name = assert_type(cnnviz.max_pool2d(X, 2, return_indices=flag), Floats | Winners)
        by_place = assert_type(cnnviz.max_pool2d(X, 2, 2, 0, 1, False, flag), Floats | Winners)
        assert isinstance(by_name, tuple) == isinstance(by_place, tuple) == flag


def test_all_other_functions_take_theirs_by_place() -> None:
    assert shape(assert_type(cnnviz.avg_pool2d(X, 2, 2, 0, False, True, 4), Floats)) == (1, 2, 2, 2)
    assert shape(assert_type(cnnviz.conv2d(X, WEIGHT, None, 1, 1, 1, 1), Floats)) == (1, 2, 4, 4)
    up = assert_type(cnnviz.conv_transpose2d(X, WEIGHT, None, 2, 0, 1, 1, 1), Floats)
    assert shape(up) == (1, 2, 10, 10)


def test_a_gradient_is_returned_unless_it_may_be_left_out() -> None:
    network = cnnviz.nn.Sequential([cnnviz.nn.Conv2d(2, 1, 3, 1, 1), cnnviz.nn.MaxPool2d(2, 2)])
    network.forward(X, remember=True)
    for one in network[1], network:
        assert shape(assert_type(one.backward([[[[1, 2], [3, 4]]]]), Floats))[2:] == (4, 4)
        assert (
            assert_type(one.backward(np.ones((1, 1, 2, 2)), to_input=False), Floats | None) is None
        )
