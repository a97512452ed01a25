import gc
import re

from cnnviz.ui.server.live.scenes import end, find, live_session


def test_a_token_is_128_random_bits_and_finds_its_session():
    one, other = {}, {}
    token = live_session(one).token
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert live_session(one) is live_session(one) is find(token)
    assert live_session(other).token != token


def test_a_token_is_worth_nothing_once_the_session_is_gone():
    session = {}
    token, closed = live_session(session).token, []
    live_session(session).open(lambda: closed.append(token))
    session.clear()
    gc.collect()
    assert find(token) is None
    assert closed == [token]


def test_a_token_is_worth_nothing_once_the_session_is_known_to_be_over():
    session, closed = {}, []
    kept = live_session(session)
    kept.open(lambda: closed.append(1))
    end(session)
    assert find(kept.token) is None
    assert closed == [1]
    kept.open(lambda: closed.append(2))  # arrives at the same moment
    assert closed == [1, 2]
    end({})


def test_the_later_of_two_channels_stays():
    session, closed = {}, []
    first, second = (lambda: closed.append("first")), (lambda: closed.append("second"))
    live_session(session).open(first)
    live_session(session).open(second)
    assert closed == ["first"]
    live_session(session).leave(first)
    end(session)
    assert closed == ["first", "second"]


def test_a_channel_that_has_left_is_not_closed_again():
    session, closed = {}, []
    close = lambda: closed.append(1)  # noqa: E731
    live_session(session).open(close)
    live_session(session).leave(close)
    end(session)
    assert closed == []


def test_nothing_is_found_under_what_is_no_token():
    assert find("") is None
    assert find("0" * 32) is None
