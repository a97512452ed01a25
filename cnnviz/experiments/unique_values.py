"""Maps with few unique values, such as those that a kernel of whole weights makes from a picture.

An elementwise function of such a map need only be computed, and sent, once per unique value.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.dtypes import floats

MOST = 2**13  # different numbers


class UniqueValues(NamedTuple):
    """The unique values of a map, and where they are.

    `which` (H, W) is the index of each cell's value, `where` (n,) gives a cell for each value, and
    `counts` (n,) is how many cells have it. Values that no cell has may be included, with a count
    of 0.
    """

    which: NDArray[np.uint16]
    where: NDArray[np.intp]
    counts: NDArray[np.int64]

    def pick(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the unique values (n,) of a map (H, W) that is a function of this one."""
        return values.ravel()[self.where]

    def spread(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """Return the map (H, W) with these numbers (n,)."""
        return numbers.take(
            self.which, mode="clip"
        )  # nothing is ever clipped; this only skips the bounds check


def unique_values(values: ArrayLike, grain: float) -> UniqueValues | None:
    """Find the unique values of a map (H, W) if there are few.

    Parameters
    ----------
    values : array (H, W)
    grain : float
        The step that all differences are multiples of. If rounding, or a different grain, would
        merge two values, None is returned.

    Examples
    --------
    >>> found = unique_values([[0.5, 0.0], [1.5, 0.5]], 0.5)
    >>> found.which.tolist(), found.where.tolist(), found.counts.tolist()
    ([[1, 0], [3, 1]], [1, 3, 0, 2], [1, 2, 0, 1])
    >>> unique_values([[0.5, 0.0], [0.6, 0.5]], 0.5) is None
    True
    """
    values = floats(values, "values")
    low, high = values.min(), values.max()
    if not high - low < MOST * grain:  # also where there is NaN
        return None
    which = np.rint((values - low) / grain).astype(np.uint16)
    counts = np.bincount(which.ravel())
    where = np.zeros(len(counts), np.intp)
    where[which.ravel()] = np.arange(values.size)
    found = UniqueValues(which, where, counts)
    return found if np.array_equal(found.spread(found.pick(values)), values) else None
