"""A few threads that work for many users in turn."""

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cnnviz.ui.server.turns import Turns

LONGEST_STEP = 0.03  # seconds; a change at 512 × 512 takes 0.02
Step = Callable[[], bool]


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """Works in steps, one for each user in turn.

    A user with much to do rejoins the end of the queue after every step, so that one with little
    to do waits for at most one step of each of the others.

    Examples
    --------
    >>> import threading
    >>> pool, steps = Pool(threads=1), iter([True, False])
    >>> done = threading.Event()
    >>> def step():
    ...     more = next(steps)
    ...     if not more:
    ...         done.set()
    ...     return more
    >>> pool.add(step)
    >>> done.wait(5)
    True
    """

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads or cores()
        self._executor = ThreadPoolExecutor(self.threads, thread_name_prefix="live")
        self._row: deque[Step] = deque()
        self._turns = Turns(LONGEST_STEP)

    def add(self, step: Step) -> None:
        """Call `step` in a thread of the pool, repeatedly until it returns False."""
        self._row.append(step)
        self._executor.submit(self._next)

    def _next(self) -> None:
        step = self._row.popleft()
        while self._take(step):
            if self._row:
                self.add(step)
                return

    def _take(self, step: Step) -> bool:
        with self._turns.turn():
            return step()
