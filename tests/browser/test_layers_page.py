"""The Layers page in Chromium: build a stack, undo, point, open a cell, themes, a phone."""

import json

import numpy as np
import pytest

from cnnviz.images.loading import fit, grey
from cnnviz.images.samples import sample_picture
from cnnviz.nn import Stack, parse_stack
from cnnviz.ui.layers.settings import SEED

PHONE = (390, 844)


def blocks(page):
    """Return the names of the blocks, except the picture."""
    return page.locator(".stack .block:not(.input) .name").all_inner_texts()


def wait_for_blocks(page, names):
    page.wait_for_function(
        """names => [...document.querySelectorAll("*")].some(({ shadowRoot }) => shadowRoot &&
           [...shadowRoot.querySelectorAll(".block:not(.input) .name")]
           .map(name => name.textContent).join() === names)""",
        arg=",".join(names),
    )


def sheet(page, key="layers-overview"):
    return page.locator(f".st-key-{key} .sheet")


def place_of(page, layer, channel, row, column, key="layers-overview"):
    """Return the position of an overview cell in its sheet, as the overview itself gives it."""
    return page.locator(f".st-key-{key} .overview").evaluate(
        "(element, cell) => element.placeOf(...cell)", [layer, channel, row, column]
    )


def point(page, layer, channel, row, column):
    """Move the mouse over a cell, and wait for the redraw."""
    x, y = place_of(page, layer, channel, row, column)
    sheet(page).hover(position={"x": x, "y": y})
    page.evaluate("() => new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")


def pointed(page, key="layers-overview"):
    """Return the cell under the mouse, and the part of the picture that it sees."""
    overview = page.locator(f".st-key-{key} .overview")
    return json.loads(overview.get_attribute("data-cell")), json.loads(
        overview.get_attribute("data-field")
    )


def test_a_stack_is_built_by_hand_and_undone(tab):
    opened = tab("stack=conv4&side=32", path="layers")
    page = opened.page
    page.get_by_role("button", name="Add Max pooling").click()
    wait_for_blocks(page, ["Convolution", "Max pooling"])
    opened.shows("4 × 16 × 16")
    opened.query("stack=conv4,max2")
    page.get_by_label("Window").fill("4")
    page.keyboard.press("Enter")
    opened.shows("4 × 8 × 8")
    page.get_by_role("button", name="Move the block to the left").click()
    wait_for_blocks(page, ["Max pooling", "Convolution"])
    page.get_by_role("button", name="Remove the block").click()
    wait_for_blocks(page, ["Convolution"])
    for names in (["Max pooling", "Convolution"], ["Convolution", "Max pooling"]):
        page.get_by_role("button", name="Undo").click()
        wait_for_blocks(page, names)
    page.get_by_role("button", name="Redo").click()
    wait_for_blocks(page, ["Max pooling", "Convolution"])


def test_filters_seed_and_size_change_the_maps_and_are_undone_as_well(tab):
    opened = tab("stack=conv4&side=32", path="layers")
    page, undo = opened.page, opened.page.get_by_role("button", name="Undo")
    assert undo.is_disabled()
    page.get_by_role("combobox", name="Filters").click()
    page.get_by_role("option", name="Sobel, Gabor").click()
    opened.query("filters=hand")
    seed = page.get_by_role("spinbutton", name="Random seed")
    seed.fill("77")
    seed.press("Enter")
    opened.query("seed=77")
    opened.slider("Size of the picture").focus()
    page.keyboard.press("ArrowRight")
    opened.shows("1 × 33 × 33")
    opened.query("side=33")
    before = "stack=conv4&side=32"
    for query in (f"{before}&filters=hand&seed=77", f"{before}&filters=hand", before):
        undo.click()
        opened.settles(lambda: page.evaluate("location.search.slice(1)"), query)
    assert undo.is_disabled()
    page.get_by_role("button", name="New seed").click()
    opened.query("seed=")


def test_keys_choose_move_and_remove_blocks_and_the_mouse_drags_them(tab):
    page = tab("stack=conv4,relu,max2&side=32", path="layers").page
    page.locator(".stack button.block").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator(".stack .block[aria-current=true]", has_text="ReLU").wait_for()
    page.keyboard.press("Alt+ArrowRight")
    wait_for_blocks(page, ["Convolution", "Max pooling", "ReLU"])
    page.keyboard.press("Delete")
    wait_for_blocks(page, ["Convolution", "Max pooling"])
    page.keyboard.press("Control+z")
    wait_for_blocks(page, ["Convolution", "Max pooling", "ReLU"])
    last, first = (page.locator(".stack button.block").nth(i) for i in (2, 0))
    last.drag_to(first)
    wait_for_blocks(page, ["ReLU", "Convolution", "Max pooling"])


def test_a_block_that_does_not_fit_is_marked_and_says_why(tab):
    opened = tab("stack=conv4&side=32", path="layers")
    page = opened.page
    page.get_by_role("button", name="Add Dense").click()
    page.locator(".stack .misfit", has_text="Dense").wait_for()
    assert "maps 4 × 32 × 32 come in" in page.locator(".stack .why").inner_text()
    assert len(opened.figures()) == 2  # the picture and conv1 stay


