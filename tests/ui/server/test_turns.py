"""Runs take turns; a run that takes long, or waits for something, lets the next one in."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from cnnviz.ui.server.turns import Turns


def in_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_one_has_the_turn_and_the_next_gets_it():
    turns, inside, go_on, order = Turns(longest=60), threading.Event(), threading.Event(), []

    def first():
        with turns.turn():
            inside.set()
            go_on.wait(60)
            order.append("first")

    def second():
        with turns.turn():
            order.append("second")

    threads = [in_thread(first)]
    inside.wait(60)
    threads.append(in_thread(second))
    go_on.set()
    for thread in threads:
        thread.join()
    assert order == ["first", "second"]


def test_a_long_run_goes_on_beside_the_next():
    turns, go_on = Turns(longest=0.05), threading.Event()
    inside = threading.Event()

    def long():
        with turns.turn():
            inside.set()
            go_on.wait(60)

    thread = in_thread(long)
    inside.wait(60)
    start = time.monotonic()
    with turns.turn():
        assert time.monotonic() - start < 30
        go_on.set()
        thread.join()  # its end does not give away the other's turn
        assert turns._holder is not None
    assert turns._holder is None


@contextmanager
def busy(turns):
    """Let someone hold the turn inside this context."""
    inside, go_on = threading.Event(), threading.Event()

    def work():
        with turns.turn():
            inside.set()
            go_on.wait(60)

    thread = in_thread(work)
    inside.wait(60)
    yield
    go_on.set()
    thread.join()


def wait_in(turns, count):
    """Wait until that many are in the queue."""
    while len(turns._row) < count:
        time.sleep(0)


def test_turns_come_in_the_order_in_which_they_were_asked_for():
    turns, order, threads = Turns(longest=60), [], []

    def work(who):
        with turns.turn(who):
            order.append(who)

    with busy(turns):
        for who in range(6):
            threads.append(in_thread(lambda who=who: work(who)))
            wait_in(turns, who + 1)
    for thread in threads:
        thread.join()
    assert order == [*range(6)]


def test_a_new_request_replaces_the_waiting_one_and_is_merged_with_it():
    turns, done, threads = Turns(longest=60), [], []

    def work(who, asked):
        with turns.turn(who, asked, join=lambda before, after: before + after) as wanted:
            done.append(wanted and (who, wanted))

    with busy(turns):
        for number, (who, asked) in enumerate([("Ada", "1"), ("Alan", "2"), ("Ada", "3")]):
            threads.append(in_thread(lambda who=who, asked=asked: work(who, asked)))
            wait_in(turns, min(number + 1, 2))
            if number == 2:
                threads[0].join()  # it has been replaced, and does not start
                assert done == [None]
    for thread in threads:
        thread.join()
    assert done == [None, ("Ada", "13"), ("Alan", "2")]


def test_a_request_during_the_users_own_turn_waits_for_the_next_turn():
    turns, order, threads = Turns(longest=60), [], []

    def work(asked):
        with turns.turn("Ada", asked) as wanted:
            order.append(wanted)
            if wanted == 1:
                threads.append(in_thread(lambda: work(2)))
                wait_in(turns, 1)
                order.append("end of 1")

    work(1)
    threads[0].join()
    assert order == [1, "end of 1", 2]


def test_a_thread_that_returns_is_next_and_finishes_its_work():
    turns, order, aside, go_on = Turns(longest=60), [], threading.Event(), threading.Event()

    def upload():
        with turns.turn("Ada"):
            with turns.aside():
                aside.set()
                go_on.wait(60)
            order.append("Ada")

    def work(who):
        with turns.turn(who):
            order.append(who)

    threads = [in_thread(upload)]
    aside.wait(60)
    with busy(turns):
        threads.append(in_thread(lambda: work("Alan")))
        wait_in(turns, 1)
        threads.append(in_thread(lambda: work("Ada")))  # a run of the same user, beside the upload
        wait_in(turns, 2)
        go_on.set()
        wait_in(turns, 3)
    for thread in threads:
        thread.join()
    assert order == ["Ada", "Alan", "Ada"]


def test_many_users_who_change_their_minds_each_get_their_last_request():
    turns, done, inside = Turns(longest=60), {}, threading.Lock()

    def work(who, asked):
        with turns.turn(who, asked, join=max) as wanted:
            if wanted is not None:
                assert inside.acquire(blocking=False)
                done[who] = max(done.get(who, 0), wanted)
                inside.release()

    with ThreadPoolExecutor(16) as pool:
        for future in [pool.submit(work, n % 5, n) for n in range(500)]:
            future.result()
    assert done == {who: 495 + who for who in range(5)}
    assert not turns._row
    assert turns._holder is None


def test_a_thread_that_waits_for_something_releases_its_turn():
    turns, aside, go_on = Turns(longest=60), threading.Event(), threading.Event()

    def upload():
        with turns.turn(), turns.aside():
            aside.set()
            go_on.wait(60)

    thread = in_thread(upload)
    aside.wait(60)
    with turns.turn():  # would otherwise take a minute
        go_on.set()
    thread.join()
    assert turns._holder is None


def test_stepping_aside_without_a_turn_changes_nothing():
    turns = Turns()
    with turns.aside():
        pass
    assert turns._holder is None


def test_an_error_gives_the_turn_back():
    turns = Turns(longest=60)
    with pytest.raises(ValueError, match="oops"), turns.turn():
        raise ValueError("oops")
    assert turns._holder is None
