"""What is taken out of Streamlit is still there to be taken out, and does what is promised."""

import ast
import asyncio
import gc
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.components.v2.bidi_component.main import BidiComponentMixin
from streamlit.elements.lib.utils import compute_and_register_element_id
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState

from cnnviz.ui.server import streamlit_patches
from cnnviz.ui.server.live.scenes import find, stage
from cnnviz.ui.server.streamlit_patches import Turns

UI = Path(streamlit_patches.__file__).parents[1]
REPLACED = (
    (ScriptRunner, "_run_script"),
    (AppSession, "register_file_watchers"),
    (AppSession, "shutdown"),
    (AppSession, "_on_scriptrunner_event"),
    (app_session, "_populate_theme_msg"),
    (SafeSessionState, "filtered_state"),
    (BidiComponentMixin, "_build_bidi_identity_kwargs"),
)


@pytest.fixture
def saved(monkeypatch):
    """Make this process lean for one test; return what Streamlit had."""
    before = {name: getattr(place, name) for place, name in REPLACED}
    for place, name in REPLACED:
        monkeypatch.setattr(place, name, before[name])
    streamlit_patches.save()
    return before


def in_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_everything_is_replaced(saved):
    for place, name in REPLACED:
        assert getattr(place, name) is not saved[name]


@pytest.mark.parametrize("section", ["theme", "theme.dark", "theme.sidebar"])
def test_the_theme_is_described_as_before(saved, section):
    expected = CustomThemeConfig()
    saved["_populate_theme_msg"](expected, section)
    for _ in range(2):
        message = CustomThemeConfig()
        app_session._populate_theme_msg(message, section)
        assert message == expected


def test_the_values_of_a_session_are_those_of_before(saved):
    state = SafeSessionState(SessionState(), lambda: None)
    state["lab.stride"] = 2
    state["lab.nothing"] = None
    values = state.filtered_state
    assert dict(values) == saved["filtered_state"].fget(state)
    assert len(values) == 2
    assert values["lab.nothing"] is None
    assert "lab.bias" not in values


@pytest.mark.parametrize(("kind", "watches"), [("none", 0), ("auto", 1)])
def test_files_are_watched_only_if_the_configuration_says_so(monkeypatch, kind, watches):
    calls = []
    for place, name in REPLACED:
        monkeypatch.setattr(place, name, getattr(place, name))
    monkeypatch.setattr(AppSession, "register_file_watchers", lambda self: calls.append(self))
    monkeypatch.setattr(streamlit_patches.config, "get_option", lambda name: kind)
    streamlit_patches.save()
    AppSession.register_file_watchers(None)
    assert len(calls) == watches


def test_one_has_the_turn_and_the_next_gets_it():
    turns, inside, go_on, order = Turns(longest=60), threading.Event(), threading.Event(), []

    def first():
        with turns.turn():
            inside.set()
            go_on.wait(60)
            order.append("first")

    def second():
        with turns.turn():
            order.append("second")

    threads = [in_thread(first)]
    inside.wait(60)
    threads.append(in_thread(second))
    go_on.set()
    for thread in threads:
        thread.join()
    assert order == ["first", "second"]


def test_a_long_run_goes_on_beside_the_next():
    turns, go_on = Turns(longest=0.05), threading.Event()
    inside = threading.Event()

    def long():
        with turns.turn():
            inside.set()
            go_on.wait(60)

    thread = in_thread(long)
    inside.wait(60)
    start = time.monotonic()
    with turns.turn():
        assert time.monotonic() - start < 30
        go_on.set()
        thread.join()  # its end does not give the turn of the other away
        assert turns._holder is not None
    assert turns._holder is None


def test_who_waits_for_something_gives_the_turn_away():
    turns, aside, go_on = Turns(longest=60), threading.Event(), threading.Event()

    def upload():
        with turns.turn(), turns.aside():
            aside.set()
            go_on.wait(60)

    thread = in_thread(upload)
    aside.wait(60)
    with turns.turn():  # would take a minute otherwise
        go_on.set()
    thread.join()
    assert turns._holder is None


def test_stepping_aside_without_a_turn_changes_nothing():
    turns = Turns()
    with turns.aside():
        pass
    assert turns._holder is None


def test_an_error_gives_the_turn_back():
    turns = Turns(longest=60)
    with pytest.raises(ValueError, match="oops"), turns.turn():
        raise ValueError("oops")
    assert turns._holder is None


