"""The actions of followers and the teacher; if one fails, it raises ValueError with a sentence."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from cnnviz.ui.server.rooms import questions
from cnnviz.ui.server.rooms.incoming import Answer, Ask, Clear, Close, End, Here, Lift, Mode, Show
from cnnviz.ui.server.rooms.limits import MOST_HERE
from cnnviz.ui.server.rooms.protocol import ANSWERS, DRAW, LIVE, MOUNT, NUMBER, POINT
from cnnviz.ui.server.rooms.reading import is_answer
from cnnviz.ui.server.rooms.room import (
    ANSWER,
    ASKED,
    LIFT,
    LIFTED,
    MARK,
    MODE,
    PUT,
    QUESTION,
    RESULT,
    RIGHTS,
    TRUTH,
    Room,
    as_json,
)
from cnnviz.ui.server.rooms.rooms import Rooms
from cnnviz.ui.server.rooms.store import OPEN, Change
from cnnviz.ui.server.rooms.truth import Board, Maps
from cnnviz.ui.server.rooms.truth_rows import maps_of
from cnnviz.ui.server.rooms.wire import Put

CLOSED = "This question no longer takes answers."
ENOUGH = "This question cannot take any more answers; the teacher can ask it again."
NO_ANSWER = "That is not an answer to this question."
GONE = "That question is no longer on the screen."
NUMBERED, SIZE = "numbered", "size"  # fields: the last question's number; the picture's size


# Followers


async def answer(rooms: Rooms, room: Room, person: str, said: Answer) -> None:
    """Record a person's answer to the open question; it replaces an earlier one."""
    question = room.question
    if question is None or room.open != said.n or question["n"] != said.n:
        raise ValueError(CLOSED)
    size = _picture_size(room) if question["kind"] == POINT else None
    if not is_answer(question["kind"], len(question.get("options", ())), said.value):
        raise ValueError(NO_ANSWER)
    if size and not all(place < end for place, end in zip(said.value, size, strict=True)):
        raise ValueError(NO_ANSWER)
    answers = room.answers_to(said.n)
    if person not in answers and len(answers) >= MOST_HERE:
        raise ValueError(ENOUGH)
    put = {f"{ANSWER}{said.n}:{person}": as_json(said.value)}
    if not await rooms.change(room, Change(put, guard=(OPEN, b"%d" % said.n))):
        raise ValueError(CLOSED)


async def here(rooms: Rooms, room: Room, person: str, said: Here) -> None:
    """Note which page a free person is on."""
    where = as_json({"page": said.page, "query": said.query})
    if room.fields.get(rooms.here(person)) != where:
        await rooms.change(room, Change({rooms.here(person): where}))


async def nowhere(rooms: Rooms, room: Room, person: str) -> None:
    """Forget the page of a person who follows the teacher again, or has left."""
    if rooms.here(person) in room.fields:
        await rooms.change(room, Change(gone=[rooms.here(person)]))
    if person in room.screens():  # a tab in another process has one
        return
    await agree(rooms, room, person, agreed=False)
    untold = room.said.get(LIFTED)
    if untold and untold["screen"] == room.screen_of(person):
        await rooms.change(room, Change({LIFTED: as_json(None)}))


async def agree(rooms: Rooms, room: Room, person: str, agreed: bool) -> None:
    """Show the screen of a person who has agreed to it; otherwise drop the request."""
    if room.said.get(LIFT) != person:
        return
    where = room.screens().get(person) if agreed else None
    if where:
        where = {**where, "screen": room.screen_of(person)}
    lifted = {LIFTED: as_json(where)}  # until the teacher has heard it: the line may be lost
    await rooms.change(room, Change(lifted, [LIFT], guard=(LIFT, as_json(person))))


# The teacher

Action = Ask | Close | Show | Clear | Mode | Lift | End


async def lead(rooms: Rooms, room: Room, said: Action) -> None:
    """Carry out an action of the teacher."""
    match said:
        case Mode(mode):
            await _do(rooms, room, Change({MODE: as_json(mode)}, sign=True))
        case Ask():
            await _ask(rooms, room, said)
        case Close(n):
            _present(room, n)
            await _do(rooms, room, Change(gone=[OPEN], sign=True))
        case Show(n):
            await _show(rooms, room, n)
        case Clear(n):
            await _clear(rooms, room, n)
        case Lift(screen):
            await _lift(rooms, room, screen)
        case End():
            await _do(rooms, room, Change(sign=True, end=True))


async def _ask(rooms: Rooms, room: Room, ask: Ask) -> None:
    shown = await asyncio.to_thread(_board, room, ask.fields.get("board"))
    board, put = shown if shown else (None, None)
    truth = await asyncio.to_thread(questions.truth_of, ask, board)
    n = int(room.fields.get(NUMBERED, b"0")) + 1
    fields = {
        QUESTION: as_json({"n": n, "kind": ask.kind, "text": ask.text, **ask.fields}),
        TRUTH: as_json(truth),
        OPEN: b"%d" % n,
        NUMBERED: b"%d" % n,
    }
    if put:
        fields[ASKED] = put.written
    if board and ask.kind == POINT:
        fields[SIZE] = as_json(board.size)
    if isinstance(board, Board) and ask.kind == NUMBER:
        fields[MARK] = as_json(_cell_of(board, ask.fields))
    gone = [name for name in _of_questions(room) if name not in fields]
    await _do(rooms, room, Change(fields, gone, sign=True))
    await compare(rooms, room)  # the page may have changed meanwhile


