import threading

from cnnviz.ui.server.live.one_in_flight import OneInFlight
from cnnviz.ui.server.live.pool import Pool


class ByHand:
    """A pool whose steps the test runs."""

    def __init__(self):
        self.row = []

    def add(self, step):
        self.row.append(step)

    def step(self):
        step = self.row.pop(0)
        if step():
            self.row.append(step)

    def run(self):
        while self.row:
            self.step()


def desk(pool, parts=1):
    """Return a desk, and the list of the work it has done."""
    done = []

    def answer(request):
        for part in range(parts):
            done.append(f"{request}{part}")
            yield
        return None

    return OneInFlight(pool, answer, lambda said: None), done


def test_the_latest_is_answered_and_what_it_replaces_is_never_begun():
    pool = ByHand()
    made, done = desk(pool)
    assert [made.ask(n) for n in range(4)] == [None, 0, 1, 2]
    pool.run()
    assert done == ["30"]


def test_one_request_is_under_way_until_its_answer_has_been_sent():
    pool = ByHand()
    made, done = desk(pool)
    made.ask(1)
    pool.run()
    made.ask(2)
    made.ask(3)
    pool.run()
    assert done == ["10"]
    made.free()
    pool.run()
    assert done == ["10", "30"]


def test_people_take_turns_whatever_each_of_them_has_to_do():
    pool, order = ByHand(), []
    for name, parts in (("slow", 4), ("quick", 1)):

        def answer(request, parts=parts):
            for _ in range(parts):
                order.append(request)
                yield
            return None

        OneInFlight(pool, answer, lambda said: None).ask(name)
    pool.run()
    assert order == ["slow", "quick", "slow", "slow", "slow"]


def test_nothing_is_begun_for_who_is_away_and_the_latest_when_they_are_back():
    pool = ByHand()
    made, done = desk(pool)
    made.ask(1)
    made.leave(True)
    pool.run()
    made.ask(2)
    pool.run()
    assert done == []
    made.leave(False)
    pool.run()
    assert done == ["20"]


def test_nothing_is_begun_after_the_end():
    pool = ByHand()
    made, done = desk(pool)
    made.ask(1)
    made.close()
    made.ask(2)
    made.free()
    pool.run()
    assert done == []


def test_no_request_is_lost_or_worked_on_twice_among_threads():
    pool, finished = Pool(threads=4), threading.Semaphore(0)
    count, people, lock, under_way, most = 50, [], threading.Lock(), {}, {}

    def person(name):
        def answer(request):
            with lock:
                under_way[name] = under_way.get(name, 0) + 1
                most[name] = max(most.get(name, 0), under_way[name])
            yield
            with lock:
                under_way[name] -= 1
            return request

        def deliver(said):
            if said is not None:
                made.free()
            if said == count:
                finished.release()

        made = OneInFlight(pool, answer, deliver)
        return made

    people = [person(name) for name in "abcdefgh"]
    for request in range(1, count + 1):
        for each in people:
            each.ask(request)
    for _ in people:
        assert finished.acquire(timeout=10)  # everyone's last request is answered
    assert set(most.values()) == {1}
