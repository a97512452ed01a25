"""Kernels as text: typed, pasted from a spreadsheet, or copied out of a program.

The text is taken apart by hand and never evaluated.
"""

import math
import re

from cnnviz.kernels.kernel import EXACT, Kernel, plain
from cnnviz.kernels.makers import MAX_SIDE

MAX_CHARACTERS = 20_000
MAX_DENOMINATOR = 10**6

_TIDY = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "\u00a0": " ", "\u202f": " ", "\r": "\n"}
)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?", re.ASCII)
_BRACKETS = str.maketrans("({)}", "[[]]")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\s*=")
_CALL = re.compile(r"[A-Za-z_][\w.]*\((.*)\)", re.DOTALL)
_KEYWORD = re.compile(r"\b[A-Za-z_]\w*\s*=")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def parse_kernel(text: str) -> Kernel:
    """Read a kernel from text.

    Rows stand on lines of their own or between semicolons, numbers between spaces, tabs or
    commas; a spreadsheet's lines of "1;0;-1" are read as well, and so are lists and arrays as
    Python, NumPy, PyTorch and MATLAB write them. A number may be a fraction, as 1/9. What
    multiplies or divides the whole kernel stands in front, "1/16 *", or, after a space, a new
    line or a bracket, at the end: "/ 16". A decimal comma is read only where tabs or a
    spreadsheet's semicolons stand between the numbers.

    Returns
    -------
    Kernel
        Of the family "own". Fractions of whole numbers become whole numbers and a divisor.

    Raises
    ------
    ValueError
        If a cell is not a finite number, the rows differ in length, there is nothing to read,
        or the kernel has more than 15 rows or columns; the text names the row and the cell.

    Examples
    --------
    >>> kernel = parse_kernel("1 2 1; 2 4 2; 1 2 1 / 16")
    >>> kernel.matrix.tolist(), kernel.divisor
    ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16)
    >>> parse_kernel("np.array([[1/2, 1/3]])").matrix.tolist()
    [[3, 2]]
    """
    rows, divisor = parse_matrix(text, called="kernel")
    description = "A kernel of your own: find out what it answers to most."
    return Kernel("own", "own", rows, divisor, description)


