"""A class: one teacher who leads, and followers who see the same, answer, and come back."""

import pytest

from cnnviz.ui.server.rooms.protocol import FULL
from tests.browser.axe import violations
from tests.browser.lesson import (
    FOLLOWING,
    PHONE,
    again,
    answers,
    follows,
    number,
    reading,
    shown,
    works_alone,
)
from tests.browser.tab import WAIT, Tab

# On how many lines some words of a paragraph stand, at every width of it.
LINES = """(paragraph, words) => {
  const texts = [...paragraph.childNodes].map(node => node.firstChild ?? node)
  const text = texts.find(one => one.data.includes(words))
  const range = new Range()
  range.setStart(text, text.data.indexOf(words))
  range.setEnd(text, text.data.indexOf(words) + words.length)
  const widths = Array.from({ length: 60 }, (_, i) => 200 + 5 * i)
  const lines = widths.map(width => {
    paragraph.style.width = `${width}px`
    return new Set([...range.getClientRects()].map(({ top }) => top)).size
  })
  paragraph.style.width = ""
  return lines
}"""


@pytest.fixture(scope="module")
def phone(lesson):
    return lesson.join(PHONE, "light")


def test_code_qr_and_address_are_large_and_say_who_is_in(lesson, phone):
    lesson.page.get_by_role("button", name=f"Class {lesson.code}, 1 person").click()
    panel = lesson.page.get_by_role("complementary", name="Your class")
    panel.get_by_role("button", name="Code").click()
    dialog = lesson.page.get_by_role("dialog", name="Join the class")
    assert dialog.get_by_role("img", name="QR code").bounding_box()["width"] > 400
    assert dialog.get_by_text("1 person here").is_visible()
    assert dialog.get_by_text("/join").is_visible()
    assert set(dialog.locator(".note").evaluate(LINES, "--host 0.0.0.0")) == {1}
    assert violations(lesson.page) == []
    dialog.get_by_role("button", name="Begin").click()
    lesson.page.get_by_role("button", name="Hide the panel").click()


def test_a_follower_has_the_teachers_numbers_while_a_slider_is_dragged(lesson, phone):
    handle = lesson.teacher.slider("Bias")
    box = handle.bounding_box()
    middle = box["y"] + box["height"] / 2
    lesson.page.mouse.move(box["x"] + box["width"] / 2, middle)
    lesson.page.mouse.down()
    before = phone.figures()
    for share in (0.6, 0.7, 0.8):
        to = box["x"] + share * box["width"]
        lesson.teacher.change(lambda to=to: lesson.page.mouse.move(to, middle))
        follows(phone, lesson)
    lesson.page.mouse.up()
    follows(phone, lesson)
    assert phone.figures() != before


def test_the_cell_that_the_teacher_points_at_is_in_every_hand(lesson, phone, desk):
    lesson.teacher.window(1).click(position={"x": 90, "y": 120})
    for tab in (phone, desk):
        tab.settles(lambda tab=tab: reading(tab) == reading(lesson.teacher), True)


def test_a_follower_reaches_the_end_of_the_page_above_the_arithmetic_at_the_thumb(phone):
    page = phone.page
    phone.window(1).click()
    page.locator(".sheet.risen").wait_for()
    page.evaluate("() => scrollTo(0, 1e6)")
    end = page.get_by_text("What to look for").locator("xpath=..").bounding_box()
    assert end["y"] + end["height"] < page.locator(".sheet.risen").bounding_box()["y"]
    page.get_by_role("button", name="Put the arithmetic back").click()
    phone.window(1).press("Escape")
    page.evaluate("() => scrollTo(0, 0)")


