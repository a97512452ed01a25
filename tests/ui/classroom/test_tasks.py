"""Tasks on the screen: a sheet opens on every page, Check answers, and links carry it all."""

import io
import json
from dataclasses import replace
from urllib.parse import parse_qs

import numpy as np
import pytest

from cnnviz.ui.classroom import task_dialog
from cnnviz.ui.classroom.task import Sheet, Task, sheet_of
from cnnviz.ui.classroom.task_goals import Is, Typed, Within
from tests.test_imports import PAGES
from tests.ui.apptest import components, lab, link, said
from tests.ui.classroom.page_tasks import PAGE_TASKS
from tests.ui.pages import html, open_page, run_again

FILES = dict(zip(PAGE_TASKS, (f"pages/{page.name}" for page in PAGES), strict=True))
OWN = Sheet(
    "Mine",
    (
        Task("lab", "<b>Which</b> stride?\n# 2", (Is("stride", ("2",)),), "stride=3", ("stride",)),
        Task(
            "lab",
            "What is 6 × 7?",
            (Typed(42),),
            "bias=7",
            hints=("Forty …", "… and two"),
            answer="42",
        ),
    ),
)


def pressed(at, key):
    at.button(key=key).click()
    return run_again(at)


def verdict(at):
    return html(at).partition('class="verdict" role="status">')[2].partition("</div>")[0]


@pytest.mark.parametrize("name", PAGE_TASKS)
def test_a_sheet_opens_on_its_page_and_check_helps_and_then_says_solved(name):
    task = sheet_of(name).tasks[0]
    at = open_page(FILES[name], {f"{name}.sheet": name})
    assert task.text.split("\n")[0][:30] in html(at).replace("&#x27;", "'")
    assert 'class="open"' in verdict(pressed(at, "task:check"))
    pressed(at, "task:hint")
    assert task.hints[0][:20] in html(at).replace("&#x27;", "'")
    tasks = PAGE_TASKS[name]
    settings = tasks.page.solved(task)
    if task.answer:
        settings[f"{name}.answer:1"] = task.answer
    run_again(at, settings)
    assert "Solved." in verdict(pressed(at, "task:check"))
    assert at.session_state[f"{name}.done"] == (1,)
    pressed(at, "task:on")
    assert at.session_state[f"{name}.task"] == 2
    assert verdict(at) == ""


def test_a_link_that_names_a_sheet_begins_it():
    at = lab(link="sheet=lab")
    assert at.session_state["lab.task"] == 1
    assert parse_qs(link(at)) == {"sheet": ["lab"], "task": ["1"]}
    assert not said(at)


@pytest.mark.parametrize("number", ["99", "-1", "abc"])
def test_a_task_that_cannot_be_is_replaced_by_the_one_that_opens(number):
    at = lab(link=f"sheet=lab&task={number}")
    (sentence,) = said(at)
    assert sentence.endswith("“1” is used instead.")
    assert at.session_state["lab.task"] == 1


def test_a_link_to_tasks_that_is_cut_short_says_what_to_do():
    at = lab(link=f"sheet={OWN.code()[:-20]}")
    assert said(at) == ["This link to tasks is incomplete: ask for it again."]


def test_a_link_carries_tasks_progress_and_settings():
    first = lab(link=f"sheet={OWN.code()}")
    assert first.session_state["lab.stride"] == 3
    run_again(first, {"lab.stride": 2})
    pressed(first, "task:check")
    pressed(first, "task:on")
    assert first.session_state["lab.bias"] == 7
    run_again(first, {"lab.bias": 9})
    second = lab(link=link(first))
    for name in ("sheet", "task", "done", "bias", "stride"):
        assert second.session_state[f"lab.{name}"] == first.session_state[f"lab.{name}"]
    assert second.session_state["lab.done"] == (1,)
    assert second.session_state["lab.bias"] == 9


