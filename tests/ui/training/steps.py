"""Trainings that continue without a browser to ask for their steps."""

from tests.ui.pages import run_again


def training_of(at):
    """Return a page's training of one kernel."""
    return at.session_state["training:kernel"]


def go_on(session, at, runs):
    """Start a page's training, and run the page `runs` times or until it is over."""
    session(at).do("start")
    for _ in range(runs):
        at = run_again(at)
        if session(at).over:
            break
    return at
