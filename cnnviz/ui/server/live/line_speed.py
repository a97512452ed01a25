"""Measure the speed of the connection to a tab by the time that its receipts take."""

from collections import deque

from cnnviz.ui.server.live.wire import Means

SMALL = 4096  # bytes; messages up to this size measure the round trip, not the bandwidth
LARGE = 16384  # bytes; smaller messages say nothing about the bandwidth
SLOW = 4e6  # bytes a second, below which deflating takes less time than it saves
VERY_SLOW = 5e5  # bytes a second; at this rate, a change of four planes takes most of a second
REMEMBERED = 8  # messages
MOST_UNANSWERED = 64  # messages whose send time is kept


class LineSpeed:
    """The speed of the connection to one tab.

    The fastest of the last messages counts: a server or browser that is busy for a moment makes a
    connection look slower than it is, but nothing makes it look faster.

    Examples
    --------
    >>> line = LineSpeed()
    >>> line.sent(1, 100, now=0.0)
    >>> line.got(1, now=0.02)
    True
    >>> line.sent(2, 200_000, now=1.0)
    >>> line.got(2, now=1.22)
    True
    >>> round(line.rate)
    1000000
    >>> line.means()
    Means(deflate=True, half=False)
    """

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=REMEMBERED)  # round-trip time in seconds
        self._rates: deque[float] = deque(maxlen=REMEMBERED)  # bytes a second
        self._under_way: dict[int, tuple[int, float]] = {}

    def sent(self, k: int, size: int, now: float) -> None:
        """Note that message `k`, this many bytes long, was sent at the time `now`."""
        self._under_way[k] = size, now
        while len(self._under_way) > MOST_UNANSWERED:
            del self._under_way[next(iter(self._under_way))]

    def got(self, k: int, now: float) -> bool:
        """Note the receipt for message `k`; return whether that message was awaiting one."""
        if k not in self._under_way:
            return False
        size, since = self._under_way.pop(k)
        taken = now - since
        if size <= SMALL:
            self._times.append(taken)
        elif size >= LARGE:
            self._rates.append(size / max(taken - min(self._times, default=0), 1e-4))
        return True

    @property
    def rate(self) -> float:
        """Bytes a second; infinite until something has been measured."""
        return max(self._rates, default=float("inf"))

    def means(self) -> Means:
        """Return how planes should be sent."""
        return Means(deflate=self.rate < SLOW, half=self.rate < VERY_SLOW)
