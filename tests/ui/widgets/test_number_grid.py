"""The grid of numbers without a browser: its value, its link, its message and its buttons."""

import json

import numpy as np
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from cnnviz.kernels import KERNELS, MAX_SIDE
from cnnviz.ui.widgets.kernel_buttons import EDITS
from cnnviz.ui.widgets.matrix_setting import Cells, Matrix

SHARPEN = Cells.of(KERNELS["sharpen"].matrix)
OWN = Matrix("page.own", "Own kernel", SHARPEN)
NUMBER = some.one_of(
    some.integers(-999, 999),
    some.fractions(-9, 9, max_denominator=99).map(float),
    some.floats(-9999, 9999, allow_subnormal=False),
)


@some.composite
def cells(draw, side=8):
    height, width = draw(some.integers(1, side)), draw(some.integers(1, side))
    row = some.lists(NUMBER, min_size=width, max_size=width)
    rows = draw(some.lists(row, min_size=height, max_size=height))
    return Cells.of(rows, draw(some.one_of(some.integers(1, 999), some.floats(0.01, 100))))


@given(cells())
def test_a_link_carries_the_numbers_exactly(value):
    assert OWN.parse(OWN.format(value)) == value


@given(cells())
def test_the_kernel_has_the_weights_that_are_shown(value):
    np.testing.assert_allclose(value.kernel.weights, value.array, rtol=1e-14)


def test_fractions_are_a_kernel_of_whole_numbers_over_a_divisor():
    kernel = Cells.of([[1 / 9, 2 / 9]]).kernel
    assert (kernel.matrix.tolist(), kernel.divisor) == ([[1, 2]], 9)


def test_a_link_is_short_and_holds_nothing_that_an_address_would_escape():
    assert OWN.format(SHARPEN) == "0,-1,0;-1,5,-1;0,-1,0"
    assert OWN.format(Cells.of([[1, 1 / 9]], 16)) == "1,1/9 /16"


@pytest.mark.parametrize(
    "text", ["0 -1 0;-1 5 -1;0 -1 0", "0,-1,0\n-1,5,-1\n0,-1,0\n", " 0 -1 0 ; -1 5 -1 ; 0 -1 0; "]
)
def test_a_link_may_be_written_by_hand(text):
    assert OWN.parse(text) == SHARPEN
    assert OWN.parse(text + " / 16") == Cells.of(SHARPEN.rows, 16)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "“” is not a number."),
        ("1 x", "“x” is not a number."),
        ("1 1/0", "“1/0” is not a number."),
        ("1 2;3", "The rows have 1 and 2 numbers; all rows need the same length."),
        ("1 nan", "Row 0, column 1 is nan / 1, which is not finite."),
        ("1 2 /0", "The divisor is 0, and nothing can be divided by 0."),
        ("1 2e6", "The largest number is 2000000, and numbers up to 1000000 can be used."),
        ("1 " * 16, "The matrix has 1 row and 16 columns; from 1 to 15 of each can be used."),
    ],
)
def test_a_link_that_is_no_matrix_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the text is compared below
        OWN.parse(text)
    assert str(error.value) == sentence


def test_an_input_may_be_larger_than_a_kernel():
    wide = Matrix("page.input", "Input", SHARPEN, highest=32)
    assert wide.parse(";".join(["7 " * 32] * 32)).array.shape == (32, 32)
    with pytest.raises(ValueError, match="33 rows"):
        wide.parse(";".join(["7"] * 33))


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr(st, "session_state", {OWN.key: SHARPEN})


