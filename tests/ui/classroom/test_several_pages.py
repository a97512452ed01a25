"""Sheets with tasks on several pages: the learner is led from page to page, and back."""

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.ui.classroom.sheet_draft import link_to
from cnnviz.ui.classroom.task import Sheet, Task, sheet_of
from cnnviz.ui.classroom.task_goals import Is, Typed, Within
from tests.ui.apptest import lab, link, said
from tests.ui.classroom.page_tasks import PAGE_TASKS
from tests.ui.classroom.test_tasks import FILES, pressed, verdict
from tests.ui.pages import html, open_page, run_again

STRIDE = Task("lab", "Which stride?", (Is("stride", ("2",)),), "stride=3", ("stride",))
SEVEN = Task("geometry", "What is 3 + 4?", (Typed(7),), "border=20")
POOL = Task("lab", "And now?", (Is("bias", ("1",)),), "bias=5")
SHEET = Sheet("Here and there", (STRIDE, SEVEN, POOL))


def page(at):
    """Return the page that is on the screen."""
    return at.session_state["cnnviz.page"] or "lab"


def solved_on_both(at):
    """Solve the first two tasks, and stay at the second."""
    run_again(at, {"lab.stride": 2})
    pressed(at, "task:check")
    pressed(at, "task:on")
    run_again(at, {"geometry.answer:2": "7"})
    return pressed(at, "task:check")


def test_the_next_task_is_on_its_page_and_progress_goes_along():
    at = lab(link=f"sheet={SHEET.code()}")
    run_again(at, {"lab.stride": 2})
    pressed(at, "task:check")
    assert at.button(key="task:on").label == "Next, on Geometry"
    assert at.button(key="task:next").help == "On the page Geometry."
    pressed(at, "task:on")
    assert page(at) == "geometry"
    assert "What is 3 + 4?" in html(at)
    assert "Task 2 of 3, 1 solved" in html(at)
    assert at.session_state["geometry.border"] == 20
    assert verdict(at) == ""
    run_again(at, {"geometry.answer:2": "7"})
    assert "Solved." in verdict(pressed(at, "task:check"))
    assert at.session_state["geometry.done"] == (1, 2)
    pressed(at, "task:on")
    assert page(at) == "lab"
    assert at.session_state["lab.bias"] == 5
    assert at.session_state["lab.stride"] == 1
    run_again(at, {"lab.bias": 1})
    assert "all tasks are solved" in verdict(pressed(at, "task:check"))
    assert not said(at)


def test_one_page_has_the_sheet_at_a_time():
    at = solved_on_both(lab(link=f"sheet={SHEET.code()}"))
    assert at.session_state["lab.sheet"] == ""
    at.switch_page(FILES["lab"])
    assert 'class="task"' not in html(run_again(at))
    at.switch_page(FILES["geometry"])
    assert "Task 2 of 3, 2 solved" in html(run_again(at))


def test_the_way_back_leads_to_the_page_of_the_task_before():
    at = pressed(solved_on_both(lab(link=f"sheet={SHEET.code()}")), "task:back")
    assert page(at) == "lab"
    assert at.session_state["lab.stride"] == 3
    assert "Task 1 of 3, 2 solved" in html(at)


def test_a_link_from_the_second_page_brings_it_all_back():
    first = solved_on_both(lab(link=f"sheet={SHEET.code()}"))
    words = {name: words[-1] for name, words in parse_qs(link(first)).items()}
    assert words["task"] == "2"
    assert words["done"] == "1,2"
    read = {"sheet": words["sheet"], "task": 2, "done": (1, 2)}
    second = open_page(FILES["geometry"], {f"geometry.{name}": read[name] for name in read})
    assert "Task 2 of 3, 2 solved" in html(second)
    pressed(second, "task:next")
    assert page(second) == "lab"
    assert second.session_state["lab.done"] == (1, 2)


def test_a_step_back_to_an_earlier_task_loses_no_task_solved_since():
    sheet = {"sheet": SHEET.code(), "task": 2, "done": (1, 2)}
    at = open_page(FILES["geometry"], {f"geometry.{name}": sheet[name] for name in sheet})
    at.switch_page(FILES["lab"])
    at.query_params = {"sheet": [SHEET.code()], "task": ["1"], "done": ["1"]}  # as it was left
    assert "Task 1 of 3, 1 solved" in html(run_again(at))
    pressed(at, "task:next")
    assert "Task 2 of 3, 2 solved" in html(at)


