"""The message of an overview, or of the panel beside it, unpacked."""

import json
import struct

import numpy as np

from cnnviz.ui.layers import settings
from tests.ui.apptest import components


def strips(proto, part="strips"):
    """Return the strips of an overview with their exact values, or the whole header."""
    (length,) = struct.unpack_from("<I", proto.bytes)
    header = json.loads(proto.bytes[4 : 4 + length], parse_constant=_refuse)
    if part is None:
        return header
    data = proto.bytes[4 + length :]
    for strip in header[part]:
        _, height, width = strip["shape"]
        drawn = (strip["drawn"], height, width)
        if strip["exact"] is not None:
            size = int(np.prod(drawn))
            found = np.frombuffer(data, "<f4", count=size, offset=strip["exact"])
            strip["exact"] = found.reshape(drawn)
        small = (strip["drawn"], *strip["size"])
        levels = np.frombuffer(data, np.uint8, count=int(np.prod(small)), offset=strip["offset"])
        strip["levels"] = levels.reshape(small)
    return header[part]


def unit(at):
    """Return what the panel of the opened cell is told."""
    (proto,) = components(at, "unit")
    return strips(proto, part=None)


def run_of(stack, photo):
    """Compute what the Layers page computes of a stack on a photo (H, W, 3), outside of it."""
    image = settings.grey(photo)[None].astype(np.float32) / 255
    made = settings.Stack(settings.parse_stack(stack), image.shape, settings.SEED.default)
    return settings.Run(image, made, settings.fill(made.network, "random"), made.stages(image))


def _refuse(constant):
    raise AssertionError(f"{constant} is not JSON: no browser reads it")
