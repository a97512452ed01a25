import pytest

from cnnviz.ui.server.live.line_speed import LineSpeed
from cnnviz.ui.server.live.wire import Means


def line(*, way=0.02, size=200_000, rate=1e6, times=4):
    """Return a line that has carried this many messages at a rate (bytes a second)."""
    made = LineSpeed()
    made.sent(0, 30, now=0.0)
    made.got(0, now=way)
    for k in range(1, times + 1):
        made.sent(k, size, now=k)
        made.got(k, now=k + way + size / rate)
    return made


@pytest.mark.parametrize(
    ("rate", "means"),
    [
        (5e7, Means()),
        (2e6, Means(deflate=True)),
        (2e5, Means(deflate=True, half=True)),
    ],
)
def test_the_slower_the_connection_the_less_is_sent(rate, means):
    assert line(rate=rate).rate == pytest.approx(rate)
    assert line(rate=rate).means() == means


def test_a_long_round_trip_is_not_a_slow_connection():
    assert line(way=0.3, rate=5e7).means() == Means()


def test_a_busy_moment_of_the_tab_is_not_a_slow_connection():
    made = line(rate=5e7)
    made.sent(9, 200_000, now=10.0)
    made.got(9, now=12.0)
    assert made.means() == Means()


def test_nothing_is_assumed_about_a_new_connection():
    assert line(times=0).means() == Means()


def test_small_messages_and_spurious_receipts_say_nothing_about_the_speed():
    made = line(size=10_000, rate=1e3)
    made.got(77, now=9.0)
    assert made.means() == Means()
    assert line(rate=2e5).rate == pytest.approx(2e5)


def test_messages_that_are_never_acknowledged_are_forgotten():
    made = LineSpeed()
    for k in range(1000):
        made.sent(k, 30, now=k)
    made.got(0, now=1000.0)
    assert not made._times
    assert len(made._under_way) <= 64
