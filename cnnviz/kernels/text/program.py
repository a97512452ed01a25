"""Programs: statements that give a matrix a name, change it, or are a matrix.

program    = statement { (newline | ";") statement }
statement  = [declaration "="] rows
rows       = sum { [","] sum }                 # rows without brackets around them
"""

from cnnviz.kernels.text.cursor import CLOSING, TokenCursor
from cnnviz.kernels.text.expression import Expressions
from cnnviz.kernels.text.operations import EMPTY, combined, in_shape, stacked
from cnnviz.kernels.text.tokens import Token, shown
from cnnviz.kernels.text.values import Array, Value

ASSIGNING = ("=", "+=", "-=", "*=", "/=")


def evaluated(text: str) -> Array:
    """Return the value of the last statement of a text.

    Examples
    --------
    >>> evaluated("k = 1/9 * ones(2)").divisor, evaluated("np.diag([1, 2])").cells.tolist()
    (9, [[1, 0], [0, 2]])
    """
    return _Program(TokenCursor(text)).result()


class _Program(Expressions):
    """Reads statement by statement."""

    def result(self) -> Array:
        """Return the value of the last statement."""
        result: Value | None = None
        while self.cursor.skip("\n", ";").kind != "end":
            if self.cursor.next.text in ("import", "from"):
                while self.cursor.next.kind != "end" and not self.cursor.taken("\n"):
                    self.cursor.take()
            else:
                result = self._statement()
        if result is None or (isinstance(result, Array) and not result.cells.size):
            raise ValueError(EMPTY)
        return result if isinstance(result, Array) else Array.full(result, (1, 1))

    def _statement(self) -> Value:
        names, sizes, sign = self._declaration()
        value = self._rows()
        if sign and sign != "=":
            value = combined(sign[0], self.named(Token("name", names[0])), value)
        if sizes:
            if not isinstance(value, Array) or names[-1] in self.known:
                raise ValueError(
                    f"Changing a cell of {names[-1]} is not supported: write all numbers."
                )
            value = in_shape(value, sizes) if len(value.shape) == 1 else value
        self.known |= dict.fromkeys(names, value)
        rest = self.cursor.next
        if rest.kind != "end" and rest.text not in ("\n", ";"):
            raise ValueError(
                f"The text goes on after the matrix with {shown(rest.text)}: "
                f"paste the matrix alone."
            )
        return value

    def _declaration(self) -> tuple[list[str], list[int], str]:
        """Read `float k[3][3] =` or `k /=`: the names, the sizes, and the sign; or nothing."""
        cursor = self.cursor
        names: list[str] = []
        sizes: list[int] = []
        if cursor.next.kind == "name":
            for at, piece in enumerate(cursor.pieces[cursor.at :], cursor.at + 1):
                if piece.text in ASSIGNING:
                    cursor.at = at
                    return names, sizes, piece.text
                if piece.kind == "name":
                    names.append(piece.text)
                elif piece.text.isdecimal() and cursor.pieces[at - 2].text == "[":
                    sizes.append(int(piece.text[:9]))
                elif piece.kind != "sign" or piece.text not in "[],:<>*":
                    break
        return [], [], ""

    def _rows(self) -> Value:
        """Read a value, or the rows of a matrix without brackets around them."""
        value = self.sum()
        if not isinstance(value, Array):
            return value
        rows: list[Value] = [value]
        while self._starts_row():
            rows.append(self.sum())
        self.cursor.taken(",")
        return value if len(rows) == 1 else stacked(rows)

    def _starts_row(self) -> bool:
        """Go to the next row, if there is one."""
        start, follows = self.cursor.at, self.cursor.next.before
        if self.cursor.skip(",", ";", "\n").text in CLOSING and (follows or self.cursor.at > start):
            return True
        self.cursor.at = start
        return False
