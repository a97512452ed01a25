"""The headers that pages send match the description that both sides are checked against."""

import types
import typing
from collections.abc import Sequence

import pytest

from cnnviz.ui.maps.header import Header
from scripts.header_types import FILE, declarations
from tests.test_imports import slugs
from tests.ui.pages import headers, open_page

PAGES = [file for file, _ in slugs()]


def misfits(value, hint, where="header"):
    """Return the places where a value from JSON does not match a type."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    wrong = [f"{where}: {value!r}"]
    if typing.is_typeddict(hint):
        return _misfits_of_object(value, hint, where) if isinstance(value, dict) else wrong
    if origin is typing.Literal:
        return [] if value in parts else wrong
    if origin in (typing.Union, types.UnionType):
        found = [misfits(value, part, where) for part in parts]
        return [] if [] in found else found[0]
    if origin is dict:
        return [one for key in value for one in misfits(value[key], parts[1], f"{where}.{key}")]
    if origin in (list, Sequence, tuple):
        return _misfits_of_list(value, origin, parts, where)
    kinds = (int, float) if hint is float else hint
    fits = isinstance(value, kinds) and isinstance(value, bool) == (hint is bool)
    return [] if fits else wrong


def _misfits_of_object(value, hint, where):
    hints = typing.get_type_hints(hint)
    if wrong := (hint.__required_keys__ - value.keys()) | (value.keys() - hints.keys()):
        return [f"{where}: {sorted(wrong)}"]
    return [one for key in value for one in misfits(value[key], hints[key], f"{where}.{key}")]


def _misfits_of_list(value, origin, parts, where):
    if not isinstance(value, list) or (origin is tuple and len(value) != len(parts)):
        return [f"{where}: {value!r}"]
    kinds = parts if origin is tuple else parts * len(value)
    each = enumerate(zip(value, kinds, strict=True))
    return [one for i, (part, kind) in each for one in misfits(part, kind, f"{where}[{i}]")]


@pytest.mark.parametrize("page", PAGES)
def test_every_board_of_a_page_has_the_header_that_is_described(page):
    for header in headers(open_page(page)).values():
        assert misfits(header, Header) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"board": 1}, "header.board: 1"),
        ({"chains": None}, "header.chains: None"),
        ({"panel": 1}, "header.panel: 1"),
        ({"world": [0, 0, 1]}, "header.world: [0, 0, 1]"),
        ({"ceil": True}, "header: ['ceil']"),
        ({"start": {"stage": 0, "row": 0, "column": 0}}, "header.start: ['chain']"),
    ],
)
def test_a_header_that_is_another_is_found(change, where):
    header = headers(open_page("pages/1_Lab.py"))["lab"]
    assert misfits(header | change, Header) == [where]


def test_the_types_of_the_browser_are_those_that_are_described():
    assert FILE.read_text(encoding="utf-8") == declarations()
