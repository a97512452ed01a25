"""Make a task from the current screen: the form for its author."""

from typing import Any

import streamlit as st

from cnnviz.ui.classroom import sheet_draft
from cnnviz.ui.classroom.task import MAX_TEXT, MOST_GOALS, MOST_TASKS
from cnnviz.ui.classroom.task_draft import (
    KINDS,
    OF_MAPS,
    SYMMETRY_TITLES,
    Draft,
    advice,
    goal,
    kinds,
    map_size,
    settings_of,
)
from cnnviz.ui.classroom.task_goal import Goal
from cnnviz.ui.classroom.task_progress import PageTasks
from cnnviz.ui.widgets.formatting import literal

FROM = {
    "opens": "As the page opens",
    "now": "As the screen is now",
    "kept": "As it was when I saved it",
}
KEPT = "cnnviz.maker"  # session key of the form, shared by all pages


class TaskMaker:
    """The part of the dialog for making a task."""

    def __init__(self, page_tasks: PageTasks) -> None:
        self.page_tasks, self.page = page_tasks, page_tasks.page
        self.name = f"{self.page.name}:make"
        self.screen = page_tasks.screen()

    def draw(self) -> None:
        """Draw the form, and the sheet so far."""
        self._recall()
        st.caption(
            "Set up the screen first, then write the question here. Learners see only the controls "
            "that they may change. A sheet may have tasks from several pages: add one here, then "
            "go on to another page."
        )
        text = st.text_area("What is asked", key=f"{self.name}:text", max_chars=MAX_TEXT, height=90)
        titles = {name: control.title for name, control in self.page.controls.items()}
        left, right = st.columns(2)
        with left:
            show = st.multiselect(
                "They may change", titles, format_func=titles.get, key=f"{self.name}:show"
            )
        with right:
            lock = st.multiselect(
                "They only see", titles, format_func=titles.get, key=f"{self.name}:lock"
            )
        start = self._start()
        goals = self._goals()
        hints = st.text_area("Hints, one per line", key=f"{self.name}:hints", height=70)
        solved = st.text_input(
            "What to say once it is solved", key=f"{self.name}:solved", max_chars=MAX_TEXT
        )
        tell = st.toggle(
            "After the last hint they may see the screen as it is now, and the number if asked",
            key=f"{self.name}:tell",
        )
        end = self.page.query(self.screen.values)
        draft = Draft(text, show, lock, goals, start, end, hints, solved, tell)
        if st.button("Add the task", type="primary", key="task:add"):
            self._add(draft)
        sheet_draft.draw(self.page_tasks)
        self._remember()

    def _recall(self) -> None:
        """Restore the form from before the dialog was closed to set up the screen."""
        for key, value in st.session_state.get(KEPT, {}).items():
            st.session_state.setdefault(key, value)

    def _remember(self) -> None:
        """Save the form: Streamlit forgets it as soon as the dialog is closed."""
        filled = {key: value for key, value in st.session_state.items() if self._is_own(key)}
        st.session_state[KEPT] = {**st.session_state.get(KEPT, {}), **filled}

    def _is_own(self, key: object) -> bool:
        return str(key).startswith((f"{self.name}:", f"{sheet_draft.KEY}:"))

    def _start(self) -> str:
        """Draw the choice of the task's start; return its settings as in a link."""
        kept = st.session_state.get(f"{self.name}:kept")
        offered = [name for name in FROM if name != "kept" or kept is not None]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            key = f"{self.name}:from:{len(offered)}"
            st.session_state.setdefault(key, "opens" if kept is None else "kept")
            chosen = st.segmented_control(
                "It begins", offered, format_func=FROM.get, required=True, key=key
            )
            st.button(
                "Save the current screen",
                help="Then change it, for a task that begins here and ends there.",
                on_click=st.session_state.update,
                args=({f"{self.name}:kept": self.page.query(self.screen.values)},),
            )
        now = self.page.query(self.screen.values)
        return {"opens": "", "now": now, "kept": kept or ""}[chosen]

    def _goals(self) -> list[Goal]:
        """Draw the fields for the goals; say why one is not possible."""
        count = st.number_input(
            "Conditions to meet", 1, MOST_GOALS, key=f"{self.name}:count", width=230
        )
        found = []
        for number in range(int(count)):
            with st.container(border=True):
                try:
                    found.append(self._goal(number))
                except ValueError as error:
                    st.error(str(error))
        return found

    def _goal(self, number: int) -> Goal:
        key = f"{self.name}:{number}"
        kind = st.selectbox(
            "Solved when", kinds(self.page), format_func=KINDS.get, key=f"{key}:kind"
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            return goal(kind, self._given(kind, f"{key}:{kind}"), self.screen)

    def _given(self, kind: str, key: str) -> dict[str, Any]:
        """Draw the fields for one kind of goal; return their values."""
        if kind in ("setting", "range"):
            return self._of_setting(kind, key)
        if kind in OF_MAPS:
            return self._of_map(kind, key)
        if kind in ("measure", "asked"):
            titles = {name: one.title for name, one in self.page.measures.items()}
            name = st.selectbox("Number", titles, format_func=titles.get, key=f"{key}:name")
            if kind == "asked":
                return {"name": name, "within": _number("Give or take", 0.0, f"{key}:within")}
            now = self.screen.measure(name)
            return {
                "name": name,
                "low": _number("From", now, f"{key}:{name}:low"),
                "high": _number("To", now, f"{key}:{name}:high"),
            }
        if kind == "symmetry":
            chosen = st.selectbox(
                "The same when", SYMMETRY_TITLES, format_func=SYMMETRY_TITLES.get, key=key
            )
            return {"number": chosen}
        if kind == "rank":
            return {"number": _count("Rank", 1, key, low=0)}
        return {
            "number": _number("Number", 0.0, f"{key}:number"),
            "within": _number("Give or take", 0.0, f"{key}:within"),
        }

    def _of_setting(self, kind: str, key: str) -> dict[str, Any]:
        offered = {one.name: one for one in settings_of(self.page, kind)}
        titles = {name: f"{one.label} ({name})" for name, one in offered.items()}
        name = st.selectbox("Setting", titles, format_func=titles.get, key=f"{key}:name")
        now = offered[name]
        if kind == "setting":
            st.caption(f"Now: {literal(self.screen.text(name))}")
            return {"name": name}
        value = float(self.screen.values[now.key])
        return {
            "name": name,
            "low": _number("From", value, f"{key}:{name}:low"),
            "high": _number("To", value, f"{key}:{name}:high"),
        }

    def _of_map(self, kind: str, key: str) -> dict[str, Any]:
        titles = {name: one.title for name, one in self.page.maps.items()}
        name = st.selectbox("Map", titles, format_func=titles.get, key=f"{key}:name")
        if kind != "size":
            return {"name": name, "within": _number("Give or take", 0.0, f"{key}:within")}
        rows, columns = map_size(self.screen, name)
        given = {"rows": rows, "columns": columns}
        for side, now in given.items():
            label = side.capitalize()
            given[side] = _count(label, now, f"{key}:{name}:{side}")
        return {"name": name, **given}

    def _add(self, draft: Draft) -> None:
        """Add the task to the sheet, or say why that is not possible."""
        try:
            made = draft.task(self.page)
        except ValueError as error:
            st.error(str(error))
            return
        tasks = sheet_draft.tasks_so_far()
        if len(tasks) >= MOST_TASKS:
            st.error(f"A sheet has at most {MOST_TASKS} tasks.")
            return
        tasks.append(made)
        for sentence in advice(self.page, made, self.screen):
            st.warning(sentence)


def _number(label: str, value: float, key: str) -> float:
    """Draw a field for any number, with an initial value."""
    st.session_state.setdefault(key, float(value))  # not `value`: it may be restored
    return float(st.number_input(label, step=None, format="%.6g", key=key))


def _count(label: str, value: int, key: str, *, low: int = 1) -> int:
    """Draw a field for a count, with an initial value."""
    st.session_state.setdefault(key, value)
    return int(st.number_input(label, low, 4096, key=key))
