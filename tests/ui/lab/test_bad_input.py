import pickle
import re
from urllib.parse import urlencode

import numpy as np
import pytest

from cnnviz.images.loading import Picture
from tests.images.pictures import FILES
from tests.ui.apptest import (
    SETTINGS,
    change,
    components,
    errors,
    figures,
    lab,
    link,
    maps,
    said,
    spaced,
)

NINE = np.random.default_rng(0).integers(0, 256, (9, 9, 3), np.uint8)
KERNELS = tuple(SETTINGS["kernels"].options)
FIFTEEN = {"kernels": ("own",), "own": ";".join(["1 " * 15] * 15)}

CLASHES = {
    "a kernel larger than the picture": ({**FIFTEEN, "padding": "valid"}, {15, 9}),
    "a dilated kernel larger than the picture": ({"padding": "valid", "dilation": 16}, {33, 9}),
    "more reflection than picture": ({"padding": "number", "pad": 9, "mode": "reflect"}, {9}),
    "more than once around": ({"padding": "number", "pad": 10, "mode": "circular"}, {10, 9}),
    "a window larger than the map": ({"window": 10}, {10, 9}),
    "padding of more than half a window": ({"pool_padding": 2}, {2}),
    "a map too small to pool": ({"stride": 16}, {2, 1}),
}
each_clash = pytest.mark.parametrize(("settings", "numbers"), CLASHES.values(), ids=CLASHES)


def board(at):
    return components(at, "maps")[0].bytes


@each_clash
def test_a_misfit_is_reported_with_its_numbers_and_the_last_good_maps_stay(settings, numbers):
    at = lab({"bias": 7}, photo=NINE)
    before = board(at)
    change(at, **settings)
    (sentence,) = errors(at)
    assert numbers <= {int(number) for number in re.findall(r"\d+", sentence)}
    assert board(at) == before


@each_clash
def test_settings_that_never_fitted_still_show_maps(settings, numbers):
    at = lab(settings, photo=NINE)
    (sentence,) = errors(at)
    assert numbers <= {int(number) for number in re.findall(r"\d+", sentence)}
    assert len(maps(at)) == 4


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 8, 3), (2, 1, 3)])
def test_a_new_picture_is_shown_although_it_is_too_small_for_the_settings(shape):
    at = lab({"window": 3}, photo=NINE)
    small = np.full(shape, 200, np.uint8)
    at.session_state["cnnviz.photo"] = Picture.from_pixels(small, "small")
    change(at)
    assert len(errors(at)) == 1
    assert maps(at)[0].plane.shape == shape[:2]
    assert (maps(at)[0].plane == 200).all()


def test_maps_that_stand_in_are_pooled_where_that_fits():
    (said,) = errors(at := lab({"padding": "number", "pad": 9, "mode": "reflect"}, photo=NINE))
    assert said.endswith("The maps are those of padding same.")
    assert maps(at)[3].plane.shape == (4, 4)
    (said,) = errors(at := lab({"window": 10}, photo=NINE))
    assert said.endswith("The maps are those of padding same, without pooling.")
    assert maps(at)[3].plane.shape == (9, 9)
    assert spaced(maps(at)[3].header["alt"]).startswith("Sobel x, then ReLU, 9 × 9 cells")


def test_the_sentence_goes_when_the_setting_fits_again():
    at = lab({"stride": 16}, photo=NINE)
    assert errors(at)
    assert not errors(change(at, stride=1))


@pytest.mark.parametrize("text", ["1 2;3 x", "1 2;3", "1 " * 16, "nan", "1/0", "😀", "1e308"])
def test_a_link_whose_kernel_cannot_be_read_says_so_and_shows_the_default(text):
    at = lab(link=urlencode({"kernels": "own", "own": text}))
    (sentence,) = said(at)
    assert "own=" in sentence
    assert at.session_state["lab.own"] == SETTINGS["own"].default
    assert len(maps(at)) == 4


@pytest.mark.parametrize("state", [None, 3, {}, {"matrix": "x"}, {"matrix": [[1], [1, 2]]}])
def test_nonsense_from_the_browser_leaves_the_kernel_as_it_is(state, monkeypatch):
    own = SETTINGS["own"]
    monkeypatch.setattr(type(own), "value", property(lambda self: self.default))
    assert own.read(state) == own.default


def test_eight_kernels_show_a_row_of_maps_each():
    at = lab({"kernels": KERNELS[:8], "several": True})
    titles = [[pane.header["title"] for pane in maps(at)[1:][stage::3]] for stage in range(3)]
    assert titles == [[SETTINGS["kernels"].options[name] for name in KERNELS[:8]]] * 3


def upload(at, data, name="photo.png"):
    at.file_uploader[0].upload(name, data, "image/png").run()
    assert not at.exception
    return at


@pytest.mark.parametrize("form", FILES)
def test_an_uploaded_picture_is_on_screen(form):
    at = upload(lab(), FILES[form])
    assert not errors(at)
    assert figures(maps(at)[0])[0] == (20, 24)
    assert link(at) == "photo=on"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"I am no picture", "not a picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "JPEG"),
        (FILES["PNG"][:60], "damaged"),
        (FILES["JPEG"][:200], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(11 * 2**20), "11.1 MB"),
    ],
    ids=["empty", "text", "HEIC", "half a PNG", "half a JPEG", "11 MB"],
)
def test_a_file_that_is_no_picture_gets_one_sentence_and_the_present_picture_stays(data, words):
    at = upload(lab(), FILES["PNG"])
    before = board(at)
    (sentence,) = errors(upload(at, data))
    assert words in sentence
    assert board(at) == before


def test_the_sentence_about_a_file_goes_with_the_next_good_one():
    at = upload(lab(), b"I am no picture")
    assert not errors(upload(at, FILES["PNG"]))


def test_the_bytes_that_came_are_not_kept():
    at = upload(lab(), FILES["BMP"])
    assert at.file_uploader[0].value is None
    kept = [at.session_state[key] for key in ("cnnviz.photo", "cnnviz.made", "cnnviz.kept")]
    assert not any(isinstance(part, bytes | bytearray) for one in kept for part in vars_of(one))
    assert FILES["BMP"][54:] not in pickle.dumps(kept)  # nor in anything made from it


def vars_of(thing):
    return thing.values() if isinstance(thing, dict) else getattr(thing, "__dict__", {}).values()
