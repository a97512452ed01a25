"""Channels that are passed on, beside NumPy's choice by numbers."""

import numpy as np
import pytest

from cnnviz.nn import SelectChannels
from tests.nn.numeric import assert_gradients_are_right


@pytest.mark.parametrize("channels", [[0], [2, 1], [3, 3, 0], range(4), [1, 3, 0, 2]])
@pytest.mark.parametrize("plane", [(), (3, 5)])
def test_the_channels_are_those_of_the_definition(channels, plane):
    x = np.random.default_rng(0).normal(size=(2, 4, *plane)).astype(np.float32)
    layer = SelectChannels(channels)
    made = layer.forward(x)
    assert made.dtype == np.float32
    assert layer.output_shape((4, *plane)) == made.shape[1:]
    for k, channel in enumerate(channels):
        np.testing.assert_array_equal(made[:, k], x[:, channel])


def test_a_shuffle_takes_one_channel_of_each_group_in_turn():
    x = np.arange(12).reshape(1, 12, 1, 1)
    made = SelectChannels.shuffle(12, 3).forward(x).ravel()
    assert made.tolist() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    back = SelectChannels.shuffle(12, 4).forward(made.reshape(1, 12, 1, 1))
    assert back.ravel().tolist() == list(range(12))


@pytest.mark.parametrize("channels", [[2, 0], [1, 1, 2, 0]])
def test_gradients_match_central_differences(channels):
    assert_gradients_are_right(SelectChannels(channels), (2, 3, 2, 2))
    assert_gradients_are_right(SelectChannels(channels), (2, 3))


@pytest.mark.parametrize(
    ("channels", "error", "message"),
    [
        ([], ValueError, "SelectChannels needs at least 1 channel, got 0"),
        ([0, -1], ValueError, "a channel must be at least 0, got -1"),
        ([0.5], TypeError, "a channel must be a whole number"),
        (3, TypeError, "channels must be a sequence of whole numbers, got 3"),
    ],
)
def test_what_are_no_channels_is_refused(channels, error, message):
    with pytest.raises(error, match=message):
        SelectChannels(channels)


def test_a_channel_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"passes on channel 4, and .* has channels 0 to 2\."):
        SelectChannels([0, 4]).forward(np.zeros((1, 3, 2, 2)))


def test_a_shuffle_needs_groups_of_one_size():
    with pytest.raises(ValueError, match="groups must divide the 10 channels, got 4"):
        SelectChannels.shuffle(10, 4)
