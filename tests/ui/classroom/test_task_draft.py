"""Tasks made from a screen."""

import pytest

from cnnviz.ui.classroom.page_screen import PageScreen
from cnnviz.ui.classroom.task import Sheet, Task, sheet_of
from cnnviz.ui.classroom.task_draft import KINDS, Draft, advice, goal, kinds, settings_of
from cnnviz.ui.classroom.task_goals import Is, Like, Rank, Typed, Within
from tests.ui.classroom.page_tasks import PAGE_TASKS

LAB = PAGE_TASKS["lab"].page
EMPTY = Task("lab", "?", (Rank(1),))
GIVEN = {"low": 1, "high": 2, "rows": 3, "columns": 4, "within": 0.5, "number": 1.0}
NUMBERS = {"symmetry": "turn", "rank": 1}


def looking(page, query=""):
    return PageScreen(page, page.values(query), EMPTY)


def name_for(page, kind):
    if kind in ("setting", "range"):
        return settings_of(page, kind)[0].name
    return next(iter(page.maps if kind in ("size", "zero", "like") else page.measures), "")


@pytest.mark.parametrize("name", PAGE_TASKS)
def test_every_kind_of_goal_that_a_page_offers_can_be_set_and_handed_out(name):
    page = PAGE_TASKS[name].page
    screen = looking(page)
    for kind in kinds(page):
        given = {**GIVEN, "name": name_for(page, kind), "number": NUMBERS.get(kind, 1.0)}
        draft = Draft("What?", list(page.controls)[:2], [], [goal(kind, given, screen)], "", "")
        made = draft.task(page)
        assert sheet_of(Sheet("", (made,)).code()).tasks == (made,)


def test_pages_without_maps_or_kernel_offer_no_goals_about_them():
    assert kinds(LAB) == list(KINDS)
    assert "size" not in kinds(PAGE_TASKS["layers"].page)
    assert "rank" not in kinds(PAGE_TASKS["layers"].page)


def test_a_setting_is_asked_for_as_it_is_now():
    assert goal("setting", {"name": "stride"}, looking(LAB, "stride=2")) == Is("stride", ("2",))


def test_the_map_on_the_screen_is_what_is_asked_for():
    asked = goal("like", {"name": "convolution"}, looking(LAB, "stride=2"))
    assert asked == Like("convolution", "stride=2")
    task = Task("lab", "?", (asked,))
    assert PageScreen(LAB, LAB.values("stride=2"), task).verdicts()[0].met
    assert not PageScreen(LAB, LAB.values("stride=3"), task).verdicts()[0].met


def test_the_solution_is_what_changes_between_beginning_and_end():
    draft = Draft("?", [], [], [Typed(1)], "stride=2&bias=3", "stride=4", tell=True)
    task = draft.task(LAB)
    assert LAB.solved(task) == LAB.values("stride=4")
    assert not Draft("?", [], [], [Typed(1)], "", "stride=4").task(LAB).solution


def test_the_solution_holds_the_number_to_type():
    task = Draft("?", [], [], [Typed("convolution.mean")], "", "", tell=True).task(LAB)
    screen = PageScreen(LAB, LAB.begun(task), task, task.answer)
    assert task.answer
    assert screen.verdicts()[0].met
    assert not Draft("?", [], [], [Typed(1)], "", "").task(LAB).answer


def test_a_number_that_is_not_there_where_the_task_begins_cannot_be_asked_for():
    pixels = PAGE_TASKS["pixels"].page
    with pytest.raises(ValueError, match="no such number"):
        Draft("?", [], [], [Typed("pinned")], "", "pin=0,1,1,0").task(pixels)
    assert Draft("?", [], [], [Typed("pinned")], "pin=0,1,1,0", "").task(pixels)


def test_every_setting_can_be_asked_for_as_it_is_now():
    for each in PAGE_TASKS.values():
        for setting in settings_of(each.page, "setting"):
            asked = goal("setting", {"name": setting.name}, looking(each.page))
            each.page.check(Task(each.page.name, "?", (asked,)))


def test_its_author_is_told_what_is_odd_about_it():
    met = Task("lab", "?", (Within("stride", 1, 4),))
    assert "already solved at the start" in advice(LAB, met, looking(LAB))[0]
    open_ = Task("lab", "?", (Within("stride", 2, 4),))
    assert advice(LAB, open_, looking(LAB)) == ["The screen as it is now does not solve it."]
    assert advice(LAB, open_, looking(LAB, "stride=2")) == []


@pytest.mark.parametrize(
    ("text", "goals", "hints", "said"),
    [
        ("", [Typed(1)], "", "Write the question"),
        ("?", [], "", "at least one condition"),
        ("?", [Typed(1)], "a\n" * 9, "9 hints"),
        ("?", [Within("nothing", 0, 1)], "", "no setting"),
    ],
)
def test_missing_parts_are_named(text, goals, hints, said):
    with pytest.raises(ValueError, match=said):
        Draft(text, [], [], goals, "", "", hints).task(LAB)
