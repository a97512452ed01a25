"""Pointing at a cell: by mouse, finger and keys, in any pane, without asking the server."""

import json
from urllib.parse import urlsplit

import numpy as np
import pytest

from cnnviz import KERNELS, conv2d, max_pool2d, relu
from cnnviz.images.loading import fit, grey
from cnnviz.images.samples import sample_picture
from tests.browser.projector import PHONE

# The Lab on the letter X: 9 × 9 cells, large enough to show their numbers.
SMALL = "picture=x"


def pane(page, stage, board="lab"):
    return page.locator(f".pane[data-slot='{board}:{stage}'] .window").first


def place(page, stage, row, column, shape):
    """Return the middle of a cell in page pixels; 'same' padding leaves a border of one cell."""
    box = pane(page, stage).bounding_box()
    rows, columns = (length + 2 for length in shape)
    return (
        box["x"] + (column + 1.5) / columns * box["width"],
        box["y"] + (row + 1.5) / rows * box["height"],
    )


def reading(page):
    return json.loads(page.locator(".panel").get_attribute("data-reading"))


def expected():
    x = grey(fit(sample_picture("x").pixels, 256)).astype(float)
    features = conv2d(x, KERNELS["sobel_x"].matrix, padding="same")
    return features, relu(features), max_pool2d(relu(features), 2)


@pytest.fixture
def pinned(read):
    """Return a function that pins a cell of the feature map, in a tab that is already open."""

    def pin(row, column):
        page = read(query=SMALL).page
        pane(page, 1).focus()
        page.keyboard.press("Escape")
        page.mouse.click(*place(page, 1, row, column, (9, 9)))
        page.wait_for_function(f"location.search.includes('pin=1,{row},{column},0')")
        page.mouse.move(1500, 5)
        return page

    return pin


def test_pointing_in_any_pane_shows_the_numbers_of_that_cell(read):
    page = read(query=SMALL).page
    features, activated, pooled = expected()
    for stage in (1, 2):
        page.mouse.move(*place(page, stage, 4, 2, (9, 9)))
        found = reading(page)
        assert found["cell"] == [4, 2]
        assert (found["features"], found["activated"]) == (features[4, 2], activated[4, 2])
    page.mouse.move(*place(page, 0, 6, 5, (9, 9)))
    assert reading(page)["cell"] == [6, 5]
    box = pane(page, 3).bounding_box()
    # A pooled cell is two cells wide.
    page.mouse.move(
        box["x"] + (1 + 2 * 2.5) / 11 * box["width"], box["y"] + (1 + 2 * 1.5) / 11 * box["height"]
    )
    found = reading(page)
    assert found["pooledCell"] == [1, 2]
    assert found["pooled"] == pooled[1, 2]


COUNT_SENT = """() => {
  window.sent = 0
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (data) { sent += 1; send.call(this, data) }
}"""


def test_pointing_sends_nothing_to_the_server(read):
    page = read(query=SMALL).page
    page.evaluate(COUNT_SENT)
    for column in range(9):
        page.mouse.move(*place(page, 1, 4, column, (9, 9)))
    page.wait_for_function("() => !isResting()")  # the server hears of a pin after a pause
    assert page.evaluate("sent") == 0
    page.mouse.click(*place(page, 1, 4, 4, (9, 9)))
    page.wait_for_function("sent > 0")  # so the test does count messages


def test_the_products_on_the_screen_add_up(read):
    page = read(query=SMALL).page
    page.mouse.move(*place(page, 1, 3, 3, (9, 9)))
    products = page.locator(".channel .block").nth(2).locator(".cell").all_text_contents()
    total = sum(int(text.replace("−", "-")) for text in products)
    assert total == reading(page)["total"] == expected()[0][3, 3]


def test_a_click_pins_and_the_link_restores_the_pin(tab):
    page = tab(SMALL).page
    page.mouse.click(*place(page, 1, 5, 6, (9, 9)))
    page.wait_for_function("location.search.includes('pin=1,5,6,0')")
    page.mouse.move(*place(page, 1, 0, 0, (9, 9)))
    assert reading(page)["cell"] == [0, 0]  # pointing still works
    page.mouse.move(1500, 5)
    assert reading(page)["cell"] == [5, 6]  # and the pinned cell comes back
    again = tab(urlsplit(page.url).query).page
    assert reading(again)["cell"] == [5, 6]
    assert again.get_by_role("button", name="Pinned").is_visible()


