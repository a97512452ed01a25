"""The network for photos: its input, its answers to the samples, its slopes."""

import numpy as np
import pytest

from cnnviz import nn
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.inputs import from_picture
from cnnviz.nn.inspection.photos import (
    Crop,
    brightest,
    darkest,
    group_shares,
    photo_input,
    photo_pixels,
    square,
)

SAYS = {  # frozen: the shipped weights' answers to the middle of each sample
    "coffee": [("espresso", 0.988), ("clear soup", 0.012)],
    "camera": [("tripod", 0.917), ("microphone", 0.021), ("cello", 0.011)],
    "cat": [("Egyptian cat", 0.643), ("tabby cat", 0.176), ("tiger cat", 0.175)],
    "astronaut": [("barbell", 0.379), ("acoustic guitar", 0.065)],
}


def sample(name):
    return SAMPLES[name].load()


@pytest.mark.parametrize("name", SAYS)
def test_it_says_of_the_samples_what_it_said_when_it_came(name):
    network = nn.pretrained("photos")
    shares = network.forward(photo_input(sample(name))[None])[0]
    best = np.argsort(-shares)[: len(SAYS[name])]
    found = [(network.classes[i], float(shares[i])) for i in best]
    assert [name for name, _ in found] == [name for name, _ in SAYS[name]]
    np.testing.assert_allclose(
        [share for _, share in found], [share for _, share in SAYS[name]], atol=2e-3
    )


@pytest.mark.parametrize(
    ("name", "group"), [("coffee", "food"), ("camera", "tool"), ("cat", "cat")]
)
def test_the_coarse_group_of_a_sample_gets_most_of_the_shares(name, group):
    shares = nn.pretrained("photos").forward(photo_input(sample(name))[None])[0]
    found = group_shares(shares)
    assert next(iter(found)) == group
    assert found[group] > 0.9
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)


def test_the_slope_of_a_score_is_that_of_central_differences():
    scorer = nn.pretrained("photos").without_softmax().with_own_memory()
    image = photo_input(sample("cat")).astype(np.float64)[None, :, 60:125, 80:145].copy()
    direction = np.zeros((1, 1000))
    direction[0, 281] = 1
    scorer.forward(image, remember=True)
    slope = scorer.backward(direction)
    assert slope.dtype == np.float64
    step = 1e-4
    for place in ((0, 0, 3, 4), (0, 1, 32, 32), (0, 2, 50, 11), (0, 0, 40, 57)):
        kept = image[place]
        above, below = (
            scorer.forward(with_(image, place, kept + s))[0, 281] for s in (step, -step)
        )
        assert abs(slope[place]) > 1e-7
        assert slope[place] == pytest.approx((above - below) / (2 * step), rel=1e-4)


def with_(image, place, value):
    changed = image.copy()
    changed[place] = value
    return changed


def test_blue_comes_first_and_the_means_are_taken_off():
    pixels = np.zeros((300, 300, 3), np.uint8)
    pixels[..., 0] = 255  # red
    found = photo_input(pixels)
    assert found.shape == (3, 224, 224)
    assert found.dtype == np.float32
    assert found[:, 100, 100].tolist() == [-104, -117, 255 - 123]


def test_black_and_white_are_the_ends_of_what_goes_in():
    for value, end in ((0, darkest), (255, brightest)):
        found = photo_input(np.full((10, 20, 3), value, np.uint8))
        np.testing.assert_array_equal(found, np.broadcast_to(end, found.shape))


def test_an_input_can_be_turned_back_into_the_picture():
    pixels = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    np.testing.assert_array_equal(photo_pixels(photo_input(pixels)), pixels)


def test_colours_beyond_black_and_white_are_shown_as_those():
    assert photo_pixels(np.full((3, 1, 1), 999.0)).tolist() == [[[255, 255, 255]]]
    assert photo_pixels(np.full((3, 1, 1), -999.0)).tolist() == [[[0, 0, 0]]]


def test_the_square_can_be_moved_and_shrunk():
    pixels = np.zeros((100, 300, 3), np.uint8)
    pixels[:, 195:] = 255
    left, right = (photo_input(pixels, square((100, 300), across=at)) for at in (0, 1))
    assert (photo_pixels(left) == 0).all()
    assert (photo_pixels(right) == 255).all()
    assert square((100, 300), across=1, down=1, part=0.5) == Crop(250, 50, 50)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (2, 3), (1000, 37)])
@pytest.mark.parametrize("part", [0.1, 1])
def test_pictures_of_all_shapes_go_in(shape, part):
    pixels = np.full((*shape, 3), 200, np.uint8)
    found = photo_input(pixels, square(shape, across=1, down=0.3, part=part))
    assert (photo_pixels(found) == 200).all()


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((9, 9, 3)), np.zeros((9, 9, 4), np.uint8), np.zeros((0, 9), np.uint8), [[1]]],
)
@pytest.mark.parametrize("take", [photo_input, lambda pixels: from_picture(pixels, (1, 4, 4))])
def test_arrays_that_are_not_uint8_pictures_are_refused(take, pixels):
    with pytest.raises(ValueError, match=r"a picture is uint8 of shape \(H, W\) or \(H, W, 3\)"):
        take(pixels)


@pytest.mark.parametrize("wrong", [{"across": 1.1}, {"down": -0.1}, {"part": 0}])
def test_a_square_that_would_not_lie_in_the_picture_is_refused(wrong):
    with pytest.raises(ValueError, match="must be from"):
        square((10, 10), **wrong)
