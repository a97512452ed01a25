"""Convolutions of every kind, drawn by hypothesis."""

import numpy as np
from hypothesis import strategies as st

MODES = ("zeros", "reflect", "replicate", "circular")


@st.composite
def convolutions(draw, *, whole=True, depth=None, most=9, dtype=None):
    """Draw (x, weight, bias) and settings that fit together.

    With `whole`, all numbers are small and whole, so that any order of summation gives the same.
    `depth` fixes the number of channels that a filter reads.
    """
    groups = draw(st.integers(1, 3))
    depth = depth or draw(st.integers(1, 3))
    filters = groups * draw(st.integers(1, 5))
    images = draw(st.integers(1, 2))
    kernel = [draw(st.integers(1, 5)) for _ in range(2)]
    dilation = tuple(draw(st.integers(1, 3)) for _ in range(2))
    extent = [(taps - 1) * step + 1 for taps, step in zip(kernel, dilation, strict=True)]
    mode = draw(st.sampled_from(MODES))
    size, padding = [], []
    for cells in extent:
        sides = draw(st.integers(0, 4)), draw(st.integers(0, 4))
        least = max(1, cells - sum(sides))
        if mode == "reflect":
            least = max(least, max(sides) + 1)
        if mode == "circular":
            least = max(least, *sides)
        size.append(draw(st.integers(least, max(least, most))))
        padding.append(sides)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = random.integers(-255, 256, (images, groups * depth, *size))
    weight = random.integers(-9, 10, (filters, depth, *kernel))
    bias = random.integers(-9, 10, filters)
    if not whole:
        x, weight, bias = (a * random.uniform(0.5, 2, a.shape) for a in (x, weight, bias))
    dtype = dtype or draw(st.sampled_from(("float32", "float64")))
    settings = {
        "stride": tuple(draw(st.integers(1, 3)) for _ in range(2)),
        "padding": tuple(padding),
        "dilation": dilation,
        "groups": groups,
        "padding_mode": mode,
    }
    return tuple(array.astype(dtype) for array in (x, weight, bias)), settings
