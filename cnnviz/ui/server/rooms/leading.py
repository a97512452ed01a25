"""The functions that a page calls to lead a class; see the end of protocol."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from cnnviz.ui.server import streamlit_patches
from cnnviz.ui.server.live.scenes import live_session
from cnnviz.ui.server.rooms import recording, sessions
from cnnviz.ui.server.rooms.incoming import Lead
from cnnviz.ui.server.rooms.protocol import CODE, KEY
from cnnviz.ui.server.rooms.reading import ME
from cnnviz.ui.server.rooms.room import DIGITS, LIFT
from cnnviz.ui.server.rooms.rooms import RoomError, rooms, why_not
from cnnviz.ui.server.rooms.store import LIFTED_PHOTO
from cnnviz.ui.server.turns import turns

__all__ = [
    "Lead",
    "RoomError",
    "leave",
    "led",
    "lend",
    "lifted",
    "open_room",
    "picture",
    "replaced",
    "take_up",
]

WORD = re.compile(f"({CODE.pattern})-({KEY.pattern})")
LIFTED_WORD = re.compile(f"({CODE.pattern})-([0-9a-f]{{12}})")
UNPATCHED = (
    "A room shows what each run of the page has drawn, but the patch to Streamlit that reports the "
    "end of a run is switched off here: see CNNVIZ_PATCHES."
)
NOT_A_KEY = "That is not the key of a room, or the room has ended."
# As in classroom/room.js: a tab that led the class may get this sentence from here or there.
GONE = "The class is over: it was closed, or the server was restarted. A new class has a new code."


def open_room() -> Lead:
    """Open a room that this session leads; if that fails, raise RoomError with a sentence."""
    _check()
    with turns.aside():
        lead = rooms().call(rooms().open())
    return _begin(lead)


def take_up(word: str, after: str = "") -> Lead:
    """Lead a room again, given "CODE-key"; if that fails, raise RoomError with a sentence.

    With `after`, the name of a session that was lost, lead on for it unless another session leads.
    """
    _check()
    if not (found := WORD.fullmatch(word.strip())):
        raise RoomError(NOT_A_KEY)
    present = led()
    lead = Lead(*found.groups())
    return present if present == lead else _begin(lead, after)


def led() -> Lead | None:
    """Return the room that this session leads."""
    shown = sessions.recording()
    return shown.lead if shown else None


def replaced() -> bool:
    """Return whether another session has taken the lead from this one; true only once."""
    return sessions.replaced()


def leave() -> None:
    """Stop leading; the room stays open for its three hours."""
    sessions.keep(None)
    live_session(st.session_state).leads = None


def picture(code: str) -> bytes | None:
    """Return the teacher's own photo at working size, as a PNG file; None if there is none."""
    if not CODE.fullmatch(code):
        return None
    with turns.aside(), suppress(RoomError):
        return rooms().call(rooms().store.photo(code))
    return None


def lend(code: str, me: str, png: Callable[[], bytes]) -> None:
    """Store the photo of the person who has been asked to show their screen to the class.

    `me` identifies that person, as on /room; photos of anyone else are ignored.
    """
    if CODE.fullmatch(code) and ME.fullmatch(me):
        with turns.aside(), suppress(RoomError):
            rooms().call(_lend(code, me, png))


async def _lend(code: str, me: str, png: Callable[[], bytes]) -> None:
    room = await rooms().find(code)
    if room is None or room.identity(me) != me or room.said.get(LIFT) != me[:DIGITS]:
        return
    photo = room.screen_of(me[:DIGITS]).encode() + await asyncio.to_thread(png)
    await rooms().store.keep_photo(code, photo, LIFTED_PHOTO)


def lifted(word: str) -> bytes | None:
    """Return the photo of a shown screen, given "CODE-screen"; None if it has none."""
    if not (found := LIFTED_WORD.fullmatch(word)):
        return None
    code, screen = found.groups()
    with turns.aside(), suppress(RoomError):
        photo = rooms().call(rooms().store.photo(code, LIFTED_PHOTO)) or b""
        return photo.removeprefix(screen.encode()) if photo.startswith(screen.encode()) else None
    return None


def _check() -> None:
    """Raise RoomError with the reason if this server cannot host rooms."""
    if "turns" not in streamlit_patches.chosen():
        raise RoomError(UNPATCHED)
    if reason := why_not():
        raise RoomError(reason)


def _begin(lead: Lead, after: str = "") -> Lead:
    with turns.aside():
        made = rooms().call(recording.begin(rooms(), lead, after))
    if made is None:
        raise RoomError(GONE if after else NOT_A_KEY)
    sessions.keep(made)
    live_session(st.session_state).leads = made.live
    return made.lead
