"""Which session leads a class; all others pay one look at an empty set."""

import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from cnnviz.ui.server.rooms.recording import Recording

_KEPT = "cnnviz.room"  # where a session that leads has its recording
_LIFTED = "cnnviz.room.lifted"  # digest and "CODE-screen" of a photo that is another's
_leading: "weakref.WeakSet[Recording]" = weakref.WeakSet()


def recording() -> "Recording | None":
    """Return what the present session notes for its room; None where it does not lead."""
    if not _leading:
        return None
    found = st.session_state.get(_KEPT)
    return None if found is None or found.ended else found


def keep(made: "Recording | None") -> None:
    """Let the present session note for a room from here on, or for none."""
    if before := st.session_state.get(_KEPT):
        before.end()
    st.session_state[_KEPT] = made
    if made:
        _leading.add(made)


def keep_lifted(digest: str, word: str) -> None:
    """Note that a photo of the present session is that of a screen which was lifted."""
    st.session_state[_LIFTED] = digest, word


def lifted(digest: str) -> str:
    """Return "CODE-screen" of the screen whose photo that is; "" where it is the session's own."""
    kept, word = st.session_state.get(_LIFTED, ("", ""))
    return word if digest and kept == digest else ""


def finish(parts: Iterable[str]) -> None:
    """End a run of the page, or of the parts of it that are named."""
    if shown := recording():
        shown.finish(parts)
