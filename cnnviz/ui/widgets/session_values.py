"""The source of settings' values: the session, or a copy with the user's live changes."""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

import streamlit as st


class Reading(MutableMapping[str, Any]):
    """Values for a computation, with a record of those that it reads.

    `live` means that they are a copy of the session's values with the user's live changes.

    Attributes
    ----------
    seen : dict
        The values that were looked up, as first read.
    missed : set
        The keys that were looked up, but missing.
    written : dict
        The values that were written.
    told_live : bool
        Whether the computation has asked if it is for the live channel.
    """

    def __init__(self, values: MutableMapping[str, Any], *, live: bool = False) -> None:
        self.source, self.live = values, live
        self.seen: dict[str, Any] = {}
        self.missed: set[str] = set()
        self.written: dict[str, Any] = {}
        self.told_live = False

    def __getitem__(self, key: str) -> Any:
        try:
            value = self.source[key]
        except KeyError:
            self.missed.add(key)
            raise
        if key not in self.written:
            self.seen.setdefault(key, value)
        return value

    def __setitem__(self, key: str, value: Any) -> None:
        self.source[key] = self.written[key] = value

    def __delitem__(self, key: str) -> None:
        del self.source[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.source)

    def __len__(self) -> int:
        return len(self.source)


READING: ContextVar[Reading | None] = ContextVar("READING", default=None)


def state() -> MutableMapping[str, Any]:
    """Return the mapping for settings and pictures: the session, or its stand-in.

    The same code computes maps for the page's run and for the live channel (see
    cnnviz.ui.widgets.live_page).
    """
    reading = READING.get()
    return cast(MutableMapping[str, Any], st.session_state) if reading is None else reading


@contextmanager
def reading(values: Mapping[str, Any]) -> Iterator[None]:
    """Read settings from these values; a plain mapping is copied, and does not count as a run."""
    given = values if isinstance(values, Reading) else Reading(dict(values), live=True)
    before = READING.set(given)
    try:
        yield
    finally:
        READING.reset(before)


def is_live() -> bool:
    """Return whether maps are being computed for the live channel, not for a run of the page."""
    reading = READING.get()
    if reading is None or not reading.live:
        return False
    reading.told_live = True
    return True