def test_the_cell_in_hand_is_offered_and_the_one_that_is_asked_for_is_marked_everywhere(
    lesson, phone, desk
):
    row, column = reading(lesson.teacher)["cell"]
    with lesson.panel() as panel:
        fields = panel.get_by_label("Row"), panel.get_by_label("Column")
        assert [int(field.input_value()) for field in fields] == [row, column]
        fields[0].fill(str(row + 3))
        fields[1].fill(str(column + 2))
        panel.get_by_role("button", name="Ask", exact=True).click()
        for tab in (lesson.teacher, phone, desk):
            tab.settles(lambda tab=tab: reading(tab)["cell"], [row + 3, column + 2])
        truth = reading(lesson.teacher)["features"]
        answers(phone, lambda page: number(page, truth))
        answers(desk, lambda page: number(page, truth + 1))
        shown(lesson, panel, phone, desk)
        assert phone.page.locator(".verdict").inner_text() == "Yours was right."
        panel.get_by_role("button", name="Next question").click()


def test_a_question_of_each_kind_goes_out_and_comes_back_as_a_picture(lesson, phone, desk):
    truth = reading(lesson.teacher)["features"]
    with lesson.panel() as panel:
        panel.get_by_role("button", name="A number").click()
        panel.get_by_role("button", name="Ask", exact=True).click()
        answers(phone, lambda page: number(page, truth))
        answers(desk, lambda page: number(page, truth + 1))
        asked = lesson.teacher.window(1).locator("xpath=..")
        lesson.teacher.settles(lambda: asked.get_attribute("class"), "map covered")
        shown(lesson, panel, phone, desk)
        assert panel.locator(".bars .right b").inner_text() == "1"
        assert phone.page.locator(".verdict").inner_text() == "Yours was right."
        told = desk.page.get_by_role("region", name="Question").inner_text()
        assert told.lower().count("it is ") == 1  # the verdict on a wrong answer says it
        assert phone.page.get_by_text("It is ").is_visible()
        assert panel.get_by_text("It is ").is_visible()

        again(panel, "A place")
        panel.get_by_role("button", name="Ask", exact=True).click()
        answers(phone, lambda page: page.locator(".taps").click(position={"x": 40, "y": 40}))
        answers(desk, lambda page: page.locator(".taps").press("ArrowRight"))
        shown(lesson, panel, phone, desk)
        assert panel.locator(".taps").is_visible()

        again(panel, "A choice")
        asked, *options = "What? <b>*it*</b> $x$", "Vertical $x$ :red[a]", "<i>Horizontal</i> **b**"
        panel.get_by_label("Your words").fill(asked)
        for i, text in enumerate(options, 1):
            panel.get_by_label(f"Answer {i}", exact=True).fill(text)
        panel.get_by_label("Answer 1 is right").check()
        panel.get_by_role("button", name="Ask", exact=True).click()
        for tab in (phone, desk):
            answers(tab, lambda page: page.get_by_role("button", name="Horizontal").click())
            assert tab.page.get_by_role("heading", name=asked, exact=True).is_visible()
            for text in options:  # exactly as written, although it looks like markup
                assert tab.page.get_by_role("button", name=text, exact=True).is_visible()
        answers(phone, lambda page: page.get_by_role("button", name="Vertical").click())
        shown(lesson, panel, phone, desk)
        assert panel.locator(".bars b").all_inner_texts() == ["1", "1"]

        again(panel, "A kernel")
        panel.get_by_label("Map").select_option(label="Any kernel: none is wrong")
        panel.get_by_role("button", name="Ask", exact=True).click()
        answers(phone, lambda page: kernel(page, 1))
        answers(desk, lambda page: kernel(page, -2))
        shown(lesson, panel, phone, desk)
        panel.locator(".kernels canvas").nth(1).wait_for()
        assert phone.page.get_by_text("Yours is among them.").is_visible()
        for tab in (lesson.teacher, phone, desk):
            assert violations(tab.page) == []
        panel.get_by_role("button", name="Next question").click()
        phone.page.get_by_role("region", name="Question").wait_for(state="hidden")


def kernel(page, middle):
    page.get_by_label("row 2, column 2", exact=True).fill(str(middle))
    page.get_by_role("button", name="Send").click()


