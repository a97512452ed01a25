import numpy as np
import pytest

from cnnviz import nn
from cnnviz.nn.inspection.ascent import climb
from cnnviz.nn.inspection.photos import brightest, darkest


def edges():
    """A network whose channel 1 responds to bright on the right and dark on the left."""
    conv = nn.Conv2d(1, 2, 3)
    conv.weight.value = np.array([np.ones((1, 3, 3)) / 9, [[[-1, 0, 1]] * 3]])
    return nn.Sequential([conv, nn.Activation("relu")], input_shape=(1, 12, 12))


def test_the_answer_grows_and_the_picture_stays_within_black_and_white():
    way = list(climb(edges(), 1, 0, size=(12, 12), steps=20, rate=0.05))
    assert [step.step for step in way] == list(range(21))
    assert way[-1].answer > way[5].answer > way[0].answer
    assert way[-1].answer > 0.9  # all white
    assert all(step.image.min() >= 0 and step.image.max() <= 1 for step in way)


def test_a_unit_that_is_silent_at_the_start_is_woken():
    conv = nn.Conv2d(1, 1, 1)
    conv.weight.value, conv.bias.value = np.ones((1, 1, 1, 1)), np.array([-0.9])
    network = nn.Sequential([conv, nn.Activation("relu")], input_shape=(1, 6, 6))
    way = list(climb(network, 1, 0, size=(6, 6), steps=30, rate=0.05))
    assert way[0].answer < 0 < way[-1].answer


def test_the_reported_activation_is_that_of_the_picture():
    network = edges()
    for step in climb(network, 0, 1, size=(40, 40), steps=3, rate=0.05):
        told = step.answer
        shifted = [
            network[0].forward(np.roll(step.image, (down, across), (1, 2))[None])[0, 1].mean()
            for down in range(-8, 9)
            for across in range(-8, 9)
        ]
        assert np.isclose(shifted, told, atol=1e-6).any()


def test_the_same_seed_climbs_the_same_way_and_another_one_another():
    one, again, other = (
        [step.image for step in climb(edges(), 1, 1, size=(9, 9), steps=4, seed=seed)][-1]
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_an_early_channel_of_the_photo_network_is_climbed_on_a_small_picture():
    network = nn.pretrained("photos")
    stage = network.names.index("fire3")
    way = climb(network, stage, 20, size=(48, 48), steps=12, darkest=darkest, brightest=brightest)
    answers = [step.answer for step in way]
    assert answers[-1] > 4 * max(answers[0], 1)


@pytest.mark.parametrize(
    ("stage", "channel", "error", "words"),
    [
        (-1, 0, ValueError, "stage must be at least 0, got -1"),
        (99, 0, ValueError, "stage must be from 0 to 1, got 99"),
        ("conv1", 0, TypeError, "stage must be a whole number, got 'conv1'"),
        (0, "1", TypeError, "channel must be a whole number, got '1'"),
        (0, -1, ValueError, "channel must be at least 0, got -1"),
    ],
)
def test_a_unit_that_is_not_there_is_refused(stage, channel, error, words):
    with pytest.raises(error, match=words):
        next(climb(edges(), stage, channel, size=(9, 9)))


def test_a_channel_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="channel must be from 0 to 1, got 2"):
        next(climb(edges(), 1, 2, size=(9, 9)))
