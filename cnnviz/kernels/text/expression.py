"""Brackets, calls and programs: read by a grammar of our own, for several languages at once.

program    = statement { (newline | ";") statement }
statement  = [declaration "="] rows
rows       = sum { [","] sum }                 # rows without brackets around them
sum        = product { ("+" | "-") product }
product    = unary { ("*" | "/" | "@") unary }
unary      = "-" unary | postfix
postfix    = primary { "'" | ".T" | ".reshape(…)" | "[:, None]" }
primary    = number | name | call | "(" … ")" | brackets
brackets   = "[" { sum | "," | ";" | newline } "]"
"""

import numpy as np

from cnnviz.kernels.text.arguments import Arguments, WordArgument
from cnnviz.kernels.text.calls import called, method
from cnnviz.kernels.text.cursor import CLOSING, TokenCursor
from cnnviz.kernels.text.operations import combined, negative, row, stacked
from cnnviz.kernels.text.tokens import Token, number, shown
from cnnviz.kernels.text.values import Array, Value

TIMES = ("*", "/", "@", ".*", "./")
COLUMNS = (":,None", ":,np.newaxis")  # turns a row into a column
ROWS = ("None,:", "np.newaxis,:", ":", ":,:", "None")  # leave a row as it is


class Expressions:
    """Reads expressions from a cursor, and knows the variables assigned so far."""

    def __init__(self, cursor: TokenCursor) -> None:
        self.cursor = cursor
        self.known: dict[str, Value] = {}

    # Operations

    def sum(self, cells: bool = False) -> Value:
        """Read a sum; between `cells`, "1 -2" are two numbers and "1 - 2" is one."""
        self.cursor.deeper()
        value = self._product(cells)
        while True:
            sign = self._operation(cells)
            if sign.text not in ("+", "-") or (cells and sign.before and not sign.after):
                self.cursor.depth -= 1
                return value
            self.cursor.take()
            value = combined(sign.text, value, self._product(cells))

    def _product(self, cells: bool) -> Value:
        value = self._unary(cells)
        while True:
            sign = self._operation(cells)
            if sign.text in ("**", "//"):
                what = shown(sign.text)
                raise ValueError(f"The sign {what} is not supported: write the result.")
            if sign.text in TIMES:
                self.cursor.take()
                value = combined(sign.text, value, self._unary(cells))
            elif not cells and not isinstance(value, Array) and self._starts_array():
                value = combined("*", value, self._unary(cells))
            else:
                return value

    def _operation(self, cells: bool) -> Token:
        """Return the next token; outside brackets, an operator may be on the next line."""
        start = self.cursor.at
        if not cells and self.cursor.skip("\n").text not in (*TIMES, "+"):
            self.cursor.at = start
        return self.cursor.next

    def _starts_array(self) -> bool:
        piece = self.cursor.next
        return piece.text in ("[", "{") or (piece.kind == "name" and self.cursor.after.text == "(")

    def _unary(self, cells: bool) -> Value:
        if not self.cursor.taken("-", "+"):
            return self._postfix(cells)
        is_negative = self.cursor.pieces[self.cursor.at - 1].text == "-"
        self.cursor.deeper()
        value = self._unary(cells)
        self.cursor.depth -= 1
        return negative(value) if is_negative else value

    # Values

    def _postfix(self, cells: bool) -> Value:
        value = self._primary(cells)
        while isinstance(value, Array):
            piece = self.cursor.next
            if piece.text == "[" and not piece.before and not cells:
                value = self._picked(value)
            elif piece.text == "." and self.cursor.after.kind == "name":
                self.cursor.take()
                value = self._methods(value, self.cursor.take().text)
            elif not piece.before and (self.cursor.taken("'") or self.cursor.taken(".'")):
                value = value.moved(lambda cells: np.atleast_2d(cells).T)
            else:
                break
        return value

    def _methods(self, value: Value, names: str) -> Value:
        """Apply the methods of a dotted name; the last may have arguments."""
        *first, last = names.split(".")
        for name in first:
            value = method(value, Arguments(name, [], {}))
        return method(value, self._arguments(last) if self._calls() else Arguments(last, [], {}))

    def _calls(self) -> bool:
        return self.cursor.next.text == "("

    def _picked(self, value: Array) -> Array:
        """Read `[:, None]`, which turns a row into a column, or `[None, :]`."""
        start = self.cursor.at
        while not self.cursor.taken("]"):
            self.cursor.take()
        pick = "".join(piece.text for piece in self.cursor.pieces[start + 1 : self.cursor.at - 1])
        if pick in COLUMNS and len(value.shape) == 1:
            return value.moved(lambda cells: cells[:, np.newaxis])
        if pick in ROWS:
            return value
        raise ValueError(
            f"Picking cells by {shown(f'[{pick}]')} is not supported: write the numbers."
        )

    def _primary(self, cells: bool) -> Value:
        if not cells:
            self.cursor.skip("\n")
        piece = self.cursor.take()
        if piece.kind == "number":
            value = number(piece.text)
            if value == float("inf"):
                where = f"{self.cursor.where} is" if self.cursor.path else "There is"
                raise ValueError(f"{where} {shown(piece.text)}, which is too large a number.")
            return value
        if piece.text in ("[", "{"):
            return self._brackets(CLOSING[piece.text])
        if piece.text == "(":
            return self._parentheses()
        if piece.text == "new":  # as in `new float[][] {{1, 2}}`
            while self.cursor.next.kind == "name" or self.cursor.next.text in ("[", "]", ","):
                self.cursor.take()
            return self._primary(cells)
        if piece.kind == "name" and self._calls() and not (cells and self.cursor.next.before):
            return self._called(piece)
        return self.named(piece)

    def named(self, piece: Token) -> Value:
        """Return the value of a name, with the methods after its dots."""
        name, _, methods = piece.text.partition(".")
        if name not in self.known:
            raise self.cursor.unexpected(piece)
        return self._methods(self.known[name], methods) if methods else self.known[name]

    def _called(self, piece: Token) -> Value:
        if piece.text.partition(".")[0] in self.known:
            return self.named(piece)
        return called(self._arguments(piece.text))

    def _arguments(self, name: str) -> Arguments:
        """Read the arguments between the parentheses of a call."""
        arguments = Arguments(name, [], {})
        path, self.cursor.path = self.cursor.path, []
        self.cursor.expect("(")
        while self.cursor.skip("\n", ",").text != ")":
            if self.cursor.after.text == "=":
                key = self.cursor.take().text
                self.cursor.take()
                arguments.named[key] = self._argument()
            else:
                arguments.values.append(self._argument())
            if self.cursor.skip("\n").text not in (",", ")"):
                raise self.cursor.unexpected(self.cursor.next)
        self.cursor.expect(")")
        self.cursor.path = path
        return arguments

    def _argument(self) -> Value | WordArgument:
        """Read a value, or a name that has none, such as a type."""
        piece = self.cursor.skip("\n")
        is_name = piece.kind == "name" and piece.text.partition(".")[0] not in self.known
        if piece.kind == "string" or (is_name and self.cursor.after.text in (",", ")", "\n")):
            return WordArgument(self.cursor.take().text.strip("'\""))
        return self.sum()

    def _parentheses(self) -> Value:
        """Read a value in parentheses, or several, which are a list."""
        values: list[Value] = []
        is_list = False
        while self.cursor.skip("\n").text != ")":
            values.append(self.sum())
            if self.cursor.skip("\n").text != ")":
                self.cursor.expect(",")
                is_list = True
        self.cursor.expect(")")
        return stacked(values) if is_list or not values else values[0]

    def _brackets(self, closing: str) -> Array:
        """Read the rows in brackets; a new line ends a row only in the outermost brackets."""
        cursor, rows, empty = self.cursor, [list[Value]()], True
        outermost = not cursor.path
        while not cursor.taken(closing):
            cells = rows[-1]
            cursor.path.append((len(rows) - 1, len(cells)))
            if cursor.taken(","):
                if empty:
                    raise ValueError(f"{cursor.where} is empty.")
                empty = True  # no cell since the last comma
            elif cursor.taken(";"):
                rows, empty = [*rows, []], True
            elif cursor.taken("\n"):
                if outermost and cells and not isinstance(cells[-1], Array):
                    rows, empty = [*rows, []], True
            else:
                cells.append(self.sum(cells=True))
                empty = False
            cursor.path.pop()
        filled = [cells for cells in rows if cells]
        return stacked(filled[0]) if len(filled) == 1 else stacked([row(one) for one in filled])
