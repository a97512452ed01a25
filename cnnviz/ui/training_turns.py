"""How much of the processor training may take, all people together.

A training is advanced in small parts, each when a browser asks for it. Here they take turns: one
part at a time in the whole process, a bounded time, and as long a rest after it. So everybody
who trains gets on, and everybody else keeps at least half a core.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep

BUDGET = 0.06  # seconds of one turn
PATIENCE = 0.12  # seconds to wait for a turn: a page that waits longer would feel stuck


class Turns:
    """Hands out turns, one after the other.

    Examples
    --------
    >>> turns = Turns()
    >>> with turns.turn() as in_time:
    ...     print(in_time())
    True
    """

    def __init__(self, budget: float = BUDGET, patience: float = PATIENCE) -> None:
        self.budget, self.patience = budget, patience
        self._lock = Lock()
        self._rest_until = 0.0

    @contextmanager
    def turn(self) -> Iterator[Callable[[], bool]]:
        """Wait for a turn; yield what says whether there is time left for more work.

        Where the turn does not come in `patience`, there is none from the start: the page draws
        what it has, and asks again.
        """
        if not self._lock.acquire(timeout=self.patience):
            yield lambda: False
            return
        try:
            sleep(max(0.0, self._rest_until - monotonic()))
            start = monotonic()
            yield lambda: monotonic() - start < self.budget
            end = monotonic()
            self._rest_until = end + min(end - start, self.budget)
        finally:
            self._lock.release()


TURNS = Turns()
