"""Pictures that say which colours they mean. The expected numbers are what Chromium 156 draws."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from cnnviz.images.loading import load_picture
from tests.images.pictures import encoded, png, png_chunk, with_segments
from tests.images.profiles import (
    SCREENS,
    SRGB_CURVE,
    flat,
    gamma,
    greys,
    press,
    profile,
    profile_segments,
    screen,
    table,
)

COLOURS = [(200, 120, 60), (60, 60, 60), (40, 220, 40)]
IN_SRGB = {
    "sRGB": COLOURS,
    "Display P3": [(213, 115, 42), (60, 60, 60), (0, 224, 0)],
    "Adobe RGB": [(222, 120, 56), (60, 60, 60), (0, 220, 0)],
    "ProPhoto": [(255, 89, 37), (60, 60, 60), (0, 241, 0)],
    "BT.2020": [(237, 105, 40), (60, 60, 60), (0, 232, 0)],
}
LEVELS = (0, 1, 5, 20, 64, 128, 200, 255)
LINEAR = [0, 13, 38, 79, 137, 188, 229, 255]
AS_THEY_ARE = list(LEVELS)


def iccp(data):
    return png_chunk(b"iCCP", b"any name\0\0" + zlib.compress(data))


def cicp(primaries, transfer, matrix=0, full_range=1):
    return png_chunk(b"cICP", bytes([primaries, transfer, matrix, full_range]))


def gama(value):
    return png_chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def chrm(*white_red_green_blue):
    return png_chunk(
        b"cHRM", struct.pack(">8I", *(round(v * 100_000) for v in white_red_green_blue))
    )


SRGB = png_chunk(b"sRGB", b"\0")
P3 = iccp(screen("Display P3"))
CHRM_P3 = chrm(0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)


def colours(*chunks):
    """Return the pixels that `COLOURS` become in a PNG with these chunks."""
    data = png(
        [b"".join(map(bytes, COLOURS))], colour="colour", size=(3, 1), extra=b"".join(chunks)
    )
    return load_picture(data).pixels[0]


def levels(*chunks):
    """Return the levels that the grey `LEVELS` become in a PNG with these chunks."""
    pixels = load_picture(png([bytes(LEVELS)], extra=b"".join(chunks))).pixels
    assert (pixels == pixels[..., :1]).all()
    return pixels[0, :, 0]


def near(found, expected, most=1):
    return np.abs(np.asarray(found, int) - expected).max() <= most


# a profile


@pytest.mark.parametrize("name", SCREENS)
def test_the_colours_of_another_screen_are_those_that_a_browser_shows(name):
    assert near(colours(iccp(screen(name))), IN_SRGB[name])


@pytest.mark.parametrize("name", SCREENS)
def test_the_colours_are_those_of_little_cms(name):
    source = ImageCms.ImageCmsProfile(io.BytesIO(screen(name)))
    image = Image.fromarray(np.array([COLOURS], np.uint8))
    target = ImageCms.createProfile("sRGB")
    assert near(
        colours(iccp(screen(name))), np.asarray(ImageCms.profileToProfile(image, source, target))[0]
    )


def test_a_profile_of_srgb_changes_no_number():
    assert (colours(iccp(screen("sRGB"))) == COLOURS).all()


def test_an_exponent_in_a_profile_counts():
    expected = [(255, 114, 57), (77, 77, 77), (0, 248, 0)]
    assert near(colours(iccp(screen("ProPhoto", gamma(1.8)))), expected)


def test_a_table_goes_before_a_matrix():
    made_up = table(3, lambda r, g, b: (100 * (r + g + b) / 3, 60 * (r - g), 60 * (g - b)), steps=9)
    matrix = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), SRGB_CURVE)
    both = profile({**matrix, b"A2B0": made_up}, connection=b"Lab ", version=2)
    assert near(colours(iccp(both)), [(152, 106, 96), (55, 56, 57), (0, 108, 5)], most=2)


@pytest.mark.parametrize("data", [greys(1.0), screen("Display P3", gamma(1.0))])
def test_greys_have_a_profile_of_greys_or_of_a_screen(data):
    assert near(levels(iccp(data)), LINEAR)


@pytest.mark.parametrize("data", [greys(1.0), press(), b"", b"junk" * 50, screen("BT.2020")[:300]])
def test_a_profile_that_is_broken_or_not_for_colours_is_left_out(data):
    assert (colours(iccp(data)) == COLOURS).all()


@pytest.mark.parametrize("colour", [(220, 40, 40, 255), (220, 40, 40, 128), (220, 40, 40, 0)])
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_transparent_picture_is_converted_before_it_is_laid_on_white(form, colour):
    options = {"PNG": {}, "WEBP": {"lossless": True, "exact": True}}[form]
    data = encoded(flat(colour, "RGBA"), form, icc_profile=screen("Display P3"), **options)
    shown = np.array([240, 0, 21]) * colour[3] / 255 + 255 - colour[3]
    assert near(load_picture(data).pixels, np.rint(shown))


def test_the_colours_of_a_palette_are_converted():
    palette = png_chunk(b"PLTE", bytes([200, 120, 60, 40, 220, 40]))
    data = png([[0, 1]], colour="palette", extra=P3 + palette)
    assert near(load_picture(data).pixels[0], [IN_SRGB["Display P3"][0], IN_SRGB["Display P3"][2]])


# JPEG, WebP and BMP


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("backwards", [False, True])
def test_the_profile_of_a_jpeg_is_joined_by_its_numbers(number, backwards):
    parts = profile_segments(screen("Display P3"), number)
    order = reversed(parts) if backwards else parts
    data = with_segments(encoded(flat(COLOURS[0]), "JPEG", quality=98), *order)
    assert near(load_picture(data).pixels, IN_SRGB["Display P3"][0], most=2)


def test_the_profile_of_a_jpeg_is_left_out_when_a_part_is_missing():
    data = with_segments(
        encoded(flat(COLOURS[0]), "JPEG", quality=98),
        *profile_segments(screen("Display P3"), 3)[:2],
    )
    assert near(load_picture(data).pixels, COLOURS[0])


def test_a_grey_jpeg_has_a_profile_of_greys():
    data = with_segments(encoded(flat(100, "L"), "JPEG"), *profile_segments(greys(1.0)))
    assert near(load_picture(data).pixels, 168)


@pytest.mark.parametrize("inks", [(0, 0, 0, 0), (255, 0, 0, 0), (0, 0, 0, 255), (50, 100, 150, 20)])
def test_inks_have_the_colours_that_little_cms_makes_of_their_profile(inks):
    image = flat(inks, "CMYK")
    data = with_segments(encoded(image, "JPEG", quality=98), *profile_segments(press(), 2))
    source, target = ImageCms.ImageCmsProfile(io.BytesIO(press())), ImageCms.createProfile("sRGB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    right = ImageCms.profileToProfile(image, source, target, intent, "RGB")
    assert near(load_picture(data).pixels, np.asarray(right), most=2)


@pytest.mark.parametrize("data", [screen("Display P3"), greys(1.0), press()[:-40]])
def test_inks_without_a_profile_of_theirs_stay_as_they_are(data):
    image = encoded(flat((50, 100, 150, 20), "CMYK"), "JPEG", quality=98)
    pixels = load_picture(with_segments(image, *profile_segments(data))).pixels
    assert near(pixels, (188, 142, 96))
    assert (pixels == load_picture(image).pixels).all()


def test_the_profile_of_a_webp_counts():
    data = encoded(flat(COLOURS[0]), "WEBP", lossless=True, icc_profile=screen("Adobe RGB"))
    assert near(load_picture(data).pixels, IN_SRGB["Adobe RGB"][0])


def test_the_profile_of_a_bmp_counts():
    embedded = screen("Display P3")
    header = struct.pack("<IiiHHI", 124, 1, 1, 1, 24, 0).ljust(56, b"\0") + b"DEBM"
    header = header.ljust(112, b"\0") + struct.pack("<III", 124 + 4, len(embedded), 0)
    pixel = bytes([60, 120, 200, 0])
    start = 14 + len(header)
    data = b"BM" + struct.pack("<IHHI", start + 4 + len(embedded), 0, 0, start) + header + pixel
    assert near(load_picture(data + embedded).pixels, IN_SRGB["Display P3"][0])


# colours that PNG gives in a few numbers


def test_four_bytes_name_the_colours_of_a_screen():
    assert near(colours(cicp(12, 13)), IN_SRGB["Display P3"])
    assert near(colours(cicp(9, 13)), IN_SRGB["BT.2020"])
    assert near(colours(cicp(1, 13)), COLOURS, most=0)


@pytest.mark.parametrize(
    ("transfer", "expected"),
    [
        (1, [0, 0, 0, 7, 54, 121, 197, 255]),
        (4, [0, 0, 1, 12, 62, 129, 201, 255]),
        (5, [0, 0, 0, 3, 40, 106, 189, 255]),
        (7, [0, 3, 15, 38, 81, 141, 206, 255]),
        (8, LINEAR),
        (13, AS_THEY_ARE),
        (17, [0, 0, 0, 5, 48, 118, 200, 255]),
    ],
)
def test_the_curve_of_a_code_is_that_of_a_browser(transfer, expected):
    assert near(levels(cicp(1, transfer)), expected)


@pytest.mark.parametrize("wrong", [cicp(2, 2), cicp(200, 13), cicp(9, 13, full_range=0)])
def test_a_code_that_names_nothing_is_left_out(wrong):
    assert near(colours(wrong), COLOURS, most=0)
    assert near(colours(wrong, P3), IN_SRGB["Display P3"])


@pytest.mark.parametrize(
    ("gamma", "expected"),
    [
        (1, LINEAR),
        (0.55, [0, 0, 3, 25, 80, 146, 210, 255]),
        (0.3, [0, 0, 0, 1, 25, 89, 178, 255]),
        (0.45455, AS_THEY_ARE),
        (0.45, AS_THEY_ARE),
        (0.47, AS_THEY_ARE),
        (0, AS_THEY_ARE),
    ],
)
def test_the_gamma_of_a_png_counts(gamma, expected):
    assert near(levels(gama(gamma)), expected)


def test_primaries_count_where_there_is_a_gamma():
    assert near(colours(CHRM_P3, gama(0.45455)), [(214, 116, 38), (57, 57, 57), (0, 225, 0)])
    assert near(colours(CHRM_P3), COLOURS, most=0)


@pytest.mark.parametrize("broken", [chrm(*[0] * 8), chrm(*[0.3] * 8), png_chunk(b"cHRM", b"12")])
def test_broken_primaries_are_left_out(broken):
    assert near(levels(broken, gama(1)), LINEAR)


def test_the_order_is_code_profile_srgb_gamma():
    assert near(colours(gama(1), SRGB, P3, cicp(9, 13)), IN_SRGB["BT.2020"])
    assert near(colours(gama(1), SRGB, P3), IN_SRGB["Display P3"])
    assert near(colours(gama(1), SRGB), COLOURS, most=0)
    assert near(levels(iccp(b"broken"), gama(1)), LINEAR)


def test_only_the_first_profile_counts():
    assert near(colours(P3, iccp(screen("BT.2020"))), IN_SRGB["Display P3"])


def test_a_chunk_that_is_damaged_or_comes_too_late_is_left_out():
    assert near(levels(gama(1)[:-1] + b"?"), AS_THEY_ARE, most=0)
    late = png([bytes(LEVELS)]).replace(png_chunk(b"IEND"), gama(1) + png_chunk(b"IEND"))
    assert near(load_picture(late).pixels[0, :, 0], AS_THEY_ARE, most=0)


def test_sixteen_bits_have_a_gamma_too():
    wide = np.array(LEVELS, ">u2") * 257
    data = png([wide.astype(">u2").tobytes()], depth=16, extra=gama(1))
    assert near(load_picture(data).pixels[0, :, 0], LINEAR)
