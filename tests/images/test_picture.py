import copy
import io
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cnnviz.images.picture import Picture, encode_png, fit, grey, planes
from tests.images.pictures import noise

PHOTO = noise(40, 30)


def test_grey_is_the_luma_of_bt_601_rounded():
    exact = PHOTO @ np.array([0.299, 0.587, 0.114])
    assert np.abs(grey(PHOTO) - exact).max() <= 0.5 + 1e-9


def test_grey_of_a_grey_picture_is_the_picture():
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert (grey(np.stack([levels] * 3, axis=2)) == levels).all()


def test_planes_are_the_channels_in_the_order_red_green_blue():
    for channel, plane in enumerate(planes(PHOTO)):
        assert (plane == PHOTO[..., channel]).all()


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 64))
def test_fit_bounds_the_longest_side_and_never_enlarges(height, width, longest):
    shape = fit(np.zeros((height, width), np.uint8), longest).shape
    assert max(shape) == min(longest, max(height, width))
    assert min(shape) >= 1


def test_fit_keeps_the_proportions():
    assert fit(np.zeros((300, 200, 3), np.uint8), 150).shape == (150, 100, 3)


def test_a_picture_that_fits_is_returned_untouched():
    assert fit(PHOTO, 40) is PHOTO


def test_shrinking_keeps_the_mean():
    assert abs(fit(PHOTO, 10).mean() - PHOTO.mean()) < 2


def test_a_picture_resizes_its_own_pixels():
    assert (Picture.from_pixels(PHOTO).resized(20) == fit(PHOTO, 20)).all()


def test_pictures_are_equal_when_name_size_and_pixels_are():
    assert Picture.from_pixels(PHOTO, "a") == Picture.from_pixels(PHOTO.copy(), "a")
    assert Picture.from_pixels(PHOTO, "a") != Picture.from_pixels(255 - PHOTO, "a")


def test_a_picture_does_not_follow_the_array_it_came_from():
    array = PHOTO.copy()
    picture = Picture.from_pixels(array)
    array[:] = 0
    assert (picture.pixels == PHOTO).all()


@pytest.mark.parametrize(
    "twin", [copy.copy, copy.deepcopy, lambda picture: pickle.loads(pickle.dumps(picture))]
)
def test_the_pixels_of_a_copy_cannot_be_changed_either(twin):
    picture = twin(Picture.from_pixels(PHOTO, "a"))
    assert picture == Picture.from_pixels(PHOTO, "a")
    assert (picture.pixels == PHOTO).all()
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0] = 0
    with pytest.raises(ValueError, match="WRITEABLE"):
        picture.pixels.flags.writeable = True


@pytest.mark.parametrize("shape", [(3,), (2, 2, 4), (2, 2, 1), (1, 2, 2, 3)])
def test_other_shapes_are_refused_with_the_shape(shape):
    with pytest.raises(ValueError, match=r"\(H, W, 3\)") as caught:
        Picture.from_pixels(np.zeros(shape, np.uint8))
    assert str(shape) in str(caught.value)


def test_a_list_and_a_picture_without_pixels_are_refused():
    with pytest.raises(ValueError, match=r"not int64 of shape \(1, 1\)"):
        Picture.from_pixels([[1]])
    with pytest.raises(ValueError, match=r"not uint8 of shape \(0, 9, 3\)"):
        Picture.from_pixels(np.zeros((0, 9, 3), np.uint8))


def test_other_types_of_number_are_refused_with_the_type():
    with pytest.raises(ValueError, match="not float64"):
        Picture.from_pixels(np.zeros((2, 2)))


def test_masked_pixels_are_refused():
    with pytest.raises(ValueError, match="pixels has 4 masked cells"):
        Picture.from_pixels(np.ma.masked_equal(np.zeros((2, 2), np.uint8), 0))


@pytest.mark.parametrize("pixels", [PHOTO, PHOTO[..., 0]])
def test_a_png_keeps_every_pixel(pixels):
    assert (np.asarray(Image.open(io.BytesIO(encode_png(pixels)))) == pixels).all()
