"""Kernels as text: typed, pasted from a spreadsheet, or copied out of a program.

The text is parsed and never run: `tidy` normalises the characters, `table` reads rows without
brackets, and `program` reads text with brackets, and the closed list of `calls`.
"""

import re

import numpy as np

from cnnviz.functional.checks import count_of
from cnnviz.kernels.kernel import Kernel
from cnnviz.kernels.makers import MAX_SIDE
from cnnviz.kernels.text.operations import EMPTY
from cnnviz.kernels.text.program import evaluated
from cnnviz.kernels.text.table import check_even, fraction, table
from cnnviz.kernels.text.tidy import tidy
from cnnviz.kernels.text.values import Array, Number, over_one_denominator, product

__all__ = ["format_kernel", "parse_kernel", "parse_matrix"]

MAX_CHARACTERS = 20_000

_SCALE = r"([+-]?[\d.]{1,40}(?:[eE][+-]?\d{1,4})?(?: ?/ ?[\d.]{1,40}(?:[eE][+-]?\d{1,4})?)?)"
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\s*=(?!=)\s*")
_FRONT = re.compile(rf"\(?\s*{_SCALE}\s*(?:\)\s*)?\*\s*(?=\S)")
_END = re.compile(rf"(?<=[\s\])}}])([*/])\s*\(?{_SCALE}\)?$")


def parse_kernel(text: str) -> Kernel:
    """Read a kernel from text.

    Rows are separated by new lines or semicolons, numbers by spaces, tabs or commas; a
    spreadsheet's lines of "1;0;-1" are read as well. So are arrays as Python, NumPy, PyTorch,
    MATLAB, C and LaTeX write them, and the calls that make them: ones, zeros, full, eye, diag,
    outer, transpose, flip, rot90, negative, abs. Nothing is ever run.

    A number may be a fraction, such as 1/9. A factor for the whole kernel goes in front, "1/16 *",
    and a divisor at the end, "/ 16", after a space, a new line or a bracket. A decimal comma is
    read only where tabs or a spreadsheet's semicolons separate the numbers.

    Returns
    -------
    Kernel
        A kernel of the family "own". Fractions of whole numbers become whole numbers and a divisor.

    Raises
    ------
    ValueError
        If a cell is not a finite number, the rows differ in length, there is nothing to read, a
        call is not in the list above, or the kernel has more than 15 rows or columns; the message
        names the row and the cell, or the call.

    Examples
    --------
    >>> kernel = parse_kernel("1 2 1; 2 4 2; 1 2 1 / 16")
    >>> kernel.matrix.tolist(), kernel.divisor
    ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16)
    >>> parse_kernel("np.ones((2, 2)) / 4").weights.tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    rows, divisor = parse_matrix(text, called="kernel")
    description = "A kernel of your own: find out what it responds to most."
    return Kernel("own", "own", rows, divisor, description)


def parse_matrix(
    text: str, highest: int = MAX_SIDE, *, called: str = "matrix"
) -> tuple[list[list[float]], float]:
    """Read a matrix from text the way `parse_kernel` does; return its rows and their divisor.

    Raises
    ------
    ValueError
        If the text is not such a matrix; the message says why in one sentence.

    Examples
    --------
    >>> parse_matrix("1 2; 3 4 / 16")
    ([[1, 2], [3, 4]], 16)
    >>> parse_matrix("1 2 3", highest=2)
    Traceback (most recent call last):
    ValueError: The matrix has 1 row and 3 columns; at most 2 of each can be used.
    """
    if not isinstance(text, str):
        raise TypeError(f"A {called} is read from text, not from {type(text).__name__}.")
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"The text has {len(text)} characters; at most {MAX_CHARACTERS} are read.")
    text = tidy(text)
    name = _ASSIGNMENT.match(text)
    body, factor, divisor = _split_scale(text[name.end() :] if name else text)
    scale: tuple[Number, Number] = factor, divisor
    if any(bracket in body for bracket in "()[]{}"):
        array = evaluated(text)
        rows, scale = _two_axes(array), (1, array.divisor)
    else:
        rows = table(body)
    _check_shape(rows, highest, called)
    matrix, common = over_one_denominator(rows)
    scaled = [[_decimal(product(number, scale[0])) for number in row] for row in matrix]
    return scaled, _decimal(product(scale[1], common))


def format_kernel(kernel: Kernel) -> str:
    """Write a kernel as text that `parse_kernel` reads back to the same numbers.

    Raises
    ------
    TypeError
        If it is not a `Kernel`.

    Examples
    --------
    >>> print(format_kernel(parse_kernel("[[1, 2], [-1, 0]] / 4")))
     1   2
    -1   0
    / 4
    """
    if not isinstance(kernel, Kernel):
        raise TypeError(f"A Kernel is written as text, not {type(kernel).__name__}.")
    rows = [[str(number) for number in row] for row in kernel.matrix.tolist()]
    width = max(len(cell) for row in rows for cell in row)
    lines = ["  ".join(cell.rjust(width) for cell in row) for row in rows]
    return "\n".join(lines if kernel.divisor == 1 else [*lines, f"/ {kernel.divisor}"])


def _decimal(number: Number) -> float:
    return number if isinstance(number, int) else float(number)


def _split_scale(text: str) -> tuple[str, float, float]:
    """Take "1/16 *" off the front and "/ 16" off the end: the rest, a factor and a divisor."""
    factor: float = 1
    divisor: float = 1
    if (front := _FRONT.match(text)) and (scale := fraction(front[1].replace(" ", ""))):
        (factor, divisor), text = scale, text[front.end() :]
    for _ in "*/":
        end = _END.search(text)
        if not end or not text[: end.start()].strip():
            break
        scale = fraction(end[2].replace(" ", ""))
        if scale is None:
            break
        above, below = scale if end[1] == "*" else scale[::-1]
        factor, divisor, text = factor * above, divisor * below, text[: end.start()].rstrip()
    for number in factor, divisor:
        if not np.isfinite(number):
            raise ValueError(
                f"The numbers are multiplied by {factor} / {divisor}, which is not finite."
            )
    return text, factor, divisor


def _two_axes(array: Array) -> list[list[Number]]:
    """Return the rows of an array that has no more than two axes longer than 1."""
    shape = list(array.shape)
    for at in (0, -1):
        while len(shape) > 2 and shape[at] == 1:
            del shape[at]
    if len(shape) > 2:
        raise ValueError(
            f"The text holds an array of {' × '.join(map(str, array.shape))}, which is more than "
            f"one kernel: paste one of them."
        )
    return np.atleast_2d(array.cells.reshape(shape)).tolist()


def _check_shape(rows: list[list[Number]], highest: int, called: str) -> None:
    if not any(rows):
        raise ValueError(EMPTY)
    check_even(rows)
    columns = len(rows[0])
    if max(len(rows), columns) > highest:
        raise ValueError(
            f"The {called} has {count_of(len(rows), 'row')} and {count_of(columns, 'column')}; "
            f"at most {highest} of each can be used."
        )
