"""A position among the tokens of a text, and the messages about what is found there."""

from cnnviz.kernels.text.tokens import Token, shown, tokens

DEEPEST = 32  # levels of nested brackets, parentheses and signs
CLOSING = {"(": ")", "[": "]", "{": "}"}


class TokenCursor:
    """Steps through the tokens of a text and knows which cell it is in.

    Examples
    --------
    >>> cursor = TokenCursor("[1")
    Traceback (most recent call last):
    ValueError: The brackets do not match: 1 open and 0 close.
    """

    def __init__(self, text: str) -> None:
        self.pieces, self.at, self.depth = tokens(text), 0, 0
        self.path: list[tuple[int, int]] = []  # row and column in each bracket that is open
        _check_brackets(self.pieces)

    @property
    def next(self) -> Token:
        """The next token; the last has the kind "end"."""
        return self.pieces[self.at]

    @property
    def after(self) -> Token:
        """The token after the next."""
        return self.pieces[min(self.at + 1, len(self.pieces) - 1)]

    def take(self) -> Token:
        """Return the next token and move past it."""
        piece = self.next
        self.at += piece.kind != "end"
        return piece

    def taken(self, *signs: str) -> bool:
        """Skip the next token if it is one of these signs, and say whether it was."""
        found = self.next.kind == "sign" and self.next.text in signs
        self.at += found
        return found

    def skip(self, *signs: str) -> Token:
        """Skip these signs and return the next token."""
        while self.taken(*signs):
            pass
        return self.next

    def expect(self, sign: str) -> None:
        """Skip a required sign, and any new lines before it."""
        self.skip("\n")
        if not self.taken(sign):
            raise self.unexpected(self.next)

    def deeper(self) -> None:
        """Go one level deeper, unless that is too deep."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"The brackets and signs are nested in more than {DEEPEST} levels.")

    @property
    def where(self) -> str:
        """The row and the column of the cell being read."""
        row, column = self.path[-1]
        return f"Row {row or (self.path[-2][1] if len(self.path) > 1 else 0)}, column {column}"

    def unexpected(self, piece: Token) -> ValueError:
        """Return an error that says what is wrong with a token, and where it is."""
        if piece.kind == "end":
            return ValueError("The text ends where a number is expected.")
        if piece.kind == "cut":
            return ValueError(f"At {shown(piece.text)} numbers were left out: print all of them.")
        what = shown(piece.text.strip() or "a new line")
        if self.path:
            return ValueError(f"{self.where} is {what}, which is not a number.")
        if piece.kind == "name":
            return ValueError(f"The name {what} does not stand for a number in this text.")
        return ValueError(f"A number, or a row of numbers, is expected at {what}.")


def _check_brackets(pieces: list[Token]) -> None:
    """Refuse brackets that do not match, and say how many there are."""
    signs = [piece.text for piece in pieces if piece.kind == "sign"]
    opened, closed = (sum(sign in side for sign in signs) for side in ("([{", ")]}"))
    if opened != closed:
        raise ValueError(f"The brackets do not match: {opened} open and {closed} close.")
    waiting: list[str] = []
    for sign in signs:
        if sign in CLOSING:
            waiting.append(sign)
        elif sign in CLOSING.values():
            before = waiting.pop() if waiting else ""
            if CLOSING.get(before) != sign:
                opening = shown(before) if before else "nothing"
                raise ValueError(f"The brackets do not match: {shown(sign)} closes {opening}.")
