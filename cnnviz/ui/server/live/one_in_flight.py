"""The requests of one tab: one is in flight, the latest one waits, and older ones are dropped."""

import threading
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

from cnnviz.ui.server.live.pool import Pool

Asked = TypeVar("Asked")
Said = TypeVar("Said")


class OneInFlight(Generic[Asked, Said]):
    """Answers one request after the other in the threads of a pool.

    Parameters
    ----------
    pool : Pool
        Does the work, taking turns between users.
    answer : callable
        Takes a request; yields the messages of its answer, one part of the work at a time, and
        returns the last message.
    deliver : callable
        Takes a message to send. After the last one of an answer, no new request starts until `free`
        is called: the answer is still being sent.

    Examples
    --------
    >>> class AtOnce:
    ...     def add(self, step):
    ...         while step():
    ...             pass
    >>> def answer(request):
    ...     yield f"working on {request}"
    ...     return f"{request} is done"
    >>> requests = OneInFlight(AtOnce(), answer, print)
    >>> requests.ask(1)
    working on 1
    1 is done
    >>> requests.ask(2)
    >>> requests.ask(3)  # says which one is out of date
    2
    >>> requests.free()
    working on 3
    3 is done
    """

    def __init__(
        self,
        pool: Pool,
        answer: Callable[[Asked], Generator[Said, None, Said]],
        deliver: Callable[[Said], None],
    ) -> None:
        self._pool, self._answer, self._deliver = pool, answer, deliver
        self._lock = threading.Lock()
        self._waiting: Asked | None = None
        self._work: Generator[Said, None, Said] | None = None
        self._busy = self._away = False

    def ask(self, request: Asked) -> Asked | None:
        """Queue a request; return the waiting request that it replaces, if any."""
        with self._lock:
            replaced, self._waiting = self._waiting, request
        self._begin()
        return replaced

    def free(self) -> None:
        """Start the next request: the last message of the current answer has been sent."""
        with self._lock:
            self._busy = False
        self._begin()

    def leave(self, away: bool) -> None:
        """Start no request while the tab is hidden."""
        with self._lock:
            self._away = away
        self._begin()

    def close(self) -> None:
        """Start no more requests."""
        with self._lock:
            self._away, self._waiting = True, None

    def _begin(self) -> None:
        with self._lock:
            if self._busy or self._away or self._waiting is None:
                return
            self._busy = True
        self._pool.add(self._step)

    def _step(self) -> bool:
        """Do one part of the work; return whether there is more."""
        if self._work is None:
            with self._lock:
                if self._away or self._waiting is None:  # the user has left meanwhile
                    self._busy = False
                    return False
                latest, self._waiting = self._waiting, None
            self._work = self._answer(latest)
        try:
            said, more = next(self._work), True
        except StopIteration as end:
            said, more, self._work = end.value, False, None
        self._deliver(said)
        return more
