"""The message of an overview, or of the panel beside it, unpacked."""

import numpy as np

from cnnviz.ui.layers import settings
from tests.message import unpacked
from tests.ui.apptest import components


def layer_rows(proto, part="layers"):
    """Return the rows of an overview with their exact values, or the whole header."""
    header, data = unpacked(proto.bytes)
    if part is None:
        return header
    for row in header[part]:
        _, height, width = row["shape"]
        drawn = (row["drawn"], height, width)
        if row["exact"] is not None:
            size = int(np.prod(drawn))
            found = np.frombuffer(data, "<f4", count=size, offset=row["exact"])
            row["exact"] = found.reshape(drawn)
        small = (row["drawn"], *row["size"])
        levels = np.frombuffer(data, np.uint8, count=int(np.prod(small)), offset=row["offset"])
        row["levels"] = levels.reshape(small)
    return header[part]


def unit(at):
    """Return the header of the opened cell's panel."""
    (proto,) = components(at, "unit")
    return layer_rows(proto, part=None)


def run_of(stack, photo):
    """Compute what the Layers page computes for a stack on a photo (H, W, 3), without the page."""
    image = settings.grey(photo)[None].astype(np.float32) / 255
    made = settings.Stack(settings.parse_stack(stack), image.shape, settings.SEED.default)
    return settings.StackRun(image, made, settings.fill(made.network, "random"), made.stages(image))
