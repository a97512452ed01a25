"""Trainings that go on without a browser that asks for their steps."""

from tests.ui.pages import run_again


def training_of(at):
    """Return the training of one kernel that a page holds."""
    return at.session_state["training:kernel"]


def go_on(session, at, runs):
    """Let the training of a page run, and run the page that often or until it is over."""
    session(at).do("start")
    for _ in range(runs):
        at = run_again(at)
        if session(at).over:
            break
    return at
