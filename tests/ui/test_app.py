"""The entry, app.py."""

from streamlit.testing.v1 import AppTest

from tests.ui.apptest import APP
from tests.ui.pages import run_again


def test_the_app_opens_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    at = run_again(AppTest.from_file(str(APP), default_timeout=120))
    assert at.get("bidi_component")
