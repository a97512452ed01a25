"""Typing into the grid of numbers, moving in it, and how it handles the server's answers."""

import pytest

from cnnviz.images.colour_maps import COLOUR_MAPS, THEMES, to_index
from cnnviz.ui.widgets.number_grid import tables
from tests.browser.matrix_grid import SHARPEN, grids


@pytest.fixture
def mount(plain):
    with grids(plain) as mounted:
        yield mounted


@pytest.fixture
def grid(mount):
    return mount()


def test_the_numbers_of_the_server_are_shown(grid):
    assert grid.shown == [["0", "−1", "0"], ["−1", "5", "−1"], ["0", "−1", "0"]]
    assert grid.sent == []


def test_enter_commits_what_was_typed_and_moves_down(grid):
    grid.cell(0, 0).click()
    grid.press("7")
    assert grid.sent == []
    grid.press("Enter")
    assert grid.last == [[7, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert grid.focused == "row 1, column 0"


def test_tab_commits_and_moves_on_and_leaves_after_the_last_cell(grid):
    grid.cell(2, 1).click()
    grid.press("4", "Tab", "6", "Tab")
    assert grid.last[2] == [0, 4, 6]
    assert not grid.focused.startswith("row 3")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("-2", -2), ("−2", -2), (".5", 0.5), ("0,5", 0.5), ("1/9", 1 / 9), ("1e-3", 0.001), ("", 0)],
)
def test_a_cell_takes_numbers_as_people_write_them(grid, typed, number):
    grid.cell(1, 1).fill(typed)
    grid.press("Enter")
    assert grid.last[1][1] == number


def test_invalid_numbers_are_named_and_stay_until_escape(grid):
    grid.cell(1, 1).click()
    grid.page.keyboard.type("5x")
    grid.press("Enter")
    assert grid.said == "Row 1, column 1 is “5x”, which is not a number."
    assert grid.focused == "row 1, column 1"
    grid.press("Escape")
    assert grid.cell(1, 1).input_value() == "5"
    assert grid.sent == []


def test_nonsense_that_is_left_behind_is_dropped(grid):
    grid.cell(1, 1).click()
    grid.page.keyboard.type("5x")
    grid.page.get_by_label("divisor").click()
    assert grid.cell(1, 1).input_value() == "5"
    assert grid.sent == []


def test_escape_cancels_what_is_being_typed(grid):
    grid.cell(0, 0).click()
    grid.press("9", "Escape")
    assert grid.cell(0, 0).input_value() == "0"
    assert grid.sent == []


def test_escape_in_a_cell_goes_on_past_the_grid(grid):
    grid.cell(0, 0).click()
    grid.press("Escape")
    assert grid.focused == "rows"


def test_arrow_keys_move_and_stop_at_the_edge(grid):
    grid.cell(0, 0).click()
    grid.press("ArrowRight", "ArrowDown")
    assert grid.focused == "row 1, column 1"
    grid.press("ArrowDown", "ArrowDown", "ArrowDown")
    assert grid.focused == "row 2, column 1"
    grid.press("Control+Home")
    assert grid.focused == "row 0, column 0"


def test_arrow_keys_commit_what_was_typed(grid):
    grid.cell(0, 0).click()
    grid.press("8", "ArrowRight")
    assert grid.last[0] == [8, -1, 0]
    assert grid.focused == "row 0, column 1"


@pytest.mark.parametrize("begin", ["F2", "double click"])
def test_editing_keeps_the_number_and_moves_the_caret_within_it(grid, begin):
    grid.cell(1, 1).click()
    grid.press("F2") if begin == "F2" else grid.cell(1, 1).dblclick()
    grid.press("1", "ArrowLeft", "ArrowLeft", "-", "Enter")
    assert grid.last[1][1] == -51


def test_shift_and_arrows_select_a_range_that_delete_clears(grid):
    grid.cell(0, 1).click()
    grid.press("Shift+ArrowDown", "Shift+ArrowRight")
    assert grid.page.locator("[aria-selected=true]").count() == 4
    grid.press("Delete")
    assert grid.last == [[0, 0, 0], [-1, 0, 0], [0, -1, 0]]


def test_undo_and_redo_go_through_all_changes(grid):  # in Node, through a hundred
    grid.cell(0, 0).click()
    for number in range(1, 6):
        grid.page.keyboard.type(f"{number}")
        grid.press("Enter", "ArrowUp")
    assert grid.last[0][0] == 5
    for _ in range(5):
        grid.press("Control+z")
    assert grid.last == SHARPEN
    assert grid.button("Undo").get_attribute("aria-disabled") == "true"
    grid.press("Control+Shift+z")
    grid.button("Redo").click()
    assert grid.last[0][0] == 2


def test_a_row_more_and_a_column_fewer(grid):
    grid.button("One row more").click()
    grid.button("One column fewer").click()
    assert grid.last == [[-1, 0], [5, -1], [-1, 0], [0, 0]]  # 5 is still the middle


def test_a_kernel_grows_around_its_middle_and_undo_brings_it_back(grid):
    grid.page.get_by_label("columns", exact=True).last.fill("15")
    grid.press("Enter")
    assert grid.last == [[0] * 6 + row + [0] * 6 for row in SHARPEN]
    grid.button("Undo").click()
    assert grid.last == SHARPEN


