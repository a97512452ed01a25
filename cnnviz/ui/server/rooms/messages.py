"""The JSON messages that a tab gets, by kind; see the table in protocol."""

from collections.abc import Mapping
from typing import Any

from cnnviz.ui.server.rooms.protocol import ANSWERS
from cnnviz.ui.server.rooms.questions import public
from cnnviz.ui.server.rooms.room import (
    LIFT,
    LIFTED,
    MODE,
    QUESTION,
    RESULT,
    RIGHTS,
    SCREEN,
    Room,
)
from cnnviz.ui.server.rooms.store import OPEN
from cnnviz.ui.server.rooms.wire import Put

# The kinds of message for a field, if it is not the one with the field's name.
KINDS = {
    "members": ("people", "expected", "screens"),
    "here": ("screens",),
    "answer": ("answers", "expected"),
    QUESTION: (QUESTION, "expected"),
    OPEN: (QUESTION,),
}
STARTING = ("people", MODE, QUESTION, RESULT, "answers", "expected", "screens")

Message = dict[str, Any] | None


def message_of(kind: str, room: Room, person: str) -> Message:
    """Return the message of a kind for a person, or "" for the teacher; None if there is none."""
    teacher, question = not person, room.question
    match kind:
        case "people":
            return {"people": room.people()}
        case "mode":
            return {"mode": room.mode}
        case "question":
            return {"question": _question(room, person)}
        case "result":
            return {"result": _result(room, person)}
        case "answers" if teacher and question:
            n = question["n"]
            return {"answers": {"n": n, "count": len(room.answers_to(n))}}
        case "expected" if teacher and question:
            return {"expected": room.expected()}
        case "screens" if teacher:
            return {"screens": _screens(room)}
        case "lift" if person:
            return {"lift": room.said.get(LIFT) == person}
        case "lifted" if teacher and LIFTED in room.said:
            return {"lifted": room.said[LIFTED]}
    return None


def view(room: Room, person: str) -> tuple[Any, Any, Mapping[str, Put]]:
    """Return screen, cell and messages for a tab; the teacher's tab needs only the answers."""
    if not person:
        return None, None, {to: put for to, put in room.puts.items() if to == ANSWERS}
    return room.said.get(SCREEN), room.cell, room.puts


def _question(room: Room, person: str) -> Message:
    asked = public(room.question)
    if asked is None:
        return None
    mine = room.answers.get((asked["n"], person))
    state = {"open": room.open == asked["n"], "shown": RESULT in room.said}
    return {**asked, **state, "mine": mine}


def _result(room: Room, person: str) -> Message:
    shown = room.said.get(RESULT)
    if shown is None:
        return None
    mine = room.answers.get((shown["n"], person))
    return {**shown, "mine": mine, "right": room.said.get(RIGHTS, {}).get(person)}


def _screens(room: Room) -> list[dict[str, str]]:
    """Return the screens of free people, in an order that does not reveal who they are."""
    found = [(room.screen_of(person), where["page"]) for person, where in room.screens().items()]
    return [{"screen": screen, "page": page} for screen, page in sorted(found)]
