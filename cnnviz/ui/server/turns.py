"""Pages run one after the other, so that they do not fight for the interpreter."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_TURN = 0.1  # seconds


class Turns:
    """One at a time, as long as each is quick.

    Runs that compute at the same time only fight for the interpreter's lock: with 60 people each
    costs half as much again, and all are late instead of some. Whoever takes longer than
    `longest` seconds, to train a network for instance, goes on beside the next.
    """

    def __init__(self, longest: float = LONGEST_TURN) -> None:
        self.longest = longest
        self._changed = threading.Condition()
        self._holder: object | None = None
        self._since = 0.0
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it."""
        self._take()
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others have the turn, if it is held, while this thread waits for something."""
        held = self._give()
        try:
            yield
        finally:
            if held:
                self._take()

    def _take(self) -> None:
        with self._changed:
            while self._holder is not None:
                left = self._since + self.longest - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            self._holder = self._mine.turn = object()
            self._since = time.monotonic()

    def _give(self) -> bool:
        mine, self._mine.turn = getattr(self._mine, "turn", None), None
        with self._changed:
            if mine is not None and self._holder is mine:
                self._holder = None
                self._changed.notify()
        return mine is not None


turns = Turns()
