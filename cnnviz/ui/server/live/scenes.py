"""A token for each session, and the scene that answers for the page it shows.

A scene answers a request with messages, each with the name of its receiver on the page. The most
visible parts come first; the code that makes them is the same as in a run of the page. A scene
raises ValueError with the sentence that the page would show.
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
    """A session as its live channel sees it: its token and its scene.

    `scene` belongs to the page on the screen; it is None if the page has none. If the session leads
    a class, `leads` is called with each answer, too.
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
        """Register a channel by the function that closes it; close the previous channel."""
        with self._lock:
            before, self._close = (close, None) if self._ended else (self._close, close)
        if before:
            before()

    def leave(self, close: Callable[[], None]) -> None:
        """Forget the channel that was registered with `close`."""
        with self._lock:
            if self._close is close:
                self._close = None

    def end(self) -> None:
        """Invalidate the token, and close the channel."""
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
    """Return a session's `LiveSession`; made on the first call."""
    if _KEPT not in session:
        session[_KEPT] = LiveSession()
    return session[_KEPT]


def end(session: MutableMapping[Any, Any]) -> None:
    """End the channel of a session that is over."""
    if _KEPT in session:
        session[_KEPT].end()


def find(token: str) -> LiveSession | None:
    """Return the session that a token belongs to; None if it no longer exists."""
    return _live_sessions.get(token)
