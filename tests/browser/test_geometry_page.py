"""The Geometry page in Chromium: presets, steppers that stop, shading, themes, a phone."""

import pytest

PHONE = (390, 844)


def steppers(page, label):
    return page.locator("[data-testid=stNumberInput]", has=page.get_by_label(label, exact=True))


def press(page, label, sign):
    steppers(page, label).get_by_role("button").nth(0 if sign == "−" else 1).click()


def test_a_preset_sets_the_grid_and_the_link(tab):
    opened = tab(path="geometry")
    opened.page.get_by_role("button", name="i = 7, k = 3, s = 1, p = 0, d = 2 → 3").click()
    opened.shows("7 × 7 · 1 … 49")
    opened.query("grid=7&stride=1&dilation=2&pad=0")


def test_a_stepper_stops_where_nothing_fits_and_says_why(tab):
    opened = tab("grid=4&pad=0&stride=1", path="geometry")
    opened.change(lambda: press(opened.page, "Kernel", "+"))
    opened.page.get_by_text("Not above 4: a kernel of 5 spans 5 cells").wait_for()
    opened.settles(steppers(opened.page, "Kernel").get_by_role("button").nth(1).is_disabled, True)


@pytest.mark.parametrize("size", [(1280, 720), PHONE])
def test_why_a_number_is_refused_can_be_read_and_covers_nothing(tab, size):
    page = tab("grid=6&pad=0", path="geometry", size=size).page
    field = steppers(page, "Kernel")
    field.locator("input").fill("7")
    assert not field.get_by_text("Press Enter to apply").is_visible()  # would cover a label
    page.keyboard.press("Enter")
    said = field.get_by_role("alert")
    assert "outside the allowed range. Please enter a value between 1 and 6." in said.inner_text()
    said.scroll_into_view_if_needed()
    box, line = (
        said.bounding_box(),
        float(said.evaluate("one => getComputedStyle(one).fontSize")[:-2]),
    )
    assert box["width"] > 100
    assert box["height"] > line
    assert said.evaluate("one => one.scrollHeight <= one.clientHeight")
    for edge in ("y", "x"):
        assert box[edge] >= 0
    assert box["x"] + box["width"] <= size[0]
    others = page.locator("[data-testid=stNumberInput], [data-testid=stSelectbox], .pane").all()
    boxes = [other.bounding_box() for other in others if "allowed range" not in other.inner_text()]
    assert len(boxes) > 6
    for other in boxes:
        apart = [
            box[edge] + box[side] <= other[edge] or other[edge] + other[side] <= box[edge]
            for edge, side in (("x", "width"), ("y", "height"))
        ]
        assert any(apart)


def test_a_larger_grid_lets_the_kernel_go_on(tab):
    opened = tab("grid=4&kernel=4&pad=0&stride=1", path="geometry")
    opened.change(lambda: press(opened.page, "Grid: cells per side", "+"))
    opened.change(lambda: press(opened.page, "Kernel", "+"))
    assert steppers(opened.page, "Kernel").locator("input").input_value() == "5"


def test_pointing_at_an_output_cell_shows_its_window(read):
    page = read("geometry").page
    window = page.locator(".pane[data-slot='geometry:1'] .window")
    box = window.bounding_box()
    window.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    read = page.locator(".st-key-geometry-maps .panel[data-reading]").evaluate(
        "panel => JSON.parse(panel.dataset.reading)"
    )
    assert read["cell"] == [1, 1]
    assert read["features"] == pytest.approx(15)


def test_the_arithmetic_is_written_out_once(read):
    assert read("geometry").page.locator(".panel .sentence").count() == 1


def test_each_number_has_a_chart_with_the_present_value_marked(read):
    page = read("geometry").page
    charts = page.locator(".output-sizes figure")
    charts.first.wait_for()
    assert charts.count() == page.locator(".output-sizes .here").count() == 5
    assert charts.nth(2).locator("figcaption").inner_text() == "stride s = 2 → 3"


def test_the_border_slider_changes_the_four_pictures(tab):
    opened = tab("part=border", path="geometry")
    opened.slider("Cells of border").focus()
    opened.change(lambda: opened.page.keyboard.press("ArrowRight"))
    opened.shows("282 × 282")


@pytest.mark.parametrize(("size", "beside"), [((1600, 1000), 4), (PHONE, 1)])
def test_the_borders_stand_in_a_row_and_on_a_phone_each_beside_its_map(tab, size, beside):
    page = tab("part=border", path="geometry", size=size).page
    places = page.locator("[class*=borders-block] .block > .pane")
    places.last.locator(".figures").last.wait_for(state="attached")
    tops = places.evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().top))")
    assert len(tops) == 4
    assert tops.count(tops[0]) == beside
    maps = places.first.locator("figure")
    first, second = (maps.nth(i).bounding_box() for i in range(2))
    assert (abs(first["y"] - second["y"]) < 2) == (beside == 1)


def test_the_dropped_cells_come_back(tab):
    opened = tab("part=back", path="geometry")
    opened.change(
        lambda: opened.page.get_by_text("Bring the dropped cells back", exact=True).click()
    )
    opened.shows("6 × 6 · 0")


def test_nothing_is_wider_than_the_screen(tab):
    tab("padding=sides", path="geometry").fits()
