"""What a class is led with, on every page: the button at the top, and what stands behind it."""

from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from cnnviz.cli import EVERYWHERE
from cnnviz.ui.classroom.addresses import is_loopback, join_address, qr_code
from cnnviz.ui.server.rooms import leading
from cnnviz.ui.server.rooms.leading import RoomError
from cnnviz.ui.widgets.component import component

BASE = "cnnviz.class.base"  # where the teacher's browser has the app
_ERROR = "cnnviz.class.error"
LONGEST = 200  # characters of an address of the app
ALONE = (
    "Only this computer can reach this server. For a class, start it with `--host 0.0.0.0`, or "
    "give it an address that the class can open."
)

_lead = component("classroom/lead")


def lead(page: str) -> None:
    """Draw the button; to be called on every page, which has the address `page`."""
    with st.container(key="class"):
        _lead(
            key="class:lead",
            data={
                "room": described(leading.led()),
                "offer": st.query_params.get("lead", ""),
                "page": page,
                "error": st.session_state.pop(_ERROR, ""),
            },
            on_open_change=_open,
            on_resume_change=_resume,
            on_leave_change=leading.leave,
        )


def described(led: leading.Lead | None) -> dict[str, Any] | None:
    """Return what the browser is told of a room."""
    base = st.session_state.get(BASE, "")
    if led is None or not base:
        return None
    address = join_address(base, led.code, st.get_option("server.address") or EVERYWHERE)
    return {
        "code": led.code,
        "key": led.key,
        "word": led.word,
        "address": address,
        "qr": qr_code(address),
        "note": ALONE if is_loopback(address) else "",
    }


def _open() -> None:
    """Open a room, for a browser that has the app at the address that it says."""
    said = st.session_state["class:lead"].open
    _keep_base(said)
    _try(leading.open_room)


def _resume() -> None:
    """Lead a room again, whose word the browser has kept or was opened with."""
    said = st.session_state["class:lead"].resume
    if isinstance(said, dict):
        _keep_base(said.get("base"))
        word = str(said.get("word", ""))
        _try(lambda: leading.take_up(word))


def _keep_base(base: object) -> None:
    if (
        isinstance(base, str)
        and len(base) <= LONGEST
        and urlsplit(base).scheme in ("http", "https")
    ):
        st.session_state[BASE] = base


def _try(act: Any) -> None:  # noqa: ANN401
    try:
        act()
    except RoomError as error:
        st.session_state[_ERROR] = str(error)
