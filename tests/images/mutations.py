"""Good picture files, damaged in a thousand seeded ways, and the cost of reading them.

Call `tell` in a new process for each measurement: the peak of a process's memory never falls.
"""

import struct
import time
import traceback
import warnings

import numpy as np
from PIL import Image

from cnnviz.images.loading import FORMATS, PictureError, load_picture
from cnnviz.images.metadata import PNG_SIGNATURE
from tests.images.pictures import (
    FILES,
    encoded,
    exif,
    jpeg_segment,
    noise,
    png,
    png_chunk,
    with_segments,
)
from tests.images.profiles import greys, press, profile_segments, screen
from tests.memory import peak

EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
# up to 4000 × 4000, the header passes, whatever the file then holds
SIDES = (1, 100, 1024, 3999, 4000, 12_000, 65_535)


def good():
    """Return good files by format: small and middle-sized, common and rare kinds."""
    photo, page = noise(160, 200, seed=1), Image.fromarray(noise(64, 48, seed=2))
    glass = noise(30, 40, seed=3)
    glass = np.concatenate([glass, glass[..., :1]], axis=2)
    frames = [page.convert("P"), *[Image.fromarray(noise(64, 48, seed=i)) for i in (4, 5)]]
    film = {"save_all": True, "append_images": frames[1:]}
    own = {form.upper(): [] for form in FORMATS}
    for name, data in FILES.items():
        own[name.split()[0]].append(data)
    own["PNG"] += [
        encoded(photo, "PNG"),
        encoded(glass, "PNG"),
        encoded(page, "PNG", mode="P", transparency=0),
        encoded(page, "PNG", exif=exif(6), **film),
        png([bytes(range(96))] * 20, depth=16),
        encoded(page, "PNG", icc_profile=screen("Display P3")),
        png(
            [bytes(range(96))] * 9,
            colour="colour",
            size=(32, 9),
            extra=png_chunk(b"gAMA", b"\0\1\0\0"),
        )[:-9],
    ]
    own["JPEG"] += [
        encoded(photo, "JPEG", quality=95, subsampling=0),
        encoded(photo, "JPEG", progressive=True, exif=exif(8)),
        encoded(page, "JPEG", mode="CMYK"),
        encoded(page, "JPEG", mode="L"),
        with_segments(encoded(page, "JPEG"), jpeg_segment(0xE1, b"Exif\0\0" + exif(3)[6:])),
        with_segments(encoded(page, "JPEG"), *profile_segments(screen("Adobe RGB"))),
        with_segments(encoded(page, "JPEG", mode="CMYK"), *profile_segments(press(), 2)),
        encoded(photo, "JPEG", progressive=True)[:-2],
    ]
    own["WEBP"] += [
        encoded(photo, "WEBP", quality=90),
        encoded(glass, "WEBP", lossless=True),
        encoded(page, "WEBP", exif=exif(5), **film),
        encoded(page, "WEBP", icc_profile=greys(1.8)),
    ]
    own["GIF"] += [encoded(photo, "GIF"), encoded(frames[0], "GIF", **film)]
    own["BMP"] += [encoded(photo, "BMP"), *(encoded(page, "BMP", mode=mode) for mode in "1LP")]
    return own


def mutate(data, rng):
    """Return the bytes of a file after one to three kinds of damage."""
    data = bytearray(data)
    for _ in range(rng.integers(1, 4)):
        data = DAMAGE[rng.integers(len(DAMAGE))](data, rng) or bytearray(1)
    sound = data.startswith(PNG_SIGNATURE) and rng.random() < 0.8
    return resealed(bytes(data)) if sound else bytes(data)


def resealed(data):
    """Return a PNG with correct checksums, so that the damage inside is read at all."""
    out, at = data[:8], 8
    while at + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        length = min(length, max(0, len(data) - at - 12))
        out += png_chunk(data[at + 4 : at + 8], data[at + 8 : at + 8 + length])
        at += length + 12
    return out


