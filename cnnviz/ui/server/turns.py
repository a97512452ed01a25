"""Pages run one after the other, so that they do not fight for the interpreter."""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

LONGEST_TURN = 0.1  # seconds
PATIENCE = 0.2  # seconds between two checks of whether the page has moved on


class _Place:
    """A place in the queue, and the work to do when its turn comes."""

    def __init__(self, who: Hashable, asked: Any = None) -> None:  # see `turn`
        self.who, self.asked = who, asked
        self.is_lost = False  # replaced by a later place of the same user
        self.woken = threading.Event()


def _the_later(_: Any, later: Any) -> Any:
    return later


class Turns:
    """Lets runs start one at a time, in the order of their arrival, as long as each is quick.

    Runs that compute at the same time only compete for the interpreter's lock: with 60 people, each
    run takes half as long again, and all of them are late instead of some. A run that takes longer
    than `longest` seconds, for instance to train a network, continues while the next one starts.

    A user has one place in the queue: a new request of the same user replaces the one that is
    waiting, which never starts.
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
        asked: Any = None,  # only `join` looks into it
        join: Callable[[Any, Any], Any] = _the_later,
    ) -> Iterator[Any]:
        """Wait for a turn and hold it; yield the work to do, or None if it has been replaced.

        Parameters
        ----------
        who : hashable, optional
            The user. Without one, each turn has its own place.
        asked
            The work to do.
        join : callable
            Takes the same user's waiting work and the new work; returns the work that replaces
            both.
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
        """Release the turn, if this thread holds it, while the thread waits for something.

        Afterwards this thread gets the next turn, so that work that has started can finish.
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
        """Join the end of the queue, or take over the same user's place in it."""
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
        """Wait for this place's turn; return False if it was replaced."""
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
        """Return how many seconds the others still have to wait."""
        return 0.0 if self._holder is None else self._since + self.longest - time.monotonic()

    def _give(self) -> bool:
        """Pass the turn on; return whether this thread had it."""
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


@contextmanager
def alone(lock: threading.Lock, tell: Callable[[], object]) -> Iterator[None]:
    """Hold a lock for work that one session at a time may do; other pages run meanwhile.

    As long as another session holds it, `tell` is called repeatedly to say so on the page; if the
    user has left the page, this call ends the run.
    """
    with turns.aside():
        while not lock.acquire(timeout=PATIENCE):
            tell()
    try:
        yield
    finally:
        lock.release()
