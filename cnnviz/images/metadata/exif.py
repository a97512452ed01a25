"""The one thing in an Exif block that a picture needs: which way is up.

Source: CIPA DC-008.
"""

import struct

_ORIENTATION_TAG = 0x0112


def orientation(exif: bytes) -> int:
    """Return the orientation in an Exif block, 1 to 8; 1, upright, if it has none.

    >>> header, entry = struct.pack(">2sHI", b"MM", 42, 8), (0x0112, 3, 1, 6, 0)
    >>> orientation(header + struct.pack(">H", 1) + struct.pack(">HHIHH", *entry))
    6
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", exif, 4)
        (entries,) = struct.unpack_from(order + "H", exif, start)
        for entry in range(entries):
            tag, _, _, value = struct.unpack_from(order + "HHIH", exif, start + 2 + 12 * entry)
            if tag == _ORIENTATION_TAG:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass  # a damaged block: the picture itself may be fine
    return 1
