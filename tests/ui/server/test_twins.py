"""What the server and the browser's modules must agree on is the same number in both."""

import re
from pathlib import Path

import pytest

from cnnviz.ui.server.live import connection
from cnnviz.ui.server.live.requests import HEAD, MAX_FRAME, MAX_TEXT
from cnnviz.ui.server.rooms import limits, protocol

COMPONENTS = Path(__file__).parents[3] / "static" / "components"


def found(file, pattern):
    """Return what stands in the one place of a browser's module that matches a pattern."""
    text = (COMPONENTS / file).read_text(encoding="utf-8")
    (match,) = re.finditer(pattern, text, re.DOTALL | re.MULTILINE)
    return match[1]


def numbers(file, name):
    """Return the numbers of a constant."""
    value = found(file, rf"^const {name} = (.*?)( //|$)")
    return [int(number) for number in re.findall(r"-?\d+", value)]


def test_a_question_is_as_long_as_the_server_takes_it():
    assert numbers("classroom/asking.js", "LONGEST") == [limits.LONGEST_TEXT]
    longest, _, most = numbers("classroom/choices.js", r"\[LONGEST, LEAST, MOST\]")
    assert (longest, most) == (limits.LONGEST_OPTION, limits.MOST_OPTIONS)


def test_a_kernel_of_an_answer_has_the_weights_that_the_server_takes():
    most = limits.LARGEST_WEIGHT
    assert numbers("classroom/answering.js", r"\[LEAST, MOST\]") == [-most, most]


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("classroom/identity.js", r"^const CODE = /\^(.*?)\$/"),
        ("classroom/join-code.js", r"replace\(/\\/(.*?)\$/"),
    ],
)
def test_every_code_is_a_code_to_the_browser_too(file, pattern):
    code = re.compile(found(file, pattern))
    for letter in protocol.ALPHABET:
        assert code.fullmatch(letter * protocol.LETTERS)
    for length in (protocol.LETTERS - 1, protocol.LETTERS + 1):
        assert not code.fullmatch(protocol.ALPHABET[:length])


def test_the_largest_frame_of_the_camera_is_the_largest_that_is_taken():
    (side,) = numbers("camera/camera.js", "LONGEST")
    assert HEAD.size + MAX_TEXT + 3 * side**2 == MAX_FRAME


def test_the_browser_knows_why_the_server_closes_a_connection():
    ends = found("classroom/room.js", r"^const \w+ = ({\n.*?^})")
    assert {int(code) for code in re.findall(r"^  (\d{4}): ", ends, re.MULTILINE)} == {
        protocol.NOT_THE_KEY,
        protocol.UNKNOWN,
        protocol.ENDED,
        protocol.GONE,
        protocol.FULL,
    }
    assert numbers("classroom/room.js", "FULL") == [protocol.FULL]
    assert numbers("live/channel.js", "UNKNOWN") == [connection.UNKNOWN]
