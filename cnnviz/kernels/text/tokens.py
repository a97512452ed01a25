"""The tokens of brackets, calls and programs: numbers, names, signs."""

import re
from typing import NamedTuple

from cnnviz.kernels.kernel import plain
from cnnviz.kernels.text.values import Number

_OTHER = r"""[^\s\w\-+*/@()\[\]{},;:='"…<>.]"""  # in no token but those of the kind "rest"
_TOKEN = re.compile(
    rf"""(?P<space>[ \t]+)
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[fFlL]?(?![\w.]|{_OTHER}))
    | (?P<string>"[^"\n]*"|(?<![\w\])}}.'])'[^'\n]*')
    | (?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
    | (?P<cut>\.\.\.|…)
    | (?P<sign>\.\*|\./|\*\*|//|\.'|[-+*/=]=|[-+*/@()\[\]{{}},;:='\n.<>])
    | (?P<rest>[\w.]*(?:{_OTHER}[\w.]*)+|\S[\w.]*)""",
    re.VERBOSE | re.ASCII,
)


class Token(NamedTuple):
    """A token, and whether there is a space before it and after it."""

    kind: str  # "number", "string", "name", "sign", "cut", "rest" or "end"
    text: str
    before: bool = False
    after: bool = False


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens; an empty one, of the kind "end", comes last.

    >>> [token.text for token in tokens("np.ones(3) / 9")]
    ['np.ones', '(', '3', ')', '/', '9', '']
    """
    found = [(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(text)] + [("end", "")]
    kinds = ["space", *(kind for kind, _ in found), "space"]
    return [
        Token(kind, piece, kinds[at] == "space", kinds[at + 2] == "space")
        for at, (kind, piece) in enumerate(found)
        if kind != "space"
    ]


def number(text: str) -> Number:
    """Return the number written as "2", "0.5" or "1e-3f"; infinite if it is too large."""
    return plain(float(text.rstrip("fFlL")))


def shown(text: str) -> str:
    """Return the text as messages quote it: in quotation marks, and shortened."""
    return f"“{text if len(text) <= 24 else f'{text[:23]}…'}”"
