"""PNG files for screens brighter than white. The expected numbers are what Chromium 156 draws."""

import struct

import numpy as np
import pytest

from cnnviz.images.high_range import HLG, PQ
from cnnviz.images.loading import load_picture
from tests.images.pictures import png, png_chunk
from tests.images.test_colours import COLOURS, P3, cicp, colours, near

LEVELS = (0, 20, 64, 100, 128, 150, 170, 190, 220, 255)


def brightest(nits, mean=0):
    return png_chunk(b"cLLI", struct.pack(">II", nits * 10_000, mean * 10_000))


def made_on(nits):
    return png_chunk(b"mDCV", bytes(16) + struct.pack(">II", nits * 10_000, 1))


def levels(*chunks):
    pixels = load_picture(png([bytes(LEVELS)], extra=b"".join(chunks))).pixels
    assert (pixels == pixels[..., :1]).all()
    return pixels[0, :, 0]


@pytest.mark.parametrize(
    ("transfer", "light", "expected"),
    [
        (PQ, (), [0, 1, 30, 76, 132, 193, 229, 253, 255, 255]),
        (PQ, (brightest(400, 100),), [0, 2, 39, 95, 163, 235, 255, 255, 255, 255]),
        (PQ, (brightest(100),), [0, 3, 44, 107, 181, 255, 255, 255, 255, 255]),
        (PQ, (brightest(0), made_on(600)), [0, 2, 35, 88, 150, 218, 248, 255, 255, 255]),
        (PQ, (brightest(2000), made_on(400)), [0, 1, 30, 76, 132, 193, 218, 236, 255, 255]),
        (PQ, (made_on(4000),), [0, 1, 30, 76, 132, 193, 210, 224, 247, 255]),
        (HLG, (), [0, 5, 43, 75, 99, 122, 150, 185, 224, 255]),
        (HLG, (brightest(400),), [0, 8, 55, 93, 123, 151, 184, 227, 255, 255]),
        (HLG, (made_on(4000),), [0, 5, 43, 75, 99, 122, 150, 185, 208, 225]),
    ],
)
def test_greys_are_those_that_a_browser_shows(transfer, light, expected):
    assert near(levels(cicp(9, transfer), *light), expected)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (cicp(1, PQ), [(255, 78, 15), (26, 26, 26), (1, 255, 1)]),
        (cicp(9, PQ), [(255, 0, 0), (26, 26, 26), (0, 255, 0)]),
        (cicp(12, PQ), [(255, 32, 0), (26, 26, 26), (0, 255, 0)]),
        (cicp(1, HLG), [(189, 97, 48), (39, 39, 39), (30, 227, 30)]),
        (cicp(9, HLG), [(230, 76, 29), (39, 39, 39), (0, 234, 0)]),
        (cicp(12, HLG), [(204, 90, 31), (39, 39, 39), (0, 229, 0)]),
    ],
)
def test_colours_are_those_that_a_browser_shows(code, expected):
    assert near(colours(code), expected)
    assert near(colours(code, P3), expected)  # the code takes precedence over a profile


@pytest.mark.parametrize("peak", [brightest(1), brightest(100), brightest(203), made_on(100)])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (cicp(1, PQ), [(255, 157, 39), (39, 39, 39), (17, 255, 17)]),
        (cicp(9, PQ), [(255, 0, 0), (39, 39, 39), (0, 255, 0)]),
        (cicp(12, PQ), [(255, 76, 0), (39, 39, 39), (0, 255, 0)]),
        (cicp(1, HLG), [(255, 134, 69), (57, 57, 57), (51, 255, 51)]),
        (cicp(9, HLG), [(255, 106, 44), (57, 57, 57), (0, 255, 0)]),
        (cicp(12, HLG), [(255, 125, 46), (57, 57, 57), (0, 255, 0)]),
    ],
)
def test_a_picture_without_light_above_white_is_not_dimmed(code, peak, expected):
    assert near(colours(code, peak), expected)


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_a_brighter_level_is_never_darker(transfer):
    ramp = png([bytes(range(256))], extra=cicp(9, transfer) + brightest(10_000))
    shown = load_picture(ramp).pixels[0, :, 0].astype(int)
    assert (np.diff(shown) >= 0).all()
    assert shown[0] == 0


def test_a_transparent_picture_is_converted_before_it_is_laid_on_white():
    rows = [bytes([*COLOURS[0], 128, *COLOURS[0], 0])]
    data = png(rows, colour="colour with alpha", size=(2, 1), extra=cicp(1, HLG))
    shown = np.array([189, 97, 48]) * 128 / 255 + 127
    assert near(load_picture(data).pixels[0], [shown, [255] * 3])


@pytest.mark.parametrize("chunk", [png_chunk(b"cLLI", b"123"), png_chunk(b"mDCV", b"")])
def test_a_broken_peak_is_left_out(chunk):
    assert near(levels(cicp(9, PQ), chunk), levels(cicp(9, PQ)), most=0)


@pytest.mark.parametrize("wrong", [cicp(200, PQ), cicp(9, PQ, full_range=0), cicp(9, HLG, 1)])
def test_a_code_that_names_no_colours_is_left_out(wrong):
    assert near(colours(wrong), COLOURS, most=0)
