import pytest
from PIL import Image

from cnnviz.images.metadata import strip_gif
from cnnviz.images.metadata.gif import MAX_BLOCKS, MAX_SEGMENTS
from tests.images.pictures import FILES, encoded


def test_a_plain_gif_is_left_as_it_is():
    assert strip_gif(FILES["GIF"]).data == FILES["GIF"]


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


def test_zeros_between_the_blocks_are_skipped():
    plain = encoded(Image.new("P", (2, 2)), "GIF", transparency=0)
    first, frame = plain.index(b"\x21\xf9"), plain.index(b"\x2c\0\0\0\0")
    crowded = plain[:first] + b"\0" + plain[first:frame] + bytes(MAX_SEGMENTS + 1) + plain[frame:]
    assert strip_gif(crowded).data == plain


def test_the_place_of_the_first_frame_is_read():
    plain = encoded(Image.new("P", (7, 5)), "GIF")
    moved = plain.replace(b"\x2c\0\0\0\0", b"\x2c\3\0\1\1")
    assert strip_gif(moved).box == (3, 257, 10, 262)
