"""Argument checks: each returns the argument in a standard form, or says what is wrong."""

import math
import operator
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.powers import power_of_ten

Pair: TypeAlias = int | tuple[int, int]

LARGEST = 2**31 - 1  # the largest whole number allowed: the product of two stays far from overflow
WRITTEN_OUT = 10**100  # longer numbers are shown as a power of ten
SPAN = "from -1.8e308 to 1.8e308"  # what double precision can hold
MOST_NUMBERS = 2**28  # cells of an array; in double precision they take 2 GiB


def whole(value: Any, name: str, minimum: int = 1) -> int:
    """Return `value` as an int of at least `minimum`, or say what is wrong with `name`."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}.") from None
    if number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {_shown(number)}.")
    if number > LARGEST:
        raise ValueError(f"{name} must be at most {LARGEST}, got {_shown(number)}.")
    return number


def _shown(value: Any) -> str:  # any number that has a whole part
    """Return a whole number as text; Python does not write out those of thousands of digits.

    >>> _shown(-12), _shown(-(10**5000))
    ('-12', 'about -10⁵⁰⁰⁰')
    """
    number = int(value)
    if abs(number) < WRITTEN_OUT:
        return str(number)
    return f"about {'-' * (number < 0)}{power_of_ten(round(math.log10(abs(number))))}"


def generator(seed: int | np.random.Generator) -> np.random.Generator:
    """Return the random generator of a seed, or the one that is given."""
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(whole(seed, "seed", minimum=0))


def one_of(value: Any, name: str, count: int) -> int:
    """Return `value` as the index of one of `count` things, counted from 0.

    >>> one_of(9, "label", 10)
    9
    """
    number = whole(value, name, minimum=0)
    if number >= count:
        raise ValueError(f"{name} must be from 0 to {count - 1}, got {number}.")
    return number


def sizes(value: Any, name: str) -> tuple[int, ...]:
    """Return a shape as a tuple of whole numbers of at least 1.

    >>> sizes([3, 224, 224], "input_shape")
    (3, 224, 224)
    """
    if not isinstance(value, list | tuple):
        raise TypeError(f"{name} must be a tuple, as (3, 224, 224), got {value!r}.")
    return tuple(whole(size, name) for size in value)


def cell_count(count: int) -> str:
    """Return a number of cells with its noun.

    >>> cell_count(1), cell_count(2)
    ('1 cell', '2 cells')
    """
    return count_of(count, "cell")


def count_of(count: int, thing: str) -> str:
    """Return a count and its noun, in the plural unless the count is 1.

    >>> count_of(1, "row"), count_of(0, "row"), count_of(3, "held-out picture")
    ('1 row', '0 rows', '3 held-out pictures')
    """
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def megabytes(count: float) -> str:
    """Return a number of bytes in MB, rounded up: what is more than a limit also reads as more.

    >>> megabytes(10 * 2**20), megabytes(10 * 2**20 + 1)
    ('10 MB', '10.1 MB')
    """
    return f"{math.ceil(10 * count / 2**20) / 10:,.1f}".removesuffix(".0") + " MB"


def check_memory(shape: tuple[int, ...], name: str) -> None:
    """Raise ValueError if an array of `shape` would be too large; call this before allocating it.

    Examples
    --------
    >>> check_memory((10**7, 10**7), "x with its padding")
    Traceback (most recent call last):
    ValueError: x with its padding would hold 10000000 × 10000000 numbers; at most 268435456 fit.
    """
    if math.prod(shape) > MOST_NUMBERS:
        raise ValueError(
            f"{name} would hold {' × '.join(map(str, shape))} numbers; at most {MOST_NUMBERS} fit."
        )


def check_images(x: NDArray[np.generic]) -> None:
    """Raise ValueError if `x` is neither a plane, nor planes, nor a batch of them.

    Examples
    --------
    >>> check_images(np.zeros(3))
    Traceback (most recent call last):
    ValueError: x must be (H, W), (C, H, W) or (N, C, H, W), got shape (3,).
    """
    if x.ndim not in (2, 3, 4):
        raise ValueError(f"x must be (H, W), (C, H, W) or (N, C, H, W), got shape {x.shape}.")


def pair(value: Pair, name: str, minimum: int = 1) -> tuple[int, int]:
    """Return (vertical, horizontal) from one whole number for both, or a pair of them.

    Examples
    --------
    >>> pair(2, "stride"), pair((2, 1), "stride")
    ((2, 2), (2, 1))
    """
    if not isinstance(value, list | tuple):
        value = (value, value)
    if len(value) != 2:
        raise ValueError(f"{name} must be one number or two, got {len(value)}: {value!r}.")
    return whole(value[0], name, minimum), whole(value[1], name, minimum)


def real(
    value: Any,
    name: str,
    low: float = -math.inf,
    high: float = math.inf,
) -> float:
    """Return `value` as a finite float from `low` to `high`, or say what is wrong with `name`."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {value!r}.")
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(f"{name} must be {SPAN}, got {_shown(value)}.") from None
    if not math.isfinite(number):
        raise ValueError(f"{name} must be finite, got {value}.")
    if not low <= number <= high:
        span = f"at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"
        raise ValueError(f"{name} must be {span}, got {value}.")
    return number


def real_array(value: ArrayLike, name: str) -> NDArray[np.generic]:
    """Return `value` as an array of real numbers, or say what it holds instead."""
    check_unmasked(value, name)
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be an array, got rows of different lengths.") from None
    if array.dtype.kind not in "biuf":
        # What is neither an array nor a number, such as None or a Kernel, NumPy only wraps.
        is_wrapped = array.dtype == object and not array.ndim and not isinstance(value, Real)
        got = type(value).__name__ if is_wrapped else f"an array of {array.dtype}"
        raise TypeError(f"{name} must hold real numbers, got {got}.")
    if array.size == 0:
        raise ValueError(f"{name} holds no numbers: its shape is {array.shape}.")
    return array


def check_unmasked(value: Any, name: str) -> None:
    """Raise ValueError if a masked array hides some of its numbers: they must not count unseen.

    Examples
    --------
    >>> check_unmasked(np.ma.masked_less([-1, 2, 3], 0), "x")
    Traceback (most recent call last):
    ValueError: x has 1 masked cell: fill it first, for instance by x.filled(0).
    """
    # Only a masked array has a mask; checking its class would import numpy.ma, which takes 60 ms.
    mask = getattr(value, "mask", False) if isinstance(value, np.ndarray) else False
    hidden = int(np.count_nonzero(mask))
    if hidden:
        them = "it" if hidden == 1 else "them"
        raise ValueError(
            f"{name} has {count_of(hidden, 'masked cell')}: fill {them} first, "
            f"for instance by {name}.filled(0)."
        )
