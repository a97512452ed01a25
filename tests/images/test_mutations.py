"""The cost of damaged files, and of files as large as allowed."""

from multiprocessing import get_context

import numpy as np
import pytest
from PIL import Image

from cnnviz.images.loading import (
    FORMATS,
    MAX_BYTES,
    MAX_JPEG_PIXELS,
    MAX_PIXELS,
    MAX_PROGRESSIVE_PIXELS,
    MAX_WEBP_PIXELS,
)
from tests.images.mutations import damaged, measured, tell
from tests.images.pictures import encoded, noise, png, png_chunk, with_segments
from tests.images.profiles import press, profile_segments, screen
from tests.thorough import THOROUGH

pytestmark = pytest.mark.slow

NUMBER = 2000 if THOROUGH else 100
MAX_SECONDS = 2  # of processor time
MAX_MEGABYTES = 300


# Each process is a copy of one that has imported everything.
APART = get_context("forkserver")
APART.set_forkserver_preload(["tests.images.mutations"])


def cost(measure, *given):
    """Return what a function of tests/images/mutations.py finds in a process of its own."""
    here, there = APART.Pipe(duplex=False)
    process = APART.Process(target=tell, args=(there, measure, *given))
    with here:
        process.start()
        there.close()
        found = here.recv()  # EOFError if the process has crashed
    process.join()
    assert isinstance(found, dict), found
    return found


@pytest.mark.parametrize("form", [form.upper() for form in FORMATS])
def test_a_damaged_file_gives_a_picture_or_a_picture_error_and_costs_little(form):
    found = cost(damaged, form, NUMBER)
    assert found["seconds"] <= MAX_SECONDS  # for the slowest
    assert found["megabytes"] <= MAX_MEGABYTES  # for the largest
    assert NUMBER / 50 < found["pictures"] < NUMBER / 2  # neither too little nor too much damage


def smooth(pixels, mode):
    """Return a smooth picture with this many pixels, whose files are small."""
    side = int(pixels**0.5)
    plane = Image.radial_gradient("L").resize((side, side), Image.Resampling.BILINEAR)
    return plane if mode == "L" else Image.merge(mode, [plane] * len(mode))


def sixteen_bits(pixels):
    side = int(pixels**0.5)
    return np.arange(side * side).astype(np.uint16).reshape(side, side)


def clear_sixteen_bits(pixels):
    side = int(pixels**0.5)
    extra = png_chunk(b"tRNS", bytes(6))
    return png([bytes(6 * side)] * side, depth=16, colour="colour", size=(side, side), extra=extra)


def small_frame(pixels):
    side = int(pixels**0.5)
    data = bytearray(encoded(Image.new("P", (side - 9, side - 9)), "GIF"))
    data[6:10] = 2 * side.to_bytes(2, "little")
    return bytes(data)


LARGEST = {
    "JPEG": lambda: encoded(smooth(MAX_JPEG_PIXELS, "CMYK"), "JPEG"),
    "progressive JPEG": lambda: encoded(
        smooth(MAX_PROGRESSIVE_PIXELS, "CMYK"), "JPEG", progressive=True
    ),
    "PNG with transparency": lambda: encoded(smooth(MAX_PIXELS, "RGBA"), "PNG"),
    "JPEG of inks with a profile": lambda: with_segments(
        encoded(smooth(MAX_JPEG_PIXELS, "CMYK"), "JPEG"), *profile_segments(press())
    ),
    "JPEG without an end": lambda: encoded(smooth(MAX_JPEG_PIXELS, "RGB"), "JPEG")[:-2],
    "progressive JPEG without an end": lambda: encoded(
        smooth(MAX_PROGRESSIVE_PIXELS, "RGB"), "JPEG", progressive=True
    )[:-2],
    "PNG of 16 bits with a transparent colour": lambda: clear_sixteen_bits(MAX_PIXELS),
    "PNG with all the profile that fits": lambda: encoded(
        noise(8, 8), "PNG", icc_profile=screen("sRGB", more={b"text": bytes(MAX_BYTES)})
    ),
    "PNG of 16 bits": lambda: encoded(sixteen_bits(MAX_PIXELS), "PNG"),
    "WebP with transparency": lambda: encoded(
        smooth(MAX_WEBP_PIXELS, "RGBA"), "WEBP", lossless=True, method=0
    ),
    "GIF": lambda: encoded(smooth(MAX_PIXELS, "L"), "GIF", transparency=0),
    "GIF whose frame is smaller": lambda: small_frame(MAX_PIXELS),
    "BMP": lambda: encoded(smooth(MAX_PIXELS, "L"), "BMP", mode="1"),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_picture_of_each_kind_is_read_and_costs_little(name):
    data = LARGEST[name]()
    assert len(data) <= MAX_BYTES
    found = cost(measured, data)
    assert found["pictures"] == 1
    assert found["seconds"] <= MAX_SECONDS
    assert found["megabytes"] <= MAX_MEGABYTES