async def compare(rooms: Rooms, room: Room) -> None:
    """Close a question whose maps are no longer on the page, and show its answers.

    Answers that were shown beside the maps disappear with them: the class has read those.
    """
    question, asked = room.question, room.fields.get(ASKED)
    if question is None or asked is None:
        return
    put = _put_of(room, question["board"])
    if result := room.said.get(RESULT):
        if put is None and "moved" not in result:
            with suppress(ValueError):  # as below
                await _clear(rooms, room, question["n"])
        return
    if put and (put.written == asked or await asyncio.to_thread(_is_still, question, asked, put)):
        return
    with suppress(ValueError):  # the teacher may have withdrawn the question meanwhile
        await _show(rooms, room, question["n"], moved=True)


def _is_still(question: dict[str, Any], asked: bytes, put: Put) -> bool:
    before, now = (maps_of(one.content()) for one in (Put.read(asked), put))
    return questions.is_still(question, before, now)


async def _clear(rooms: Rooms, room: Room, n: int) -> None:
    _present(room, n)
    await _do(rooms, room, Change(gone=_of_questions(room), sign=True))


async def _show(rooms: Rooms, room: Room, n: int, *, moved: bool = False) -> None:
    """Close a question, and show its answers; `moved` if its maps have left the page."""
    _present(room, n)
    await _do(rooms, room, Change(gone=[OPEN], sign=True))
    question, answers = room.question, room.answers_to(n)
    if question is None or question["n"] != n:
        raise ValueError(GONE)
    asked = room.fields.get(ASKED)
    change = await asyncio.to_thread(_shown, question, room.said[TRUTH], answers, asked, moved)
    await _do(rooms, room, change)


def _shown(
    question: dict[str, Any],
    truth: questions.Value,
    answers: dict[str, Any],
    asked: bytes | None,
    moved: bool,
) -> Change:
    """Return the result that everyone sees, and who was right."""
    board = maps_of(Put.read(asked).content()) if asked else None
    rights = questions.judged(question, truth, answers, board)
    counted = questions.tally(question, answers, rights)
    told = {
        "n": question["n"],
        "kind": question["kind"],
        "count": len(answers),
        "truth": truth,
        "tally": counted,
        **({"moved": True} if moved else {}),
    }
    fields = {RESULT: as_json(told), RIGHTS: as_json(rights)}
    if question["kind"] == DRAW:
        kernels = [drawn["kernel"] for drawn in counted["kernels"]]
        maps = questions.gallery(kernels, board, question["pane"])
        fields[PUT + ANSWERS] = Put.of(maps).written
    return Change(fields, sign=True)


async def _lift(rooms: Rooms, room: Room, screen: str | None) -> None:
    """Ask the owner of a screen for it, or drop the request and its answer."""
    if screen is None:
        await _do(rooms, room, Change(gone=[LIFT, LIFTED], sign=True))
        return
    owners = [person for person in room.screens() if room.screen_of(person) == screen]
    if not owners:
        raise ValueError("That screen is no longer available.")
    await _do(rooms, room, Change({LIFT: as_json(owners[0])}, [LIFTED], sign=True))


async def _do(rooms: Rooms, room: Room, change: Change) -> None:
    if not await rooms.change(room, change):
        raise ValueError("This class no longer exists.")


def _present(room: Room, n: int) -> None:
    question = room.question
    if question is None or question["n"] != n:
        raise ValueError(GONE)


def _of_questions(room: Room) -> list[str]:
    """Return the fields that belong to the current question or an earlier one."""
    fixed = (QUESTION, TRUTH, OPEN, ASKED, SIZE, MARK, RESULT, RIGHTS, PUT + ANSWERS)
    answered = [name for name in room.fields if name.startswith(ANSWER)]
    return [name for name in fixed if name in room.fields] + answered


def _board(room: Room, name: str | None) -> tuple[Maps, Put] | None:
    """Return the maps of a board or an overview, and their message, as the room shows them."""
    put = _put_of(room, name)
    return (maps_of(put.content()), put) if put and name else None


def _put_of(room: Room, name: str | None) -> Put | None:
    receivers = (f"{LIVE}{name}", f"{MOUNT}{name}:maps", f"{MOUNT}{name}")
    return next((room.puts[to] for to in receivers if to in room.puts), None)


def _cell_of(board: Board, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the cell asked about in the form in which the teacher's tab sends the selected one."""
    pane = board.pane(asked["pane"])
    at = {"stage": pane["stage"], "row": asked["row"], "column": asked["column"]}
    return {"board": asked["board"], **at, "chain": pane["chain"] or 0, "pinned": False}


def _picture_size(room: Room) -> tuple[int, int] | None:
    """Return the rows and columns of the picture that a question is about."""
    told = json.loads(room.fields.get(SIZE, b"null"))
    return (told[0], told[1]) if told else None
