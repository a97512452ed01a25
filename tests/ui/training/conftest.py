"""What the tests of the Training page share."""

import pytest

from cnnviz.ui.server.scheduling import SCHEDULER


@pytest.fixture
def time_for_every_step(monkeypatch):
    """Let every due step be taken: a slow machine must not change a count."""
    monkeypatch.setattr(SCHEDULER, "budget", 60.0)  # seconds
