"""Goals against their definition, on a screen made of arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.kernels import Kernel
from cnnviz.ui.classroom.task_goal_data import goal_data, read_goal
from cnnviz.ui.classroom.task_goals import (
    SYMMETRIES,
    Is,
    KernelSum,
    Like,
    Rank,
    Size,
    Symmetric,
    Typed,
    Within,
    Zero,
    readings,
)
from cnnviz.ui.widgets.formatting import number
from tests.ui.apptest import spaced

NUMBERS = st.floats(-1e6, 1e6)
NAMES = st.text("abc.", min_size=1, max_size=9)
GOALS = st.one_of(
    st.builds(Is, NAMES, st.lists(NAMES, min_size=1, max_size=3).map(tuple)),
    st.tuples(NAMES, NUMBERS, st.floats(0, 9), st.booleans()).map(
        lambda parts: Within(parts[0], parts[1], parts[1] + parts[2], parts[3])
    ),
    st.builds(Size, NAMES, st.integers(1, 999), st.integers(1, 999)),
    st.builds(Zero, NAMES, st.floats(0, 9)),
    st.builds(Like, NAMES, NAMES, st.floats(0, 9)),
    st.builds(Typed, NUMBERS | NAMES, st.floats(0, 9)),
    st.builds(KernelSum, NUMBERS, st.floats(0, 9)),
    st.builds(Symmetric, st.sampled_from(list(SYMMETRIES))),
    st.builds(Rank, st.integers(0, 9)),
)


class Given:
    """A screen that shows the values it is given."""

    def __init__(self, now=0.0, *, map=None, wanted=None, kernel=None, answer=""):
        self.now, self.shown, self.wanted, self.own = now, map, wanted, kernel
        self.answer = answer

    def has(self, setting, text):
        return str(self.now) == text

    def value(self, setting):
        return self.now

    def title(self, name):
        return "It"

    def measure(self, name):
        return self.now

    def missed(self, name):
        return ""

    def map(self, name):
        return np.array(self.shown, float)

    def kernel(self):
        return Kernel("own", "own", self.own)

    def at(self, query):
        return Given(map=self.wanted)

    def start(self):
        return self


@given(GOALS)
def test_a_goal_survives_being_written(goal):
    assert read_goal(goal_data(goal)) == goal


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"setting": "a"}, {"setting": "a", "is": []}, {"setting": 1, "is": ["a"]},
        {"range": "a", "from": 2, "to": 1}, {"range": "a", "from": "1", "to": 2},
        {"measure": "a", "from": True, "to": 2}, {"number": 1e300}, {"number": None},
        {"number": float("nan")}, {"zero": "a", "within": -1}, {"zero": "x" * 99},
        {"symmetry": "none"}, {"rank": -1}, {"rank": 1.5}, {"size": "a", "rows": 1},
        {"zero": "a", "extra": 1}, {"like": "a", "settings": "s" * 3001},
        {"setting": "a\n", "is": ["b"]}, {"setting": "a", "is": [1]},
    ],
)  # fmt: skip
def test_invalid_goals_are_refused(data):
    with pytest.raises(ValueError, match=r"."):
        read_goal(data)


@given(NUMBERS, NUMBERS, st.floats(0, 100))
def test_a_range_is_met_inside_and_says_on_which_side_it_is_missed(value, low, width):
    met, text = Within("a", low, low + width).check(Given(value))
    slack = 1e-9 * max(1, abs(low), abs(low + width))
    assert met == (low - slack <= value <= low + width + slack)
    if not met:
        assert ("low" if value < low else "high") in text


@pytest.mark.parametrize(
    ("value", "words"),
    [(99, "a little too low"), (70, "is too low"), (10, "far too low"), (105, "a little too high")],
)
def test_how_far_off_is_said_in_words(value, words):
    assert words in f"is {Within('a', 100, 100).check(Given(value)).text}".replace("That is", "is")


def test_a_setting_is_one_of_the_values():
    assert Is("a", ("1", "2")).check(Given(2)).met
    assert Is("a", ("1", "2")).check(Given(5)).text == "It is 5. That is far too high."
    assert Is("a", ("1", "5")).check(Given(4)).text == "It is 4. That is a little too low."
    assert Is("a", ("1", "5")).check(Given(2)).text == "It is 2. That is a little too high."
    assert Is("a", ("max",)).check(Given("mean")).text == "It: not there yet."


def test_the_size_of_a_map_counts_rows_and_columns():
    goal = Size("a", 2, 3)
    assert goal.check(Given(map=np.zeros((2, 3)))).met
    text = goal.check(Given(map=np.zeros((2, 9)))).text
    assert text == "It: 2 × 9 cells. That is far too many columns."
    assert "rows and" in goal.check(Given(map=np.zeros((9, 9)))).text


def test_an_empty_map_is_all_zero_within_the_limit():
    assert Zero("a").check(Given(map=[[0, 0]])).met
    assert Zero("a", 1).check(Given(map=[[0, -1]])).met
    said = Zero("a").check(Given(map=[[0, -3]])).text
    assert spaced(said) == "It: 50 % of the cells are not 0; the largest is 3 away from it."


def test_a_map_is_compared_with_the_wanted_one_cell_by_cell():
    def like(have, want, within=0):
        return Like("a", "x=1", within).check(Given(map=have, wanted=want))

    assert like([[1, 2]], [[1, 2]]).met
    assert like([[1, 2]], [[1, 2.5]], 0.5).met
    assert "agrees in 50 %" in spaced(like([[1, 3]], [[1, 2]]).text)
    assert "too high." in like([[1, 3]], [[1, 2]]).text
    assert "too low." in like([[1, 1]], [[1, 2]]).text
    assert "has more" in like([[1, 1]], [[1, 2, 3]]).text


@given(NUMBERS)
def test_a_number_that_is_typed_as_it_is_is_right(given):
    for text in (repr(given), str(given).replace("-", "−"), f" {given!r} "):
        assert Typed(given, abs(given) * 1e-9).check(Given(answer=text)).met


@pytest.mark.parametrize("wanted", [2.645949e-05, 127.456789, 67500, -1234567.25])
def test_a_number_of_the_page_is_right_as_the_screen_writes_it(wanted):
    assert Typed("a").check(Given(wanted, answer=number(wanted))).met
    assert not Typed("a").check(Given(wanted, answer=number(1.01 * wanted))).met


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type your number first."), ("ten", "That is not a number."),
        ("-5.5", "Look at the sign"),
        ("5.52", "Very close"), ("8", "too high"), ("0.1", "far too low"), ("1/0", "not a number"),
        ("9" * 400, "not a number"),
    ],
)  # fmt: skip
def test_a_wrong_number_gets_a_sentence_that_helps(typed, said):
    met, text = Typed(5.5).check(Given(answer=typed))
    assert not met
    assert said in text
    assert "5.5" not in text


@given(st.text(max_size=30))
def test_any_text_is_some_numbers_or_none(text):
    assert all(np.isfinite(readings(text)))


@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=3, max_size=3))
def test_properties_of_a_kernel_are_those_of_its_matrix(rows):
    matrix, screen = np.array(rows), Given(kernel=rows)
    assert KernelSum(0).check(screen).met == (matrix.sum() == 0)
    assert Rank(2).check(screen).met == (np.linalg.matrix_rank(matrix) == 2)
    images = {
        "left-right": np.fliplr(matrix),
        "up-down": np.flipud(matrix),
        "turn": np.rot90(matrix, 2),
        "diagonal": matrix.T,
        "opposite": -np.fliplr(matrix),
        "opposite-down": -np.flipud(matrix),
    }
    for kind, image in images.items():
        same = bool(matrix.any()) and np.array_equal(matrix, image)
        assert Symmetric(kind).check(screen).met == same


def test_verdicts_about_a_kernel():
    assert KernelSum(1).check(Given(kernel=[[2, 1]])).text.startswith("The weights add up to 3.")
    assert Symmetric("left-right").check(Given(kernel=[[1, 0, 2]])).text.endswith("2 cells differ.")
    assert Symmetric("diagonal").check(Given(kernel=[[1, 2]])).text.startswith("A kernel that is")
    assert Rank(1).check(Given(kernel=[[1, 0], [0, 1]])).text == (
        "Its rank is 2. That is too high."
    )
