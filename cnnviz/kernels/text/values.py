"""Numbers and arrays as they are written: fractions stay fractions, divisors stay separate."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.kernels.kernel import EXACT

MAX_DENOMINATOR = 10**6
MOST_CELLS = 10_000  # in an intermediate array

Number: TypeAlias = int | Fraction | float  # a float where a fraction would be inexact or huge
Cells: TypeAlias = NDArray[Any]  # numbers, as objects


@dataclass(frozen=True)
class Array:
    """Numbers along any number of axes, and the divisor of all of them."""

    cells: Cells
    divisor: Number = 1

    @classmethod
    def of(cls, numbers: Sequence[Number], shape: tuple[int, ...]) -> "Array":
        """Return an array of `shape` from its numbers, row by row."""
        cells = np.empty(len(numbers), object)
        cells[:] = numbers
        return cls(cells.reshape(shape))

    @classmethod
    def full(cls, number: Number, shape: tuple[int, ...]) -> "Array":
        """Return an array of `shape` with one number everywhere."""
        return cls.of([number] * math.prod(shape), shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self.cells.shape

    @property
    def quotients(self) -> list[Number]:
        """All numbers, divided."""
        if self.divisor == 1:
            return list(self.cells.flat)
        return [quotient(number, self.divisor) for number in self.cells.flat]

    def moved(self, move: Callable[[Cells], Cells]) -> "Array":
        """Return the same numbers in other places."""
        return Array(move(self.cells), self.divisor)

    def times(self, factor: Number) -> "Array":
        """Return the product with a number; the denominator of a fraction goes into the divisor."""
        above, below = parts(factor)
        multiplied = self if above == 1 else self._multiplied(above)
        return Array(multiplied.cells, product(self.divisor, below))

    def over(self, divisor: Number) -> "Array":
        """Return the array divided by a number, which is kept as its divisor."""
        if divisor == 0:
            raise ValueError("The divisor is 0, and nothing can be divided by 0.")
        above, below = parts(divisor)
        multiplied = self if below == 1 else self._multiplied(below)
        return Array(multiplied.cells, product(self.divisor, above))

    def _multiplied(self, factor: Number) -> "Array":
        return Array.of([product(one, factor) for one in self.cells.flat], self.shape)


Value: TypeAlias = Number | Array


def check_count(*shape: int, asking: str = "The text") -> None:
    """Refuse a shape far larger than a kernel's, before any of its numbers exists."""
    if math.prod(shape) > MOST_CELLS:
        sizes = " × ".join(map(str, shape))
        raise ValueError(f"{asking} asks for {sizes} numbers, which is far too many.")


def multiplied(one: Array, other: Array) -> Array:
    """Return the elementwise product of two arrays of the same shape."""
    cells = [product(a, b) for a, b in zip(one.cells.flat, other.cells.flat, strict=True)]
    return Array(Array.of(cells, one.shape).cells, product(one.divisor, other.divisor))


def outer(one: Array, other: Array) -> Array:
    """Return the outer product of two arrays, as a table."""
    cells = [product(a, b) for a in one.cells.flat for b in other.cells.flat]
    shape = one.cells.size, other.cells.size
    return Array(Array.of(cells, shape).cells, product(one.divisor, other.divisor))


def added(one: Array, other: Array) -> Array:
    """Return the sum of two arrays of the same shape, or of an array and one number."""
    if one.shape != other.shape and 1 not in (one.cells.size, other.cells.size):
        sizes = " and ".join(" × ".join(map(str, array.shape)) for array in (one, other))
        raise ValueError(f"Matrices of {sizes} cannot be added up.")
    count, shape = max((array.cells.size, array.shape) for array in (one, other))
    first, second = (
        array.quotients * (count if array.cells.size == 1 else 1) for array in (one, other)
    )
    return Array.of([total(a, b) for a, b in zip(first, second, strict=True)], shape)


def product(one: Number, other: Number) -> Number:
    """Return one number times another, exactly where both are fractions."""
    return _plain(one * other)


def quotient(one: Number, other: Number) -> Number:
    """Return one number over another, exactly where both are fractions."""
    if other == 0:
        raise ValueError(f"Here {one} is divided by 0, and nothing can be divided by 0.")
    if isinstance(one, float) or isinstance(other, float):
        return _plain(one / other)
    return _plain(Fraction(one, other))


def total(one: Number, other: Number) -> Number:
    """Return the sum of two numbers, exactly where both are fractions."""
    return _plain(one + other)


def parts(number: Number) -> tuple[int | float, int]:
    """Return (1, 9) for 1/9 and (0.5, 1) for 0.5.

    >>> parts(Fraction(1, 9)), parts(0.5)
    ((1, 9), (0.5, 1))
    """
    return (number.numerator, number.denominator) if isinstance(number, Fraction) else (number, 1)


def over_one_denominator(rows: list[list[Number]]) -> tuple[list[list[float]], int]:
    """Return whole numbers over one denominator where that is possible, else decimals.

    >>> over_one_denominator([[Fraction(1, 2), Fraction(1, 3)]]), over_one_denominator([[0.5, 1]])
    (([[3, 2]], 6), ([[0.5, 1.0]], 1))
    """
    pairs = [[parts(number) for number in row] for row in rows]
    common = math.lcm(*(below for row in pairs for _, below in row))
    whole = [[above * (common // below) for above, below in row] for row in pairs]
    numbers = [number for row in whole for number in row]
    if common <= MAX_DENOMINATOR and all(isinstance(n, int) and abs(n) <= EXACT for n in numbers):
        return whole, common
    return [[float(number) for number in row] for row in rows], 1


def _plain(number: Number) -> Number:
    """Return a whole number as int, and a number too long for a fraction as float."""
    if isinstance(number, float):
        if not math.isfinite(number):
            raise ValueError(f"The result is {number}, which is not finite.")
        return number
    if max(abs(number.numerator), number.denominator) > EXACT:
        return float(number)
    return number.numerator if number.denominator == 1 else number
