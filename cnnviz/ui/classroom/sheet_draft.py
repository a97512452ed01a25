"""The sheet that a user makes: its tasks so far, of any page, and the ways to hand it out."""

from contextlib import suppress
from urllib.parse import urlsplit

import streamlit as st

from cnnviz.cli import EVERYWHERE
from cnnviz.ui.classroom.addresses import qr_code, reachable
from cnnviz.ui.classroom.task import MAX_TEXT, MAX_TITLE, MOST_TASKS, Sheet, Task
from cnnviz.ui.classroom.task_draft import reworded
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.server.rooms.recording import FIRST
from cnnviz.ui.widgets.formatting import literal

KEY = "sheet:make"  # what its session keys begin with
EDITED = f"{KEY}:edited"  # session key: the index of the task whose words are being edited
WORDS = tuple(f"{KEY}:{name}" for name in ("text", "hints", "solved"))


def tasks_so_far() -> list[Task]:
    """Return the tasks of the draft sheet."""
    return st.session_state.setdefault(f"{KEY}:tasks", [])


def take(sheet: Sheet) -> None:
    """Add the tasks of a sheet to the draft, if there is room for all; call in a callback."""
    tasks = tasks_so_far()
    if len(tasks) + len(sheet.tasks) > MOST_TASKS:
        return
    if not tasks:
        st.session_state[f"{KEY}:title"] = sheet.title
    tasks.extend(sheet.tasks)


def draw(page_tasks: PageTasks) -> None:
    """Draw the sheet so far, and the ways to hand it out."""
    tasks = tasks_so_far()
    if not tasks:
        return
    st.html("<h3>Your sheet</h3>")
    several = {task.page for task in tasks} != {page_tasks.page.name}
    for number, task in enumerate(tasks):
        with st.container(horizontal=True, vertical_alignment="center"):
            page = f" ({task.page.capitalize()})" if several else ""
            st.markdown(f"{number + 1} &nbsp; {literal(task.text)}{page}")
            for label, act in (("Edit", _edit), ("Up", _earlier), ("Remove", _remove)):
                if number or label != "Up":
                    key = f"task:{label.lower()}:{number}"
                    st.button(label, key=key, on_click=act, args=(number,))
        if number == st.session_state.get(EDITED):
            _draw_words(number, task)
    title = st.text_input("Title of the sheet", key=f"{KEY}:title", max_chars=MAX_TITLE)
    _hand_out(page_tasks, Sheet(title.strip(), tuple(tasks)))


def _draw_words(number: int, task: Task) -> None:
    """Draw the fields for the words of a task."""
    text, hints, solved = WORDS
    with st.container(border=True):
        st.text_area(f"Question {number + 1}", key=text, max_chars=MAX_TEXT, height=90)
        st.text_area("Its hints, one per line", key=hints, height=70)
        st.text_input("What to say once it is solved", key=solved, max_chars=MAX_TEXT)
        st.caption("Where it begins and what solves it stay as they are.")
        try:
            _as_edited(task)
        except ValueError as error:
            st.error(str(error))
        with st.container(horizontal=True):
            st.button("Save", type="primary", key="task:save", on_click=_save, args=(number,))
            st.button("Cancel", key="task:cancel", on_click=_end_edit)


def _edit(number: int) -> None:
    """Open the words of a task, or put them away."""
    if st.session_state.get(EDITED) == number:
        return _end_edit()
    task = tasks_so_far()[number]
    words = (task.text, "\n".join(task.hints), task.solved)
    st.session_state.update({EDITED: number, **dict(zip(WORDS, words, strict=True))})


def _end_edit() -> None:
    st.session_state[EDITED] = None


def _as_edited(task: Task) -> Task:
    """Return a task in the words of the fields; raise ValueError if they are not valid."""
    return reworded(task, *(st.session_state[key] for key in WORDS))


def _save(number: int) -> None:
    """Give a task the words in the fields; invalid ones stay there, with the reason."""
    tasks = tasks_so_far()
    with suppress(ValueError):
        tasks[number] = _as_edited(tasks[number])
        _end_edit()


def _remove(number: int) -> None:
    """Take a task off the sheet."""
    _end_edit()
    del tasks_so_far()[number]


def _earlier(number: int) -> None:
    """Swap a task with the previous one."""
    _end_edit()
    tasks = tasks_so_far()
    tasks[number - 1 : number + 1] = tasks[number], tasks[number - 1]


def _hand_out(page_tasks: PageTasks, sheet: Sheet) -> None:
    """Draw a sheet's link, its QR code and its file."""
    with st.container(horizontal=True):
        st.download_button(
            "Download as a file", sheet.file(), "tasks.json", "application/json", on_click="ignore"
        )
        given = (sheet.packed(),)
        if st.button("Try it", on_click=page_tasks.begin, args=given, key="task:try"):
            st.rerun()
    try:
        sheet.code()
    except ValueError as error:
        st.info(str(error))
        return
    address = link_to(st.context.url or "", page_tasks.page.name, sheet)
    st.code(address, language=None, wrap_lines=True)
    try:
        picture = qr_code(address)
    except ValueError:
        st.caption("This link is too long for a QR code: hand it out as a link or a file.")
    else:
        st.html(f'<img class="qr" alt="The link as a QR code" src="{picture}">')


def link_to(here: str, page: str, sheet: Sheet) -> str:
    """Return a link to a sheet that others can open, given the address `here` of a page.

    It leads to the page of the first task. The Lab is at the address of the app itself.

    Examples
    --------
    >>> from cnnviz.ui.classroom.task import sheet_of
    >>> link = link_to("https://school.example/app/pixels?part=dense", "pixels", sheet_of("lab"))
    >>> link.partition("=")[0]
    'https://school.example/app/?sheet'
    """
    parts, first = urlsplit(here), sheet.tasks[0].page
    base = parts.path.removesuffix(f"/{page}").rstrip("/")
    path = f"{base}/" if first == FIRST else f"{base}/{first}"
    address = parts._replace(path=path, query=f"sheet={sheet.code()}", fragment="").geturl()
    return reachable(address, st.get_option("server.address") or EVERYWHERE)