def test_an_input_grows_at_its_end(mount):
    grid = mount(rows=[[1, 2], [3, 4]], divisor=None, label="Numbers")
    for name in ("One row more", "One column more", "One column more"):
        grid.button(name).click()
    assert grid.last == [[1, 2, 0, 0], [3, 4, 0, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize("side", ["rows", "columns"])
@pytest.mark.parametrize("typed", ["0", "-1", "40", "2.5", "", "many"])
def test_a_size_that_is_not_possible_changes_nothing_and_is_answered(grid, side, typed):
    count = grid.page.get_by_label(side, exact=True).last
    count.fill(typed)
    grid.press("Enter")
    whole = ", in whole numbers" if typed == "2.5" else ""
    assert grid.said == f"From 1 to 15 {side} are possible{whole}."
    assert count.input_value() == "3"
    assert grid.sent == []


def test_nothing_is_divided_by_0(grid):
    grid.page.get_by_label("divisor").fill("0")
    grid.press("Enter")
    assert grid.said == "The divisor is 0, and nothing can be divided by 0."
    assert grid.page.get_by_label("divisor").input_value() == "1"
    assert grid.sent == []


def test_a_number_too_large_to_compute_with_is_named(grid):
    grid.cell(0, 1).fill("2e6")
    grid.press("Enter")
    assert grid.said == "Row 0, column 1 is 2000000, and numbers up to 1000000 can be used."
    assert grid.sent == []


def test_an_older_answer_does_not_undo_a_newer_number(grid):
    grid.cell(0, 0).click()
    grid.press("1", "Enter", "2", "Enter")
    first, second = grid.sent
    grid.answer(rows=first["matrix"], turn=first["turn"])
    assert grid.cell(1, 0).input_value() == "2"
    grid.answer(rows=second["matrix"], turn=second["turn"])
    assert grid.cell(1, 0).input_value() == "2"


def test_a_change_by_the_server_shows_at_once_and_can_be_undone(grid):
    grid.answer(rows=[[1, 2], [3, 4]], divisor=10)
    assert grid.shown == [["1", "2"], ["3", "4"]]
    grid.button("Undo").click()
    assert (grid.last, grid.sent[-1]["divisor"]) == (SHARPEN, 1)


def test_an_answer_leaves_what_is_being_typed(grid):
    grid.cell(0, 0).click()
    grid.press("4")
    grid.answer(rows=[[9, 9, 9]] * 3)
    assert grid.cell(0, 0).input_value() == "4"
    assert grid.cell(0, 1).input_value() == "9"
    grid.press("Enter")
    assert grid.last[0] == [4, 9, 9]


def background(cell):
    text = cell.evaluate("input => getComputedStyle(input).backgroundColor")
    return [int(part) for part in text[4:-1].split(",")]


@pytest.mark.parametrize(
    ("colours", "low", "high"), [("kernel", None, None), ("grey", 0, 5)], ids=["kernel", "grey"]
)
@pytest.mark.parametrize(("theme", "page"), [("light", "#ffffff"), ("dark", "#14171c")])
def test_a_cell_has_the_colour_that_cnnviz_gives_its_number(mount, colours, low, high, theme, page):
    grid = mount(low=low, high=high, table=tables(colours))
    grid.page.add_style_tag(content=f":root {{ --st-background-color: {page} }}")
    grid.answer()
    table = COLOUR_MAPS[THEMES[colours][theme]]
    ends = (-5, 5) if low is None else (low, high)
    for row, column in [(0, 0), (0, 1), (1, 1)]:
        index = to_index([SHARPEN[row][column]], *ends)
        assert background(grid.cell(row, column)) == table[index][0].tolist()


def test_a_screen_reader_finds_a_grid_with_rows_and_columns(grid):
    element = grid.page.get_by_role("grid", name="Own kernel")
    assert [element.get_attribute(f"aria-{axis}count") for axis in ("row", "col")] == ["3", "3"]
    assert grid.page.get_by_role("gridcell").count() == 9


def test_keys_in_a_cell_reach_nothing_else_on_the_page(grid):
    grid.page.evaluate("window.heard = 0; document.addEventListener('keydown', () => heard++)")
    grid.cell(0, 0).click()
    grid.press("r", "c", "Escape")
    assert grid.page.evaluate("heard") == 0


def test_on_a_phone_cells_and_buttons_are_large_and_bring_the_number_keys(browser):
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    with browser.new_context(**phone) as context, grids(context) as mount:
        grid = mount(rows=[[1] * 15] * 15)
        for touched in grid.cell(7, 0), grid.button("Undo"), grid.button("One row more"):
            box = touched.bounding_box()
            assert min(box["width"], box["height"]) >= 36
        assert grid.cell(0, 0).get_attribute("inputmode") == "decimal"
        assert grid.page.evaluate("document.documentElement.scrollWidth") <= 390
        grid.cell(1, 1).tap()
        grid.page.keyboard.type("3")
        grid.button("Change the sign").tap()  # the number keyboard of an iPhone has no minus
        assert grid.last[1][:3] == [1, -3, 1]
