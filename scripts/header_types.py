"""Write the types of a board's message for the browser's modules.

cnnviz/ui/maps/header.py describes the header once; this makes static/components/maps/header.d.ts
from it. Run it after a change: python -m scripts.header_types
"""

import types
import typing
from collections.abc import Sequence
from typing import Any, get_args, get_origin

from cnnviz.resources import STATIC
from cnnviz.ui.maps import header

FILE = STATIC / "components" / "maps" / "header.d.ts"
HEAD = """\
/** What a board's message says of its maps. Made of cnnviz/ui/maps/header.py:
 * change that, then run python -m scripts.header_types. */
"""
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def declarations() -> str:
    """Return the interfaces in TypeScript, one for each TypedDict."""
    made = [value for value in vars(header).values() if typing.is_typeddict(value)]
    return HEAD + "".join(map(_interface, made))


def _interface(described: Any) -> str:  # a TypedDict has no type of its own
    hints = typing.get_type_hints(described)  # without NotRequired around them
    lines = [
        f"  {name}{'' if name in described.__required_keys__ else '?'}: {_type(hint)}\n"
        for name, hint in hints.items()
    ]
    comment = described.__doc__.splitlines()[0]
    return f"\n/** {comment} */\nexport interface {described.__name__} {{\n{''.join(lines)}}}\n"


def _type(hint: Any) -> str:
    """Return a type in TypeScript."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if typing.is_typeddict(hint):
        return hint.__name__
    if origin is typing.Literal:
        return " | ".join(f'"{part}"' for part in parts)
    if origin in (typing.Union, types.UnionType):
        return " | ".join(map(_type, parts))
    if origin is tuple:
        return f"[{', '.join(map(_type, parts))}]"
    if origin is dict:
        return f"Record<{', '.join(map(_type, parts))}>"
    if origin in (list, Sequence):
        inner = _type(parts[0])
        return f"({inner})[]" if " " in inner else f"{inner}[]"
    raise TypeError(f"{hint} has no counterpart in the browser.")


if __name__ == "__main__":
    FILE.write_text(declarations(), encoding="utf-8")
