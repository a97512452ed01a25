"""Step-by-step processes on the screen: their buttons, and the mechanism that advances them."""

from collections.abc import Iterable
from time import thread_time
from typing import Any

import streamlit as st

from cnnviz.ui.server.scheduling import SCHEDULER
from cnnviz.ui.server.turns import turns
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.settings import Setting, link_lags

_transport = component("transport")


def follow(settings: Iterable[Setting]) -> None:
    """Redraw the whole page, with its controls and its link, if one of the settings has changed.

    Call it in the fragment that draws the steps. Users choose cells there; and if a control changes
    at the very moment when the browser asks for the next steps, the new value may arrive with that
    request and trigger nothing else.
    """
    if link_lags(settings):
        st.rerun()


class Stepwise:
    """A step-by-step process on the screen, such as a training; subclasses define the step.

    Attributes
    ----------
    running : bool
        Whether it advances by itself.
    said : str
        Why it has restarted, shown until it continues; empty if there is nothing to explain.
    """

    def __init__(self, said: str = "") -> None:
        self.running = False
        self.said = said
        self._single = False
        self._restless = False  # `rest` is still due
        self._turn = 0
        self._began = 0.0

    @property
    def steps(self) -> int:
        """The number of steps taken."""
        raise NotImplementedError

    @property
    def at_a_time(self) -> int:
        """The number of steps between two redraws."""
        return 1

    @property
    def over(self) -> bool:
        """Whether it is finished, or cannot recover."""
        raise NotImplementedError

    @property
    def status(self) -> str:
        """The progress in a few words."""
        raise NotImplementedError

    def step(self) -> None:
        """Take one step."""
        raise NotImplementedError

    def restart(self) -> None:
        """Start over."""
        raise NotImplementedError

    def rest(self) -> None:
        """Measure and tidy up: no step follows for the moment."""

    def do(self, asked: object) -> None:
        """Carry out a button's action; ignore anything else."""
        if asked in ("start", "pause"):
            self.running = asked == "start" and not self.over
        elif asked == "step":
            self._single = True
        elif asked == "reset":
            self.running = self._restless = False
            self.said = ""
            self.restart()

    def advance(self) -> None:
        """Take the next steps: several if it is running, one if a button asked for it."""
        self._began = thread_time()
        single, self._single = self._single, False
        wanted = self.at_a_time if self.running else int(single)
        if not wanted:
            if self._restless:
                self._restless = False
                self.rest()
            return
        self.said = ""
        with turns.aside(), SCHEDULER.turn() as in_time:
            while wanted and (single or in_time()) and not self.over:
                self.step()
                wanted -= 1
            self.running = self.running and not self.over
            self._restless = self.running
            self.rest()

    def transport(self, key: str) -> None:
        """Draw the buttons; call after everything that a step changes."""

        def take() -> None:
            # The fragment may be requested just as the user leaves the page.
            self.do(getattr(st.session_state.get(key), "asked", None))

        self._turn += 1
        _transport(key=key, data=self.message(), on_asked_change=take)

    def message(self) -> dict[str, Any]:
        """Return the data for the browser."""
        spent = thread_time() - self._began
        rest = SCHEDULER.rest(id(self), spent) if self.running else 0
        return {
            "rest": round(1000 * rest),
            "running": self.running,
            "over": self.over,
            "fresh": self.steps == 0,
            "status": self.status,
            "turn": self._turn,
        }
