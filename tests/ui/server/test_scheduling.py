import threading

import pytest

from cnnviz.ui.server import scheduling
from cnnviz.ui.server.scheduling import AWAY, LEAST_REST, SENDING, SHARE, StepScheduler


def test_a_turn_ends_when_its_time_is_over():
    scheduler, steps = StepScheduler(budget=0.2), 0
    with scheduler.turn() as in_time:
        while in_time():
            steps += 1
    assert steps > 0


def test_only_one_has_a_turn_and_who_waits_too_long_gets_none():
    scheduler = StepScheduler(budget=60, patience=0.01)
    with scheduler.turn() as mine, scheduler.turn() as yours:
        assert mine()
        assert not yours()
    with scheduler.turn() as mine:
        assert mine()


def test_the_rest_keeps_all_who_train_to_their_share_of_a_core():
    for people in 1, 2, 5, 30:
        scheduler, spent = StepScheduler(), 0.04
        for _ in range(2):  # by the second round everybody has been seen
            rests = [scheduler.rest(who, spent) for who in range(people)]
        whole = spent + SENDING
        assert sum(whole / (whole + rest) for rest in rests) == pytest.approx(SHARE, abs=1e-4)


def test_a_quick_part_still_leaves_time_for_the_hand():
    assert StepScheduler().rest("one", 0.001) == LEAST_REST


def test_users_who_have_left_do_not_slow_down_the_others(monkeypatch):
    scheduler, now = StepScheduler(), 100.0
    monkeypatch.setattr(scheduling, "monotonic", lambda: now)
    alone = scheduler.rest("one", 0.1)
    assert scheduler.rest("two", 0.1) == pytest.approx(3 * alone)
    now += AWAY + 1
    assert scheduler.rest("one", 0.1) == alone


def test_the_rest_is_told_while_another_has_the_turn():
    scheduler = StepScheduler()
    with scheduler.turn():
        assert scheduler.rest("other", 0.01) > 0


def test_two_who_train_both_get_on():
    scheduler, counts = StepScheduler(budget=60, patience=60), [0, 0]

    def train(who):
        for _ in range(20):
            with scheduler.turn() as in_time:
                counts[who] += in_time()

    threads = [threading.Thread(target=train, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [20, 20]


def test_a_turn_that_fails_is_given_back():
    scheduler = StepScheduler(budget=60, patience=0.01)
    try:
        with scheduler.turn():
            raise ValueError
    except ValueError:
        pass
    with scheduler.turn() as in_time:
        assert in_time()
