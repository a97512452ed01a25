"""The server's log: one JSON line per event, on stderr.

Nothing identifies users, their pictures, the names of their files or their addresses: a session
appears under a random word, and a run says only how long it took and on which page.

| event | when | says |
|---|---|---|
| session start, session stop | the first run; Streamlit drops the session | session, seconds |
| run | a page was opened, or any run took longer than `SLOW` | page, seconds, part |
| live channel | a live channel was closed or refused | why, seconds, how much it carried |
| room | a room was opened; a tab of a class or its teacher left it | how it ended, seconds |
| rooms | the storage that processes share cannot be reached, or is back | store |
| picture, picture refused | a user uploaded a file | seconds, reason |
| warning, error, critical | Streamlit or the server logs it | message, traceback |
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

SLOW = 1.0  # seconds; runs of a part of a page are logged if they take longer
_WATCHED = "cnnviz.watched"


def event(name: str, **facts: Any) -> None:  # whatever JSON can hold
    """Write a line; an event outside any session has no session field."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": name, **facts}
    sys.stderr.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")


def visit() -> str:
    """Return the random word that identifies the current session."""
    return st.session_state.setdefault("cnnviz.visit", token_hex(4))


def ran(seconds: float, part: bool) -> None:
    """Log that a run of the current session has ended, whether of the whole page or of a part."""
    if _WATCHED not in st.session_state:
        st.session_state[_WATCHED] = watched = _Watched()
        finalizer = weakref.finalize(watched, _stopped, visit(), time.monotonic())
        finalizer.atexit = False
        event("session start", session=visit())
    if seconds > SLOW or not part:
        page = st.session_state.get("cnnviz.page")
        event("run", session=visit(), page=page, seconds=round(seconds, 3), part=part)


def as_lines() -> None:
    """Make Streamlit and its web server log in this format, if the patch is active."""
    streamlit_logger.update_formatter()


class _Watched:
    """An object that lives as long as its session."""


class _Line(logging.Formatter):
    """Formats a library's log record as an event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line of JSON."""
        facts = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "event": record.levelname.lower(),
            "source": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            facts["traceback"] = self.formatException(record.exc_info)
        return json.dumps(facts, ensure_ascii=False)


def set_up(logger: logging.Logger) -> None:
    """Make a logger write lines of JSON; replaces Streamlit's `setup_formatter`."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)  # below this level, users' addresses would be logged
    handler.setFormatter(_Line())
    logger.handlers[:] = [handler]


def _stopped(session: str, since: float) -> None:
    event("session stop", session=session, seconds=round(time.monotonic() - since))