def test_a_sheet_that_is_too_long_for_a_link_is_used_from_its_file(monkeypatch):
    random = np.random.default_rng(0)
    texts = [random.bytes(200).hex() for _ in range(20)]
    tasks = [replace(OWN.tasks[1], text=text) for text in texts]
    long = Sheet("Long", tuple(tasks))
    with pytest.raises(ValueError, match="as a file"):
        long.code()
    file = io.BytesIO(long.file().encode())
    monkeypatch.setattr(task_dialog.st, "file_uploader", lambda *_, **__: file)
    at = pressed(lab(), "tasks")
    assert not at.error
    next(one for one in at.button if one.label == "Start").click()
    run_again(at)
    assert "Task 1 of 20" in html(at)
    assert "sheet=" not in link(at)
    at.session_state["lab.answer:1"] = "42"
    assert "Solved." in verdict(pressed(at, "task:check"))
    assert "Task 2 of 20" in html(pressed(at, "task:on"))


def test_the_tasks_of_a_file_are_added_to_the_sheet_in_the_making(monkeypatch):
    file = io.BytesIO(OWN.file().encode())
    monkeypatch.setattr(task_dialog.st, "file_uploader", lambda *_, **__: file)
    at = pressed(pressed(lab(), "tasks"), "task:take")
    assert tuple(at.session_state["sheet:make:tasks"]) == OWN.tasks
    assert at.session_state["sheet:make:title"] == "Mine"
    pressed(pressed(at, "tasks"), "task:take")
    assert tuple(at.session_state["sheet:make:tasks"]) == OWN.tasks * 2
    at.session_state["sheet:make:tasks"] = full = list(OWN.tasks[:1]) * 19
    pressed(pressed(at, "tasks"), "task:take")
    assert at.session_state["sheet:make:tasks"] == full
    assert len(full) == 19


def test_the_text_of_a_task_is_text():
    at = lab(link=f"sheet={OWN.code()}")
    assert "&lt;b&gt;Which&lt;/b&gt; stride?\n# 2" in html(at)


def test_whatever_is_written_in_a_sheet_is_shown_as_text():
    marks = "<b>*a*</b> $x$ :red[b] ![c](http://a.b/c)"
    task = Task(
        "lab", marks, (Typed(1),), hints=(marks,), solved=marks, solution="stride=2", answer="1"
    )
    at = lab(link=f"sheet={Sheet(marks, (task,)).code()}")
    for key in ("task:hint", "task:how", "task:check"):
        pressed(at, key)
    assert html(at).count("&lt;b&gt;*a*&lt;/b&gt; $x$ :red[b] ![c](http://a.b/c)") == 4
    assert not any("*a*" in one.value for one in at.markdown)


def test_a_name_in_a_sheet_that_fits_nothing_is_said_as_text():
    strange = Task("lab", "?", (Within("![c](http://a.b/c)", 0, 1),))
    (sentence,) = said(lab(link=f"sheet={Sheet('', (strange,)).code()}"))
    assert "“![c](http://a.b/c)”" in sentence.replace("\\", "").replace("\N{WORD JOINER}", "")
    assert r"\!\[c\]\(" in sentence


def test_hints_come_one_after_the_other_and_then_the_way():
    at = lab(link=f"sheet={OWN.code()}")
    pressed(at, "task:next")
    assert "Forty" not in html(at)
    pressed(at, "task:hint")
    assert "Forty" in html(at)
    assert "and two" not in html(at)
    pressed(at, "task:hint")
    assert "and two" in html(at)
    pressed(at, "task:how")
    assert "Solved." in verdict(pressed(at, "task:check"))


def test_verdicts_disappear_once_something_changes():
    at = lab(link=f"sheet={OWN.code()}")
    assert "too high" in verdict(pressed(at, "task:check"))
    run_again(at, {"lab.stride": 4})
    assert verdict(at) == ""


def test_only_the_controls_that_are_meant_are_seen():
    at = lab(link=f"sheet={OWN.code()}")
    hidden = json.loads(components(at, "guard")[0].json)["hidden"]
    assert any(rule.startswith(".st-key-lab-padding,") for rule in hidden)
    assert not any(rule.startswith(".st-key-lab-stride,") for rule in hidden)


def test_leaving_keeps_the_screen():
    at = pressed(lab(link=f"sheet={OWN.code()}"), "task:leave")
    assert at.session_state["lab.sheet"] == ""
    assert link(at) == "stride=3"
    assert 'class="task"' not in html(at)


def test_tasks_for_another_page_are_refused_in_a_sentence():
    strange = Sheet("", (Task("lab", "?", (Within("nothing", 0, 1),)),))
    at = lab(link=f"sheet={strange.code()}")
    assert "do not work here" in said(at)[0]
    assert link(at) == ""
