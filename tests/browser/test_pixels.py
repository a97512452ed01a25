"""The Pixels page in Chromium: cells, channels, the close view, the shift, themes, a phone."""

import json

PHONE = (390, 844)


def window(page, slot, board="pixels"):
    return page.locator(f".pane[data-slot='{board}:{slot}'] .window").first


def reading(page):
    return json.loads(page.locator(".panel").first.get_attribute("data-reading"))


def test_pointing_at_any_plane_reads_the_cell_in_all_of_them(tab):
    page = tab("picture=ramp", path="pixels").page
    for slot in range(5):
        box = window(page, slot).bounding_box()
        page.mouse.move(box["x"] + 4.5 / 16 * box["width"], box["y"] + 0.5 / 16 * box["height"])
        found = reading(page)
        assert found["cell"] == [0, 4]
        assert found["sums"] == [299 * 68, 587 * 68, 114 * 68]
        assert found["features"] == 68


def test_a_channel_is_switched_off_and_on_again(tab):
    opened = tab(path="pixels")
    opened.change(lambda: opened.page.get_by_text("Blue on", exact=True).click())
    opened.query("blue=off")
    assert not opened.pixels(4)[..., :3].any(axis=-1)[:8, :8].any()
    opened.change(lambda: opened.page.get_by_text("Blue on", exact=True).click())


def test_eight_cells_fill_the_maps_and_carry_their_numbers(tab):
    opened = tab(path="pixels")
    page = opened.page
    page.get_by_text("8 cells", exact=True).click()
    page.locator(".pane[data-slot='pixels:0'] .window.zoomed").wait_for()
    box = window(page, 1).bounding_box()
    before = reading(page)["cell"]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert reading(page)["cell"] == before  # the pixel under the cursor is now in the middle
    page.mouse.move(box["x"] + box["width"] / 2 + box["width"] / 8, box["y"] + box["height"] / 2)
    assert reading(page)["cell"] == [before[0], before[1] + 1]


def test_dragging_the_shift_moves_the_maps_and_the_count(tab):
    opened = tab("part=shift", path="pixels")
    opened.slider("To the right").focus()
    opened.change(lambda: opened.page.keyboard.press("ArrowRight"))
    opened.query("right=4")
    opened.page.get_by_text("now it is 929 at row 223, column 177").wait_for()


def test_the_calculator_grows_with_the_picture_and_not_with_the_filter(tab):
    page = tab(path="pixels").page
    page.get_by_text("Why not dense?").click()
    page.get_by_role("button", name="160 × 160", exact=True).click()
    page.locator(".table td b", has_text="76\u202f800").first.wait_for()
    assert "27" in page.locator(".table tr").nth(3).inner_text()


def test_the_question_praises_a_picture_that_repeats_itself(tab):
    page = tab("part=shift&picture=checkerboard&right=8", path="pixels").page
    page.get_by_text("the picture repeats itself").wait_for()


def test_the_lab_and_this_page_keep_what_was_set(tab):
    opened = tab("values=1", path="pixels")
    page = opened.page
    opened.go("Lab")
    opened.shows("128 × 128")
    opened.go("Pixels")
    opened.shows("3 × 256 × 256 · 0 … 1 ")
    page.get_by_text("32 cells", exact=True).click()
    opened.query("values=1&closeup=32")


def test_nothing_is_wider_than_the_screen(tab):
    opened = tab("part=shift", path="pixels")
    opened.shows("0 … 0")  # the last map: what remains once the shift is undone
    opened.fits()


def test_the_calculator_is_whole_on_a_small_projector_and_on_a_phone_either_way(tab):
    page = tab(path="pixels").page
    page.get_by_text("Why not dense?").click()
    page.locator(".counted").wait_for()
    page.set_viewport_size({"width": 1024, "height": 768})
    choice = page.get_by_role("radiogroup", name="Channels")
    assert choice.evaluate("one => one.scrollWidth - one.clientWidth") == 0
    label = page.get_by_text("Neurons, or filters", exact=True)
    assert label.bounding_box()["height"] < 25  # one line
    for width, height in (PHONE, PHONE[::-1]):
        page.set_viewport_size({"width": width, "height": height})
        table = page.locator(".counted .table")
        assert table.evaluate("one => one.scrollWidth - one.clientWidth") == 0
