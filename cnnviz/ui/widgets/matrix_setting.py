"""The setting of a matrix: its numbers as typed, pasted, and written in a link."""

import re
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.checks import count_of
from cnnviz.kernels import MAX_SIDE, Kernel, parse_kernel
from cnnviz.kernels.edits import ratio
from cnnviz.kernels.kernel import plain
from cnnviz.kernels.text import parse_matrix
from cnnviz.ui.widgets.settings import Setting

LARGEST = 10**6  # largest number; sums and products stay far from overflow


class Cells(NamedTuple):
    """The numbers of a grid: rows of equal length, and their common divisor.

    Examples
    --------
    >>> cells = Cells.of([[1, 2], [2, 4]], 16)
    >>> cells.rows, cells.array.tolist()
    (((1, 2), (2, 4)), [[0.0625, 0.125], [0.125, 0.25]])
    """

    rows: tuple[tuple[float, ...], ...]
    divisor: float = 1

    @classmethod
    def of(cls, matrix: ArrayLike, divisor: float = 1) -> Self:
        """Return the cells of a matrix (H, W); raise ValueError if they are not finite numbers.

        Examples
        --------
        >>> Cells.of([[1, 0]], 0)
        Traceback (most recent call last):
        ValueError: The divisor is 0, and nothing can be divided by 0.
        """
        kernel = Kernel("own", "own", matrix, divisor)
        rows = tuple(tuple(map(plain, row)) for row in kernel.matrix.tolist())
        return cls(rows, kernel.divisor)

    @property
    def array(self) -> NDArray[np.float64]:
        """The numbers (H, W), divided by the divisor."""
        return np.array(self.rows, np.float64) / self.divisor

    @property
    def kernel(self) -> Kernel:
        """The numbers as a kernel, with fractions as whole numbers over one divisor."""
        return parse_kernel(self.text)

    @property
    def text(self) -> str:
        """The rows, separated by semicolons: "0,-1,0;-1,5,-1;0,-1,0 /16"."""
        rows = ";".join(",".join(map(_written, row)) for row in self.rows)
        return rows if self.divisor == 1 else f"{rows} /{self.divisor}"


@dataclass(frozen=True)
class Matrix(Setting):
    """A grid of numbers, with 1 to `highest` rows and columns.

    In a link, commas separate the numbers, because a space would take three characters.
    """

    highest: int = MAX_SIDE

    def parse(self, text: str) -> Cells:
        """Parse a text into cells; raise ValueError if it is not valid.

        Examples
        --------
        >>> Matrix("page.own", "Own kernel", None).parse("1 2; -1 1/2 /4")
        Cells(rows=((1, 2), (-1, 0.5)), divisor=4)
        """
        body, _, divisor = text.partition(" /")
        rows = [re.split(r"[,\s]+", row.strip()) for row in re.split(r"[;\n]", body.strip(" ;\n"))]
        return self.checked([list(map(_number, row)) for row in rows], _number(divisor or "1"))

    def format(self, value: Cells) -> str:
        """Return the cells as text."""
        return value.text

    def plain(self, value: Cells) -> str:
        """Return the cells as text for settings.json."""
        return value.text

    def checked(self, rows: list[list[float]], divisor: float) -> Cells:
        """Return the cells; raise ValueError if they are not a matrix, or too large."""
        widths = {len(row) for row in rows}
        if len(widths) != 1:
            found = " and ".join(map(str, sorted(widths)))
            raise ValueError(f"The rows have {found} numbers; all rows need the same length.")
        height, width = len(rows), widths.pop()
        if not (1 <= height <= self.highest and 1 <= width <= self.highest):
            raise ValueError(
                f"The matrix has {count_of(height, 'row')} and {count_of(width, 'column')}; "
                f"from 1 to {self.highest} of each can be used."
            )
        cells = Cells.of(rows, divisor)
        if (largest := abs(cells.array).max()) > LARGEST:
            raise ValueError(
                f"The largest number is {largest:.12g}, and numbers up to {LARGEST} can be used."
            )
        return cells

    def pasted(
        self, value: Cells, text: str, where: tuple[int, int, int, int], *, divided: bool
    ) -> Cells:
        """Return the cells after a paste: one number fills a range, several make a new matrix.

        Parameters
        ----------
        value : Cells
            The cells before the paste.
        text : str
            See `cnnviz.kernels.parse_kernel`.
        where : (top, left, bottom, right)
            The range, both ends included.
        divided : bool
            Divide the numbers instead of keeping the divisor.

        Raises
        ------
        ValueError
            If the text is not a matrix; the message says why.

        Examples
        --------
        >>> setting, cells = Matrix("page.own", "Own kernel", None), Cells.of([[1, 2], [3, 4]])
        >>> setting.pasted(cells, "1/2", (0, 0, 1, 0), divided=False).rows
        ((0.5, 2), (0.5, 4))
        >>> setting.pasted(cells, "2 4 / 8", (0, 0, 0, 0), divided=True)
        Cells(rows=((0.25, 0.5),), divisor=1)
        """
        read = Cells.of(*parse_matrix(text, self.highest))
        if read.array.size == 1:
            top, left, bottom, right = where
            rows = np.array(value.rows)
            rows = rows.astype(np.result_type(rows, np.float64))
            rows[top : bottom + 1, left : right + 1] = read.array
            return self.checked(rows.tolist(), value.divisor)
        if divided:
            return self.checked(read.array.tolist(), 1)
        return self.checked([list(row) for row in read.rows], read.divisor)

    def read(self, state: Any) -> Cells:
        """Return the value that the browser sent; invalid input changes nothing."""
        try:
            rows, divisor = state["matrix"], state.get("divisor", 1)
            if all(_is_number(number) for number in chain([divisor], *rows)):
                return self.checked(rows, divisor)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            pass  # untrusted input: anything may arrive
        return self.value


def _number(text: str) -> float:
    """Parse a number such as "0.5" or "1/9"."""
    above, _, below = text.partition("/")
    try:
        return float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"“{text}” is not a number.") from None


def _written(number: float) -> str:
    """Write a number as a decimal or a fraction, whichever is exact and shorter."""
    exact, (above, below) = str(number), ratio(number)
    return exact if below == 1 or len(exact) <= 8 else f"{above}/{below}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
