"""A learner's progress in a sheet: three settings in the link, and the clicks that change them."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import streamlit as st

from cnnviz.ui.classroom.page_screen import PICTURE, PageScreen
from cnnviz.ui.classroom.task import MOST_TASKS, Sheet, Task, ready, sheet_of
from cnnviz.ui.classroom.task_goal import Verdict
from cnnviz.ui.classroom.task_page import TaskPage
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.formatting import literal
from cnnviz.ui.widgets.kernel_picker import CARRIED
from cnnviz.ui.widgets.page_files import page_file
from cnnviz.ui.widgets.setting_kinds import Number
from cnnviz.ui.widgets.settings import MAX_LINK_VALUE, Setting, notice


@dataclass(frozen=True)
class SheetText(Setting):
    """A sheet: the name of one that comes with the app, or the encoded sheet; empty for none."""

    default: Any = ""

    def parse(self, text: str) -> str:
        """Return the text, or raise ValueError."""
        if text:
            sheet_of(text)
        return text

    def fits_link(self, value: str) -> bool:
        """Return whether a link has room for the sheet; one from a file may be longer."""
        return len(value) <= MAX_LINK_VALUE

    def refusal(self, text: str) -> str:
        """Say what helps: messengers cut long links short."""
        return "This link to tasks is incomplete: ask for it again."


@dataclass(frozen=True)
class TaskNumber(Number):
    """The number of a task; 0 before the sheet has started, which it does with task 1."""

    def instead(self) -> str:
        """Return the number of the task that a sheet starts with."""
        return "1"


@dataclass(frozen=True)
class Numbers(Setting):
    """Numbers of tasks, in order."""

    default: Any = ()

    def parse(self, text: str) -> tuple[int, ...]:
        """Return the numbers, or raise ValueError."""
        parts = text.split(",") if text else []
        if len(parts) > MOST_TASKS or not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError("numbers of tasks")
        found = tuple(sorted({int(part[:3]) for part in parts}))
        if found and not 1 <= found[0] <= found[-1] <= MOST_TASKS:
            raise ValueError(f"numbers from 1 to {MOST_TASKS}")
        return found

    def format(self, value: tuple[int, ...]) -> str:
        """Return the numbers with commas between them."""
        return ",".join(map(str, value))


class Progress:
    """The settings of a page that determine which task it shows.

    Task 0 means that the sheet has not started: its link contains no other settings of the page.
    """

    def __init__(self, page: str) -> None:
        self.page = page
        self.text = SheetText(f"{page}.sheet", "Sheet of tasks")
        self.number = TaskNumber(f"{page}.task", "Task", 0, low=0, high=MOST_TASKS)
        self.done = Numbers(f"{page}.done", "Tasks that are solved")

    @property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, for the link."""
        return self.text, self.number, self.done

    @property
    def sheet(self) -> Sheet | None:
        """The current sheet."""
        return sheet_of(self.text.value) if self.text.value else None

    @property
    def task(self) -> Task | None:
        """The current task."""
        sheet, number = self.sheet, int(self.number.value)
        return sheet.tasks[number - 1] if sheet and 1 <= number <= len(sheet.tasks) else None

    @property
    def hints(self) -> int:
        """The number of hints shown so far."""
        return st.session_state.get(f"{self.page}:hints", 0)

    @property
    def answer_key(self) -> str:
        """The key of the field for the typed number."""
        return f"{self.page}.answer:{self.number.value}"


class Going(NamedTuple):
    """The state of a sheet while the learner moves to a task on another page."""

    page: str
    text: str
    number: int
    done: tuple[int, ...]


_GOING = "cnnviz.going"