def test_all_maps_stand_on_one_canvas_and_a_preset_shows_the_numbers_of_the_curriculum(tab):
    opened = tab(path="layers")
    page = opened.page
    assert page.locator(".st-key-layers-overview .sheet canvas").count() == 1
    page.get_by_text("LeNet-5", exact=True).click()
    page.locator(".totals", has_text="61\N{NARROW NO-BREAK SPACE}706 parameters").wait_for()
    opened.settles(lambda: blocks(page)[-1], "Softmax")


def test_pointing_at_a_deep_cell_tells_its_value_and_lights_what_it_sees_of_the_picture(tab):
    page = tab("stack=conv4,relu,max2,conv4&side=32", path="layers").page
    point(page, 4, 2, 5, 6)  # conv2, map 2
    cell, field = pointed(page)
    assert cell == {"layer": 4, "channel": 2, "row": 5, "column": 6}
    image = grey(fit(sample_picture("astronaut").pixels, 32))[None] / np.float32(255)
    stack = Stack(parse_stack("conv4,relu,max2,conv4"), image.shape, SEED.default)
    fields = stack.rows[-1].fields
    windows = [field.window(at) for field, at in zip(fields, (5, 6), strict=True)]
    assert [field["rows"], field["columns"]] == [list(window) for window in windows]
    reading = page.locator(".st-key-layers-overview .reading").inner_text()
    assert "conv2 · map 2 · row 5, column 6" in reading
    assert "Sees 8 × 8 cells of the picture: rows 7 to 14, columns 9 to 16." in reading
    shown = page.locator(".st-key-layers-overview .value").inner_text().replace("−", "-")
    assert float(shown) == pytest.approx(stack.stages(image)[-1][2, 5, 6], abs=5e-4)


def test_arrows_move_the_cell_enter_opens_it_and_another_one_is_chosen_in_the_large_map(tab):
    opened = tab("stack=conv4,relu&side=32", path="layers")
    page = opened.page
    sheet(page).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_function(
        """() => [...document.querySelectorAll("*")].some(({ shadowRoot }) =>
           shadowRoot?.querySelector(".overview")?.dataset.cell.includes('"channel":1'))"""
    )
    assert pointed(page)[0] == {"layer": 1, "channel": 1, "row": 1, "column": 1}
    page.keyboard.press("Enter")
    page.locator(".st-key-layers-unit .card").first.wait_for()
    page.get_by_role("heading", name="conv1, map 1, row 1, column 1").wait_for()
    opened.query("open=conv1,1,1,1")
    x, y = place_of(page, 1, 0, 20, 11, key="layers-large")
    sheet(page, "layers-large").click(position={"x": x, "y": y})
    opened.query("open=conv1,1,20,11")
    page.get_by_role("button", name="Close").click()
    page.locator(".st-key-layers-unit").wait_for(state="detached")


def test_the_parts_of_an_opened_cell_add_up_as_they_are_written(tab):
    opened = tab("stack=conv4,relu,conv3,relu&side=32", path="layers")
    page = opened.page
    x, y = place_of(page, 3, 2, 8, 8)
    sheet(page).click(position={"x": x, "y": y})
    opened.query("open=conv2,2,8,8")
    page.locator(".st-key-layers-unit .card").nth(3).wait_for()
    number = [
        float(text.replace("−", "-"))
        for text in page.locator(".st-key-layers-unit .part").all_inner_texts()
    ]
    assert len(number) == 4
    total, rectified = (
        float(text.replace("−", "-"))
        for text in page.locator(".st-key-layers-unit .sum b").all_inner_texts()
    )
    assert sum(number) == pytest.approx(total, abs=1e-9)
    assert rectified == max(total, 0)


def test_a_finger_points_first_and_opens_by_a_button(tab):
    opened = tab("stack=conv4,relu&side=32", path="layers", size=PHONE)
    page = opened.page
    x, y = place_of(page, 1, 2, 7, 9)
    sheet(page).evaluate(
        """(sheet, [x, y]) => {
          const box = sheet.getBoundingClientRect()
          for (const kind of ["pointerdown", "pointerup"]) {
            sheet.dispatchEvent(new PointerEvent(kind,
              { pointerType: "touch", clientX: box.left + x, clientY: box.top + y }))
          }
        }""",
        [x, y],
    )
    page.get_by_role("button", name="Open this cell").click()
    assert pointed(page)[0] == {"layer": 1, "channel": 2, "row": 7, "column": 9}
    opened.query("open=conv1,2,7,9")


@pytest.mark.parametrize(
    "query", ["open=conv2,3,9,9", "stack=conv4,flatten,dense10,softmax&side=24"]
)
def test_nothing_is_wider_than_the_screen(tab, query):
    opened = tab(query, path="layers")
    opened.shows("× 3 × 3")
    opened.fits()
