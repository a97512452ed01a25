import struct

import pytest

from cnnviz.images.metadata import orientation, strip_png
from cnnviz.images.metadata.png import MAX_CHUNKS
from tests.images.pictures import FILES, exif, png, png_chunk

PNG = FILES["PNG"]


def test_a_plain_png_is_left_as_it_is():
    assert strip_png(PNG).data == PNG


def test_a_png_loses_all_that_is_not_needed_to_decode_it():
    palette = png_chunk(b"PLTE", bytes(6)) + png_chunk(b"tRNS", b"\0")
    extra = png_chunk(b"iCCP", bytes(500)) + png_chunk(b"tEXt", b"a\0b") + png_chunk(b"acTL")
    crowded = png([[0, 1]], colour="palette", extra=palette + extra) + b"what follows"
    assert strip_png(crowded).data == png([[0, 1]], colour="palette", extra=palette)


def test_the_orientation_of_a_png_is_read():
    block = exif(8).removeprefix(b"Exif\0\0")
    assert orientation(strip_png(png([[0]], extra=png_chunk(b"eXIf", block))).exif) == 8


@pytest.mark.parametrize("cut", [1, 4, 11, 12])
def test_a_png_gets_the_end_that_it_lacks(cut):
    assert strip_png(PNG[:-cut]).data == PNG


def test_the_pixels_of_a_png_that_are_cut_short_are_left_to_the_decoder():
    stripped = strip_png(PNG[:-40]).data
    assert stripped.endswith(PNG[-12:])
    assert stripped[:-16] == PNG[:33] + (len(PNG) - 81).to_bytes(4) + PNG[37:-40]


@pytest.mark.parametrize("length", [8, 20])
def test_a_png_without_a_header_is_refused(length):
    with pytest.raises((IndexError, struct.error)):
        strip_png(PNG[:length])


def test_a_png_of_too_many_chunks_is_refused():
    with pytest.raises(ValueError, match="so many"):
        strip_png(png([[0]], extra=png_chunk(b"teSt") * MAX_CHUNKS))