class PageTasks:
    """The tasks of a page, and the learner's progress in them.

    The tasks of a sheet may be on several pages. The current page hands the sheet over to the page
    of the next task, so that only one page, and so one link, has it at a time.
    """

    def __init__(self, page: TaskPage, progress: Progress) -> None:
        mine = [one for one in page.settings if one not in progress.settings]
        self.page, self.progress = replace(page, settings=tuple(mine)), progress
        self._misfit = lru_cache(maxsize=64)(self._find_misfit)  # 5 ms, needed by every run

    @property
    def ready(self) -> str:
        """The name of the built-in sheet for this page."""
        return self.page.name if self.page.name in ready() else ""

    def settle(self) -> Task | None:
        """Return the current task; start the one from a link, and drop a sheet that does not fit.

        Call this once the settings have their values, before anything is drawn.
        """
        progress = self.progress
        number = self._arrive() or int(progress.number.value)
        if progress.sheet is None:
            return None
        if misfit := self._misfit(progress.text.value):
            notice(f"The tasks in this link do not work here. {literal(misfit)}")
            self.leave()
            return None
        task = progress.task
        if task is None or task.page != self.page.name:
            self.begin(progress.text.value, number)
            self._arrive()
        if st.session_state.pop(self._redraw, False):
            st.rerun()  # the picture picker above the page is drawn first
        return progress.task

    def _arrive(self) -> int:
        """Take over a sheet from another page; return the number of its task, or 0.

        If its next task is on yet another page, open that page instead.
        """
        going: Going | None = st.session_state.get(_GOING)
        if going is None:
            return 0
        if going.page != self.page.name:
            st.switch_page(page_file(going.page))
        del st.session_state[_GOING]
        # A step back in the history may have led to an earlier state of this sheet.
        done = self.progress.done.value if self.progress.text.value == going.text else ()
        self.progress.text.set(going.text)
        self.progress.number.set(0)  # it has not started yet
        self.progress.done.set(tuple(sorted({*done, *going.done})))
        return going.number

    def _find_misfit(self, text: str) -> str:
        """Return why a sheet cannot be used here; empty if it can."""
        try:
            self.check_sheet(sheet_of(text))
        except ValueError as error:
            return str(error)
        return ""

    def check_sheet(self, sheet: Sheet) -> None:
        """Raise ValueError if a task asks for something that this page, or the app, does not have.

        Tasks of other pages are checked there.
        """
        for task in sheet.tasks:
            if task.page == self.page.name:
                self.page.check(task)
            else:
                page_file(task.page)

    def begin(self, text: str, number: int = 1) -> None:
        """Start a task of a sheet; call in a callback.

        If the task is on another page, the next run of this page goes there.
        """
        progress, tasks = self.progress, sheet_of(text).tasks
        number = min(max(number, 1), len(tasks))
        done = progress.done.value if text == progress.text.value else ()
        if (page := tasks[number - 1].page) != self.page.name:
            self.leave()
            st.session_state[_GOING] = Going(page, text, number, done)
            return
        progress.text.set(text)
        progress.number.set(number)
        progress.done.set(done)
        st.session_state[f"{self.page.name}:hints"] = 0
        st.session_state.pop(self._verdict, None)
        st.session_state.pop(progress.answer_key, None)
        st.session_state.pop(CARRIED, None)
        self._set(self.page.begun(progress.task))

    def go(self, step: int) -> None:
        """Go to another task of the sheet."""
        self.begin(self.progress.text.value, int(self.progress.number.value) + step)

    def again(self) -> None:
        """Reset everything to the start of the task."""
        self._set(self.page.begun(self.progress.task))
        st.session_state.pop(self._verdict, None)

    def show_solution(self) -> None:
        """Set everything to the task's solution."""
        task = self.progress.task
        self._set(self.page.solved(task))
        if task.typed:
            st.session_state[self.progress.answer_key] = task.answer
        st.session_state.pop(self._verdict, None)

    def hint(self) -> None:
        """Show one more hint."""
        st.session_state[f"{self.page.name}:hints"] = self.progress.hints + 1

    def leave(self) -> None:
        """Leave the sheet, and keep all settings."""
        for setting in self.progress.settings:
            setting.set(setting.default)
        st.session_state.pop(self._verdict, None)

    def check(self) -> None:
        """Compare the screen with the goal of the task, and remember the verdicts."""
        progress = self.progress
        found = self.screen().verdicts()
        st.session_state[self._verdict] = self._state(), found
        if all(verdict.met for verdict in found):
            number = int(progress.number.value)
            progress.done.set(tuple(sorted({*progress.done.value, number})))

    def screen(self) -> PageScreen:
        """Return the current page as a goal sees it."""
        values = {setting.key: setting.value for setting in self.page.settings}
        session = st.session_state
        also = {key: session[key] for key in working_picture.KEPT if key in session}
        answer = str(session.get(self.progress.answer_key, "") or "")
        return PageScreen(self.page, {**values, **also}, self.progress.task, answer)

    @property
    def verdicts(self) -> list[Verdict]:
        """The verdicts on the current screen; empty once the screen has changed."""
        state, found = st.session_state.get(self._verdict, (None, []))
        return found if state == self._state() else []

    def _state(self) -> tuple[object, ...]:
        """Return everything that a verdict depends on."""
        values = [(one.key, one.value) for one in self.page.settings]
        return (
            self.progress.text.value,
            self.progress.number.value,
            st.session_state.get(self.progress.answer_key, ""),
            *values,
        )

    def _set(self, values: dict[str, Any]) -> None:
        for setting in self.page.settings:
            value = values[setting.key]
            if setting.key in PICTURE and setting.value != value:
                st.session_state[self._redraw] = True
            setting.set(value)

    @property
    def _verdict(self) -> str:
        return f"{self.page.name}:verdict"

    @property
    def _redraw(self) -> str:
        return f"{self.page.name}:redraw"
