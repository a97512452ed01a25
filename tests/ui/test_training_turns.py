import threading
import time

from cnnviz.ui.training_turns import Turns


def test_a_turn_ends_when_its_time_is_over():
    turns, steps = Turns(budget=0.01), 0
    with turns.turn() as in_time:
        while in_time():
            steps += 1
    assert steps > 0


def test_only_one_has_a_turn_and_who_waits_too_long_gets_none():
    turns = Turns(patience=0.01)
    with turns.turn() as mine, turns.turn() as yours:
        assert mine()
        assert not yours()
    with turns.turn() as mine:
        assert mine()


def test_after_a_turn_comes_as_long_a_rest():
    turns = Turns(budget=0.02, patience=1)
    start, worked = time.monotonic(), 0.0
    for _ in range(5):
        with turns.turn() as in_time:
            begun = time.monotonic()
            while in_time():
                pass
            worked += time.monotonic() - begun
    assert worked < 0.62 * (time.monotonic() - start)  # the last rest is not over yet


def test_two_who_train_both_get_on():
    turns, counts = Turns(budget=0.002, patience=5), [0, 0]

    def train(who):
        for _ in range(20):
            with turns.turn() as in_time:
                counts[who] += in_time()

    threads = [threading.Thread(target=train, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [20, 20]


def test_a_turn_that_fails_is_given_back():
    turns = Turns(patience=0.01)
    try:
        with turns.turn():
            raise ValueError
    except ValueError:
        pass
    with turns.turn() as in_time:
        assert in_time()
