"""The pen of the Inside page in Chromium: a digit is drawn and read, on a phone as well."""

import re
from contextlib import contextmanager

import numpy as np
import pytest

from cnnviz.images.drawings import ink
from cnnviz.nn import pretrained
from cnnviz.nn.inspection.inputs import from_drawing
from tests.browser.pen import CIRCLE, ONE, draw, place, says
from tests.browser.tab import Tab

PHONE = (390, 844)


def drawn(tab):
    """Return the drawing in the address once it is complete: the pen sends a line in parts."""
    tab.query("drawing=")
    tab.stands_still(30)  # the pen's last message may be on its way
    return re.search(r"drawing=([^&]*)", tab.page.url)[1]


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


def test_a_one_and_a_zero_are_drawn_with_the_mouse_and_read_as_the_network_reads_them(empty_sheet):
    opened, page = empty_sheet, empty_sheet.page
    draw(page, CIRCLE)
    says(page, "0")
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Nothing is drawn.").wait_for()
    draw(page, ONE)
    says(page, "1")

    def agrees():
        image = from_drawing(ink(drawn(opened)), (1, 8, 8), "digits")
        share = pretrained("digits").forward(image[None])[0].max()
        line = opened.page.locator("p", has_text="It says 1,").inner_text()
        return line == f"It says 1, {100 * share:.0f}\N{NO-BREAK SPACE}%." or share > 0.99

    opened.settles(agrees, True)


def test_undo_takes_a_stroke_back_and_answer_and_link_with_it(empty_sheet):
    page = empty_sheet.page
    draw(page, CIRCLE)
    says(page, "0")
    circle = drawn(empty_sheet)
    draw(page, ONE)
    page.locator("canvas.sheet[data-strokes='2']").wait_for()
    empty_sheet.settles(lambda: len(drawn(empty_sheet)) > len(circle), True)
    page.get_by_role("button", name="Undo").click()
    says(page, "0")
    empty_sheet.settles(lambda: drawn(empty_sheet), circle)
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
    """Return the texts in the column of the answer and in that of the shares."""
    return page.locator(".answers, .st-key-inside-softmax .unit").all_inner_texts()


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


@pytest.fixture
def phone(contexts, address):
    """Return the page on a phone with a touchscreen."""
    one = Tab(contexts(size=(390, 840), has_touch=True), address)
    yield one.open("show=drawing", "inside")
    one.page.close()
    assert one.troubles == []


def test_a_finger_draws_a_digit_and_the_page_stays_where_it_is(phone):
    page = phone.page
    canvas = page.locator("canvas.sheet")
    canvas.scroll_into_view_if_needed()
    phone.stands_still()  # the browser learns a few frames later that a finger does not scroll here
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
