import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.ui.server.live.requests import (
    MAX_FRAME,
    MAX_TEXT,
    Allowance,
    Got,
    Hello,
    Hidden,
    Refused,
    Request,
    read,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["n", "set", "got", "token", "hidden", "x"]), inner)
    ),
    max_leaves=8,
)


def frame(height, width, changes="{}"):
    """Return a frame of the camera as a tab sends it."""
    text = changes.encode("utf-16", "surrogatepass") if "\ud800" in changes else changes.encode()
    cells = bytes(range(3 * height * width))
    return struct.pack("<IHHH", 7, height, width, len(text)) + text + cells


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        ('{"token": "abc"}', Hello("abc")),
        ('{"n": 0, "set": {}}', Request(0, {})),
        ('{"n": 2, "set": {"lab.own": "1,2"}}', Request(2, {"lab.own": "1,2"})),
        ('{"got": 5}', Got(5)),
        ('{"hidden": true}', Hidden(True)),
    ],
)
def test_messages_of_a_tab_are_parsed(message, meaning):
    assert read(message) == meaning


@pytest.mark.parametrize(
    "message",
    [
        "", "{", "null", "3", "[]", "{}", '"token"', '{"token": 3}', '{"token": null}',
        '{"n": 1}', '{"set": {}}', '{"n": true, "set": {}}', '{"n": 1.0, "set": {}}',
        '{"n": -1, "set": {}}', '{"n": 9007199254740992, "set": {}}', '{"n": 1, "set": []}',
        '{"n": 1, "set": {"a": 1}}',
        '{"n": 1, "set": {"a": NaN}}', '{"n": 1, "set": {"a": Infinity}}', '{"got": "1"}',
        '{"hidden": 1}', '{"hidden": true, "n": 1}', '{"n": 1, "set": {}, "more": 1}',
        '{"n": ' + "1" * 5000 + ', "set": {}}', "[" * 40_000, '{"a":' * 9_000,
        json.dumps({"n": 1, "set": dict.fromkeys(map(str, range(65)), 1)}),
        json.dumps({"n": 1, "set": {"k" * 65: 1}}),
        "x" * (MAX_TEXT + 1), b"", b"123456789", frame(0, 0), frame(0, 9), frame(2, 2)[:-1],
        frame(2, 2, "["), frame(2, 2, "[]"), frame(2, 2, '{"a": 1}'), frame(2, 2, "\ud800\udc00"),
        bytes(MAX_FRAME + 1),
    ],
    ids=lambda message: repr(message[:24]),
)  # fmt: skip
def test_anything_else_is_refused_with_a_code_of_its_own_kind(message):
    with pytest.raises(Refused) as refused:
        read(message)
    assert refused.value.code in (1007, 1009)
    assert (refused.value.code == 1009) == (len(message) > MAX_TEXT)


@given(st.binary(max_size=64) | st.text(max_size=64) | JSON.map(json.dumps))
def test_nonsense_is_refused_and_does_nothing_else(message):
    try:
        said = read(message)
    except Refused:
        return
    assert isinstance(said, Hello | Request | Got | Hidden)


def test_a_frame_of_the_camera_is_an_array():
    request = read(frame(2, 3, '{"lab.bias": "4"}'))
    assert request.n == 7
    assert request.changes == {"lab.bias": "4"}
    assert request.frame.shape == (2, 3, 3)
    assert request.frame.tobytes() == bytes(range(18))
    assert not request.frame.flags.writeable


def test_after_a_pause_a_burst_is_allowed_but_no_more():
    allowance = Allowance(rate=10, burst=5)
    assert sum(allowance.spend(0.0) for _ in range(9)) == 5
    assert sum(allowance.spend(1000.0) for _ in range(9)) == 5
    assert sum(allowance.spend(1000.0 + second / 20) for second in range(1, 41)) == 20


def test_a_clock_that_goes_back_gives_nothing():
    allowance = Allowance(rate=10, burst=1)
    assert allowance.spend(5.0)
    assert not allowance.spend(4.0)
    assert math.isclose(allowance._left, 0.0)
