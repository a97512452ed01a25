"""A task on the screen: the question above the stage, the usable controls below it."""

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.ui.classroom import task_dialog
from cnnviz.ui.classroom.task import Task
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.frame import Regions

SOLVED = "Solved."
# Elements that set many controls at once would do the learner's work, so tasks always hide them.
ALWAYS = ('[class*="st-key-presets-"]', ".st-key-reset", ".st-key-edits-setups")
_guard = component("task/guard")


def draw(page_tasks: PageTasks, regions: Regions) -> None:
    """Draw the button to the page's tasks, and the current task."""
    with regions.head:
        task_dialog.button(page_tasks)
    draw_task(page_tasks, regions.task)


def draw_task(page_tasks: PageTasks, place: DeltaGenerator) -> None:
    """Draw the current task, if any, and leave only the controls that it needs."""
    task = page_tasks.progress.task
    if task is None:
        return
    with place, st.container(key="task"):
        hidden, locked = page_tasks.page.hidden(task), page_tasks.page.locked(task)
        data = {
            "hidden": [*ALWAYS, *map(_selector, hidden)],
            "locked": [_selector(key) for key in locked],
        }
        _guard(key="guard", data=data)
        _asked(page_tasks, task)
        _buttons(page_tasks, task)
        _said(page_tasks, task)


def _asked(page_tasks: PageTasks, task: Task) -> None:
    """Show the number of the task and its text, as plain text."""
    progress = page_tasks.progress
    sheet, number = progress.sheet, int(progress.number.value)
    marks = "".join(
        f'<i class="{"now" if i == number else ""} {"done" if i in progress.done.value else ""}">'
        "</i>"
        for i in range(1, len(sheet.tasks) + 1)
    )
    title = escape(sheet.title) if sheet.title else "Tasks"
    solved = len(progress.done.value)
    count = f"Task {number} of {len(sheet.tasks)}, {solved} solved" if len(sheet.tasks) > 1 else ""
    dots = f'<span class="dots" aria-hidden="true">{marks}</span>' if count else ""
    st.html(
        f'<section class="task" aria-label="Task"><h2><b>{title}</b><span>{count}</span>{dots}</h2>'
        f"<p>{escape(task.text)}</p></section>"
    )


def _buttons(page_tasks: PageTasks, task: Task) -> None:
    progress = page_tasks.progress
    sheet, number = progress.sheet, int(progress.number.value)
    solved = _is_solved(page_tasks)
    with st.container(horizontal=True, gap="small", key="task-buttons"):
        if task.typed:
            st.text_input(
                "Your number",
                key=progress.answer_key,
                max_chars=40,
                placeholder="Your number",
                label_visibility="collapsed",
                width=120,
                on_change=page_tasks.check,
            )
        st.button(
            "Check",
            key="task:check",
            type="secondary" if solved else "primary",
            on_click=page_tasks.check,
        )
        if solved and number < len(sheet.tasks):
            there = _elsewhere(page_tasks, number + 1)
            label = f"Next, on {there}" if there else "Next"
            st.button(label, key="task:on", type="primary", on_click=page_tasks.go, args=(1,))
        if progress.hints < len(task.hints):
            st.button("Hint", key="task:hint", on_click=page_tasks.hint)
        elif not solved and (task.solution or task.answer):
            st.button("Show how", key="task:how", on_click=page_tasks.show_solution)
        st.button("Start again", key="task:again", on_click=page_tasks.again)
        for key, step, label in (
            ("back", -1, f"‹ {number - 1}"),
            ("next", 1, f"{number + 1} ›"),
        ):
            if 1 <= number + step <= len(sheet.tasks):
                there = _elsewhere(page_tasks, number + step)
                st.button(
                    label,
                    key=f"task:{key}",
                    help=f"On the page {there}." if there else None,
                    on_click=page_tasks.go,
                    args=(step,),
                )
        st.button("Leave", key="task:leave", on_click=page_tasks.leave)


def _said(page_tasks: PageTasks, task: Task) -> None:
    """Show the hints so far, and the verdicts of the check."""
    hints = "".join(f"<li>{escape(hint)}</li>" for hint in task.hints[: page_tasks.progress.hints])
    lines = []
    if _is_solved(page_tasks):
        lines = [f'<p class="met"><b>{SOLVED}</b> {escape(task.solved)}</p>']
        if len(page_tasks.progress.done.value) == len(page_tasks.progress.sheet.tasks) > 1:
            lines.append('<p class="met">That was the last one: all tasks are solved.</p>')
    elif found := page_tasks.verdicts:
        lines = [f'<p class="open">{escape(each.text)}</p>' for each in found if not each.met]
        met = sum(each.met for each in found)
        if met:
            lines.append(f'<p class="part">{met_sentence(met, len(found))}</p>')
    st.html(
        (f'<ol class="hints" aria-label="Hints">{hints}</ol>' if hints else "")
        + f'<div class="verdict" role="status">{"".join(lines)}</div>'
    )


def met_sentence(met: int, asked: int) -> str:
    """Say how many of the things asked for are right.

    Examples
    --------
    >>> met_sentence(1, 2), met_sentence(2, 3)
    ('1 of 2 things is right.', '2 of 3 things are right.')
    """
    return f"{met} of {asked} things {'is' if met == 1 else 'are'} right."


def _elsewhere(page_tasks: PageTasks, number: int) -> str:
    """Return the title of a task's page; empty if it is the current one."""
    page = page_tasks.progress.sheet.tasks[number - 1].page
    return "" if page == page_tasks.page.name else page.capitalize()


def _is_solved(page_tasks: PageTasks) -> bool:
    found = page_tasks.verdicts
    return bool(found) and all(each.met for each in found)


def _selector(key: str) -> str:
    """Return a CSS selector for the elements of a key and of keys that start with it.

    Examples
    --------
    >>> _selector("lab.padding")
    '.st-key-lab-padding, [class*="st-key-lab-padding-"]'
    """
    name = "".join(sign if sign.isalnum() or sign in "_-" else "-" for sign in key)
    return f'.st-key-{name}, [class*="st-key-{name}-"]'
