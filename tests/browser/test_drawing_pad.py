"""Drawing with a mouse, a finger and keys, and how the sheet handles the server's answers."""

import numpy as np
import pytest

from cnnviz.images.drawings import ink, strokes
from tests.browser.alone import Alone, mounting


class Sheet(Alone):
    """The component with an empty sheet."""

    def __init__(self, page, **data):
        standard = {"label": "Your drawing", "value": "", "most": 5000, "turn": 0}
        super().__init__(page, "drawing-pad", {**standard, **data})

    @property
    def canvas(self):
        return self.page.locator("canvas")

    @property
    def last(self):
        return self.sent[-1]["value"]

    @property
    def strokes(self):
        return int(self.canvas.get_attribute("data-strokes"))

    def place(self, x, y):
        """Return the position on the page of a point given as fractions of the sheet's side."""
        box = self.canvas.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def draw(self, *places):
        """Draw a line with the mouse."""
        self.page.mouse.move(*self.place(*places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.place(*place), steps=8)
        self.page.mouse.up()

    def accept(self):
        """Answer the latest message as the server would, until no more are sent."""
        while self.data["turn"] != self.sent[-1]["turn"]:
            self.answer(value=self.sent[-1]["value"], turn=self.sent[-1]["turn"])

    def sends(self, count):
        """Wait until that many messages have been sent."""
        self.page.wait_for_function("count => sent.length >= count", arg=count)

    def drawn(self):
        """Return the brightness of the canvas, 0–1, at 64 × 64 points."""
        return np.reshape(
            self.canvas.evaluate(
                """canvas => {
                  const { data } = canvas.getContext("2d").getImageData(0, 0, 512, 512)
                  return Array.from({ length: 4096 }, (_, i) =>
                    data[4 * ((8 * (i >> 6) + 4) * 512 + 8 * (i & 63) + 4)] / 255)
                }"""
            ),
            (64, 64),
        )


@pytest.fixture
def mount(plain):
    with mounting(plain, Sheet) as mounted:
        yield mounted


@pytest.fixture
def sheet(mount):
    return mount()


def test_a_line_is_sent_while_it_is_drawn_and_holds_few_points(sheet):
    sheet.draw((0.5, 0.2), (0.5, 0.8))
    assert len(sheet.sent) == 1, "one request in flight"
    sheet.accept()
    [(tool, points)] = strokes(sheet.last)
    assert tool == "d"
    assert len(points) == 2
    assert np.abs(np.subtract(points, [(128, 51), (128, 204)])).max() <= 2


def test_the_canvas_shows_what_the_server_sees(sheet):
    sheet.draw((0.3, 0.2), (0.7, 0.3), (0.4, 0.8))
    sheet.button("Erase").click()
    sheet.draw((0.1, 0.5), (0.9, 0.55))
    sheet.accept()
    seen = ink(sheet.last, 512)[4::8, 4::8]
    assert np.abs(sheet.drawn() - seen).mean() < 0.01
    assert (np.abs(sheet.drawn() - seen) > 0.5).mean() < 0.005


def test_undo_redo_and_clear_go_through_all_that_was_done(sheet):
    for x in (0.3, 0.6):
        sheet.draw((x, 0.2), (x, 0.8))
    sheet.button("Clear").click()
    counts = [sheet.strokes]
    for name in ("Undo", "Undo", "Undo", "Redo", "Redo", "Redo"):
        sheet.button(name).click()
        counts.append(sheet.strokes)
    assert counts == [0, 2, 1, 0, 1, 2, 0]
    assert sheet.button("Redo").is_disabled()
    sheet.accept()
    assert sheet.last == ""


def test_a_new_line_ends_what_could_be_redone(sheet):
    sheet.draw((0.3, 0.2), (0.3, 0.8))
    sheet.button("Undo").click()
    sheet.draw((0.5, 0.2), (0.5, 0.8))
    assert sheet.button("Redo").is_disabled()


def test_keys_draw_and_undo(sheet):
    sheet.canvas.focus()
    sheet.press("ArrowUp", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowRight")
    sheet.accept()
    [(_, points)] = strokes(sheet.last)
    assert points == [(128, 120), (128, 136), (136, 136)]
    sheet.press("Control+z")
    sheet.accept()
    assert strokes(sheet.last)[0].points == [(128, 120), (128, 136)]
    sheet.press("Control+Shift+Z")
    sheet.accept()
    assert len(strokes(sheet.last)[0].points) == 3


def test_a_dot_is_a_drawing(sheet):
    sheet.page.mouse.click(*sheet.place(0.5, 0.5))
    assert [len(points) for _, points in strokes(sheet.last)] == [1]
    assert sheet.drawn()[31:33, 31:33].min() == 1


def test_a_line_that_leaves_the_sheet_ends_at_its_edge(sheet):
    sheet.draw((0.5, 0.5), (1.4, 0.5))
    sheet.accept()
    assert strokes(sheet.last)[0].points[-1][0] == 255


def test_a_full_sheet_says_so_and_keeps_what_it_has(mount):
    sheet = mount(most=40)
    sheet.draw((0.2, 0.2), (0.2, 0.8), (0.4, 0.2))
    sheet.accept()
    kept = sheet.last
    sheet.draw(*[(0.1 + 0.05 * i, 0.2 + 0.6 * (i % 2)) for i in range(14)])
    assert sheet.said == "The sheet is full: undo, or clear it."
    sheet.accept()
    assert sheet.strokes == 1
    assert sheet.data["value"] == kept


def test_a_drawing_of_the_link_is_shown_and_cannot_be_undone(mount):
    sheet = mount(value="d80208080.d20202080")
    assert sheet.strokes == 2
    assert sheet.button("Undo").is_disabled()


def test_a_drawing_set_by_the_server_is_shown_and_can_be_undone(sheet):
    sheet.draw((0.3, 0.2), (0.3, 0.8))
    sheet.accept()
    sheet.answer(value="", turn=sheet.data["turn"])
    assert sheet.strokes == 0
    sheet.button("Undo").click()
    assert sheet.strokes == 1


def test_an_old_answer_does_not_take_back_the_line_under_the_hand(sheet):
    sheet.page.mouse.move(*sheet.place(0.3, 0.3))
    sheet.page.mouse.down()
    sheet.sends(1)  # the pen rests
    first = sheet.sent[-1]
    sheet.page.mouse.move(*sheet.place(0.6, 0.6), steps=5)
    sheet.answer(value=first["value"], turn=first["turn"])
    sheet.page.mouse.up()
    sheet.accept()
    assert len(strokes(sheet.last)[0].points) == 2
    assert sheet.strokes == 1


def test_an_answer_that_comes_too_late_takes_nothing_back(sheet):
    sheet.page.clock.install()
    sheet.draw((0.3, 0.2), (0.3, 0.8))
    sheet.accept()
    sheet.page.mouse.move(*sheet.place(0.6, 0.2))
    sheet.page.mouse.down()
    sheet.page.mouse.move(*sheet.place(0.6, 0.5))
    sheet.sends(2)  # the pen rests
    late = sheet.sent[-1]
    sheet.page.mouse.move(*sheet.place(0.6, 0.8))
    sheet.page.mouse.up()
    assert len(sheet.sent) == 2
    sheet.page.clock.fast_forward(5000)  # the sheet stops waiting for the previous answer
    sheet.sends(3)
    sheet.answer(value=late["value"], turn=late["turn"])
    assert sheet.strokes == 2
    sheet.accept()
    assert sheet.data["value"] == sheet.last
    assert len(strokes(sheet.last)[1].points) == 2


def test_a_finger_draws_and_does_not_scroll_the_page(browser):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    with browser.new_context(**phone) as context, mounting(context, Sheet) as mount:
        sheet = mount()
        touch = sheet.page.context.new_cdp_session(sheet.page)

        def finger(kind, *places):
            points = [{"x": x, "y": y} for x, y in (sheet.place(*place) for place in places)]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        finger("touchStart", (0.5, 0.8))
        for y in (0.7, 0.6, 0.5, 0.4, 0.3):
            finger("touchMove", (0.5, y))
        finger("touchEnd")
        sheet.accept()
        [(_, points)] = strokes(sheet.last)
        assert np.abs(np.subtract(points[-1], (128, 0.3 * 256))).max() <= 3
        assert sheet.page.evaluate("scrollY") == 0