def test_only_the_main_button_pins_a_cell_and_drags_a_weight(read):
    page = read(query=SMALL).page
    pane(page, 1).focus()
    page.keyboard.press("Escape")
    pin = page.get_by_role("button", name="Pin")
    weight = page.locator(".st-key-cells-lab canvas > *").first
    before = weight.get_attribute("aria-valuenow")
    left, top, *_ = page.locator(".st-key-cells-lab canvas").bounding_box().values()
    for button in ("middle", "right"):
        page.mouse.click(*place(page, 1, 5, 6, (9, 9)), button=button)
        assert pin.text_content() == "Pin"
        page.mouse.move(left + 15, top + 15)
        page.mouse.down(button=button)
        page.mouse.move(left + 15, top + 60)
        assert weight.get_attribute("aria-valuenow") == before
        page.mouse.up(button=button)


def test_escape_frees_the_pin(pinned):
    page = pinned(5, 6)
    pane(page, 1).focus()
    page.keyboard.press("Escape")
    page.mouse.move(*place(page, 1, 2, 2, (9, 9)))
    assert reading(page)["cell"] == [2, 2]
    page.wait_for_function("!location.search.includes('pin')")


def test_a_pin_beyond_the_map_goes_to_the_nearest_cell(tab):
    page = tab(SMALL + "&pin=1,500,3,0").page
    assert reading(page)["cell"] == [8, 3]


def test_arrow_keys_move_the_cell_and_say_it(pinned):
    page = pinned(4, 4)
    pane(page, 1).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert reading(page)["cell"] == [5, 5]
    said = page.locator(".spoken").text_content()
    assert said.startswith("Row 5, column 5: ")
    assert f"= {expected()[0][5, 5]:.0f}".replace("-", "−") in said


def test_steps_and_the_scrubber_walk_through_all_positions(pinned):
    page = pinned(0, 8)
    page.get_by_role("button", name="One step forward").click()
    assert reading(page)["cell"] == [1, 0]
    page.get_by_role("button", name="One step back").click()
    assert reading(page)["cell"] == [0, 8]
    page.get_by_label("Position of the window").fill("80")
    assert reading(page)["cell"] == [8, 8]


def test_play_moves_on_by_itself_and_pause_stops_it(read, pinned):
    page = pinned(0, 0)
    page.get_by_role("button", name="Play", exact=True).click()
    read(query=SMALL).settles(lambda: reading(page)["cell"][1] >= 1, True)
    page.get_by_role("button", name="Pause", exact=True).click()
    stopped = reading(page)["cell"]
    page.wait_for_timeout(300)  # enough to pass over hundreds of cells
    assert reading(page)["cell"] == stopped


def test_playing_goes_over_the_whole_map_in_seconds_and_covers_what_is_to_come(tab):
    opened = tab("picture=camera")
    page, whole = opened.page, opened.pixels(1)
    page.get_by_role("button", name="Play", exact=True).click()
    rows = reading(page)["cell"][0]
    opened.settles(lambda: reading(page)["cell"][0] > rows + 20, True)
    half = opened.pixels(1)
    assert (half[-20, 20:-20, :3] == 255).all()  # covered
    assert (half[10] == whole[10]).mean() > 0.9  # uncovered
    rows = reading(page)["cell"][0]
    for _ in range(2):
        page.get_by_role("button", name="Speed").click()
    assert reading(page)["cell"][0] >= rows  # it goes on from there, four times as fast
    opened.settles(lambda: reading(page)["cell"], [255, 255])
    assert (opened.pixels(1) == whole).mean() > 0.98  # all except the marks


def test_the_pin_goes_along_with_play_and_so_does_the_link(pinned):
    page = pinned(0, 0)
    page.get_by_role("button", name="One step forward").click()
    page.wait_for_function("location.search.includes('pin=1,0,1,0')")


def test_zooming_by_a_button_keeps_the_cell_in_hand_in_sight(tab):
    page = tab("picture=camera&pin=1,250,250,0").page
    pane(page, 1).focus()
    for _ in range(6):
        page.keyboard.press("+")
    x, y = page.evaluate(
        """() => {
          const all = root => [...root.querySelectorAll("*")]
            .flatMap(one => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
          return JSON.parse(all(document).find(one => one.dataset.reading).dataset.reading).cell
        }"""
    )
    assert (x, y) == (250, 250)
    page.mouse.move(*place(page, 1, 8, 8, (9, 9)))  # near the lower right corner of the pane
    row, column = reading(page)["cell"]
    assert row > 235
    assert column > 235


# Collects the readings of the selected cells, from the first frame on.
COLLECT = """(() => {
  const all = root => [...root.querySelectorAll("*")]
    .flatMap(one => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
  window.seen = new Set()
  const look = () => {
    const panel = all(document).find(one => one.dataset?.reading)
    if (panel) seen.add(panel.dataset.reading)
    requestAnimationFrame(look)
  }
  look()
})()"""


