"""Limit how much of the CPU all trainings together may use.

A training advances in small parts, each when a browser asks for it. The process works on one part
at a time, for a bounded time, and tells each browser when to ask again, so that all parts together,
including drawing them, use at most a fixed share of one core. The more users train, the less often
each browser asks, and all other pages stay as fast as before.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep

SHARE = 0.5  # share of a core, for all trainings together
BUDGET = 0.05  # seconds that one part may take
PATIENCE = 0.1  # seconds to wait for others: a page that waits longer would feel stuck
SENDING = 0.01  # seconds of CPU time to start a part and to send its drawing
LEAST_REST = 0.03  # seconds between the paint and the next part, reserved for user input
AWAY = 3.0  # seconds without a part, after which a session no longer counts
BREATH = 2e-4  # seconds; a thread that never pauses would starve the others of the interpreter


class StepScheduler:
    """Hands out turns one at a time, and says how long to rest between them.

    Examples
    --------
    >>> scheduler = StepScheduler()
    >>> with scheduler.turn() as in_time:
    ...     print(in_time())
    True

    A part that takes 20 ms, and 10 to be sent, may begin every 60 ms, and every 120 ms where two
    people train.

    >>> scheduler.rest("Ada", 0.02), scheduler.rest("Alan", 0.02)
    (0.03, 0.09)
    """

    def __init__(self, budget: float = BUDGET, patience: float = PATIENCE) -> None:
        self.budget, self.patience = budget, patience
        self._lock = Lock()
        self._seen: dict[Hashable, float] = {}
        self._counting = Lock()

    @contextmanager
    def turn(self) -> Iterator[Callable[[], bool]]:
        """Wait for a turn; yield a function that returns whether there is time for one more step.

        If the turn does not come within `patience`, there is no time at all: the page draws the
        current state, and asks again.
        """
        if not self._lock.acquire(timeout=self.patience):
            yield lambda: False
            return
        start = monotonic()

        def in_time() -> bool:
            sleep(BREATH)
            return monotonic() - start < self.budget

        try:
            yield in_time
        finally:
            self._lock.release()

    def rest(self, who: Hashable, spent: float) -> float:
        """Return how many seconds `who` should rest after a part that took `spent` of CPU time."""
        now = monotonic()
        with self._counting:
            self._seen = {one: at for one, at in self._seen.items() if now - at < AWAY}
            self._seen[who] = now
            people = len(self._seen)
        return round(max(LEAST_REST, (spent + SENDING) * (people / SHARE - 1)), 6)


SCHEDULER = StepScheduler()
