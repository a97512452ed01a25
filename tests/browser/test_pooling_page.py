"""The Pooling page in Chromium: both kinds under one cursor, presets, curves, themes, a phone."""

import json

import pytest

PHONE = (390, 844)
EXAMPLE = "source=matrix&window=3&stride=1"


def window(page, slot, number=0):
    return page.locator(f".pane[data-slot='pooling:{slot}'] .window").nth(number)


def point(page, area, row, column, cells):
    box = area.bounding_box()
    x, y = ((place + 0.5) / cells for place in (column, row))
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])


def reading(page):
    return json.loads(page.locator(".panel[data-reading]").get_attribute("data-reading"))


def results(page):
    """Return the largest value and the mean as they are written."""
    return [
        block.locator(".big").inner_text()
        for block in page.locator(".panel .block:visible").all()
        if block.locator(".label").first.inner_text() in ("largest", "mean")
    ]


@pytest.mark.parametrize("slot", [1, 2])
def test_a_cell_of_either_map_shows_its_window_and_both_numbers(read, slot):
    page = read("pooling", EXAMPLE).page
    point(page, window(page, slot), 3, 2, 5)  # the middle of the last row of the pooled map
    assert reading(page)["pooledCell"] == [2, 1]
    assert page.locator(".panel .grid:visible .cell").all_inner_texts() == list("122002000")
    assert results(page) == ["2", "0.778"]
    assert page.locator(".panel .winner").inner_text() == "2"


def test_the_worked_example_is_one_press_away(tab):
    opened = tab(path="pooling")
    opened.page.get_by_role("button", name="Worked example").click()
    opened.shows("3 × 3 · 2 … 3")
    opened.query("source=matrix&window=3&stride=1")


def test_the_first_cell_that_is_shown_is_where_the_kinds_differ_most(tab):
    page = tab(EXAMPLE, path="pooling").page
    assert reading(page)["pooledCell"] == [1, 0]
    assert results(page) == ["3", "1"]


def test_a_step_goes_to_the_next_pooled_cell(tab):
    page = tab(EXAMPLE, path="pooling").page
    page.get_by_role("button", name="One step forward").click()
    assert reading(page)["pooledCell"] == [1, 1]


def test_pooling_a_feature_map_shows_the_whole_chain(tab):
    page = tab("picture=x", path="pooling").page
    point(page, window(page, 1), 4, 4, 9)
    found = reading(page)
    assert found["cell"] == [4, 4] or found["pooledCell"] == [2, 2]
    assert page.locator(".panel .label", has_text="kernel Sobel x").is_visible()
    assert len(results(page)) == 2


def test_a_cell_that_no_window_reads_says_so(tab):
    page = tab("source=matrix&window=1&stride=3", path="pooling").page
    point(page, window(page, 0), 2, 2, 6)  # 3 × 3 cells around the window: they begin at −1
    page.get_by_text("No window reads this cell.").wait_for()


def test_dragging_the_window_changes_the_maps_and_the_curves(tab):
    opened = tab(path="pooling")
    line = opened.page.locator(".curves .line0")
    before = line.get_attribute("d")
    opened.slider("Window").focus()
    opened.change(lambda: opened.page.keyboard.press("ArrowRight"))
    opened.query("window=3")
    opened.page.wait_for_function(
        """before => [...document.querySelectorAll("*")].some(part =>
           (part.shadowRoot?.querySelector(".line0")?.getAttribute("d") ?? before) !== before)""",
        arg=before,
    )


def test_a_window_that_does_not_fit_leaves_the_maps_and_says_why(tab):
    opened = tab(EXAMPLE, path="pooling")
    opened.slider("Window").focus()
    for _ in range(3):
        opened.page.keyboard.press("ArrowRight")
    opened.page.get_by_text("spans 6 rows").wait_for()
    assert opened.figures()


# What of the arithmetic lies beyond the panel on the right, or below the sheet.
CUT_OFF = """() => {
  const roots = [...document.querySelectorAll("*")].flatMap(one => one.shadowRoot ?? [])
  const panel = roots.map(root => root.querySelector(".panel[data-reading]")).find(Boolean)
  const { right } = panel.getBoundingClientRect()
  const { bottom } = panel.getRootNode().host.getBoundingClientRect()
  const shown = [...panel.querySelectorAll(".cell, .big, .small div")]
  const box = one => {
    const range = document.createRange()
    range.selectNodeContents(one)
    return range.getBoundingClientRect()
  }
  return shown.filter(one => one.checkVisibility())
    .filter(one => box(one).right > right || box(one).bottom > bottom)
    .map(one => one.textContent)
}"""


@pytest.mark.parametrize(("size", "padding", "mean"), [(8, 4, "25 ÷ 64"), (12, 6, "34 ÷ 144")])
def test_no_number_of_a_large_window_is_cut_off(tab, size, padding, mean):
    query = f"source=matrix&window={size}&padding={padding}"
    page = tab(query, path="pooling", size=(1280, 720)).page
    assert page.locator(".panel .small:visible").all_inner_texts()[-1] == mean
    assert page.evaluate(CUT_OFF) == []
