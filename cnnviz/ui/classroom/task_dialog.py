"""The dialog behind “Tasks”: the page's sheet, and the user's own tasks."""

import streamlit as st

from cnnviz.ui.classroom import sheet_draft, task_paper
from cnnviz.ui.classroom.task import MAX_BYTES, MOST_TASKS, Sheet, read_sheet, sheet_of
from cnnviz.ui.classroom.task_maker import TaskMaker
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.widgets.formatting import literal
from cnnviz.ui.widgets.settings import MAX_LINK_VALUE


def button(page_tasks: PageTasks) -> None:
    """Draw the button that opens the tasks."""
    if st.button("Tasks", key="tasks"):
        _tasks(page_tasks)


@st.dialog("Tasks", width="large")
def _tasks(page_tasks: PageTasks) -> None:
    ready, own, file, paper = st.tabs(["Ready to start", "Make one", "From a file", "On paper"])
    with ready:
        _list(page_tasks, page_tasks.page.name)
    with own:
        TaskMaker(page_tasks).draw()
    with file:
        _from_file(page_tasks)
    with paper:
        task_paper.draw(page_tasks.page)


def _list(page_tasks: PageTasks, text: str) -> None:
    """Draw the tasks of a sheet; pressing one starts it."""
    progress = page_tasks.progress
    sheet = sheet_of(text)
    here = progress.text.value == text
    done = progress.done.value if here else ()
    st.caption(f"{literal(sheet.title)}: {len(sheet.tasks)} tasks, from easy to hard.")
    with st.container(key="task-list", gap="small"):
        for number, task in enumerate(sheet.tasks, 1):
            mark = ":material/check_circle:" if number in done else None
            now = here and number == int(progress.number.value)
            pressed = st.button(
                f"{number} &nbsp; {literal(task.text)}",
                key=f"task:begin:{number}",
                icon=mark,
                type="primary" if now else "secondary",
                width="stretch",
                on_click=page_tasks.begin,
                args=(text, number),
            )
            if pressed:
                st.rerun()


def _from_file(page_tasks: PageTasks) -> None:
    """Draw the upload field for a file of tasks."""
    file = st.file_uploader(
        "Drop or choose a file of tasks (.json)",
        max_upload_size=1,  # MB, the smallest possible limit; `_checked` is stricter
        key="task:file",
    )
    if file is None:
        return
    try:
        sheet = _checked(page_tasks, file.getvalue())
    except ValueError as error:
        st.error(literal(str(error)))
        return
    st.markdown(f"**{literal(sheet.title or 'Tasks')}**: {len(sheet.tasks)} in this file.")
    text = sheet.packed()
    if len(text) > MAX_LINK_VALUE:
        st.caption("A link has no room for them: after a reload, open the file again.")
    with st.container(horizontal=True):
        if st.button("Start", type="primary", on_click=page_tasks.begin, args=(text,)):
            st.rerun()
        taken = st.button(
            "Add to your sheet", key="task:take", on_click=sheet_draft.take, args=(sheet,)
        )
    if taken and tuple(sheet_draft.tasks_so_far()[-len(sheet.tasks) :]) != sheet.tasks:
        st.error(f"A sheet has at most {MOST_TASKS} tasks.")
    elif taken:
        st.caption(
            "They are now under “Make one”: reorder or remove them there, and hand them out again."
        )


def _checked(page_tasks: PageTasks, data: bytes) -> Sheet:
    if len(data) > MAX_BYTES:
        raise ValueError(f"A file of tasks has at most {MAX_BYTES // 1024} kB.")
    sheet = read_sheet(data)
    page_tasks.check_sheet(sheet)
    return sheet
