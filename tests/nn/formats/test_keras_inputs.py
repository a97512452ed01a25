"""The picture that a Keras model takes, as far as its description says."""

import pytest

from cnnviz.nn.formats.keras_inputs import picture_inputs


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ([None, 12, 20, 3], (3, 12, 20)),
        ([None, 28, None, 1], (1, 28, 28)),  # the side that is stated is kept
        ([None, None, 28, 1], (1, 28, 28)),
        ([None, None, None, 3], (3, 224, 224)),
        ([None, 28, 28], (1, 28, 28)),  # MNIST as it comes, in Keras' first tutorial
    ],
)
def test_the_likeliest_picture_has_the_sides_that_are_stated(shape, found):
    layer = {"class_name": "InputLayer", "config": {"batch_shape": shape}}
    told = {"class_name": "Sequential", "config": {"layers": [layer]}}
    likeliest = next(picture_inputs(told))
    assert likeliest.value.shape == found
    assert likeliest.guessed == (None in shape[1:3])
