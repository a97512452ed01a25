"""Who may ask for what: a token for each session, and the scene of the page that it shows.

A scene answers a request with messages, each with what on the page it is for: the most visible
first, and made by the same code as those of the page's own run. It raises ValueError with the
sentence that the page would show.
"""

import threading
import weakref
from collections.abc import Callable, Iterator, MutableMapping
from secrets import token_hex
from typing import Any

from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.live.requests import Request

Scene = Callable[[Request], Iterator[tuple[str, Packed]]]

TOKEN_BYTES = 16
_KEPT = "cnnviz.live"


class LiveSession:
    """A session as its live channel sees it: its token, and what may be shown.

    `scene` is that of the page on the screen, None where a page has none. A session that leads a
    class is followed: `leads` gets each answer, too.
    """

    def __init__(self) -> None:
        self.token = token_hex(TOKEN_BYTES)
        self.scene: Scene | None = None
        self.leads: Callable[[str, Packed], None] | None = None
        self._lock = threading.Lock()
        self._ended = False
        self._close: Callable[[], None] | None = None
        _live_sessions[self.token] = self

    def open(self, close: Callable[[], None]) -> None:
        """Let a channel in, which `close` ends; the one that was there before is closed."""
        with self._lock:
            before, self._close = (close, None) if self._ended else (self._close, close)
        if before:
            before()

    def leave(self, close: Callable[[], None]) -> None:
        """Let the channel go that was let in with `close`."""
        with self._lock:
            if self._close is close:
                self._close = None

    def end(self) -> None:
        """Make the token worth nothing, and close the channel."""
        with self._lock:
            self._ended, close, self._close = True, self._close, None
        self.scene = self.leads = None
        _live_sessions.pop(self.token, None)
        if close:
            close()

    def __del__(self) -> None:
        self.end()


_live_sessions: weakref.WeakValueDictionary[str, LiveSession] = weakref.WeakValueDictionary()


def live_session(session: MutableMapping[Any, Any]) -> LiveSession:
    """Return what a session keeps for its live channel; made when first asked for."""
    if _KEPT not in session:
        session[_KEPT] = LiveSession()
    return session[_KEPT]


def end(session: MutableMapping[Any, Any]) -> None:
    """End the channel of a session that is over, as soon as that is known."""
    if _KEPT in session:
        session[_KEPT].end()


def find(token: str) -> LiveSession | None:
    """Return the session that a token stands for; None if there is none any more."""
    return _live_sessions.get(token)
