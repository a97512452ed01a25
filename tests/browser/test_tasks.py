"""Tasks in the browser: from the first click to the next task, without touching anything else."""

import pytest

from cnnviz.ui.classroom.task import Sheet, Task
from cnnviz.ui.classroom.task_goals import Is
from tests.browser.axe import lit, violations

LOCKED = Sheet(
    "", (Task("lab", "Look.", (Is("stride", ("2",)),), "stride=3", ("stride",), ("padding",)),)
)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def said(page):
    return page.locator(".verdict")


def test_a_task_is_opened_checked_hinted_at_solved_and_followed_by_the_next(tab):
    opened = tab(size=(1280, 720))
    page = opened.page
    press(page, "Tasks")
    dialog = page.get_by_role("dialog", name="Tasks")
    dialog.get_by_role("button", name="3 The map of the convolution").click()
    task = page.get_by_role("region", name="Task")
    task.get_by_text("Task 3 of 8").wait_for()
    dialog.wait_for(state="hidden")
    page.get_by_text("Working size").wait_for(state="hidden")
    assert not page.locator(".strip").is_visible()
    maps = page.locator(".st-key-stage-maps").bounding_box()
    assert maps["y"] < 60
    assert maps["x"] + maps["width"] <= task.bounding_box()["x"]

    press(page, "Check")
    said(page).get_by_text("256 × 256 cells").wait_for()
    press(page, "Hint")
    page.get_by_text("Half as many rows").wait_for()
    stride = page.get_by_label("Stride", exact=True).first
    stride.fill("2")
    stride.press("Enter")
    opened.shows("128 × 128")
    said(page).get_by_text("256 × 256 cells").wait_for(state="detached")
    press(page, "Check")
    said(page).get_by_text("Solved.").wait_for()
    opened.query("done=3")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        opened.settles(lambda: lit(page), theme)
        assert violations(page) == []
    press(page, "Next")
    task.get_by_text("Task 4 of 8, 1 solved").wait_for()
    opened.query("values=1")
    page.get_by_text("Sigmoid", exact=True).wait_for()  # the controls of this task are visible
    assert not stride.is_visible()  # and those of the previous task are gone
    opened.fits(sizes=((1280, 720), (390, 844)), themes=("light",))


def test_locked_controls_are_visible_but_unusable(tab):
    page = tab(f"sheet={LOCKED.code()}").page
    page.get_by_role("region", name="Task").get_by_text("Look.").wait_for()
    padding = page.locator(".st-key-lab-padding-more")
    padding.wait_for()
    assert padding.evaluate("one => one.inert")
    assert not page.locator(".st-key-lab-stride").evaluate("one => one.inert")
    press(page, "Leave")
    page.wait_for_function("() => !document.querySelector('.st-key-lab-padding-more').inert")
    page.get_by_text("Working size").first.wait_for()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_on_a_phone_the_maps_stay_on_the_first_screen(tab, size):
    page = tab("sheet=lab", size=size).page
    task = page.get_by_role("region", name="Task")
    task.wait_for()
    pane = page.locator(".pane").first.bounding_box()
    assert pane["y"] < size[1] / 2
    if size[0] < 500:
        assert pane["y"] > task.bounding_box()["y"]


def test_a_task_is_made_and_tried(tab):
    opened = tab("stride=2", size=(1280, 720))
    page = opened.page
    press(page, "Tasks")
    dialog = page.get_by_role("dialog", name="Tasks")
    dialog.get_by_role("tab", name="Make one").click()
    text = "What is <b>3 × 3</b>? $x$ :red[a] [b](c) www.a.bc http://a.bc d@a.bc"
    dialog.get_by_label("What is asked").fill(text)
    dialog.get_by_label("What is asked").press("Tab")
    press(page, "Add the task")
    dialog.get_by_role("img", name="The link as a QR code").wait_for()
    made = dialog.locator("p", has_text="www").inner_text()
    assert " ".join(made.replace("\N{WORD JOINER}", "").split()) == f"1 {text}"
    assert dialog.get_by_role("link").count() == 0
    assert violations(page, "[role=dialog]") == []
    press(page, "Try it")
    page.get_by_role("region", name="Task").get_by_text(text).wait_for()
    opened.query("sheet=")


def add_a_number_to_be_typed(page, text, number, tasks):
    """Make a task on the open page, and wait until the sheet has that many tasks."""
    press(page, "Tasks")
    dialog = page.get_by_role("dialog", name="Tasks")
    dialog.get_by_role("tab", name="Make one").click()
    dialog.get_by_label("What is asked").fill(text)
    dialog.get_by_label("Solved when").click()
    page.get_by_role("option", name="A number is typed", exact=True).click()
    field = dialog.get_by_label("Number", exact=True)
    field.fill(number)
    field.press("Enter")
    press(page, "Add the task")
    dialog.get_by_role("button", name="Remove").nth(tasks - 1).wait_for()
    return dialog


def solve(page, text, number):
    page.get_by_role("region", name="Task").get_by_text(text).wait_for()
    field = page.get_by_label("Your number")
    field.fill(number)
    field.press("Enter")
    said(page).get_by_text("Solved.", exact=True).wait_for()


def test_a_sheet_of_two_pages_is_made_and_solved_from_its_link(tab):
    teacher = tab(size=(1280, 720))
    add_a_number_to_be_typed(teacher.page, "What is 3 × 3?", "9", 1)
    teacher.page.keyboard.press("Escape")
    teacher.go("Pooling")
    teacher.query("")
    teacher.page.get_by_role("heading", name="Pooling", level=1).wait_for()
    teacher.rests()
    dialog = add_a_number_to_be_typed(teacher.page, "What is 4 × 4?", "16", 2)
    assert dialog.get_by_text("What is 3 × 3? (Lab)").is_visible()
    code = dialog.locator("code").inner_text()
    assert "/pooling" not in code  # the page of the first task, which is the Lab
    query = code.partition("?")[2]

    learner = tab(query, size=(390, 844), fresh=True)
    page = learner.page
    solve(page, "What is 3 × 3?", "9")
    press(page, "Next, on Pooling")
    page.get_by_text("Task 2 of 2, 1 solved").wait_for()
    page.get_by_role("heading", name="Pooling", level=1).wait_for()
    learner.query("done=1")
    assert "/pooling?" in page.url
    solve(page, "What is 4 × 4?", "16")
    said(page).get_by_text("all tasks are solved").wait_for()
    learner.query("done=1,2")
    learner.rests()

    later = tab(page.url.partition("?")[2], "pooling", size=(1280, 720), fresh=True)
    later.page.get_by_text("Task 2 of 2, 2 solved").wait_for()
    press(later.page, "‹ 1")
    later.page.get_by_role("region", name="Task").get_by_text("What is 3 × 3?").wait_for()
    later.page.get_by_text("Task 1 of 2, 2 solved").wait_for()
    later.rests()
