"""Parse the messages from the browsers of a class, see protocol; refuse everything else."""

import re
from typing import Any

from cnnviz.ui.server.live.requests import GARBAGE, TOO_BIG, Refused, parsed
from cnnviz.ui.server.rooms import protocol
from cnnviz.ui.server.rooms.incoming import (
    Agree,
    Answer,
    Ask,
    Cell,
    Clear,
    Close,
    End,
    Free,
    FromFollower,
    FromLeader,
    Got,
    Here,
    Hidden,
    Join,
    Lead,
    Lift,
    Mode,
    Show,
)
from cnnviz.ui.server.rooms.limits import (
    LARGEST,
    LARGEST_WEIGHT,
    LONGEST_OPTION,
    LONGEST_QUERY,
    LONGEST_TEXT,
    MAX_TEXT,
    MOST_CELLS,
    MOST_CHANNELS,
    MOST_OPTIONS,
)
from cnnviz.ui.server.rooms.protocol import CODE, KEY, UNKNOWN

ME = re.compile(r"[0-9a-f]{64}")
PAGE = re.compile(r"[a-z]{1,20}")


def first(text: str | None) -> Join | Lead:
    """Parse the first message; raise Refused if it is not valid.

    Codes are accepted as people type them.

    >>> first('{"join": "krtzn", "me": ""}')
    Join(code='KRTZN', me='', free=False)
    """
    match _read(text):
        case {"join": str(code), "me": str(me), **rest} if _is_me(me):
            free = rest.pop("free", False)
            if not rest and isinstance(free, bool):
                return Join(_code(code), me, free)
        case {"lead": str(code), "key": str(key), **rest} if KEY.fullmatch(key):
            session = rest.pop("session", "")
            if not rest and isinstance(session, str):
                return Lead(_code(code), key, session)
    raise Refused("not a message of ours", GARBAGE)


def from_follower(text: str | None) -> FromFollower:
    """Parse a follower's message; raise Refused if it is not valid.

    >>> from_follower('{"answer": 2, "value": [3, 4]}')
    Answer(n=2, value=[3, 4])
    """
    match said := _read(text):
        case {"free": bool(free), **rest} if not rest:
            return Free(free)
        case {"here": {"page": str(page), "query": str(query), **more}, **rest} if not rest | more:
            if PAGE.fullmatch(page) and len(query) <= LONGEST_QUERY:
                return Here(page, query)
        case {"answer": n, "value": value, **rest} if not rest and is_count(n):
            return Answer(n, value)
        case {"agree": bool(agree), **rest} if not rest:
            return Agree(agree)
    return _from_any(said)


def from_leader(text: str | None) -> FromLeader:
    """Parse a message from the teacher; raise Refused if it is not valid.

    >>> from_leader('{"show": 2}')
    Show(n=2)
    """
    match said := _read(text):
        case {"cell": None, **rest} if not rest:
            return Cell(None)
        case {"cell": dict(cell), **rest} if not rest and _is_cell(cell):
            return Cell(cell)
        case {"mode": "follow" | "free" as mode, **rest} if not rest:
            return Mode(mode)
        case {"ask": dict(question), **rest} if not rest:
            return question_of(question)
        case {"close": n, **rest} if not rest and is_count(n):
            return Close(n)
        case {"show": n, **rest} if not rest and is_count(n):
            return Show(n)
        case {"clear": n, **rest} if not rest and is_count(n):
            return Clear(n)
        case {"lift": str() | None as screen, **rest} if not rest and len(screen or "") <= 64:
            return Lift(screen)
        case {"end": True, **rest} if not rest:
            return End()
    return _from_any(said)


