import struct

import pytest

from cnnviz.images.metadata import orientation
from tests.images.pictures import exif


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
