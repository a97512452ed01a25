"""Copying out of the grid of numbers and pasting into it."""

import numpy as np
import pytest

from cnnviz.kernels import KERNELS, format_kernel, parse_kernel
from tests.browser.matrix_grid import grids


@pytest.fixture
def mount(browser):
    with grids(browser) as mounted:
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
    grid.button("Copy as rows").click()
    assert grid.page.evaluate(read) == "1\t2\n0\t-1"
    grid.button("Copy as a line of NumPy").click()
    assert grid.page.evaluate(read) == "np.array([[1, 2],\n          [0, -1]]) / 4"
    assert grid.said == "Copied."


@pytest.mark.parametrize(
    "text", ["1\t2\n3\t4\n5\t6\n", "[[1, 2], [3, 4], [5, 6]]", "1 2\n3 4\n5 6"]
)
def test_several_cells_that_are_pasted_are_the_new_grid(grid, text):
    grid.cell(1, 1).click()
    grid.paste(text)
    assert grid.last == [[1, 2], [3, 4], [5, 6]]
    assert grid.shown == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert grid.focused == "row 1, column 1"


def test_a_divisor_is_pasted_with_its_matrix(grid):
    grid.cell(0, 0).click()
    grid.paste("1/16 * np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])")
    assert grid.sent[-1]["divisor"] == 16
    assert grid.page.get_by_label("divisor").input_value() == "16"


def test_an_input_has_no_divisor_and_pasted_numbers_are_divided(mount):
    grid = mount(divisor=None, low=0, high=255)
    assert grid.page.get_by_label("divisor").is_hidden()
    grid.cell(0, 0).click()
    grid.paste("2 4; 6 8 / 2")
    assert (grid.last, grid.sent[-1]["divisor"]) == ([[1, 2], [3, 4]], 1)


def test_one_number_that_is_pasted_fills_the_range(grid):
    grid.cell(0, 0).click()
    grid.press("Shift+ArrowRight")
    grid.paste("1/2")
    assert grid.last == [[0.5, 0.5, 0], [-1, 5, -1], [0, -1, 0]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 2 3\n4 5 x", "Row 1, column 2 is “x”, which is not a number."),
        ("1 2\n3", "Row 1 has 1 number and row 0 has 2; all rows need the same."),
        ("1 " * 16, "The matrix has 1 row and 16 columns; at most 15 of each can be used."),
        ("<b>bold</b>", "Row 0, column 0 is “<b>bold</b>”, which is not a number."),
    ],
)
def test_text_that_is_no_matrix_is_named_and_the_grid_stays(grid, text, sentence):
    grid.cell(1, 1).click()
    grid.paste(text)
    assert grid.said == sentence
    assert grid.sent == []
    assert grid.cell(1, 1).input_value() == "5"


def texts():
    """Return matrices as people may paste them, from tidy to torn."""
    rng = np.random.default_rng(3)
    yield from map(format_kernel, KERNELS.values())
    for _ in range(300):
        rows = rng.integers(1, 5, 2)
        cells = [[cell(rng) for _ in range(rows[1])] for _ in range(rows[0])]
        between, after = rng.choice([" ", ", ", ",", "\t", ";"]), rng.choice(["\n", "; ", "\r\n"])
        text = after.join(between.join(row) for row in cells)
        if rng.random() < 0.3:
            text = "[" + ", ".join("[" + ", ".join(row) + "]" for row in cells) + "]"
        text = rng.choice(["", "", "k = ", "1/16 * ", "2 × "]) + text
        text += rng.choice(["", "", " / 16", "\n", "\n/9", " * 1/4", ";"])
        if rng.random() < 0.2:
            at = rng.integers(len(text))
            text = text[:at] + rng.choice(list("x[];,/ ")) + text[at:]
        yield text
    for _ in range(300):
        yield "".join(rng.choice(list("0123456789 .,;/*-[](){}ea\t\n"), rng.integers(40)))


def cell(rng):
    number = rng.choice(["1", "-2", "−3", "0.5", "1/9", "2/3", "1e2", "0,5", ".25", "+4", "12"])
    return str(number)


def python(text):
    """Return what parse_kernel makes of a text, as the browser would put it."""
    try:
        kernel = parse_kernel(text)
    except ValueError as error:
        return str(error).replace("The kernel", "The matrix")  # here it may be an input, too
    return {"rows": kernel.matrix.tolist(), "divisor": kernel.divisor}


def test_what_is_pasted_is_read_as_parse_kernel_reads_it(grid):
    samples = list(texts())
    answers = grid.page.evaluate(
        """async texts => {
          const { parseMatrix } = await import("/components/matrix/text.js")
          const read = text => parseMatrix(text, 15)
          const tried = text => { try { return read(text) } catch ({ message }) { return message } }
          return texts.map(tried)
        }""",
        samples,
    )
    assert sum(isinstance(answer, dict) for answer in answers) > 200
    for text, answer in zip(samples, answers, strict=True):
        assert answer == python(text), text
