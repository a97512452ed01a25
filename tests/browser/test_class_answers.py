"""A question on a follower's page, and the teacher's: what is typed, sent, counted, and kept."""

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP
from tests.browser.lesson import FOLLOWING, PHONE, answers, number
from tests.browser.line import line
from tests.browser.tab import Tab
from tests.browser.test_right_to_left import PLACES

FOCUSED = "() => document.activeElement.getAttribute('aria-label')"
HELD_DOWN = """picture => {
  const press = () => picture.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }))
  for (let i = 0; i < 300; i++) press()
}"""
# Keeps answers on the way; call the result to let them arrive.
ON_THE_WAY = """() => {
  const send = WebSocket.prototype.send, waiting = []
  WebSocket.prototype.send = function (text) {
    if (String(text).startsWith('{"answer"')) waiting.push(() => send.call(this, text))
    else send.call(this, text)
  }
  return () => {
    WebSocket.prototype.send = send
    for (const one of waiting) one()
  }
}"""


@pytest.fixture
def panel(lesson):
    """Open the teacher's panel; take the question of the test away again."""
    lesson.page.bring_to_front()
    with lesson.panel() as panel:
        yield panel
        lesson.page.bring_to_front()
        if panel.get_by_role("button", name="Withdraw the question").is_visible():
            withdraw(panel)


def withdraw(panel):
    panel.get_by_role("button", name="Withdraw the question").click()
    panel.get_by_role("button", name="Ask", exact=True).wait_for()


def ask(panel, kind):
    panel.get_by_role("button", name=kind).click()
    panel.get_by_role("button", name="Ask", exact=True).click()
    panel.get_by_role("button", name="Show the answers").wait_for()


def ask_a_choice(panel, *options, words="Which?"):
    panel.get_by_role("button", name="A choice").click()
    panel.get_by_label("Your words").fill(words)
    for i, text in enumerate(options or ("Option 1", "Option 2"), 1):
        panel.get_by_label(f"Answer {i}", exact=True).fill(text)
    panel.get_by_role("button", name="Ask", exact=True).click()
    panel.get_by_role("button", name="Show the answers").wait_for()


def question(tab):
    tab.page.bring_to_front()
    return tab.page.get_by_role("region", name="Question")


def test_a_reload_during_a_question_keeps_its_numbers_and_the_typed_text(lesson, desk, panel):
    ask(panel, "A number")
    card = question(desk)
    card.locator(".given").wait_for()
    given, title = card.locator(".given").inner_text(), card.get_by_role("heading").inner_text()
    held = []  # the maps come after the question, as on a slow line
    desk.page.route("**/maps/slot.js", lambda route: held.append(route))
    desk.page.reload()
    field = card.get_by_label("Your number")
    field.fill("12")
    desk.settles(lambda: bool(held), True)
    held.pop().continue_()
    desk.page.unroute("**/maps/slot.js")
    desk.settles(lambda: card.locator(".given").inner_text(), given)
    assert card.get_by_role("heading").inner_text() == title
    assert field.input_value() == "12"
    assert desk.page.evaluate(FOCUSED) == "Your number"


def test_a_place_is_chosen_with_several_keys(lesson, desk, panel):
    ask(panel, "A place")
    picture = question(desk).locator(".taps")
    told = []
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        answers(
            desk, lambda page, key=key: page.keyboard.press(key) if told else picture.press(key)
        )
        assert desk.page.evaluate(FOCUSED) == "Your place on the picture"
        told.append(picture.get_attribute("aria-valuetext"))
    rows, columns = zip(*(place.split(", ") for place in told), strict=True)
    assert len(set(told)) == 3
    assert (rows[0] == rows[1] != rows[2], columns[1] == columns[2]) == (True, True)
    lost = []
    desk.page.on("websocket", lambda _: lost.append("a line"))
    answers(desk, lambda _: picture.evaluate(HELD_DOWN))
    assert picture.get_attribute("aria-valuetext").endswith(", column 0")
    lesson.page.bring_to_front()
    panel.get_by_text("1 of 1 answered").wait_for()
    desk.page.bring_to_front()
    desk.page.reload()
    desk.page.wait_for_function(FOLLOWING)
    picture.and_(desk.page.locator("[aria-valuetext$=', column 0']")).wait_for()  # that came last
    assert len(lost) == 1  # by the reload


