"""The Inside page in Chromium: draw a digit and read the answer, trace, open, upload, a phone."""

import json
import re
from contextlib import contextmanager

import numpy as np
import pytest

from cnnviz.images.drawings import ink
from cnnviz.nn import pretrained, small_cnn
from cnnviz.nn.inspection.inputs import from_drawing
from tests.browser.tab import Tab
from tests.nn.formats.npz_files import saved

PHONE = (390, 844)
ONE = [(0.5, 0.12), (0.5, 0.88)]
CIRCLE = [(0.5 + 0.22 * np.sin(turn), 0.5 - 0.36 * np.cos(turn))
          for turn in np.linspace(0, 2 * np.pi, 25)]  # fmt: skip
STROKES = "d80208080808080e0"


def place(canvas, x, y):
    box = canvas.bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def draw(page, places):
    """Draw a line with the mouse, through places in shares of the sheet."""
    canvas = page.locator("canvas.sheet")
    page.mouse.move(*place(canvas, *places[0]))
    page.mouse.down()
    for each in places[1:]:
        page.mouse.move(*place(canvas, *each), steps=3)
    page.mouse.up()


def says(page, name):
    page.locator("p", has_text=re.compile(rf"^It says {name},")).wait_for()


def drawn(tab):
    """Return the drawing in the address once it has come to rest: the pen sends parts of a line."""
    tab.query("drawing=")
    tab.stands_still(30)  # what the pen has sent last may be on its way
    return re.search(r"drawing=([^&]*)", tab.page.url)[1]


def overview(page):
    return page.locator(".st-key-inside-overview .overview")


def over(page, layer, channel, row, column):
    """Return where a cell of the overview is in its sheet."""
    x, y = overview(page).evaluate(
        "(element, cell) => element.placeOf(...cell)", [layer, channel, row, column]
    )
    return {"x": x, "y": y}


def point(page, cell):
    """Move the mouse over a cell of the overview, and wait until that is drawn."""
    overview(page).locator(".sheet").hover(position=over(page, *cell))
    page.evaluate("() => new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")


def field(page):
    """Return the rows and columns of the input that the cell that is pointed at sees."""
    seen = json.loads(overview(page).get_attribute("data-field"))
    return [seen["rows"], seen["columns"]]


def numbers(text):
    """Read all numbers of a line, with their signs."""
    found = re.findall(r"[−+]? ?\d+(?:\.\d+)?", text)
    return [float(each.replace("−", "-").replace(" ", "")) for each in found]


def npz(network):
    return {"name": "network.npz", "mimeType": "application/zip", "buffer": saved(network)}


@pytest.fixture
def empty_sheet(read):
    """Return the page with nothing drawn, in one tab for all tests."""
    opened = read("inside", "show=drawing")
    clear = opened.page.get_by_role("button", name="Clear")
    if clear.is_enabled():
        clear.click()
    opened.page.get_by_text("Nothing is drawn.").wait_for()
    opened.page.locator("[data-test-script-state=notRunning]").wait_for()
    return opened


def test_a_one_and_a_zero_are_drawn_with_the_mouse_and_read(empty_sheet):
    page = empty_sheet.page
    draw(page, ONE)
    says(page, "1")
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Nothing is drawn.").wait_for()
    draw(page, CIRCLE)
    says(page, "0")


def test_what_is_answered_is_what_the_network_says_to_what_was_drawn(empty_sheet):
    opened = empty_sheet
    draw(opened.page, ONE)
    says(opened.page, "1")

    def agrees():
        image = from_drawing(ink(drawn(opened)), (1, 8, 8), "digits")
        share = pretrained("digits").forward(image[None])[0].max()
        line = opened.page.locator("p", has_text="It says 1,").inner_text()
        return line == f"It says 1, {100 * share:.0f}\N{NO-BREAK SPACE}%." or share > 0.99

    opened.settles(agrees, True)


def test_undo_takes_a_stroke_back_and_the_answer_with_it(empty_sheet):
    page = empty_sheet.page
    draw(page, CIRCLE)
    says(page, "0")
    draw(page, ONE)
    page.locator("canvas.sheet[data-strokes='2']").wait_for()
    page.get_by_role("button", name="Undo").click()
    says(page, "0")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Nothing is drawn.").wait_for()
    page.get_by_role("button", name="Redo").click()
    says(page, "0")


def test_the_answer_comes_before_the_pen_is_lifted(empty_sheet):
    page = empty_sheet.page
    canvas = page.locator("canvas.sheet")
    page.mouse.move(*place(canvas, *ONE[0]))
    page.mouse.down()
    page.mouse.move(*place(canvas, *ONE[1]), steps=20)
    says(page, "1")
    page.mouse.up()


