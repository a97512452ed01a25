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


class Stage:
    """What the channel of one session may show; it lives as long as the session does.

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
        _stages[self.token] = self

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
        _stages.pop(self.token, None)
        if close:
            close()

    def __del__(self) -> None:
        self.end()


_stages: weakref.WeakValueDictionary[str, Stage] = weakref.WeakValueDictionary()


def stage(session: MutableMapping[Any, Any]) -> Stage:
    """Return the stage of a session, which keeps it; made when first asked for."""
    if _KEPT not in session:
        session[_KEPT] = Stage()
    return session[_KEPT]


def end(session: MutableMapping[Any, Any]) -> None:
    """End the stage of a session that is over, as soon as that is known."""
    if _KEPT in session:
        session[_KEPT].end()


def find(token: str) -> Stage | None:
    """Return the stage that a token stands for; None if there is none any more."""
    return _stages.get(token)
