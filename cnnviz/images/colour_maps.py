"""Colours for numbers: the limits of a scale, numbers to indices, and indices to colours.

A colour map is a table (256, 3) of uint8. Indices 0 to 254 run from the low end to the high
end, an odd count, so that on a scale symmetric about 0 the index 127 is 0 exactly and has the
middle colour. Index 255 is reserved for NaN and has a colour found nowhere else.
"""

import io

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from cnnviz.functional.checks import real, real_array

__all__ = [
    "COLOUR_MAPS",
    "DIVERGING",
    "DIVERGING_DARK",
    "GREY",
    "INVALID",
    "KERNEL",
    "KERNEL_DARK",
    "THEMES",
    "VIRIDIS",
    "png",
    "symmetric_limits",
    "to_index",
]

Table = NDArray[np.uint8]

LEVELS = 255
INVALID = 255  # the index of NaN
_INVALID_COLOUR = (230, 0, 230)
_SAMPLE = 1024  # numbers
_ZERO = 1e-300  # a smaller scale cannot be divided by

# Ottosson, "A perceptual color space for image processing" (2020): linear sRGB to the cone
# responses, and their cube roots to lightness, green–red, blue–yellow.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def symmetric_limits(x: ArrayLike, percentile: float = 99.5) -> float:
    """Return the limit m of a scale from −m to m.

    Parameters
    ----------
    x : array-like
        Any shape; NaN and infinities are ignored.
    percentile : float
        The percentage of |x| that should lie within the limits; 100 includes all of it.

    Returns
    -------
    float
        Never 0: the largest |x| if the percentile is 0, and 1 if everything is 0.

    Examples
    --------
    >>> symmetric_limits([-3, 1, 2], percentile=100)
    3.0
    >>> symmetric_limits([0, 0])
    1.0
    """
    share = real(percentile, "percentile", 0, 100) / 100
    size = np.abs(real_array(x, "x").astype(np.float64, copy=False)).ravel()
    finite = np.isfinite(size)
    if not finite.all():
        size = size[finite]
    if not size.size:
        return 1.0
    rank = max(int(np.ceil(share * size.size)) - 1, 0)
    for limit in _largest(size, size.size - rank), size.max():
        if limit > _ZERO:
            return float(limit)
    return 1.0


def _largest(x: NDArray[np.floating], nth: int) -> float:
    """Return the nth largest of x (N,), as `np.partition` does.

    `np.partition` takes up to 4 ms for 256² numbers with many duplicates, as after a ReLU. For the
    largest few per cent it is enough to look above a bound estimated from a thousand of them.
    """
    if x.size > 4 * _SAMPLE:
        # An odd step: an even one would sample few columns of a picture, perhaps only the border.
        some = np.sort(x[:: x.size // _SAMPLE | 1])
        for room in 2, 6:
            bound = some[max(some.size - room * nth * some.size // x.size - 9, 0)]
            above = x[x > bound]
            if above.size >= nth:
                return float(np.sort(above)[above.size - nth])
            if above.size + np.count_nonzero(x == bound) >= nth:
                return float(bound)
    return float(np.sort(x)[x.size - nth])


def to_index(x: ArrayLike, low: float, high: float) -> NDArray[np.uint8]:
    """Return the index of each number on a scale from `low` (0) to `high` (254).

    Numbers outside get the index of the nearer end, NaN gets 255.

    Raises
    ------
    ValueError
        If `low` is not below `high`.

    Examples
    --------
    >>> to_index([-9, -2, 0, 2, float("nan")], -2, 2).tolist()
    [0, 0, 127, 254, 255]
    """
    low, high = real(low, "low"), real(high, "high")
    half = high / 2 - low / 2  # halved first: high − low may overflow
    if not half > _ZERO:
        raise ValueError(f"A scale runs upwards, but low is {low} and high is {high}.")
    scale = (LEVELS - 1) / 2 / half
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):  # is clipped below
        position = np.multiply(real_array(x, "x"), scale, dtype=np.float64)
        position += 0.5 - low * scale  # half a level more: the cast below rounds down
    np.clip(position, 0.5, LEVELS - 0.5, out=position)
    # fmin prefers the number: only NaN is replaced.
    return np.fmin(position, INVALID, out=position).astype(np.uint8)


def png(index: NDArray[np.uint8], table: Table) -> bytes:
    r"""Return a plane of indices (H, W) as a PNG file whose palette is the colour map.

    Examples
    --------
    >>> png(to_index([[0, 1]], 0, 1), GREY)[:8]
    b'\x89PNG\r\n\x1a\n'
    """
    image = Image.fromarray(np.ascontiguousarray(index, np.uint8))
    image.putpalette(table.tobytes())
    file = io.BytesIO()
    image.save(file, format="PNG")
    return file.getvalue()


def _table(*stops: str) -> Table:
    """Return a colour map through evenly spaced `stops` ("#rrggbb"), mixed in Oklab."""
    colours = np.array([list(bytes.fromhex(stop[1:])) for stop in stops]) / 255
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    oklab = np.cbrt(linear @ _TO_CONES.T) @ _TO_OKLAB.T
    at, places = np.linspace(0, 1, LEVELS), np.linspace(0, 1, len(stops))
    mixed = np.stack([np.interp(at, places, channel) for channel in oklab.T], axis=1)
    cones = (mixed @ np.linalg.inv(_TO_OKLAB).T) ** 3
    linear = np.clip(cones @ np.linalg.inv(_TO_CONES).T, 0, 1)
    return _with_invalid(
        np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    )


def _with_invalid(colours: NDArray[np.float64]) -> Table:
    """Return colours (255, 3) from 0 to 1 as a read-only table with the colour of NaN."""
    table = np.vstack([np.rint(255 * colours), _INVALID_COLOUR]).astype(np.uint8)
    table.flags.writeable = False
    return table


# Even steps of pixel value, not of lightness: a grey picture looks as it does elsewhere.
GREY = _with_invalid(np.linspace([0, 0, 0], [1, 1, 1], LEVELS))
# The end colours of RdBu and of BrBG from Brewer, "ColorBrewer" (2003): safe for colour-blind eyes.
# From its ends to its middle, the first keeps to one blue and one red.
DIVERGING = _table("#2166ac", "#f7f7f7", "#b2182b")
KERNEL = _table("#8c510a", "#d8b365", "#f6e8c3", "#f5f5f5", "#c7eae5", "#5ab4ac", "#01665e")
DIVERGING_DARK = _table("#6eb4ff", "#1c1f24", "#ff826e")
KERNEL_DARK = _table("#e3aa5c", "#1c1f24", "#4fc9b9")
# After viridis, by Smith & van der Walt (2015).
VIRIDIS = _table(
    "#440154",
    "#472d7b",
    "#3b528b",
    "#2c728e",
    "#21918c",
    "#28ae80",
    "#5ec962",
    "#addc30",
    "#fde725",
)

COLOUR_MAPS: dict[str, Table] = {
    "grey": GREY,
    "diverging": DIVERGING,
    "diverging_dark": DIVERGING_DARK,
    "kernel": KERNEL,
    "kernel_dark": KERNEL_DARK,
    "viridis": VIRIDIS,
}
# The colour map for each theme of a page: on a dark one, zero is dark rather than white.
THEMES = {
    "diverging": {"light": "diverging", "dark": "diverging_dark"},
    "grey": {"light": "grey", "dark": "grey"},
    "kernel": {"light": "kernel", "dark": "kernel_dark"},
}
