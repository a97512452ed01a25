"""The button at the top of every page for leading a class, and its actions."""

from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from cnnviz.cli import EVERYWHERE
from cnnviz.ui.classroom.addresses import is_loopback, join_address, qr_code
from cnnviz.ui.server.rooms import leading
from cnnviz.ui.server.rooms.leading import RoomError
from cnnviz.ui.server.rooms.recording import TAKEN
from cnnviz.ui.widgets.component import component

BASE = "cnnviz.class.base"  # address of the app in the teacher's browser
_ERROR = "cnnviz.class.error"
LONGEST = 200  # characters of the app's address
ALONE = (
    "Only this computer can reach this server. For a class, start it with `--host 0.0.0.0`, or "
    "give it an address that the class can open."
)

_lead = component("classroom/lead")


def lead(page: str) -> None:
    """Draw the button; call on every page, with its path as `page`."""
    with st.container(key="class"):
        _lead(
            key="class:lead",
            data={
                "room": described(leading.led()),
                "offer": st.query_params.get("lead", ""),
                "page": page,
                "error": st.session_state.pop(_ERROR, "") or (TAKEN if leading.replaced() else ""),
            },
            on_open_change=_open,
            on_resume_change=_resume,
            on_leave_change=leading.leave,
        )


def described(led: leading.Lead | None) -> dict[str, Any] | None:
    """Return the data about a room for the browser."""
    base = st.session_state.get(BASE, "")
    if led is None or not base:
        return None
    address = join_address(base, led.code, st.get_option("server.address") or EVERYWHERE)
    return {
        "code": led.code,
        "key": led.key,
        "word": led.word,
        "session": led.session,
        "address": address,
        "qr": qr_code(address),
        "note": ALONE if is_loopback(address) else "",
    }


def _open() -> None:
    """Open a room; the browser sends the address at which it has the app."""
    said = st.session_state["class:lead"].open
    _keep_base(said)
    _try(leading.open_room)


def _resume() -> None:
    """Lead a room again, given the word that the browser has stored or was opened with."""
    said = st.session_state["class:lead"].resume
    if isinstance(said, dict):
        _keep_base(said.get("base"))
        word, after = str(said.get("word", "")), str(said.get("after", ""))
        _try(lambda: leading.take_up(word, after))


def _keep_base(base: object) -> None:
    if isinstance(base, str) and base.isascii() and len(base) <= LONGEST and _is_address(base):
        st.session_state[BASE] = base


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:  # an unmatched bracket, or a port that is not a number
        return False


def _try(act: Any) -> None:
    try:
        act()
    except RoomError as error:
        st.session_state[_ERROR] = str(error)