def parse_matrix(
    text: str, highest: int = MAX_SIDE, *, called: str = "matrix"
) -> tuple[list[list[float]], float]:
    """Read a matrix from text, as `parse_kernel` reads a kernel: its rows, and their divisor.

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
    text = text.translate(_TIDY).strip()
    if assignment := _ASSIGNMENT.match(text):
        text = text[assignment.end() :].lstrip()
    body, factor, divisor = _split_scale(text)
    if not math.isfinite(factor) or not math.isfinite(divisor):
        scale = f"{factor} / {divisor}"
        raise ValueError(f"The {called} is multiplied by {scale}, which is not finite.")
    rows = _rows(body)
    _check_shape(rows, highest, called)
    numbers = [
        [_cell(cell, row, column) for column, cell in enumerate(cells)]
        for row, cells in enumerate(rows)
    ]
    matrix, denominator = _over_one_denominator(numbers)
    return [[factor * number for number in row] for row in matrix], divisor * denominator


def format_kernel(kernel: Kernel) -> str:
    """Write a kernel as text that `parse_kernel` reads back to the same numbers.

    Examples
    --------
    >>> print(format_kernel(parse_kernel("[[1, 2], [-1, 0]] / 4")))
     1   2
    -1   0
    / 4
    """
    rows = [[str(number) for number in row] for row in kernel.matrix.tolist()]
    width = max(len(cell) for row in rows for cell in row)
    lines = ["  ".join(cell.rjust(width) for cell in row) for row in rows]
    return "\n".join(lines if kernel.divisor == 1 else [*lines, f"/ {kernel.divisor}"])


def _split_scale(text: str) -> tuple[str, float, float]:
    """Take "1/16 *" off the front and "/ 16" off the end: the rest, a factor and a divisor."""
    factor: float = 1
    divisor: float = 1
    head, _, tail = text.partition("*")
    if tail and (scale := _fraction(head.strip().strip("()"))):
        factor, divisor, text = *scale, tail.strip()
    for sign in "*/":
        cut = text.rfind(sign)
        if cut < 1 or text[cut - 1] not in " \t\n)]}":
            continue  # within a cell, as in 1/9, or none
        if scale := _fraction(text[cut + 1 :].strip().strip("()")):
            above, below = scale if sign == "*" else scale[::-1]
            factor, divisor, text = factor * above, divisor * below, text[:cut].rstrip()
    return text, factor, divisor


def _rows(body: str) -> list[list[str]]:
    """Cut the text into rows of cells."""
    if call := _CALL.fullmatch(body):
        body = _KEYWORD.split(call[1])[0].strip(" \t\n,")  # without dtype=…
    body = body.translate(_BRACKETS)
    opened, closed = body.count("["), body.count("]")
    if opened != closed:
        raise ValueError(f"The brackets do not match: {opened} open and {closed} close.")
    if not opened:
        return _lines(body)
    inner = "/".join(part.strip() for part in body[1:-1].split("/"))  # 1 / 9 is one number here
    if body[0] == "[" and body[-1] == "]":
        if opened == 1:
            return _lines(inner)
        outside, *pieces = inner.split("[")
        rows, gaps = zip(*(piece.partition("]")[::2] for piece in pieces), strict=True)
        if not "".join([outside, *gaps]).strip(" ,;\t\n"):
            return [_cells(row, number) for number, row in enumerate(rows)]
    raise ValueError("The brackets should hold rows, as in [[1, 0], [0, -1]].")


def _lines(body: str) -> list[list[str]]:
    """Cut text without brackets into rows of cells."""
    lines = [line for raw in body.split("\n") if (line := raw.strip().rstrip("; \t"))]
    table = [[cell.strip() for cell in line.split(";")] for line in lines]
    parts = [part for row in table for part in row]
    one_by_one = all(len(part.split()) < 2 for part in parts)
    if len(table) > 1 and one_by_one and all(len(row) > 1 for row in table):
        return [[_decimal_point(cell) for cell in row] for row in table]  # from a spreadsheet
    return [_cells(part, number) for number, part in enumerate(parts)]


def _cells(row: str, number: int) -> list[str]:
    """Cut a row at its commas, tabs or spaces."""
    if "," not in row:
        return [cell.strip() for cell in row.split("\t" if "\t" in row else None)]
    cells = [cell.strip() for cell in row.split(",")]
    if all(len(cell.split()) < 2 for cell in cells):
        return cells if cells[-1] else cells[:-1]
    cells = [cell.strip() for cell in row.split("\t")]
    if all("," not in cell or _DECIMAL_COMMA.fullmatch(cell) for cell in cells):
        return [_decimal_point(cell) for cell in cells]
    raise ValueError(
        f"Row {number} has both commas and spaces between its numbers: keep one of the two, "
        f"and write decimals with a point."
    )


def _decimal_point(cell: str) -> str:
    return cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell


def _check_shape(rows: list[list[str]], highest: int, called: str) -> None:
    if not any(rows):
        raise ValueError("There is no number in the text: write rows of numbers, as 1 0 -1.")
    columns = len(rows[0])
    for number, row in enumerate(rows):
        if len(row) != columns:
            raise ValueError(
                f"Row {number} has {_count(len(row), 'number')} and row 0 has {columns}; "
                f"all rows need the same."
            )
    if max(len(rows), columns) > highest:
        raise ValueError(
            f"The {called} has {_count(len(rows), 'row')} and {_count(columns, 'column')}; "
            f"at most {highest} of each can be used."
        )


def _count(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _cell(text: str, row: int, column: int) -> tuple[float, float]:
    """Return numerator and denominator of a cell, or say which cell is wrong."""
    where = f"Row {row}, column {column} is"
    if not text:
        raise ValueError(f"{where} empty.")
    shown = text if len(text) <= 24 else f"{text[:23]}…"
    fraction = _fraction(text)
    if fraction is None:
        raise ValueError(f"{where} “{shown}”, which is not a number.")
    if not all(map(math.isfinite, fraction)):
        raise ValueError(f"{where} “{shown}”, which is too large a number.")
    if fraction[1] == 0:
        raise ValueError(f"{where} “{shown}”, and nothing can be divided by 0.")
    return fraction


def _fraction(text: str) -> tuple[float, float] | None:
    """Return (1, 9) for "1/9" and (0.5, 1) for "0.5", or None for what is no number."""
    parts = text.split("/")
    if len(parts) > 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    above, below = (plain(float(part)) for part in (*parts, "1")[:2])
    return above, below


def _over_one_denominator(
    numbers: list[list[tuple[float, float]]],
) -> tuple[list[list[float]], int]:
    """Return whole numerators over one denominator where that is possible, else quotients."""
    flat = [part for row in numbers for fraction in row for part in fraction]
    if all(isinstance(part, int) for part in flat):
        common = math.lcm(*(int(below) for row in numbers for _, below in row))
        matrix = [[above * (common // below) for above, below in row] for row in numbers]
        if common <= MAX_DENOMINATOR and max(abs(n) for row in matrix for n in row) <= EXACT:
            return matrix, common
    return [[above / below for above, below in row] for row in numbers], 1