class Talk:
    """A session whose messages are written down, on an event loop of its own."""

    def __init__(self, monkeypatch, handle=lambda event: None):
        self.loop = asyncio.new_event_loop()
        self.heard = []

        def note(session, sender, event, **words):
            self.heard.append((event, words))
            handle(event)

        monkeypatch.setattr(AppSession, "_on_scriptrunner_event", None)
        monkeypatch.setattr(AppSession, "_handle_scriptrunner_event_on_event_loop", note)
        streamlit_patches._bundle_messages()
        self.session = object.__new__(AppSession)
        self.session._event_loop = self.loop
        self.session._state = AppSessionState.SHUTDOWN_REQUESTED  # there is nothing to close

    def say(self, event, **words):
        self.session._on_scriptrunner_event(None, event, **words)

    def until_heard(self, count):
        """Let the loop work until so many messages have come."""

        async def wait():
            while len(self.heard) < count:
                await asyncio.sleep(0)

        self.loop.run_until_complete(asyncio.wait_for(wait(), 10))


@pytest.fixture
def talk(monkeypatch):
    talk = Talk(monkeypatch)
    yield talk
    talk.loop.close()


STARTED, MESSAGE, FINISHED = (
    ScriptRunnerEvent.SCRIPT_STARTED,
    ScriptRunnerEvent.ENQUEUE_FORWARD_MSG,
    ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS,
)


def test_all_that_a_run_says_comes_in_order_and_in_one_turn_of_the_loop(talk):
    talk.say(STARTED)
    for i in range(50):
        talk.say(MESSAGE, forward_msg=i)
    talk.say(FINISHED)
    talk.loop.run_until_complete(asyncio.sleep(0))
    assert [event for event, _ in talk.heard] == [STARTED, *[MESSAGE] * 50, FINISHED]
    assert [words["forward_msg"] for event, words in talk.heard if event is MESSAGE] == [*range(50)]


def test_a_run_that_goes_on_for_long_is_heard_meanwhile(talk):
    talk.say(STARTED)
    talk.say(MESSAGE, forward_msg="wait")
    talk.until_heard(2)
    talk.say(MESSAGE, forward_msg="still there")
    talk.until_heard(3)


def test_two_runs_in_a_row_keep_their_order(talk):
    for _ in range(3):
        talk.say(STARTED)
        talk.say(MESSAGE, forward_msg=1)
        talk.say(FINISHED)
    talk.until_heard(9)
    assert [event for event, _ in talk.heard] == [STARTED, MESSAGE, FINISHED] * 3


def test_what_follows_a_message_that_fails_is_heard_all_the_same(monkeypatch):
    def handle(event):
        if event is STARTED:
            raise RuntimeError("unreadable")

    talk = Talk(monkeypatch, handle)
    told = []
    talk.loop.set_exception_handler(lambda loop, context: told.append(context))
    for event in (STARTED, MESSAGE, FINISHED):
        talk.say(event)
    talk.until_heard(3)
    talk.loop.close()
    assert [str(context["exception"]) for context in told] == ["unreadable"]


def test_cycles_are_looked_for_seldom_once_a_page_has_run(monkeypatch):
    before = gc.get_threshold()
    monkeypatch.setattr(ScriptRunner, "_run_script", lambda self, data: None)
    streamlit_patches._run_in_turn()
    try:
        ScriptRunner._run_script(None, SimpleNamespace(fragment_id_queue=[]))
        assert gc.get_threshold() == streamlit_patches.COLLECTED_AFTER
        assert gc.get_freeze_count() > 0
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def test_a_component_with_a_key_is_known_by_it_alone():
    known = {"user_key": "maps", "key_as_main_identity": True, "dg": None}
    ids = {
        compute_and_register_element_id("bidi_component", **known, **identity)
        for identity in ({}, {"bytes": b"12", "width": "stretch"}, {"bytes": b"3"})
    }
    assert len(ids) == 1


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


def test_what_ended_sessions_leave_behind_is_collected(monkeypatch):
    ended, collected = [], []
    monkeypatch.setattr(AppSession, "shutdown", ended.append)
    monkeypatch.setattr(streamlit_patches.gc, "collect", lambda: collected.append(len(ended)))
    streamlit_patches._collect_sessions()
    sessions = [
        SimpleNamespace(session_state={}) for _ in range(2 * streamlit_patches.SESSIONS_LEFT)
    ]
    for session in sessions:
        AppSession.shutdown(session)
    assert ended == sessions
    assert collected == [streamlit_patches.SESSIONS_LEFT, 2 * streamlit_patches.SESSIONS_LEFT]


def test_an_ended_session_takes_its_live_channel_along(monkeypatch):
    monkeypatch.setattr(AppSession, "shutdown", lambda self: None)
    streamlit_patches._collect_sessions()
    session = SimpleNamespace(session_state={})
    token, closed = stage(session.session_state).token, []
    stage(session.session_state).open(lambda: closed.append(token))
    AppSession.shutdown(session)
    assert closed == [token]
    assert find(token) is None
