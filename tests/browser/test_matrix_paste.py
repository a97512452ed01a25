"""Copying out of the grid of numbers and pasting into it."""

import pytest

from tests.browser.matrix_grid import CLIPBOARD, SHARPEN, grids


@pytest.fixture
def mount(plain):
    with grids(plain) as mounted:
        yield mounted


@pytest.fixture
def grid(mount):
    return mount()


def test_a_mouse_drawn_over_cells_selects_them(grid):
    grid.cell(0, 0).hover()
    grid.page.mouse.down()
    grid.cell(1, 2).hover()
    grid.page.mouse.up()
    assert grid.copy() == "0\t-1\t0\n-1\t5\t-1"


def test_the_selection_is_copied_as_tab_separated_text(grid):
    grid.cell(1, 1).click()
    grid.press("Shift+ArrowRight")
    assert grid.copy() == "5\t-1"
    grid.press("Control+a")
    assert grid.copy() == "0\t-1\t0\n-1\t5\t-1\n0\t-1\t0"


def test_the_buttons_copy_the_whole_grid(mount):
    grid = mount(rows=[[1, 2], [0, -1]], divisor=4)
    grid.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    read = "navigator.clipboard.readText()"
    grid.button("Copy").click()
    assert grid.page.evaluate(read) == "1\t2\n0\t-1"
    grid.button("NumPy").click()
    assert grid.page.evaluate(read) == "np.array([[1, 2],\n          [0, -1]]) / 4"
    assert grid.said == "Copied."


@pytest.mark.parametrize(
    "text", ["1\t2\n3\t4\n5\t6\n", "[[1, 2], [3, 4], [5, 6]]", "1 2\n3 4\n5 6"]
)
def test_several_cells_that_are_pasted_are_the_new_grid(grid, text):
    grid.cell(1, 1).click()
    grid.paste(text)
    assert grid.sent[-1]["pasted"] == text
    assert grid.shown == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert grid.focused == "row 1, column 1"


def test_a_divisor_is_pasted_with_its_matrix(grid):
    grid.cell(0, 0).click()
    grid.paste("1/16 * np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])")
    assert grid.page.get_by_label("divisor").input_value() == "16"


def test_an_input_has_no_divisor_and_pasted_numbers_are_divided(mount):
    grid = mount(divisor=None, low=0, high=255)
    assert grid.page.get_by_label("divisor").is_hidden()
    grid.cell(0, 0).click()
    grid.paste("2 4; 6 8 / 2")
    assert grid.shown == [["1", "2"], ["3", "4"]]


def test_one_number_that_is_pasted_fills_the_range(grid):
    grid.cell(0, 0).click()
    grid.press("Shift+ArrowRight")
    grid.paste("1/2")
    assert grid.shown == [["0.5", "0.5", "0"], ["−1", "5", "−1"], ["0", "−1", "0"]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 2 3\n4 5 x", "Row 1, column 2 is “x”, which is not a number."),
        ("1 2\n3", "Row 1 has 1 number and row 0 has 2; all rows need the same length."),
        ("1 " * 16, "The matrix has 1 row and 16 columns; at most 15 of each can be used."),
        ("<b>bold</b>", "Row 0, column 0 is “<b>bold</b>”, which is not a number."),
    ],
)
def test_text_that_is_no_matrix_is_named_and_the_grid_stays(grid, text, sentence):
    grid.cell(1, 1).click()
    grid.paste(text)
    assert grid.said == sentence
    assert grid.cell(1, 1).input_value() == "5"
    grid.press("Control+z")  # there is nothing to undo
    assert grid.cell(1, 1).input_value() == "5"


def test_a_paste_can_be_undone(grid):
    grid.cell(0, 0).click()
    grid.paste("1 2; 3 4")
    grid.press("Control+z")
    assert grid.shown == [["0", "−1", "0"], ["−1", "5", "−1"], ["0", "−1", "0"]]
    assert grid.last == SHARPEN


def test_a_text_that_is_too_long_is_not_sent(grid):
    grid.cell(0, 0).click()
    grid.page.evaluate(CLIPBOARD, ["paste", "9" * 20_001])
    assert grid.said == "The text has 20001 characters; at most 20000 are read."
    assert grid.sent == []


def test_a_number_that_is_typed_over_a_refused_paste_stays(grid):
    grid.cell(1, 1).click()
    grid.paste("no matrix at all")
    grid.press("7", "Enter")
    assert grid.last[1][1] == 7
    assert grid.said == ""