def test_no_one_works_alone_with_a_map_that_is_asked_about(lesson, desk, panel):
    ask(panel, "A number")
    desk.page.bring_to_front()
    desk.page.get_by_text("Work alone after the question").wait_for()
    assert not desk.page.locator("a.alone[href]").count()
    assert violations(desk.page) == []
    desk.page.set_viewport_size({"width": 360, "height": 740})
    fits = "() => document.documentElement.scrollWidth <= innerWidth"
    desk.settles(lambda: desk.page.evaluate(fits), True)
    desk.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    lesson.page.bring_to_front()
    withdraw(panel)
    desk.page.bring_to_front()
    assert "room=" in desk.page.get_by_role("link", name="Work alone").get_attribute("href")


def test_a_choice_keeps_the_focus(lesson, desk, panel):
    ask_a_choice(panel)
    option = question(desk).get_by_role("button", name="Option 2")
    answers(desk, lambda _: option.press("Enter"))
    desk.settles(lambda: option.get_attribute("aria-pressed"), "true")
    assert desk.page.evaluate("() => document.activeElement.textContent") == "Option 2"


def test_a_question_in_hebrew_reads_from_the_right_and_an_option_of_no_one_has_no_bar(
    lesson, desk, panel
):
    words, option = "מסנן?", "ספ!"
    ask_a_choice(panel, option, "b", words=words)
    card = question(desk)
    there = card.get_by_role("heading"), card.locator(".option").first
    here = panel.locator("h3").first, panel.locator(".options li").first
    for title, first in (there, here):
        assert title.evaluate(PLACES, "מ?") == "?מ"
        assert first.evaluate(PLACES, "ס!") == "!ס"
    answers(desk, lambda page: page.get_by_role("button", name=option).click())
    lesson.page.bring_to_front()
    panel.get_by_text("1 of 1 answered").wait_for()
    panel.get_by_role("button", name="Show the answers").click()
    assert panel.locator(".bars .text").first.evaluate(PLACES, "ס!") == "!ס"
    assert panel.locator(".bars li").count() == 2
    assert panel.locator(".bars i").count() == 1
    panel.get_by_role("button", name="Next question").click()


def test_a_long_answer_without_a_space_leaves_the_buttons_of_the_panel_in_sight(panel):
    ask_a_choice(panel, "x" * 80, "y" * 80)
    panel.get_by_role("button", name="Withdraw the question").wait_for()
    assert panel.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_an_answer_given_while_disconnected_arrives_after_reconnecting(lesson, desk, panel):
    with line(lesson.address) as way:
        away = Tab(lesson.contexts(size=PHONE), way.address)
        away.page.goto(f"{way.address}/join/{lesson.code}")
        away.page.wait_for_function(FOLLOWING)
        card = question(away)
        for pose, act in (
            (lambda: ask(panel, "A number"), lambda: number(away.page, 891)),
            (
                lambda: ask_a_choice(panel),
                lambda: card.get_by_role("button", name="Option 1").click(),
            ),
        ):
            lesson.page.bring_to_front()
            pose()
            away.page.bring_to_front()
            card.locator("form").wait_for()
            way.cut()
            away.page.get_by_text("Connection lost").wait_for()
            act()
            card.get_by_text("will be sent when the connection is back").wait_for()
            assert not card.get_by_text("Sent.").is_visible()
            way.mend()
            card.get_by_text("Sent. You can change it").wait_for()
            lesson.page.bring_to_front()
            panel.get_by_text("1 of 2 answered").wait_for()
            withdraw(panel)
        away.page.close()  # the errors in its console about the lost connection are expected


def test_an_answer_that_comes_too_late_is_said_to_be_late_also_beside_the_others(
    lesson, desk, panel
):
    ask(panel, "A number")
    card = question(desk)
    card.locator("form").wait_for()
    arrive = desk.page.evaluate_handle(ON_THE_WAY)
    number(desk.page, 12)
    panel.get_by_role("button", name="No more answers").dispatch_event("click")
    card.get_by_text("Closed before your answer arrived.").wait_for()
    arrive.evaluate("arrive => arrive()")
    lesson.page.bring_to_front()
    panel.get_by_role("button", name="Show the answers").click()
    panel.locator(".result").wait_for()
    desk.page.bring_to_front()
    card.locator(".result").wait_for()
    assert card.locator(".verdict").inner_text() == "Closed before your answer arrived."
    lesson.page.bring_to_front()
    panel.get_by_role("button", name="Next question").click()


