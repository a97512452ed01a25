import pytest
from streamlit import config


@pytest.fixture
def below(monkeypatch):
    """Put the app below the base path /cnn."""
    before = config.get_option
    base = {"server.baseUrlPath": "cnn"}
    monkeypatch.setattr(config, "get_option", lambda name: base.get(name, before(name)))
