"""The right answer to a question is what the app shows: the same numbers, from the message only."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz import conv2d
from cnnviz.ui.server.rooms.questions import tally
from cnnviz.ui.server.rooms.truth import Board, CannotTell, is_right_number
from cnnviz.ui.server.rooms.wire import LENGTH
from cnnviz.ui.widgets.formatting import number
from tests.ui.pages import open_page
from tests.ui.scenes import sent
from tests.ui.server.rooms.classroom import PICTURE, SOBEL, board

SMALL = {"shared.size": 40}
SCREENS = [
    ("1_Lab", {}),
    (
        "1_Lab",
        {
            "lab.stride": 2,
            "lab.bias": 30.0,
            "lab.pooling": "average",
            "lab.window": 3,
            "lab.ceil": True,
        },
    ),
    ("1_Lab", {"shared.colour": "colour", "lab.channels": True, "lab.activation": "tanh"}),
    (
        "1_Lab",
        {"shared.values": "1", "lab.flip": True, "lab.padding": "same", "lab.mode": "reflect"},
    ),
    ("3_Convolution", {}),
    ("5_Geometry", {}),
    ("6_Activations", {}),
    ("7_Pooling", {}),
]


@pytest.mark.parametrize(("page", "chosen"), SCREENS)
def test_every_map_that_has_its_arithmetic_has_the_figures_that_the_page_says(page, chosen):
    at = open_page(f"pages/{page}.py", {**SMALL, **chosen})
    assert not at.exception
    seen = 0
    for message in sent(at).values():
        if not isinstance(message, bytes):
            continue
        shown = Board(message)
        if not shown.header.get("chains"):
            continue
        for i, pane in enumerate(shown.header["panes"]):
            try:
                values = shown.values(i)
            except CannotTell:
                continue
            seen += 1
            assert values.shape[-2:] == (pane["height"], pane["width"])
            span = f"{number(float(values.min()))} … {number(float(values.max()))}"
            assert span in pane["figures"] or "…" not in pane["figures"]
    assert seen >= 2


def test_the_strongest_cell_is_where_its_window_lies_on_the_picture():
    picture = np.zeros((20, 20), np.uint8)
    picture[6, 13] = 255
    spot = Board(board([[0, 0, 0], [0, -3, 0], [0, 0, 0]], picture))
    assert spot.strongest(1) == (6, 13)  # even though it is negative
    assert spot.is_strong(1, 6, 13)
    assert spot.is_strong(1, 7, 12)
    assert not spot.is_strong(1, 6, 16)
    assert not spot.is_strong(1, 19, 0)


def test_a_drawn_kernel_makes_a_map_whatever_its_brightness_but_not_its_negative():
    shown = Board(board())
    assert shown.makes(SOBEL, 1)
    assert shown.makes([[5 * weight for weight in row] for row in SOBEL], 1)
    assert not shown.makes([[-weight for weight in row] for row in SOBEL], 1)
    assert not shown.makes([[0] * 3] * 3, 1)
    assert not shown.makes([list(row) for row in zip(*SOBEL, strict=True)], 1)
    wanted = conv2d(PICTURE.astype(float), np.array(SOBEL, float), padding=1)
    np.testing.assert_allclose(shown.drawn(SOBEL, None), wanted)


def test_a_map_that_no_single_kernel_makes_is_not_asked_for():
    weighted = [[[0.299]], [[0.587]], [[0.114]]]  # grey, of a picture in colour
    for matrices in (weighted, [np.ones((5, 5)).tolist()]):
        shown = Board(board())
        shown.header["chains"][0]["matrices"] = matrices
        with pytest.raises(CannotTell, match="No single 3 × 3 kernel makes that map"):
            shown.makes(SOBEL, 1)


def test_maps_without_arithmetic_have_no_known_answer():
    text = json.dumps({"panes": [{"role": "", "numbers": None, "chain": None}]}).encode()
    other = Board(LENGTH.pack(len(text)) + text)
    with pytest.raises(CannotTell, match="cannot be computed"):
        other.values(0)
    with pytest.raises(CannotTell, match="cannot be computed"):
        other.strongest(0)
    with pytest.raises(CannotTell, match="1 maps here"):
        other.pane(1)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_number_is_right_if_its_first_three_digits_are(truth, answer):
    assert is_right_number(truth, truth)
    if abs(answer - truth) > 0.02 * abs(truth) + 1e-9:
        assert not is_right_number(answer, truth)


@given(st.floats(-1e6, 1e6).filter(lambda truth: not truth.is_integer()), st.integers(3, 12))
def test_a_number_rounded_to_three_digits_or_to_more_is_right(truth, digits):
    assert is_right_number(float(f"{truth:.{digits}g}"), truth)
    assert is_right_number(-float(f"{truth:.{digits}g}"), -truth)


@given(st.floats(1e-6, 1e6).filter(lambda truth: not truth.is_integer()), st.floats(0, 2))
def test_the_nearer_of_two_numbers_is_never_the_only_wrong_one(truth, share):
    far, near = truth * (1 + 0.01 * share), truth * (1 + 0.005 * share)
    assert is_right_number(near, truth) >= is_right_number(far, truth)


@pytest.mark.parametrize(
    ("answer", "truth", "right"),
    [
        (114.5, 114.509, True),
        (114.51, 114.509, True),
        (115, 114.509, True),
        (114, 114.509, False),
        (113.6, 114.4, False),  # although both round to 114
        (114, 114.5, True),  # halfway: rounded up or down
        (115, 114.5, True),
        (0.0124, 0.01235, True),
        (0.0125, 0.01235, False),
        (0, 0.01235, False),
        (-114.5, -114.509, True),
        (114.509, -114.509, False),
        (1000, 999.7, True),
        (0, 0.0, True),
        (0.001, 0.0, False),
        (0, -2.8e-14, True),  # a sum of whole pixels times tenths that cancels
        (12345, 12345.0, True),
        (12300, 12345.0, False),
        (12300, 12345.5, True),
    ],
)
def test_a_number_is_as_right_as_it_is_near(answer, truth, right):
    assert is_right_number(answer, truth) is right


@settings(max_examples=30)
@given(st.lists(st.integers(0, 4), max_size=20))
def test_every_answer_is_counted_once(choices):
    people = {str(i): choice for i, choice in enumerate(choices)}
    counted = tally({"kind": "choose", "options": list("abcde")}, people, {})
    assert counted == [choices.count(option) for option in range(5)]
    rights = {person: choice == 3 for person, choice in people.items()}
    numbers = tally({"kind": "number"}, people, rights)
    assert sum(count for _, count, _ in numbers) == len(choices)
    assert [value for value, *_ in numbers] == sorted(set(choices))
    assert sum(count for _, count, right in numbers if right) == choices.count(3)


def test_a_right_kernel_is_shown_before_other_kernels_that_as_many_have_made():
    people = {str(i): [[0, 0, 0], [0, i, 0], [0, 0, 0]] for i in range(50)}
    rights = {person: person == "7" for person in people}
    counted = tally({"kind": "draw", "pane": 1}, people, rights)
    assert (len(counted["kernels"]), counted["rights"]) == (24, 1)
    assert counted["kernels"][0] == {"kernel": people["7"], "count": 1, "right": True}
