"""What the server says about itself: one line of JSON an event, on stderr.

People, their pictures, the names of their files and where they come from are nobody's business:
a session is a word made up for it, and a run says how long it took and for which page.

| event | when | says |
|---|---|---|
| session start, session stop | the first run; the session is forgotten | session, seconds |
| run | a page was opened, or any run took longer than `SLOW` | page, seconds, part |
| picture, picture refused | somebody brought a file | seconds, reason |
| warning, error, critical | Streamlit or the server says so | message, traceback |
"""

import json
import logging
import sys
import time
import weakref
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import streamlit as st
from streamlit import logger as streamlit_logger

SLOW = 1.0  # seconds; a part of a page that takes longer is worth a line
_WATCHED = "cnnviz.watched"


def event(name: str, **facts: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Write a line; what belongs to no session says so by having none."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": name, **facts}
    sys.stderr.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


def visit() -> str:
    """Return the word that stands for the session of the present run."""
    return st.session_state.setdefault("cnnviz.visit", token_hex(4))


def ran(seconds: float, part: bool) -> None:
    """Note that a run of the present session has ended, of the whole page or a part of it."""
    if _WATCHED not in st.session_state:
        st.session_state[_WATCHED] = watched = _Watched()
        finalizer = weakref.finalize(watched, _stopped, visit(), time.monotonic())
        finalizer.atexit = False
        event("session start", session=visit())
    if seconds > SLOW or not part:
        page = st.session_state.get("cnnviz.page")
        event("run", session=visit(), page=page, seconds=round(seconds, 3), part=part)


def as_lines() -> None:
    """Have Streamlit and the server below it write lines like these."""
    streamlit_logger.setup_formatter = _set_up
    streamlit_logger.update_formatter()


class _Watched:
    """Is forgotten when its session is."""


class _Line(logging.Formatter):
    """Turns what a library logs into an event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "event": record.levelname.lower(),
            "source": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            facts["traceback"] = self.formatException(record.exc_info)
        return json.dumps(facts, ensure_ascii=False)


def _set_up(logger: logging.Logger) -> None:
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)  # below that, people's addresses are written
    handler.setFormatter(_Line())
    logger.handlers[:] = [handler]


def _stopped(session: str, since: float) -> None:
    event("session stop", session=session, seconds=round(time.monotonic() - since))
