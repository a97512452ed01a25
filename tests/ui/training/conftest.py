"""What the tests of the page Training share."""

import pytest

from cnnviz.ui.server.scheduling import SCHEDULER


@pytest.fixture
def time_for_every_step(monkeypatch):
    """Let all steps be taken that are due: a busy machine changes no count."""
    monkeypatch.setattr(SCHEDULER, "budget", 60.0)  # seconds
