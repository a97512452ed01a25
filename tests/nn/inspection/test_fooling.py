import numpy as np
import pytest

from cnnviz import nn
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.fooling import fooled, fooling_noise
from cnnviz.nn.inspection.photos import brightest, darkest, photo_input
from tests.nn.numeric import central_differences

DIGIT = nn.digits().images[3].astype(np.float64)


def test_the_noise_is_the_sign_of_the_slope_of_the_loss():
    network, image = nn.pretrained("digits").without_softmax(), DIGIT[None].copy()
    slope = central_differences(
        lambda: nn.cross_entropy(network.forward(image), np.array([3]))[0], image
    )
    sure = abs(slope[0]) > 1e-6 * abs(slope).max()
    assert sure.mean() > 0.9
    found = fooling_noise(nn.pretrained("digits"), DIGIT, 3)
    np.testing.assert_array_equal(found[sure], np.sign(slope[0])[sure])


def test_towards_a_class_it_is_the_sign_that_makes_that_one_likelier():
    network = nn.pretrained("digits")
    noise = fooling_noise(network, DIGIT, 3, towards=8)
    np.testing.assert_array_equal(noise, -fooling_noise(network, DIGIT, 8))
    before, after = (network.forward(x[None])[0, 8] for x in (DIGIT, DIGIT + 0.05 * noise))
    assert after > before


def test_an_answer_that_is_all_but_certain_has_a_slope_still():
    network = nn.Sequential([nn.Flatten(), nn.Linear(4, 3, seed=1)], input_shape=(1, 2, 2))
    network[1].weight.value = 100 * network[1].weight.value
    image = np.ones((1, 2, 2), np.float32) * 3
    label = int(network.forward(image[None]).argmax())
    assert nn.Softmax().forward(network.forward(image[None]))[0, label] == 1
    assert set(np.unique(fooling_noise(network, image, label))) <= {-1, 1}


@pytest.mark.parametrize("classes", [1, 3])
def test_behind_a_sigmoid_the_noise_lowers_the_share_of_that_class_alone(classes):
    layers = [nn.Flatten(), nn.Linear(4, classes, seed=1), nn.Activation("sigmoid")]
    network = nn.Sequential(layers, input_shape=(1, 2, 2))
    weights = network[1].weight.value[0].reshape(1, 2, 2)
    image = np.ones((1, 2, 2), np.float32)
    np.testing.assert_array_equal(fooling_noise(network, image, 0), -np.sign(weights))
    np.testing.assert_array_equal(fooling_noise(network, image, 0, towards=0), np.sign(weights))


def test_two_of_255_levels_are_enough_to_tip_the_answer_over():
    network, image = nn.pretrained("photos"), photo_input(SAMPLES["coffee"].load())
    label = int(network.forward(image[None]).argmax())
    noise = fooling_noise(network, image, label)
    changed = fooled(image, noise, 2, darkest=darkest, brightest=brightest)
    assert abs(changed - image).max() <= 2 + 1e-4
    assert changed.dtype == np.float32
    assert network.forward(changed[None]).argmax() != label


def test_it_stays_an_image():
    black = np.broadcast_to(darkest, (3, 2, 2))
    found = fooled(black, -np.ones((3, 2, 2)), 8, darkest=darkest, brightest=brightest)
    np.testing.assert_array_equal(found, black)


def test_without_noise_nothing_changes():
    np.testing.assert_array_equal(fooled(DIGIT, np.ones_like(DIGIT), 0), DIGIT)


def test_meaningless_arguments_are_refused():
    with pytest.raises(ValueError, match="from 0 to 9, got 10"):
        fooling_noise(nn.pretrained("digits"), DIGIT, 10)
    with pytest.raises(ValueError, match="epsilon must be at least 0"):
        fooled(DIGIT, DIGIT, -1)
    with pytest.raises(TypeError, match="noise must hold real numbers"):
        fooled(DIGIT, 1j * DIGIT, 1)
