import numpy as np
import pytest

from cnnviz.nn import (
    digit_from_drawing,
    digits,
    evaluate,
    pretrained,
)
from cnnviz.nn.inspection.classifiers import classifier
from cnnviz.nn.inspection.inputs import (
    KNOWN,
    fitted,
    from_drawing,
    from_picture,
    held_out,
    subject_of,
)

RNG = np.random.default_rng(0)


def means(plane, height, width):
    """Return the mean of each block, pixel by pixel."""
    tall, wide = plane.shape[0] // height, plane.shape[1] // width
    return [
        [plane[i * tall : (i + 1) * tall, j * wide : (j + 1) * wide].mean() for j in range(width)]
        for i in range(height)
    ]


@pytest.mark.parametrize("name", ["digits", "shapes"])
def test_the_shipped_networks_are_known_and_know_what_was_held_out(name):
    network = pretrained(name)
    assert subject_of(network) == name
    assert classifier(network).names == network.names
    assert held_out(name).classes == KNOWN[name]
    assert evaluate(network, held_out(name)).accuracy >= 0.97


def test_no_held_out_digit_was_learned_from():
    learned = {image.tobytes() for image in digits().split()[0].images}
    out = held_out("digits").images
    assert len(out) == 360
    assert not [image for image in out if image.tobytes() in learned]


def test_each_pixel_is_the_mean_of_what_it_covers():
    image = RNG.random((1, 12, 20))
    (plane,) = fitted(image, (1, 3, 5))
    np.testing.assert_allclose(plane, means(image[0], 3, 5), atol=1e-6)


def test_other_channels_get_the_mean_of_all():
    image = RNG.random((3, 4, 4)).astype(np.float32)
    np.testing.assert_allclose(fitted(image, (1, 4, 4))[0], image.mean(axis=0), atol=1e-6)
    twice = fitted(image[:1], (2, 4, 4))
    np.testing.assert_array_equal(twice, [image[0], image[0]])


def test_a_picture_is_cut_in_the_middle_and_each_pixel_is_a_mean():
    grey = RNG.integers(0, 256, (16, 40), np.uint8)
    (plane,) = from_picture(np.repeat(grey[..., None], 3, axis=2), (1, 8, 8))
    # rounded to whole intensities before and after
    np.testing.assert_allclose(plane * 255, means(grey[:, 12:28].astype(float), 8, 8), atol=1)


def test_a_picture_keeps_its_colours_where_the_network_takes_three_channels():
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 255
    assert from_picture(red, (3, 4, 4))[:, 0, 0].tolist() == [1, 0, 0]
    assert from_picture(red, (3, 4, 4), inverted=True)[:, 0, 0].tolist() == [0, 1, 1]


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (1024, 1024), (7, 3)])
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 5, 9), (1, 1, 1), (2, 16, 4)])
def test_a_picture_of_any_size_fits_any_network(size, shape):
    pixels = np.full((*size, 3), 51, np.uint8)
    image = from_picture(pixels, shape)
    assert image.shape == shape
    np.testing.assert_allclose(image, 0.2, atol=1e-6)


def test_digits_are_cut_out_and_all_else_keeps_its_place():
    sheet = np.zeros((64, 64), np.float32)
    sheet[40:56, 8:16] = 1
    cut = from_drawing(sheet, (1, 8, 8), "digits")
    np.testing.assert_array_equal(cut[0], digit_from_drawing(sheet))
    kept = np.zeros((8, 8))
    kept[5:7, 1] = 1
    np.testing.assert_allclose(from_drawing(sheet, (1, 8, 8), "")[0], kept, atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 8, 8), (1, 16, 16), (1, 5, 9)])
@pytest.mark.parametrize("subject", ["digits", "shapes", ""])
def test_an_empty_sheet_stays_empty(shape, subject):
    made = from_drawing(np.zeros((64, 64)), shape, subject)
    assert made.shape == shape
    assert not made.any()


def test_an_image_without_its_channels_is_not_fitted():
    with pytest.raises(ValueError, match=r"image must be \(C, H, W\), got shape \(3,\)"):
        fitted(np.ones(3), (1, 4, 4))
    with pytest.raises(TypeError, match="shape must be a tuple"):
        fitted(np.ones((1, 4, 4)), 4)