def test_the_class_comes_along_to_another_page(lesson, phone, desk):
    lesson.teacher.go("Pooling")
    for tab in (phone, desk):
        tab.page.get_by_role("heading", name="Pooling", level=1).wait_for()
        follows(tab, lesson)
        assert tab.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    lesson.teacher.go("Layers")
    phone.page.get_by_role("heading", name="Layers", level=1).wait_for()
    phone.page.locator(".overview canvas").first.wait_for()
    lesson.teacher.go("Lab")
    phone.page.get_by_role("heading", name="Lab", level=1).wait_for()


def test_presenting_keeps_the_class_at_hand(lesson, phone):
    lesson.page.keyboard.press("p")
    lesson.page.locator("[data-testid=stHeader]").wait_for(state="hidden")
    assert lesson.page.get_by_role("button", name=f"Class {lesson.code}").is_visible()
    lesson.page.get_by_role("button", name="Stop presenting").click()
    lesson.page.locator("[data-testid=stHeader]").wait_for()


def test_a_duplicate_of_the_teachers_tab_does_not_take_the_class(lesson, phone):
    with lesson.page.expect_popup() as opened:
        lesson.page.evaluate("void window.open(location.href)")  # with a copy of its memory
    copy = opened.value
    copy.get_by_role("button", name="Class", exact=True).wait_for()
    copy.wait_for_function("!sessionStorage['cnnviz.lead']")
    copy.close()
    lesson.page.bring_to_front()
    lesson.teacher.slider("Bias").focus()
    lesson.teacher.change(lambda: lesson.page.keyboard.press("End"))
    follows(phone, lesson)
    assert lesson.page.get_by_role("button", name=f"Class {lesson.code}").is_visible()


def test_a_teacher_who_reloads_leads_on(lesson, phone):
    lesson.page.reload()
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").wait_for()
    lesson.teacher.rests()
    lesson.teacher.slider("Bias").focus()
    lesson.teacher.change(lambda: lesson.page.keyboard.press("Home"))
    follows(phone, lesson)


def test_a_learner_who_works_alone_can_return_and_may_show_the_own_screen(lesson, phone):
    page = phone.page
    works_alone(phone, "bias=-255")
    follows(phone, lesson)
    phone.slider("Bias").focus()
    phone.change(lambda: page.keyboard.press("End"))
    phone.query("bias=255")  # the link that the teacher gets
    mine = phone.figures()
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").click()
    lesson.page.get_by_role("button", name="Lab 1").click()
    page.get_by_role("button", name="Show it").click()
    lesson.page.wait_for_url("**bias=255**")
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").wait_for()
    lesson.teacher.settles(lesson.teacher.figures, mine)
    page.get_by_role("link", name="Back to the teacher").click()
    page.wait_for_function(FOLLOWING)
    phone.settles(phone.figures, mine)


def test_a_code_that_is_none_says_so(lesson):
    page = Tab(lesson.contexts(), lesson.address).page
    page.goto(f"{lesson.address}/join/XXXXX")
    page.get_by_text("There is no class with this code").wait_for(timeout=WAIT)
    assert violations(page) == []
    page.close()


def test_letters_may_be_typed_with_a_space(lesson):
    page = Tab(lesson.contexts(), lesson.address).page
    page.goto(f"{lesson.address}/join/%E0")  # an address that cannot be read
    page.get_by_label("Join a class").press_sequentially("abc de")
    page.get_by_role("button", name="Join", exact=True).click()
    page.wait_for_url("**/join/ABCDE")
    page.close()


def test_a_full_class_says_so_and_can_be_tried_again(lesson):
    tab = Tab(lesson.contexts(size=PHONE), lesson.address)
    tab.page.route_web_socket("**/room", lambda line: line.close(code=FULL, reason=""))
    tab.page.goto(f"{lesson.address}/join/{lesson.code}")
    tab.page.get_by_text("This class is full. You can join once someone has left.").wait_for()
    assert tab.page.get_by_label("Join a class").input_value() == lesson.code
    assert violations(tab.page) == []
    tab.page.close()


def test_everyone_is_told_when_the_class_is_closed(lesson, phone):
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").click()
    lesson.page.get_by_role("button", name="Close the class").click()
    phone.page.get_by_text("The teacher has closed this class.").wait_for()
    lesson.page.get_by_role("button", name="Class", exact=True).wait_for()
