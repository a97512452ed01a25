import struct

import pytest
from PIL import Image

from cnnviz.images.metadata import (
    MAX_BLOCKS,
    MAX_CHUNKS,
    MAX_SEGMENTS,
    orientation,
    strip_gif,
    strip_jpeg,
    strip_png,
)
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

JPEG, PROGRESSIVE, PNG = FILES["JPEG"], FILES["JPEG progressive"], FILES["PNG"]
THUMBNAIL = encoded(noise(4, 4), "JPEG")


def test_a_plain_file_is_left_as_it_is():
    assert strip_jpeg(JPEG).data == JPEG
    assert strip_png(PNG).data == PNG
    assert strip_gif(FILES["GIF"]).data == FILES["GIF"]


def test_a_jpeg_loses_all_that_is_not_needed_to_decode_it():
    profile = jpeg_segment(0xE2, b"ICC_PROFILE\0" + bytes(500))
    camera = jpeg_segment(0xE1, b"Exif\0\0" + exif(6).removeprefix(b"Exif\0\0") + THUMBNAIL)
    text = jpeg_segment(0xFE, b"a comment")
    stripped = strip_jpeg(with_segments(JPEG, profile, camera, text) + b"what follows")
    assert stripped.data == JPEG
    assert orientation(stripped.exif) == 6


def test_a_jpeg_keeps_the_segment_that_names_its_colours():
    adobe = jpeg_segment(0xEE, b"Adobe\0\x64\0\0\0\0\x02")
    assert strip_jpeg(with_segments(JPEG, adobe)).data == with_segments(JPEG, adobe)


def test_only_the_first_exif_block_counts():
    blocks = [jpeg_segment(0xE1, exif(turn)) for turn in (3, 8)]
    assert orientation(strip_jpeg(with_segments(JPEG, *blocks)).exif) == 3


def test_padding_stray_bytes_and_lone_markers_between_segments_are_skipped():
    stray = b"\xff\xff\xff\0\x12\xff\0" + b"\xff\x01" + b"\xff\xd0"
    assert strip_jpeg(with_segments(JPEG, stray)).data == JPEG


@pytest.mark.parametrize(("data", "progressive"), [(JPEG, False), (PROGRESSIVE, True)])
def test_a_progressive_jpeg_is_known_by_its_frame(data, progressive):
    stripped = strip_jpeg(data)
    assert stripped.progressive is progressive
    assert (stripped.scans > 1) is progressive


def test_a_sequential_jpeg_in_several_scans_counts_as_progressive():
    scan = JPEG.index(b"\xff\xda")
    one_component = jpeg_segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\x34\xff\xd9"
    assert strip_jpeg(JPEG[:scan] + one_component).progressive


@pytest.mark.parametrize(
    "data",
    [
        JPEG[:2],
        JPEG[: JPEG.index(b"\xff\xda")],
        JPEG[:-2],
        JPEG[:2] + JPEG[JPEG.index(b"\xff\xda") :],
        with_segments(JPEG, jpeg_segment(0xEF, b"") * MAX_SEGMENTS),
    ],
    ids=["no segments", "no scan", "no end", "no frame", "too many segments"],
)
def test_a_jpeg_whose_segments_do_not_fit_is_refused(data):
    with pytest.raises(ValueError, match=r"no scan follows|not found"):
        strip_jpeg(data)


def test_a_png_loses_all_that_is_not_needed_to_decode_it():
    palette = png_chunk(b"PLTE", bytes(6)) + png_chunk(b"tRNS", b"\0")
    extra = png_chunk(b"iCCP", bytes(500)) + png_chunk(b"tEXt", b"a\0b") + png_chunk(b"acTL")
    crowded = png([[0, 1]], colour="palette", extra=palette + extra) + b"what follows"
    assert strip_png(crowded).data == png([[0, 1]], colour="palette", extra=palette)


def test_the_orientation_of_a_png_is_read():
    block = exif(8).removeprefix(b"Exif\0\0")
    assert orientation(strip_png(png([[0]], extra=png_chunk(b"eXIf", block))).exif) == 8


@pytest.mark.parametrize("cut", [1, 11, 12, 40])
def test_a_png_that_ends_early_is_refused(cut):
    with pytest.raises((ValueError, struct.error)):
        strip_png(PNG[:-cut])


def test_a_png_of_too_many_chunks_is_refused():
    with pytest.raises(ValueError, match="so many"):
        strip_png(png([[0]], extra=png_chunk(b"teSt") * MAX_CHUNKS))


def test_a_gif_loses_comments_and_keeps_its_transparency():
    plain = encoded(Image.new("P", (2, 2)), "GIF", transparency=0)
    comment = b"\x21\xfe" + b"\x05words" * 3 + b"\0" + b"\x21\xfe\0"
    first = plain.index(b"\x21\xf9")
    crowded = plain[:first] + comment + plain[first : first + 8] + comment + plain[first + 8 :]
    assert strip_gif(plain).data == strip_gif(crowded).data == plain


@pytest.mark.parametrize("extensions", [b"\0", b"\x21\xfe\x01a\0" * MAX_SEGMENTS])
def test_a_gif_whose_first_frame_does_not_come_is_refused(extensions):
    with pytest.raises(ValueError, match="no frame"):
        strip_gif(b"GIF89a" + bytes(7) + extensions + FILES["GIF"][13:])


def test_a_gif_with_an_endless_comment_is_refused():
    comment = b"\x21\xfe" + b"\x01a" * (MAX_BLOCKS + 1) + b"\0"
    with pytest.raises(ValueError, match="too many blocks"):
        strip_gif(b"GIF89a" + bytes(7) + comment)


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_are_read(order):
    name = b"II" if order == "<" else b"MM"
    block = struct.pack(order + "2sHIHHHIHH", name, 42, 8, 1, 0x0112, 3, 1, 5, 0)
    assert orientation(block) == 5


@pytest.mark.parametrize(
    "block",
    [b"", b"II", b"XX*\0\x08\0\0\0", exif(0), exif(77), exif(6)[:20], b"II*\0\xff\xff\xff\xff"],
)
def test_a_block_without_a_sound_orientation_means_upright(block):
    assert orientation(block) == 1
