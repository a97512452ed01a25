"""Rows without brackets: typed, or copied from a spreadsheet or a console."""

import math
import re
from collections.abc import Sequence

from cnnviz.kernels.kernel import plain
from cnnviz.kernels.text.tokens import shown
from cnnviz.kernels.text.values import Number, quotient

_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?", re.ASCII)
_FRACTION = re.compile(r"(?<=\d) ?/ (?=[\d.])|(?<=\d) /(?=[\d.])")  # 1 / 9 is one number
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def table(text: str) -> list[list[Number]]:
    r"""Return the rows of numbers; they need not have the same length.

    Examples
    --------
    >>> table("1 0 -1; 2 0 -2"), table("0,5;1\n2;1,5")
    ([[1, 0, -1], [2, 0, -2]], [[0.5, 1], [2, 1.5]])
    """
    rows = _rows(_FRACTION.sub("/", text))
    check_even(rows)
    return [[_cell(cell, row, column) for column, cell in enumerate(cells)]
            for row, cells in enumerate(rows)]  # fmt: skip


def fraction(text: str) -> tuple[float, float] | None:
    """Return (1, 9) for "1/9" and (0.5, 1) for "0.5", or None if it is not a number."""
    written = text.split("/")
    if len(written) > 2 or not all(_NUMBER.fullmatch(part) for part in written):
        return None
    above, below = (plain(float(part)) for part in (*written, "1")[:2])
    return above, below


def check_even(rows: Sequence[Sequence[object]]) -> None:
    """Refuse rows that differ in length."""
    for row, cells in enumerate(rows):
        if len(cells) != len(rows[0]):
            raise ValueError(uneven(row, len(cells), len(rows[0])))


def uneven(row: int, columns: int, wanted: int) -> str:
    """Say that a row is not as long as the first."""
    numbers = "1 number" if columns == 1 else f"{columns} numbers"
    return f"Row {row} has {numbers} and row 0 has {wanted}; all rows need the same length."


def _rows(text: str) -> list[list[str]]:
    """Cut the text into rows of cells."""
    lines = [line for raw in text.split("\n") if (line := raw.strip(" ").rstrip("; \t"))]
    table = [[part.strip(" ") for part in line.split(";")] for line in lines]
    if len(table) > 1 and all(len(row) > 1 and _are_cells(row) for row in table):
        return [[_decimal_point(cell.strip()) for cell in row] for row in table]  # a spreadsheet's
    return [_cells(part, row) for row, part in enumerate(part for line in table for part in line)]


def _cells(row: str, number: int) -> list[str]:
    """Cut a row at its tabs, commas or spaces."""
    if "," not in row:
        return [cell.strip() for cell in row.split("\t" if "\t" in row.strip() else None)]
    by_comma = [cell.strip() for cell in row.split(",")]
    if _are_cells(by_comma):
        return by_comma if by_comma[-1] else by_comma[:-1]
    by_tab = [cell.strip() for cell in row.split("\t")]
    if all("," not in cell or _DECIMAL_COMMA.fullmatch(cell) for cell in by_tab):
        return [_decimal_point(cell) for cell in by_tab]
    raise ValueError(
        f"Row {number} has both commas and spaces between its numbers: keep one of the two, "
        f"and write decimals with a point."
    )


def _are_cells(parts: list[str]) -> bool:
    """Whether no part contains a space."""
    return all(len(part.split()) < 2 for part in parts)


def _decimal_point(cell: str) -> str:
    return cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell


def _cell(text: str, row: int, column: int) -> Number:
    """Return the number in a cell, or say which cell is wrong."""
    where = f"Row {row}, column {column} is"
    if not text:
        raise ValueError(f"{where} empty.")
    pair = fraction(text)
    if pair is None:
        raise ValueError(f"{where} {shown(text)}, which is not a number.")
    if pair[1] == 0:
        raise ValueError(f"{where} {shown(text)}, and nothing can be divided by 0.")
    if not all(map(math.isfinite, (*pair, pair[0] / pair[1]))):
        raise ValueError(f"{where} {shown(text)}, which is too large a number.")
    return quotient(*pair)
