import struct

import numpy as np
import pytest
from PIL import Image

from cnnviz.images.loading import load_picture
from tests.images.pictures import encoded, png, png_chunk


def test_a_transparent_level_of_sixteen_bits_is_white():
    levels = np.array([0, 257 * 7, 257 * 9], ">u2")
    clear = png_chunk(b"tRNS", struct.pack(">H", 257 * 7))
    assert load_picture(png([levels.tobytes()], depth=16, extra=clear)).pixels[
        0, :, 0
    ].tolist() == [
        0,
        255,
        9,
    ]


@pytest.mark.parametrize("alpha", [0, 51, 255])
@pytest.mark.parametrize(("form", "options"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_transparency_lets_white_shine_through(form, options, alpha):
    glass = np.full((3, 3, 4), (200, 100, 0, alpha), np.uint8)
    expected = [round((value * alpha + 255 * (255 - alpha)) / 255) for value in (200, 100, 0)]
    pixels = load_picture(encoded(glass, form, **options)).pixels
    assert np.abs(pixels.astype(int) - expected).max() <= 1


def test_grey_with_alpha_lets_white_shine_through():
    glass = np.array([[[0, 0], [0, 255]]], np.uint8)
    pixels = load_picture(encoded(Image.fromarray(glass, "LA"), "PNG")).pixels
    assert pixels[0, :, 0].tolist() == [255, 0]


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_a_transparent_palette_entry_is_white(form):
    image = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    image.putpalette([10, 20, 30, 40, 50, 60])
    pixels = load_picture(encoded(image, form, transparency=0)).pixels
    assert pixels[0].tolist() == [[255, 255, 255], [40, 50, 60]]


@pytest.mark.parametrize(
    ("depth", "clear", "expected"),
    [
        (1, 0, [255] * 8),
        (1, 1, [0, 0, 0, 255, 255, 0, 255, 255]),
        (2, 0, [255, 85, 170, 255]),
        (2, 1, [0, 255, 170, 255]),
        (2, 6, [0, 85, 170, 255]),
        (4, 1, [255, 187]),
        (4, 11, [17, 255]),
    ],
)
def test_a_transparent_grey_of_few_bits_is_white(depth, clear, expected):
    data = png([[0b00011011]], depth=depth, extra=png_chunk(b"tRNS", struct.pack(">H", clear)))
    assert load_picture(data).pixels[0, :, 0].tolist() == expected


@pytest.mark.parametrize(("clear", "shown"), [((257, 514, 1000), 255), ((258, 515, 1001), 1)])
def test_a_transparent_colour_of_sixteen_bits_is_that_colour_alone(clear, shown):
    row = struct.pack(">6H", 257, 514, 1000, 257, 515, 1000)
    extra = png_chunk(b"tRNS", struct.pack(">3H", *clear))
    data = png([row], depth=16, colour="colour", size=(2, 1), extra=extra)
    assert load_picture(data).pixels[0, :, 0].tolist() == [shown, 1]


def test_a_palette_with_levels_of_transparency_is_laid_on_white():
    palette = png_chunk(b"PLTE", bytes([0, 0, 0, 100, 100, 100])) + png_chunk(b"tRNS", b"\x80\xff")
    pixels = load_picture(png([[0, 1]], colour="palette", extra=palette)).pixels
    assert pixels[0, :, 0].tolist() == [127, 100]


@pytest.mark.parametrize("clear", [b"", b"\0", b"\0\1", b"\0\1\0\2\0", b"\0\1\0\2\0\3\0\4"])
@pytest.mark.parametrize("colour", ["colour", "grey"])
def test_a_transparent_colour_of_a_wrong_length_is_left_out(colour, clear):
    if (colour, len(clear)) == ("grey", 2):
        clear += b"\0"
    row = [1, 2, 3] if colour == "colour" else [1]
    data = png([row], colour=colour, size=(1, 1), extra=png_chunk(b"tRNS", clear))
    assert load_picture(data).pixels[0, 0].tolist() == (row * 3)[:3]


def test_a_transparent_colour_is_white():
    clear = png_chunk(b"tRNS", struct.pack(">HHH", 1, 2, 3))
    pixels = load_picture(
        png([[1, 2, 3, 4, 5, 6]], colour="colour", extra=clear, size=(2, 1))
    ).pixels
    assert pixels[0].tolist() == [[255, 255, 255], [4, 5, 6]]


def test_transparent_pixels_leave_no_rim_when_shrunk():
    glass = np.zeros((2000, 2000, 4), np.uint8)
    glass[:, 1000:] = (255, 255, 255, 255)  # white beside transparent black: all of it looks white
    assert (load_picture(encoded(glass, "PNG")).pixels >= 254).all()
