"""Whatever the patches replace in Streamlit still exists, and they do what they promise."""

import ast
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit import net_util
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState
from streamlit.web.server.server_util import is_url_from_allowed_origins

from cnnviz.resources import STATIC
from cnnviz.ui.server import streamlit_patches
from cnnviz.ui.server.live.scenes import find, live_session
from cnnviz.ui.server.streamlit_patches import (
    PATCHES,
    SUPPORTED,
    VARIABLE,
    chosen,
    runs,
)
from tests.ui.server.patched import used

UI = Path(streamlit_patches.__file__).parents[2]
SCRIPTS = STATIC / "components" / "streamlit"
INSIDE = [patch for patch in PATCHES if patch.make]
each_inside = pytest.mark.parametrize("patch", INSIDE, ids=lambda patch: patch.name)


@pytest.fixture
def saved(monkeypatch):
    """Patch Streamlit for one test; return the originals, by the name of the patch."""
    before = {}
    for patch in INSIDE:
        holder, name = patch.place()
        before[patch.name] = vars(holder)[name]
        monkeypatch.setattr(holder, name, before[patch.name])
    monkeypatch.delenv(VARIABLE, raising=False)
    streamlit_patches.install()
    return before


@each_inside
def test_everything_is_replaced(saved, patch):
    holder, name = patch.place()
    assert vars(holder)[name] is not saved[patch.name]


def test_each_patch_says_why_and_what_it_gains():
    assert len({patch.name for patch in PATCHES}) == len(PATCHES)
    for patch in PATCHES:
        assert patch.why.endswith(".")
        assert patch.gain
        assert patch.issue.startswith("https://github.com/streamlit/") or not patch.issue


def test_the_version_that_is_installed_is_the_one_that_is_supported():
    assert st.__version__.startswith(f"{SUPPORTED}.")


@pytest.mark.parametrize("version", ["1.66.0", "1.68.0", "1.670.0", "2.0.0"])
def test_with_another_version_each_patch_warns_and_is_skipped(monkeypatch, saved, version):
    for patch in INSIDE:
        holder, name = patch.place()
        monkeypatch.setattr(holder, name, saved[patch.name])
    monkeypatch.setattr(st, "__version__", version)
    with pytest.warns(RuntimeWarning, match=SUPPORTED) as told:
        streamlit_patches.install()
    assert len(told) == len(PATCHES)
    for patch in INSIDE:
        holder, name = patch.place()
        assert vars(holder)[name] is saved[patch.name]


def test_one_variable_switches_off_all_patches_or_all_but_some(monkeypatch):
    names = [patch.name for patch in PATCHES]
    assert list(chosen("1.67.0", "")) == names
    assert list(chosen("1.67.3", "off")) == []
    assert list(chosen("1.67.0", "turns,bundles")) == ["turns", "bundles"]
    assert list(chosen("1.67.0", " Turns , bundles,")) == ["turns", "bundles"]
    monkeypatch.setenv(VARIABLE, "off")
    assert list(chosen()) == []


def test_a_misspelt_patch_is_named_and_the_others_are_used(monkeypatch, saved):
    monkeypatch.setenv(VARIABLE, "turns,bundels")
    with pytest.warns(RuntimeWarning, match='^CNNVIZ_PATCHES: no patch is called "bundels".$'):
        streamlit_patches.install()
    assert list(chosen()) == ["turns"]


def test_a_misspelt_off_switches_no_patch_off():
    assert list(chosen("1.67.0", "of")) == [patch.name for patch in PATCHES]


@pytest.mark.parametrize(("kind", "watches"), [("none", 0), ("auto", 1)])
def test_files_are_watched_only_if_the_configuration_says_so(monkeypatch, kind, watches):
    calls = []
    monkeypatch.setattr(runs.config, "get_option", lambda name: kind)
    used("watchers", monkeypatch, calls.append)
    AppSession.register_file_watchers(None)
    assert len(calls) == watches


def test_no_host_outside_is_asked_for_our_address(saved, monkeypatch):
    asked = []
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *a, **k: asked.append(a))
    assert not is_url_from_allowed_origins("https://example.org")
    assert asked == []


class Interrupted(SessionState):
    """The state of a session that changes while it is iterated over."""

    meanwhile = None

    def _get_widget_id(self, key):
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        return super()._get_widget_id(key)


def test_a_run_that_begins_waits_while_the_one_that_ends_walks_through_the_state(saved):
    state = Interrupted()
    state._old_state.update(first=1, second=2)
    ends, begins = (SafeSessionState(state, lambda: None) for _ in range(2))
    with ThreadPoolExecutor() as pool:

        def delete():
            with suppress(TimeoutError):
                pool.submit(begins.__delitem__, "first").result(timeout=0.1)

        state.meanwhile = delete
        assert ends.filtered_state == {"first": 1, "second": 2}
    assert ends.filtered_state == begins.filtered_state == {"second": 2}


def test_a_field_looks_up_its_own_value_and_gathers_no_other(saved, monkeypatch):
    state = SessionState()
    state._old_state.update(first=1, second=2)
    found = SafeSessionState(state, lambda: None).filtered_state
    assert found == {"first": 1, "second": 2}
    assert {*found} == {"first", "second"}
    assert sorted(found.values()) == [1, 2]
    assert len(found) == 2
    monkeypatch.setattr(SessionState, "_keys", lambda self: pytest.fail("gathered"))
    assert "first" in found
    assert "third" not in found
    assert found["second"] == 2


def test_every_component_has_a_key():
    mounted = 0
    for file in UI.rglob("*.py"):
        tree = ast.parse(file.read_text())
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        names = {
            ast.unparse(node.targets[0])
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("component(")
        }
        for call in calls:
            if ast.unparse(call.func) in names:
                mounted += 1
                assert "key" in {keyword.arg for keyword in call.keywords}, ast.unparse(call)
    assert mounted > 15


def test_no_component_has_a_state_by_the_name_that_streamlit_looks_into():
    states = [
        name
        for file in (STATIC / "components").rglob("*.js")
        for name in re.findall(r'setStateValue\("(\w+)"', file.read_text())
    ]
    assert len(states) > 5
    assert "value" not in states


def test_cycles_of_ended_sessions_are_collected(monkeypatch):
    ended, collected = [], []
    monkeypatch.setattr(runs.gc, "collect", lambda: collected.append(len(ended)))
    used("sessions", monkeypatch, ended.append)
    sessions = [SimpleNamespace(session_state={}) for _ in range(2 * runs.SESSIONS_LEFT)]
    for session in sessions:
        AppSession.shutdown(session)
    assert ended == sessions
    assert collected == [runs.SESSIONS_LEFT, 2 * runs.SESSIONS_LEFT]


def test_an_ended_session_takes_its_live_channel_along(monkeypatch):
    used("sessions", monkeypatch, lambda session: None)
    session = SimpleNamespace(session_state={})
    token, closed = live_session(session.session_state).token, []
    live_session(session.session_state).open(lambda: closed.append(token))
    AppSession.shutdown(session)
    assert closed == [token]
    assert find(token) is None


def test_the_names_of_messages_are_looked_for_where_they_are():
    script = (SCRIPTS / "kept-messages.js").read_text()
    fields = ForwardMsg.DESCRIPTOR.fields_by_name
    inside = fields["metadata"].message_type.fields_by_name
    for field in (fields["hash"], fields["metadata"], fields["ref_hash"], inside["cacheable"]):
        assert re.search(rf"\b{field.name.upper()} = {field.number}\b", script), field.name
