import io
import re

import numpy as np
import pytest
from PIL import Image

from cnnviz.images.samples import (
    DEFAULT_SAMPLE,
    FOLDER,
    SAMPLES,
    sample_picture,
    sample_thumbnail,
    thumbnail,
)

DRAWN = {"checkerboard", "ramp", "impulse", "x", "o"}


def plane(name):
    return sample_picture(name).pixels[..., 0].astype(int)


def opened(png):
    return np.asarray(Image.open(io.BytesIO(png)))


def test_the_samples_stand_in_the_order_of_the_picker():
    assert list(SAMPLES) == [
        *("astronaut", "camera", "cat", "coffee", "coins", "brick", "text", "gravel"),
        *("checkerboard", "ramp", "impulse", "x", "o"),
    ]
    assert next(iter(SAMPLES)) == DEFAULT_SAMPLE


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_a_picture_of_at_most_512_pixels_a_side(name):
    picture = sample_picture(name)
    assert picture.pixels.dtype == np.uint8
    assert 9 <= max(picture.pixels.shape) <= 512
    assert picture.pixels.std() > 10
    assert SAMPLES[name].name == picture.name == name
    assert SAMPLES[name].title[0].isupper()


def test_every_sample_looks_different():
    assert len({sample_picture(name).digest for name in SAMPLES}) == len(SAMPLES)


def test_a_sample_is_loaded_once_for_everybody():
    assert sample_picture("cat") is sample_picture("cat")


def test_an_unknown_name_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"no sample 'dog'; there are astronaut, camera"):
        sample_picture("dog")


def test_every_stored_photo_is_used_and_credited():
    stored = {path.stem for path in FOLDER.glob("*.webp")}
    credits = set(re.findall(r"^\| `(\w+)\.webp` .*(?:CC0|public domain)", credits_text(), re.M))
    assert stored == credits == set(SAMPLES) - DRAWN


def credits_text():
    return (FOLDER / "CREDITS.md").read_text(encoding="utf-8")


def test_the_photos_together_stay_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= 1_500_000


def test_the_x_matches_its_features_as_in_the_lesson():
    x = plane("x") / 127.5 - 1
    diagonal = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3))
    first_row = [(window * diagonal).sum() / 9 for window in windows[0]]
    assert np.round(first_row, 2).tolist() == [0.78, -0.11, 0.11, 0.33, 0.56, -0.11, 0.33]


@pytest.mark.parametrize("name", ["x", "o"])
def test_the_letters_are_nine_by_nine_and_unchanged_by_mirrors(name):
    letter = plane(name)
    assert letter.shape == (9, 9)
    assert set(np.unique(letter)) == {0, 255}
    assert (letter == letter[::-1]).all()
    assert (letter == letter.T).all()


def test_the_o_is_a_closed_ring_around_black():
    letter = plane("o")
    assert letter[4].tolist() == [0, 255, 0, 0, 0, 0, 0, 255, 0]
    assert letter[1].tolist() == [0, 0, 0, 255, 255, 255, 0, 0, 0]
    assert letter[2].tolist() == [0, 0, 255, 0, 0, 0, 255, 0, 0]


def test_the_impulse_is_one_white_pixel_in_the_middle():
    assert np.argwhere(plane("impulse")).tolist() == [[5, 5]]
    assert plane("impulse").sum() == 255


def test_the_ramp_rises_by_17_a_column_from_black_to_white():
    assert plane("ramp")[0].tolist() == list(range(0, 256, 17))
    assert (np.diff(plane("ramp"), axis=0) == 0).all()


def test_the_checkerboard_has_squares_of_four_pixels():
    board = plane("checkerboard")
    assert board.shape == (32, 32)
    assert (board[:4, :4] == 0).all()
    assert (board[4:] == 255 - board[:-4]).all()
    assert (board[:, 4:] == 255 - board[:, :-4]).all()


@pytest.mark.parametrize("name", SAMPLES)
def test_every_thumbnail_is_a_square_of_96_pixels(name):
    assert opened(sample_thumbnail(name)).shape == (96, 96, 3)


@pytest.mark.parametrize("name", ["checkerboard", "impulse", "x", "o"])
def test_the_thumbnail_of_a_small_picture_has_no_blurred_edges(name):
    assert set(np.unique(opened(sample_thumbnail(name)))) == {0, 255}


def test_a_thumbnail_shows_the_middle_square():
    wide = np.zeros((100, 300), np.uint8)
    wide[:, 100:200] = 255
    assert opened(thumbnail(wide, side=50)).min() == 255