def question_of(said: dict[str, Any]) -> Ask:
    """Parse a question; raise Refused if it is not valid.

    >>> question_of({"kind": "choose", "options": ["Blur", "Edges"], "right": 1})
    Ask(kind='choose', text='', fields={'options': ['Blur', 'Edges'], 'right': 1})
    """
    rest = dict(said)
    kind, text = rest.pop("kind", None), rest.pop("text", "")
    if not (isinstance(text, str) and len(text) <= LONGEST_TEXT) or not _fits(kind, rest):
        raise Refused("no question", GARBAGE)
    return Ask(kind, text, rest)


def is_answer(kind: str, options: int, value: Any) -> bool:
    """Return whether a value is valid as an answer to that kind of question.

    >>> is_answer("draw", 0, [[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    True
    >>> is_answer("choose", 3, 3)
    False
    """
    if kind == protocol.NUMBER:
        return _is_number(value) and abs(value) <= LARGEST  # also false for NaN
    if kind == protocol.POINT:
        cells = value if isinstance(value, list) else []
        return len(cells) == 2 and all(is_count(number, MOST_CELLS) for number in cells)
    if kind == protocol.CHOOSE:
        return is_count(value, options)
    return _is_three(value) and all(_is_three(row) and all(map(_is_weight, row)) for row in value)


def is_count(number: object, end: int = 1 << 53) -> bool:
    """Return whether a value is a whole number from 0 to `end` − 1."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < end


def _from_any(said: object) -> Got | Hidden:
    match said:
        case {"got": step, **rest} if not rest and is_count(step):
            return Got(step)
        case {"hidden": bool(hidden), **rest} if not rest:
            return Hidden(hidden)
    raise Refused("not a message of ours", GARBAGE)


def _read(text: str | None) -> object:
    if text is None:
        raise Refused("no text", GARBAGE)
    if len(text) > MAX_TEXT:
        raise Refused("too big", TOO_BIG)
    return parsed(text)


def _code(text: str) -> str:
    """Return a code in its stored form; refuse a text that cannot be one as an unknown room."""
    code = text.strip().upper()
    if not CODE.fullmatch(code):
        raise Refused("no such room", UNKNOWN)
    return code


def _is_me(me: str) -> bool:
    return not me or ME.fullmatch(me) is not None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_three(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3


def _is_weight(value: object) -> bool:
    return _is_number(value) and isinstance(value, int) and abs(value) <= LARGEST_WEIGHT


def _is_cell(cell: dict[str, Any]) -> bool:
    counts = ("stage", "row", "column", "chain")
    return (
        set(cell) == {"board", "pinned", *counts}
        and _is_board(cell["board"])
        and isinstance(cell["pinned"], bool)
        and all(is_count(cell[name], MOST_CELLS) for name in counts)
    )


def _is_board(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= 64


def _fits(kind: object, fields: dict[str, Any]) -> bool:
    """Return whether the fields are valid for that kind of question."""
    match kind, fields:
        case protocol.NUMBER, {"row": row, "column": column, **place}:
            return is_count(row, MOST_CELLS) and is_count(column, MOST_CELLS) and _is_map(place)
        case protocol.POINT, _:
            return _is_map(fields)
        case protocol.DRAW, {"board": board, "pane": None, **rest}:
            return not rest and _is_board(board)
        case protocol.DRAW, _:
            return "channel" not in fields and _is_map(fields)
        case protocol.CHOOSE, {"options": list(options), "right": right, **rest}:
            texts = all(isinstance(one, str) and 0 < len(one) <= LONGEST_OPTION for one in options)
            known = right is None or is_count(right, len(options))
            return not rest and texts and 2 <= len(options) <= MOST_OPTIONS and known
    return False


def _is_map(place: dict[str, Any]) -> bool:
    """Return whether the fields name a map: a board, a pane of it, and perhaps a channel."""
    match place:
        case {"board": board, "pane": pane, **rest} if rest.keys() <= {"channel"}:
            channel = rest.get("channel", 0)
            return _is_board(board) and is_count(pane, 256) and is_count(channel, MOST_CHANNELS)
    return False
