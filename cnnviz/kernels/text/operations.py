"""What operators and brackets do to numbers and arrays."""

import math
from collections.abc import Sequence

from cnnviz.kernels.text.table import uneven
from cnnviz.kernels.text.tokens import shown
from cnnviz.kernels.text.values import (
    Array,
    Value,
    added,
    check_count,
    multiplied,
    outer,
    product,
    quotient,
    total,
)

HOLD_ROWS = "The brackets should hold rows, as in [[1, 0], [0, -1]]."
EMPTY = "There is no number in the text: write rows of numbers, such as 1 0 -1."


def combined(sign: str, one: Value, other: Value) -> Value:
    """Return the result of an operation.

    >>> combined("/", 1, 9), combined("-", 3, 1)
    (Fraction(1, 9), 2)
    """
    if sign in ("+", "-"):
        return _sum(one, other if sign == "+" else negative(other))
    divides = sign in ("/", "./")
    if isinstance(one, Array):
        if isinstance(other, Array):
            return _product(sign, one, other)
        return one.over(other) if divides else one.times(other)
    if isinstance(other, Array):
        if divides:
            raise ValueError("A number is divided by a matrix, which is not supported.")
        return other.times(one)
    return quotient(one, other) if divides else product(one, other)


def negative(value: Value) -> Value:
    """Return −x, of a number or of all numbers of an array."""
    return value.times(-1) if isinstance(value, Array) else -value


def row(values: Sequence[Value]) -> Array:
    """Return the array of a row between semicolons, which may have brackets of its own."""
    return values[0] if len(values) == 1 and isinstance(values[0], Array) else stacked(values)


def stacked(values: Sequence[Value]) -> Array:
    """Return numbers as a row, and rows as a matrix.

    >>> stacked([1, 2]).cells.tolist(), stacked([stacked([1]), stacked([2])]).cells.tolist()
    ([1, 2], [[1], [2]])
    """
    arrays = [value for value in values if isinstance(value, Array)]
    if not arrays:
        numbers = [value for value in values if not isinstance(value, Array)]
        return Array.of(numbers, (len(numbers),))
    if len(arrays) < len(values):
        raise ValueError(HOLD_ROWS)
    first = arrays[0].shape
    for at, array in enumerate(arrays):
        if array.shape == first:
            continue
        if len(array.shape) == len(first) == 1:
            raise ValueError(uneven(at, array.shape[0], first[0]))
        sizes = " and ".join(" × ".join(map(str, shape)) for shape in (first, array.shape))
        raise ValueError(
            f"The brackets hold parts of {sizes} numbers; all parts need the same size."
        )
    check_count(len(arrays), *first)
    cells = [number for array in arrays for number in array.quotients]
    return Array.of(cells, (len(arrays), *first))


def in_shape(value: Array, sizes: Sequence[int]) -> Array:
    """Return the numbers in the shape of a C declaration."""
    if math.prod(sizes) != value.cells.size:
        shape = " × ".join(map(str, sizes))
        raise ValueError(f"The declaration is for {shape} numbers, but {value.cells.size} follow.")
    return value.moved(lambda cells: cells.reshape(sizes))


def _sum(one: Value, other: Value) -> Value:
    if not isinstance(one, Array) and not isinstance(other, Array):
        return total(one, other)
    first, second = (_as_array(value) for value in (one, other))
    if not first.cells.size or not second.cells.size:
        raise ValueError(EMPTY)
    return added(first, second)


def _as_array(value: Value) -> Array:
    return value if isinstance(value, Array) else Array.full(value, (1,))


def _product(sign: str, one: Array, other: Array) -> Array:
    """Return the product of two arrays, where all languages agree on it."""
    is_column = len(one.shape) == 2 and one.shape[1] == 1
    is_row = other.shape[:-1] in ((), (1,))
    if sign in ("*", "@") and is_column and is_row:
        check_count(one.cells.size, other.cells.size)
        return outer(one, other)
    if sign == ".*" and one.shape == other.shape:
        return multiplied(one, other)
    raise ValueError(
        f"Two matrices with {shown(sign)} between them are read only as a column times a row."
    )
