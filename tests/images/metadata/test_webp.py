from cnnviz.images.metadata import strip_webp
from cnnviz.images.metadata.webp import MAX_CHUNKS
from tests.images.pictures import FILES, encoded, exif, noise
from tests.images.profiles import screen

CROWDED = encoded(noise(), "WEBP", icc_profile=screen("Display P3"), exif=exif(1) + bytes(51))


def test_a_plain_webp_is_left_as_it_is():
    assert strip_webp(FILES["WEBP"]).data == FILES["WEBP"]
    assert strip_webp(CROWDED).data == CROWDED


def test_a_chunk_that_is_cut_short_is_left_out():
    stripped = strip_webp(CROWDED[:-20])
    assert len(stripped.data) < len(CROWDED) - 20
    assert int.from_bytes(stripped.data[4:8], "little") == len(stripped.data) - 8
    assert stripped.profile == strip_webp(CROWDED).profile != b""


def test_the_chunks_are_not_counted_for_ever():
    endless = FILES["WEBP"][:12] + b"none\0\0\0\0" * (MAX_CHUNKS + 1) + b"ICCP"
    assert strip_webp(endless).data == endless