@contextmanager
def pen(page):
    """Draw a line, and hold the pen on the sheet."""
    canvas = page.locator("canvas.sheet")
    page.mouse.move(*place(canvas, *ONE[0]))
    page.mouse.down()
    page.mouse.move(*place(canvas, *ONE[1]), steps=20)
    yield
    page.mouse.up()


def test_maps_and_answer_follow_the_pen_and_the_link_follows_when_it_is_lifted(tab, empty_sheet):
    opened, page = empty_sheet, empty_sheet.page
    with pen(page):  # it rests on the sheet, so the sentences follow too
        says(page, "1")
        page.get_by_text("Nothing is drawn.").wait_for(state="detached")
    text = drawn(opened)
    page.locator(f"canvas.sheet[data-shown='{text}']").wait_for()
    page.locator("[data-test-script-state=notRunning]").wait_for()
    fresh = tab(f"show=drawing&drawing={text}", path="inside")
    fresh.stands_still()  # the evidence comes last
    assert opened.figures() == fresh.figures()
    assert answers(page) == answers(fresh.page)


def answers(page):
    """Return what stands in the column of the answer, and in that of the shares."""
    return page.locator(".answers, .st-key-inside-softmax .unit").all_inner_texts()


def test_undo_moves_maps_and_link(tab):
    opened = tab(f"show=drawing&drawing={STROKES}", path="inside")
    page = opened.page
    draw(page, CIRCLE)
    page.wait_for_function(
        "words => location.search.length > words.length + 9", arg=f"?show=drawing&drawing={STROKES}"
    )
    page.get_by_role("button", name="Undo").click()
    says(page, "1")
    page.wait_for_function("words => location.search.endsWith(words)", arg=f"drawing={STROKES}")


def test_with_a_cell_taken_apart_its_arithmetic_follows_the_pen_too(tab):
    page = tab("show=drawing&open=conv2,5,1,2", path="inside").page
    told = page.locator(".st-key-opened .sum")
    before = told.inner_text()
    with pen(page):
        told.filter(has_not_text=before).wait_for()


def test_a_drawing_survives_the_link_and_another_page(tab, empty_sheet):
    opened = empty_sheet
    draw(opened.page, ONE)
    says(opened.page, "1")
    query = f"show=drawing&drawing={drawn(opened)}"
    again = tab(query, path="inside")
    says(again.page, "1")
    again.go("Layers")
    again.page.get_by_role("heading", name="Layers", exact=True).wait_for()
    again.go("Inside")
    says(again.page, "1")
    again.page.locator("canvas.sheet[data-strokes='1']").wait_for()


def test_a_unit_is_traced_back_to_the_input(read):
    page = read("inside", "show=example").page
    row = pretrained("digits").summary()[3]  # conv2
    windows = [f.window(cell) for f, cell in zip(row.fields, (1, 2), strict=True)]
    inside = [[max(first, 0), min(last, 7)] for first, last in windows]
    point(page, (4, 3, 1, 2))
    assert field(page) == inside
    point(page, (8, 4, 0, 0))  # a score sees all
    assert field(page) == [[0, 7], [0, 7]]


def test_a_unit_that_is_clicked_opens_with_a_sum_that_adds_up_as_it_is_written(tab):
    opened = tab("show=example", path="inside")
    page = opened.page
    overview(page).locator(".sheet").click(position=over(page, 8, 2, 0, 0))  # the score of 2
    page.locator(".st-key-opened h2", has_text="linear1, number 2").wait_for()
    opened.query("open=linear1,2,0,0")
    told = page.locator(".st-key-opened .unit")
    told.locator("tr").first.wait_for()
    products = [row[-1] for row in map(numbers, told.locator("tr").all_inner_texts()[1:])]
    (total,) = numbers(told.locator(".sum b").first.inner_text())
    assert len(products) > 3
    assert round(sum(products), 6) == pytest.approx(total, abs=1e-9)
    page.get_by_role("button", name="Close").click()
    page.locator(".st-key-opened .unit").wait_for(state="detached")


def test_a_convolution_that_is_opened_adds_up_as_it_is_written(tab):
    page = tab("open=conv2,5,1,2", path="inside").page
    told = page.locator(".st-key-opened .unit")
    told.locator(".card").first.wait_for()
    parts = [numbers(text)[0] for text in told.locator(".card .part").all_inner_texts()]
    text = told.locator(".sum").inner_text()
    (bias,) = re.findall(r"([−+] [\d.]+) bias", text)
    total = numbers(told.locator(".sum b").first.inner_text())[0]
    assert len(parts) == 16
    assert sum(parts) + numbers(bias)[0] == pytest.approx(total, abs=1e-9)
    assert "rounded" in told.inner_text()