def test_a_refusal_stands_alone_and_goes_with_the_next_answer(lesson, desk, panel):
    ask(panel, "A number")
    card = question(desk)
    number(desk.page, "1e300")
    card.get_by_text("That is not an answer to this question.").wait_for()
    assert not card.get_by_text("Sent").is_visible()
    answers(desk, lambda page: number(page, "-1,012"))
    assert card.get_by_label("Your number").input_value() == "−1.012"  # as it was read
    answers(desk, lambda page: number(page, 12))
    assert not desk.page.get_by_text("That is not an answer").is_visible()


def test_another_tab_of_the_same_person_has_the_answer_that_counts(lesson, desk, panel):
    ask(panel, "A number")
    other = lesson.join(DESKTOP, "dark")
    answers(desk, lambda page: number(page, 12))
    other.settles(lambda: question(other).get_by_label("Your number").input_value(), "12")
    answers(other, lambda page: number(page, 13))
    desk.settles(lambda: question(desk).get_by_label("Your number").input_value(), "13")
    other.page.close()


def test_a_question_asked_while_disconnected_keeps_its_text(lesson):
    lines, is_cut = [], []

    def through(line):
        if is_cut:
            return line.close(code=1012)
        lines.append(line)
        line.connect_to_server()
        return None

    lesson.page.route_web_socket("**/room", through)
    lesson.page.reload()
    lesson.page.get_by_role("button", name=f"Class {lesson.code}").wait_for()
    with lesson.panel() as panel:
        words = panel.get_by_label("Your words")
        words.fill("How large?")
        panel.get_by_label("Row").wait_for()
        is_cut.append(True)
        lines.pop().close(code=1012)
        panel.get_by_text("Connection lost").wait_for()
        panel.get_by_role("button", name="Ask", exact=True).click()
        panel.get_by_role("alert").get_by_text("Not sent: ask again").wait_for()
        assert words.input_value() == "How large?"
        is_cut.clear()
        panel.get_by_text("Connection lost").wait_for(state="hidden")
        panel.get_by_text("Not sent").wait_for(state="hidden")
        panel.get_by_role("button", name="Ask", exact=True).click()
        panel.get_by_role("heading", name="How large?").wait_for()
        panel.get_by_role("button", name="Withdraw the question").click()
        assert words.input_value() == ""


def test_a_question_is_over_when_the_teacher_leaves_its_page(lesson, desk):
    with lesson.panel() as panel:
        ask(panel, "A place")
    answers(desk, lambda page: page.locator(".taps").click(position={"x": 20, "y": 20}))
    lesson.page.bring_to_front()
    lesson.teacher.go("Pooling")
    with lesson.panel() as panel:
        for place in (panel, question(desk)):
            place.get_by_text("The maps on the screen have changed").wait_for()
            place.get_by_role("heading", name="Where will that map be strongest?").wait_for()
            place.get_by_text("It was strongest at row").wait_for()
            place.get_by_text("1 person answered").wait_for()
            assert not place.locator(".taps").is_visible()
        for tab in (lesson.teacher, desk):
            assert not tab.page.evaluate("() => document.documentElement.dataset.asking")
        lesson.page.bring_to_front()
        panel.get_by_role("button", name="Next question").click()
    lesson.teacher.go("Lab")
    lesson.teacher.rests()


def test_the_teachers_text_stays_when_the_maps_are_repainted(lesson, panel):
    panel.get_by_role("button", name="A number").click()
    fields = panel.get_by_label("Row"), panel.get_by_label("Column")
    for field in fields:
        field.fill("7")
    for key in ("ArrowRight", "ArrowLeft"):
        lesson.teacher.change(lambda key=key: lesson.teacher.slider("Bias").press(key))
        lesson.teacher.stands_still()
        assert [field.input_value() for field in fields] == ["7", "7"]