def place(data, rng):
    """Draw a position, half the time among the first bytes, where the headers are."""
    return int(rng.integers(0, min(len(data), 100) if rng.random() < 0.5 else len(data)))


def flip(data, rng):
    data[place(data, rng)] ^= 1 << int(rng.integers(8))
    return data


def replace(data, rng):
    start = place(data, rng)
    length = int(rng.integers(1, 9))
    data[start : start + length] = rng.bytes(length)
    return data


def extreme(data, rng):
    """Write a number that is too large, too small, or a size that is just accepted."""
    start = place(data, rng)
    numbers = EXTREMES if rng.random() < 0.5 else SIDES
    layout = ("<H", ">H", "<I", ">I")[rng.integers(4)]
    number = numbers[rng.integers(len(numbers))] & (0xFFFF if layout[1] == "H" else 0xFFFFFFFF)
    word = struct.pack(layout, number)
    data[start : start + len(word)] = word
    return data


def cut(data, rng):
    return data[: place(data, rng)]


def remove(data, rng):
    start = place(data, rng)
    del data[start : start + int(rng.integers(1, 200))]
    return data


def repeat(data, rng):
    start = place(data, rng)
    piece = data[start : start + int(rng.integers(1, 200))]
    return data[:start] + piece * int(rng.integers(2, 20)) + data[start:]


def insert(data, rng):
    start = place(data, rng)
    return data[:start] + rng.bytes(int(rng.integers(1, 50))) + data[start:]


def swap(data, rng):
    first, second, third = sorted(place(data, rng) for _ in range(3))
    return data[:first] + data[second:third] + data[first:second] + data[third:]


def claim(data, rng):
    """Change the width and height in the header."""
    frame = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    places = {b"\x89P": (16, ">II"), b"GI": (6, "<HH"), b"BM": (18, "<ii"), b"RI": (26, "<HH")}
    at, layout = places.get(bytes(data[:2]), (frame + 5, ">HH"))
    if 0 < at <= len(data) - struct.calcsize(layout):
        struct.pack_into(layout, data, at, *(SIDES[rng.integers(len(SIDES))] for _ in range(2)))
    return data


DAMAGE = (flip, flip, replace, extreme, claim, cut, remove, repeat, insert, swap)


def outcome(data):
    """Return the processor seconds of reading a file, and whether it gives a picture.

    Any exception except PictureError is raised.
    """
    start = time.process_time()
    try:
        picture = load_picture(data)
    except PictureError as error:
        sentence = str(error)
        assert sentence[0].isupper(), sentence
        assert sentence.endswith("."), sentence
        return time.process_time() - start, False
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.ndim == 3
    assert 0 < max(picture.pixels.shape) <= 1024
    return time.process_time() - start, True


def measured(data):
    """Return the cost of reading a file: its processor seconds, megabytes, and pictures, 0 or 1."""
    before = peak()
    seconds, is_picture = outcome(data)
    return {"seconds": seconds, "megabytes": peak() - before, "pictures": int(is_picture)}


def damaged(form, number):
    """Return the cost of `number` damaged files of a format: of the slowest, of the largest."""
    warnings.simplefilter("ignore")  # in the app, Pillow's warnings go to the log
    files = good()[form]
    for data in files:
        assert outcome(data)[1]
    before, slowest, pictures = peak(), 0.0, 0
    for index in range(number):
        rng = np.random.default_rng((index, len(form)))
        data = mutate(files[index % len(files)], rng)
        try:
            seconds, is_picture = outcome(data)
        except Exception as error:
            error.add_note(f"mutation {index} of {form}")
            raise
        slowest, pictures = max(slowest, seconds), pictures + is_picture
    return {"seconds": slowest, "megabytes": peak() - before, "pictures": pictures}


def tell(line, measure, *given):
    """Send what a function returns, or the traceback in which it ends."""
    try:
        line.send(measure(*given))
    except Exception:
        line.send(traceback.format_exc())
