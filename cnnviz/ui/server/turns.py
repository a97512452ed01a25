"""Pages run one after the other, so that they do not fight for the interpreter."""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

LONGEST_TURN = 0.1  # seconds


class _Place:
    """A place in the row, and what is to be done when its turn comes."""

    def __init__(self, who: Hashable, asked: Any = None) -> None:  # noqa: ANN401 - see `turn`
        self.who, self.asked = who, asked
        self.is_lost = False  # to a later one of the same user
        self.woken = threading.Event()


def _the_later(_: Any, later: Any) -> Any:  # noqa: ANN401
    return later


class Turns:
    """One at a time, in the order in which they came, as long as each is quick.

    Runs that compute at the same time only fight for the interpreter's lock: with 60 people each
    costs half as much again, and all are late instead of some. A run that takes longer than
    `longest` seconds, to train a network for instance, goes on beside the next.

    A user has one place in the row: what is asked for while another run of the same user waits
    takes the place of that one, which is never begun.
    """

    def __init__(self, longest: float = LONGEST_TURN) -> None:
        self.longest = longest
        self._lock = threading.Lock()
        self._row: deque[_Place] = deque()
        self._holder: _Place | None = None
        self._since = 0.0
        self._mine = threading.local()

    @contextmanager
    def turn(
        self,
        who: Hashable = None,
        asked: Any = None,  # noqa: ANN401 - only `join` looks into it
        join: Callable[[Any, Any], Any] = _the_later,
    ) -> Iterator[Any]:
        """Wait for a turn and hold it; yield what is to be done, or None if that is no longer so.

        Parameters
        ----------
        who : hashable, optional
            The user. Without one, each turn has a place of its own.
        asked
            What is to be done.
        join : callable
            Gets what the same user has asked for before, and still waits for, and what is asked
            for now; returns what is to be done instead of both.
        """
        place = _Place(who, asked)
        self._enter(place, join)
        if not self._take(place):
            yield None
            return
        try:
            yield place.asked
        finally:
            self._give()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others have the turn, if it is held, while this thread waits for something.

        The next turn is then this one's again: what has been begun comes to its end.
        """
        held = self._give()
        try:
            yield
        finally:
            if held:
                place = _Place(None)
                with self._lock:
                    self._row.appendleft(place)
                self._take(place)

    def _enter(self, place: _Place, join: Callable[[Any, Any], Any]) -> None:
        """Stand at the end of the row, or where the same user stands already."""
        with self._lock:
            for index, other in enumerate(self._row):
                if place.who is not None and other.who == place.who:
                    place.asked = join(other.asked, place.asked)
                    self._row[index] = place
                    other.is_lost = True
                    other.woken.set()
                    return
            self._row.append(place)

    def _take(self, place: _Place) -> bool:
        """Wait until it is this one's turn; say whether it ever is."""
        while True:
            wait = None  # until it is woken
            with self._lock:
                if place.is_lost:
                    return False
                place.woken.clear()
                if self._row[0] is place:
                    wait = self._left()
                    if wait <= 0:
                        self._row.popleft()
                        self._holder = self._mine.turn = place
                        self._since = time.monotonic()
                        self._wake_next()
                        return True
            place.woken.wait(wait)

    def _left(self) -> float:
        """Return the seconds for which the others still have to wait."""
        return 0.0 if self._holder is None else self._since + self.longest - time.monotonic()

    def _give(self) -> bool:
        """Let the next one have the turn; say whether this thread has had one."""
        mine, self._mine.turn = getattr(self._mine, "turn", None), None
        with self._lock:
            if mine is not None and self._holder is mine:
                self._holder = None
                self._wake_next()
        return mine is not None

    def _wake_next(self) -> None:
        if self._row:
            self._row[0].woken.set()


turns = Turns()