@pytest.mark.parametrize(("words", "number"), [("", 1), ("&task=3&done=1,2", 3)])
def test_a_link_that_was_opened_on_another_page_leads_to_its_task(words, number):
    settings = {"geometry.sheet": SHEET.code()}
    if words:
        settings |= {"geometry.task": number, "geometry.done": (1, 2)}
    at = open_page(FILES["geometry"], settings)
    assert page(at) == "lab"
    assert at.session_state["lab.task"] == number
    assert at.session_state["lab.done"] == ((1, 2) if words else ())


def test_the_sheet_of_a_page_leads_there_from_any_other():
    at = lab(link="sheet=pooling")
    assert page(at) == "pooling"
    assert "Task 1 of 8" in html(at)


def test_tasks_of_a_page_that_is_not_there_are_refused_at_once():
    sheet = Sheet("", (STRIDE, Task("banana", "?", (Typed(1),))))
    at = lab(link=f"sheet={sheet.code()}")
    assert "no page “banana”" in said(at)[0]
    assert link(at) == ""


def test_goals_that_the_next_page_lacks_are_reported_there():
    sheet = Sheet("", (STRIDE, Task("geometry", "?", (Within("nothing", 0, 1),))))
    at = pressed(lab(link=f"sheet={sheet.code()}"), "task:next")
    assert page(at) == "geometry"
    assert "no setting “nothing”" in said(at)[0]
    assert at.session_state["geometry.sheet"] == ""


def test_a_page_checks_its_own_tasks_and_that_the_others_have_a_page():
    tasks = PAGE_TASKS["geometry"]
    tasks.check_sheet(SHEET)
    with pytest.raises(ValueError, match="banana"):
        tasks.check_sheet(Sheet("", (SEVEN, Task("banana", "?", (Typed(1),)))))
    with pytest.raises(ValueError, match="no setting"):
        tasks.check_sheet(Sheet("", (Task("geometry", "?", (Is("nothing", ("1",)),)), STRIDE)))


def test_the_link_leads_to_the_page_of_the_first_task():
    code, here = SHEET.code(), "https://school.example/app/geometry?border=20#y"
    assert link_to(here, "geometry", SHEET) == f"https://school.example/app/?sheet={code}"
    assert link_to("https://school.example/", "lab", SHEET).startswith("https://school.example/?")
    other = Sheet("", SHEET.tasks[1:])
    address = link_to("https://school.example", "lab", other)
    assert address == f"https://school.example/geometry?sheet={other.code()}"


def maker(page):
    from importlib import import_module

    from cnnviz.ui.classroom.task_maker import TaskMaker
    from cnnviz.ui.widgets.settings import restore

    restore(import_module(f"cnnviz.ui.{page}.settings").SETTINGS)
    TaskMaker(import_module(f"cnnviz.ui.{page}.tasks").TASKS).draw()


def made(state, page, text):
    """Make a task on a page, in the session of an earlier one; return the page's screen."""
    at = AppTest.from_function(maker, default_timeout=60, kwargs={"page": page})
    for key, value in state.items():
        at.session_state[key] = value
    run_again(at)
    at.text_area(key=f"{page}:make:text").set_value(text)
    at.selectbox(key=f"{page}:make:0:kind").set_value("number")
    run_again(at)
    at.button(key="task:add").click()
    return run_again(at)


def test_a_sheet_in_the_making_takes_tasks_of_several_pages_in_any_order():
    first = made({}, "lab", "One")
    first.text_input(key="sheet:make:title").set_value("Mine")
    run_again(first)
    kept = {key: first.session_state[key] for key in ("sheet:make:tasks", "cnnviz.maker")}
    at = made(kept, "geometry", "Two")
    assert at.text_input(key="sheet:make:title").value == "Mine"
    assert _sheet(at) == [("lab", "One"), ("geometry", "Two")]
    assert any(one.value.endswith("One (Lab)") for one in at.markdown)
    at.button(key="task:up:1").click()
    run_again(at)
    assert _sheet(at) == [("geometry", "Two"), ("lab", "One")]
    assert not any(one.key == "task:up:0" for one in at.button)
    sheet = sheet_of(at.code[0].value.partition("sheet=")[2])
    assert (sheet.title, [task.text for task in sheet.tasks]) == ("Mine", ["Two", "One"])
    at.button(key="task:remove:1").click()
    assert _sheet(run_again(at)) == [("geometry", "Two")]


def _sheet(at):
    return [(task.page, task.text) for task in at.session_state["sheet:make:tasks"]]
