"""Which session leads a class; all others pay one look at an empty set."""

import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from cnnviz.ui.server.rooms.recording import Recording

_KEPT = "cnnviz.room"  # where a session that leads has its recording
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


def finish(parts: Iterable[str]) -> None:
    """End a run of the page, or of the parts of it that are named."""
    if shown := recording():
        shown.finish(parts)