def test_a_first_visit_begins_with_the_window_on_its_way_and_no_later_one(browser, address):
    with browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True) as context:
        context.add_init_script(COLLECT)
        first, later = context.new_page(), context.new_page()
        first.goto(f"{address}/?picture=camera")
        first.wait_for_function("() => seen.size > 2")
        later.goto(f"{address}/?picture=camera")
        later.locator(".panel[data-reading]").wait_for()
        later.evaluate("() => seen.clear()")
        later.wait_for_timeout(1500)  # playing would begin after half a second
        assert later.evaluate("() => seen.size") == 1


def test_the_wheel_zooms_all_panes_together_once_one_has_the_focus(tab):
    page = tab("picture=camera").page
    page.mouse.click(*place(page, 0, 4, 4, (9, 9)))
    for _ in range(6):
        page.mouse.wheel(0, -120)
    page.locator(".window.zoomed").nth(3).wait_for()
    pane(page, 0).focus()
    page.keyboard.press("0")
    page.locator(".window.zoomed").first.wait_for(state="detached")


@pytest.fixture
def phone(lend, contexts):
    """Return a tab of a phone, which fingers tap."""
    return lend(contexts(size=PHONE, has_touch=True, is_mobile=True), size=PHONE)


def test_a_tap_points_and_a_second_tap_pins(phone):
    page = phone.open(SMALL).page
    pane(page, 1).scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    x, y = place(page, 1, 4, 6, (9, 9))
    page.touchscreen.tap(x, y)
    phone.settles(lambda: reading(page)["cell"], [4, 6])
    assert "pin" not in page.url
    page.touchscreen.tap(x, y)
    phone.query("pin=1,4,6,0")


def test_on_a_phone_the_arithmetic_of_a_cell_comes_to_the_thumb_in_one_piece(phone):
    width, height = PHONE
    page = phone.open().page  # the Lab with a photo, as it opens
    below = page.locator(".panel").bounding_box()
    assert below["y"] > height  # the panel is under the maps, out of sight
    box = pane(page, 1).bounding_box()
    page.touchscreen.tap(box["x"] + 60, box["y"] + 60)
    sheet = page.locator(".sheet.risen")
    sheet.wait_for()
    place = sheet.bounding_box()
    assert place["y"] >= height / 2
    assert place["y"] + place["height"] == pytest.approx(height, abs=1)
    parts = page.locator(".panel .block:visible, .panel .then:visible").all()
    assert any("pooled" in part.inner_text() for part in parts)
    for part in parts:
        at = part.bounding_box()
        assert at["x"] >= 0
        assert at["x"] + at["width"] <= width
        assert at["y"] + at["height"] <= height
    cell = pane(page, 1).bounding_box()
    assert cell["y"] + 60 < place["y"]  # the cell that was touched is still visible
    page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 1e6)")
    end = page.get_by_text("Next: Pixels").bounding_box()
    assert end["y"] + end["height"] < place["y"]  # the end of the page can be reached above it
    page.get_by_role("button", name="Put the arithmetic back").tap()
    page.wait_for_function("() => !document.querySelector('.sheet.risen')")
    assert page.locator(".sheet.risen").count() == 0


def test_the_cells_of_a_small_picture_carry_their_numbers(tab):
    page = tab(SMALL, fresh=True).page
    drawn = page.evaluate(
        """() => {
          const texts = []
          const write = CanvasRenderingContext2D.prototype.fillText
          CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
            texts.push(text)
            return write.call(this, text, ...rest)
          }
          const tools = [...document.querySelectorAll("*")]
            .map(element => element.shadowRoot?.querySelector(".tool")).filter(Boolean)
          tools[0].click() // a change of the zoom draws all panes again
          return new Promise(done => setTimeout(() => done(texts), 400))
        }"""
    )
    assert "255" in drawn
    values = {f"{value:.0f}".replace("-", "−") for value in np.unique(expected()[0])}
    assert values <= set(drawn)


@pytest.mark.parametrize(
    ("chain", "kernel", "is_grey"), [(0, "box_3", True), (1, "sobel_x", False)]
)
def test_the_pooled_cells_have_the_colours_of_the_map_of_their_own_kernel(
    tab, chain, kernel, is_grey
):
    query = f"{SMALL}&several=on&kernels=box_3,sobel_x&activation=none&pin=3,1,1,{chain}"
    page = tab(query).page
    cells = page.locator(".panel .step > .block > .grid .cell")
    found = cells.evaluate_all(
        """cells => cells.map(cell => [
          cell.textContent, getComputedStyle(cell).backgroundColor.match(/\\d+/g).map(Number),
        ])"""
    )
    x = grey(fit(sample_picture("x").pixels, 256)).astype(float)
    features = conv2d(x, KERNELS[kernel].matrix, padding="same") / KERNELS[kernel].divisor
    shades = [shade for text, shade in found[-4:] if text != "0"]
    assert np.count_nonzero(features[2:4, 2:4]) == len(shades) > 0
    assert {len(set(shade)) == 1 for shade in shades} == {is_grey}