@pytest.mark.usefixtures("session")
def test_numbers_from_the_browser_are_adopted():
    assert OWN.read({"matrix": [[1, 2.5]], "divisor": 4, "turn": 1}) == Cells(((1, 2.5),), 4)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    "state",
    [
        None,
        [],
        {},
        {"matrix": None},
        {"matrix": 5},
        {"matrix": []},
        {"matrix": [[]]},
        {"matrix": [1, 2]},
        {"matrix": "12"},
        {"matrix": ["12"]},
        {"matrix": [[1], [2, 3]]},
        {"matrix": [[True]]},
        {"matrix": [["1"]]},
        {"matrix": [[None]]},
        {"matrix": [[float("nan")]]},
        {"matrix": [[10**400]]},
        {"matrix": [[2e6]]},
        {"matrix": [[1]], "divisor": 1e-9},
        {"matrix": [[[1]]]},
        {"matrix": [[1] * (MAX_SIDE + 1)]},
        {"matrix": [[1]], "divisor": 0},
        {"matrix": [[1]], "divisor": "2"},
    ],
)
def test_nonsense_from_the_browser_leaves_the_matrix_as_it_is(state):
    assert OWN.read(state) == SHARPEN


def page(matrix="0,-1,0;-1,5,-1;0,-1,0"):
    """Run a page with the grid and its buttons."""

    def script(text):
        from cnnviz.ui.widgets.kernel_buttons import kernel_buttons
        from cnnviz.ui.widgets.matrix_setting import Matrix
        from cnnviz.ui.widgets.number_grid import matrix
        from cnnviz.ui.widgets.settings import restore

        own = Matrix("page.own", "Own kernel", None)
        own = Matrix("page.own", "Own kernel", own.parse(text), help="Rows of numbers.")
        restore([own])
        matrix(own)
        kernel_buttons(own)

    app = AppTest.from_function(script, args=(matrix,)).run()
    assert not app.exception
    return app


def message(app):
    return app.get("bidi_component")[0].proto


def shown(app):
    data = json.loads(message(app).json)
    return OWN.format(Cells.of(data["rows"], data["divisor"]))


def press(app, label):
    return app.button(key=f"{OWN.key}:{label}").click().run()


def test_a_mount_of_5_by_5_with_the_colours_of_both_themes_takes_less_than_3_kb():
    gaussian = Cells.of(KERNELS["gaussian_5"].matrix, 256)
    assert message(page(gaussian.text)).ByteSize() < 3000


@pytest.mark.parametrize(
    ("label", "before", "after"),
    [
        ("Normalise", "1,2;1,0", "1,2;1,0 /4"),
        ("Zero-sum", "2,1;1,0", "1,0;0,-1"),
        ("Rotate", "-1,0,1", "-1;0;1"),
        ("Flip", "1,2;3,4", "4,3;2,1"),
        ("Transpose", "1,2;3,4", "1,3;2,4"),
        ("× 2", "1,2;1,0", "2,4;2,0"),
        ("÷ 2", "1,2;1,0", "1,2;1,0 /2"),
        ("Clear", "1,2;1,0 /4", "0,0;0,0"),
    ],
)
def test_a_button_makes_a_new_kernel_and_shows_it_at_once(label, before, after):
    assert shown(press(page(before), label)) == after


def test_a_kernel_is_not_doubled_beyond_what_can_be_computed_with():
    app = press(page("600000"), "× 2")
    assert shown(app) == "600000"
    assert app.toast[0].value.startswith("The largest number is 1200000")


def test_random_numbers_are_the_same_for_the_same_kernel():
    first, second = (shown(press(page(), "Random")) for _ in range(2))
    assert first == second != OWN.format(SHARPEN)
    app = press(press(page(), "Random"), "Random")
    assert shown(app) != first


@pytest.mark.parametrize(
    ("kernel", "why"),
    [("-1,0,1", "Weights that sum to 0 cannot be normalised"),
     ("0,0;0,0", "Change a weight first: all are 0")],
)  # fmt: skip
def test_a_kernel_of_sum_0_is_not_normalised_and_says_why(kernel, why):
    app = press(page(kernel), "Normalise")
    assert shown(app) == kernel
    assert app.toast[0].value.startswith(why)
    assert not app.run().toast


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.label)
def test_every_button_says_what_it_does(edit):
    assert edit.help.endswith(".")
