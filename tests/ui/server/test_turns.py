"""Runs take turns; whoever takes long, or waits for something, lets the next one in."""

import threading
import time

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
        thread.join()  # its end does not give the turn of the other away
        assert turns._holder is not None
    assert turns._holder is None


def test_who_waits_for_something_gives_the_turn_away():
    turns, aside, go_on = Turns(longest=60), threading.Event(), threading.Event()

    def upload():
        with turns.turn(), turns.aside():
            aside.set()
            go_on.wait(60)

    thread = in_thread(upload)
    aside.wait(60)
    with turns.turn():  # would take a minute otherwise
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
