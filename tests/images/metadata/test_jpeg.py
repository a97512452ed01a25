import pytest

from cnnviz.images.metadata import orientation, strip_jpeg
from cnnviz.images.metadata.jpeg import MAX_SEGMENTS
from tests.images.pictures import FILES, encoded, exif, jpeg_segment, noise, with_segments

JPEG, PROGRESSIVE = FILES["JPEG"], FILES["JPEG progressive"]
THUMBNAIL = encoded(noise(4, 4), "JPEG")


def test_a_plain_jpeg_is_left_as_it_is():
    assert strip_jpeg(JPEG).data == JPEG


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
        JPEG[:2] + JPEG[JPEG.index(b"\xff\xda") :],
        with_segments(JPEG, jpeg_segment(0xEF, b"") * MAX_SEGMENTS),
    ],
    ids=["no segments", "no scan", "no frame", "too many segments"],
)
def test_a_jpeg_whose_segments_do_not_fit_is_refused(data):
    with pytest.raises(ValueError, match=r"no scan follows|not found"):
        strip_jpeg(data)


def test_a_jpeg_without_an_end_gets_two():
    stripped = strip_jpeg(JPEG[:-2])
    assert stripped.data.startswith(JPEG[:-2])
    assert stripped.with_other_end.startswith(JPEG[:-2])
    assert len(stripped.data) == len(stripped.with_other_end)
    ends = zip(
        stripped.data[len(JPEG) - 2 :], stripped.with_other_end[len(JPEG) - 2 :], strict=True
    )
    assert all(one ^ other == 0xFF for one, other in ends)


def test_a_progressive_jpeg_without_its_last_scan_is_refused():
    assert strip_jpeg(PROGRESSIVE[:-2]).with_other_end
    with pytest.raises(ValueError, match="last scan"):
        strip_jpeg(PROGRESSIVE[: PROGRESSIVE.rindex(b"\xff\xda")])


@pytest.mark.parametrize(
    ("coding", "precision", "name"),
    [
        (0xC0, 8, ""),
        (0xC1, 12, "12-bit"),
        (0xC2, 12, "12-bit"),
        (0xC3, 8, "lossless"),
        (0xC5, 8, "hierarchical"),
        (0xC9, 8, "arithmetic-coded"),
        (0xCA, 12, "arithmetic-coded"),
    ],
)
def test_a_coding_that_cannot_be_read_is_named(coding, precision, name):
    frame = JPEG.index(b"\xff\xc0")
    data = bytearray(JPEG)
    data[frame + 1], data[frame + 4] = coding, precision
    assert strip_jpeg(bytes(data)).refused == name
