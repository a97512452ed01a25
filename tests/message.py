"""A message to the browser, taken apart: the length of its header, the header, and the data."""

import json
import struct

import numpy as np


def unpacked(message):
    """Return the header of a message, which every browser must be able to read, and its data."""
    (length,) = struct.unpack_from("<I", message)
    start = 4 + length
    return json.loads(message[4:start], parse_constant=_refuse), bytes(message[start:])


def _refuse(constant):
    raise AssertionError(f"{constant} is not JSON: no browser reads it")


def exact_maps(message):
    """Return the maps of a board that are sent as exact numbers, by title."""
    header, data = unpacked(message)
    found = {}
    for pane in header["panes"]:
        if pane["numbers"] is not None:
            size = pane["height"], pane["width"]
            values = np.frombuffer(data, "<f8", size[0] * size[1], pane["numbers"])
            found[pane["title"]] = values.reshape(size)
    return found