def test_the_exponentials_and_the_shares_add_up_as_they_are_written(read):
    page = read("inside", "show=example").page
    page.locator(".st-key-inside-softmax tr").first.wait_for()
    rows = page.locator(".st-key-inside-softmax tr").all_inner_texts()
    *lines, last = [numbers(row.replace("\t", "  ;  ")) for row in rows[1:]]
    assert len(lines) == 10
    assert sum(line[2] for line in lines) == pytest.approx(last[0], abs=1e-9)
    assert sum(line[3] for line in lines) == pytest.approx(1, abs=1e-9)


def test_a_mistake_is_chosen_and_called_one(tab):
    opened = tab("show=example", path="inside")
    page = opened.page
    page.get_by_text("Only the mistakes").click()
    cards = page.locator(".examples button:not(.right)")
    cards.nth(4).wait_for()
    assert cards.count() == 5
    cards.nth(1).click()
    page.get_by_text("That is wrong: it is").wait_for()
    opened.query("example=")


SCROLLED = """async () => {
  const place = document.querySelector("[data-testid=stMain]")
  const before = place.scrollTop
  await new Promise(requestAnimationFrame)
  await new Promise(requestAnimationFrame)
  return before > 0 && place.scrollTop === before
}"""


def test_another_class_and_another_network_change_the_evidence(tab):
    opened = tab("show=example", path="inside")
    page = opened.page
    page.get_by_role("heading", name="Evidence for").hover()  # a list closes when its page scrolls
    opened.settles(lambda: page.evaluate(SCROLLED), True)
    page.get_by_role("combobox", name="Class").click()
    page.get_by_role("option", name="7", exact=True).click()
    page.get_by_role("heading", name="Evidence for 7").wait_for()
    opened.query("class=7")
    page.get_by_text("Shapes", exact=True).click()
    opened.shows("16 × 16")
    page.get_by_role("heading", name=re.compile("Evidence for (circle|square|cross)")).wait_for()


def test_a_file_is_opened_and_a_bad_one_is_refused(tab):
    opened = tab("network=file", path="inside")
    page = opened.page
    page.get_by_text("No file is open yet.").wait_for()
    chooser = page.locator("[data-testid=stMain] input[type=file]")
    bad = {"name": "bad.npz", "mimeType": "application/zip", "buffer": b"PK\x03\x04 no archive"}
    chooser.set_input_files(bad)
    page.get_by_test_id("stToast").get_by_text("This file cannot be opened.").wait_for()
    page.locator("[data-testid=stMain] input[type=file]").set_input_files(
        npz(small_cnn((1, 12, 12), ("yes", "no")))
    )
    page.get_by_text("The app does not know what this network was trained on").first.wait_for()
    page.get_by_test_id("stAlert").get_by_text("cannot be opened").wait_for(state="detached")
    draw(page, ONE)
    says(page, "(yes|no)")


def test_a_photo_is_said_to_be_no_digit(tab):
    page = tab("show=picture", path="inside").page
    page.get_by_text("A photo is not one of the handwritten digits").wait_for()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_what_the_network_gets_of_ones_picture_is_on_the_first_screen(tab, size):
    page = tab("show=picture", path="inside", size=size).page
    sheet = page.locator(".st-key-inside-overview .sheet").bounding_box()
    last = over(page, 0, 0, 7, 7)  # of the 8 × 8 that go in
    assert 0 < sheet["y"] + last["y"] < size[1]
    assert 0 < sheet["x"] + last["x"] < size[0]


def test_every_choice_of_the_first_screen_can_be_seen(read):
    page = read("inside", "show=example").page
    for name in (
        "Digits",
        "Shapes",
        "My network",
        "Load a file",
        "Test example",
        "Draw",
        "Your picture",
    ):
        button = page.get_by_role("radio", name=name, exact=True)
        box = button.bounding_box()
        seen = page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y)?.innerText",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert seen == name


def test_nothing_is_wider_than_the_screen(tab):
    opened = tab(f"show=drawing&drawing={STROKES}&open=conv2,5,1,2", path="inside")
    opened.shows("8 × 8")
    opened.fits()


@pytest.fixture
def phone(contexts, address):
    """Return the page on a phone that is touched."""
    one = Tab(contexts(size=(390, 840), has_touch=True), address)
    yield one.open("show=drawing", "inside")
    one.page.close()
    assert one.troubles == []


def test_a_finger_draws_a_digit_and_the_page_stays_where_it_is(phone):
    page = phone.page
    canvas = page.locator("canvas.sheet")
    canvas.scroll_into_view_if_needed()
    before = canvas.bounding_box()["y"]
    touch = page.context.new_cdp_session(page)
    for number, each in enumerate(np.linspace(ONE[0], ONE[1], 12)):
        x, y = place(canvas, *each)
        kind = "touchStart" if number == 0 else "touchMove"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    says(page, "1")
    assert canvas.bounding_box()["y"] == pytest.approx(before, abs=1)
    assert phone.overflow() <= 0
