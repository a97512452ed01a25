"""Find out whether a session leads a class; while none does, this only checks an empty set."""

import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from cnnviz.ui.server.rooms.recording import Recording

_KEPT = "cnnviz.room"  # session key of a leading session's recording
_LIFTED = "cnnviz.room.lifted"  # session key of (digest, "CODE-screen") of a lifted photo
_leading: "weakref.WeakSet[Recording]" = weakref.WeakSet()


def recording() -> "Recording | None":
    """Return the current session's recording; None if it does not lead a class."""
    if not _leading:
        return None
    found = st.session_state.get(_KEPT)
    return None if found is None or found.ended else found


def replaced() -> bool:
    """Return whether another session leads the class that the current one led; true only once."""
    found = st.session_state.get(_KEPT)
    if found is None or not found.ended or found.room.over:
        return False
    st.session_state[_KEPT] = None
    return True


def keep(made: "Recording | None") -> None:
    """Set the current session's recording; None stops it."""
    if before := st.session_state.get(_KEPT):
        before.end()
    st.session_state[_KEPT] = made
    if made:
        _leading.add(made)


def keep_lifted(digest: str, word: str) -> None:
    """Note that the current session's photo with this digest comes from a lifted screen."""
    st.session_state[_LIFTED] = digest, word


def lifted(digest: str) -> str:
    """Return the "CODE-screen" that a photo comes from; "" if it is the session's own."""
    kept, word = st.session_state.get(_LIFTED, ("", ""))
    return word if digest and kept == digest else ""


def finish(parts: Iterable[str]) -> None:
    """End a run of the page, or of the named parts of it."""
    if shown := recording():
        shown.finish(parts)
