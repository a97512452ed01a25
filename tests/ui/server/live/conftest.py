"""What the tests of the channel share."""

import pytest

from cnnviz.ui.server import log
from cnnviz.ui.server.live.scenes import live_session
from tests.ui.server.live.channel import scene


@pytest.fixture
def session():
    made = {}
    live_session(made).scene = scene
    return made


@pytest.fixture
def token(session):
    return live_session(session).token


@pytest.fixture
def lines(monkeypatch):
    """Return the events of the log, as a growing list."""
    events = []
    monkeypatch.setattr(log, "event", lambda name, **facts: events.append((name, facts)))
    return events
