"""What is taken out of Streamlit is still there to be taken out, and does what is promised."""

import ast
import asyncio
import gc
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit import net_util
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)
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
from cnnviz.ui.server.turns import Turns

UI = Path(streamlit_patches.__file__).parents[2]
SCRIPTS = STATIC / "components" / "streamlit"
INSIDE = [patch for patch in PATCHES if patch.make]
each_inside = pytest.mark.parametrize("patch", INSIDE, ids=lambda patch: patch.name)


@pytest.fixture
def saved(monkeypatch):
    """Patch Streamlit for one test; return what was there, by the name of the patch."""
    before = {}
    for patch in INSIDE:
        holder, name = patch.place()
        before[patch.name] = vars(holder)[name]
        monkeypatch.setattr(holder, name, before[patch.name])
    monkeypatch.delenv(VARIABLE, raising=False)
    streamlit_patches.install()
    return before


def used(name, monkeypatch, original):
    """Patch what `original` stands in for, for one test."""
    (patch,) = (patch for patch in PATCHES if patch.name == name)
    holder, attribute = patch.place()
    monkeypatch.setattr(holder, attribute, patch.make(original))


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
    monkeypatch.setenv(VARIABLE, "off")
    assert list(chosen()) == []


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


class Talk:
    """A session whose messages are written down, on an event loop of its own."""

    def __init__(self, monkeypatch, handle=lambda event: None):
        self.loop = asyncio.new_event_loop()
        self.heard = []

        def note(session, sender, event, **words):
            self.heard.append((event, words))
            handle(event)

        monkeypatch.setattr(AppSession, "_handle_scriptrunner_event_on_event_loop", note)
        used("bundles", monkeypatch, None)
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


def runner(session, page=""):
    """Return what a turn looks at of a runner, with the page that its session shows."""
    requests = ScriptRequests()
    requests.request_rerun(RerunData())
    requests.on_scriptrunner_ready()
    shown = SimpleNamespace(current_page_script_hash=page)
    return SimpleNamespace(_session_id=session, _requests=requests, _pages_manager=shown)


def pressed(*names, trigger=True):
    """Return the states of buttons that have been pressed, or of switches that are on."""
    states = WidgetStates()
    for name in names:
        state = states.widgets.add(id=name)
        if trigger:
            state.trigger_value = True
        else:
            state.bool_value = True
    return states


def held(data):
    """Return what is on or pressed in a request."""
    return {state.id for state in data.widget_states.widgets}


@pytest.fixture
def ran(monkeypatch):
    """Have the runs of pages written down, not done; return with what each was done."""
    done = []
    used("turns", monkeypatch, lambda runner, data: done.append(data))
    monkeypatch.setattr(runs.gc, "freeze", lambda: None)
    monkeypatch.setattr(runs.gc, "set_threshold", lambda *_: None)
    monkeypatch.setattr(runs, "turns", Turns(longest=60))
    return done


def test_a_run_does_what_was_asked_for_while_it_waited(ran):
    one = runner("Ada")
    one._requests.request_rerun(
        RerunData(widget_states=pressed("on", trigger=False), fragment_id="maps")
    )
    first = RerunData(widget_states=pressed("button"), fragment_id_queue=["page"])
    ScriptRunner._run_script(one, first)
    (done,) = ran
    assert held(done) == {"button", "on"}  # what was pressed is not lost
    assert done.fragment_id_queue == ["page", "maps"]
    assert one._requests._state is ScriptRequestType.CONTINUE  # nothing is left to be done


def test_a_run_that_is_told_to_end_finds_that_out_by_itself(ran):
    one = runner("Ada")
    one._requests.request_stop()
    data = RerunData()
    ScriptRunner._run_script(one, data)
    assert ran == [data]
    assert one._requests._state is ScriptRequestType.STOP


def test_a_run_that_is_replaced_before_its_turn_is_not_begun_and_no_press_is_lost(ran):
    with runs.turns.turn(), ThreadPoolExecutor() as pool:
        old = pool.submit(
            ScriptRunner._run_script, runner("Ada"), RerunData(widget_states=pressed("button"))
        )
        while not runs.turns._row:
            pass
        data = RerunData(widget_states=pressed("on", trigger=False))
        new = pool.submit(ScriptRunner._run_script, runner("Ada"), data)
        old.result(60)
        assert ran == []
        with runs.turns.aside():
            new.result(60)
    (done,) = ran
    assert held(done) == {"button", "on"}


def test_cycles_are_looked_for_seldom_once_a_page_has_run(monkeypatch):
    before = gc.get_threshold()
    used("turns", monkeypatch, lambda runner, data: None)
    try:
        ScriptRunner._run_script(runner("Ada"), RerunData())
        assert gc.get_threshold() == runs.COLLECTED_AFTER
        assert gc.get_freeze_count() > 0
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class Interrupted(SessionState):
    """The state of a session, to which something happens while it is walked through."""

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


def drawn(path, part="outer", *, block=False, name=""):
    """Return the message that a part of a page draws something with; by its name only, if any."""
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    if name:
        message.ref_hash = name
        return message
    message.delta.fragment_id = part
    if block:
        message.delta.add_block.SetInParent()
    else:
        message.delta.new_element.text.body = "words"
    return message


def test_what_stands_beside_a_drawing_that_is_dropped_is_dropped_with_it(saved):
    queue = ForwardMsgQueue()
    elsewhere = [drawn((0, 0, 5), "another"), drawn((0, 0, 6), name="of another")]
    for message in (
        *elsewhere,
        drawn((0, 2, 0, 0), block=True),
        drawn((0, 2, 0, 0, 0), "inner"),  # its container may not come any more
        drawn((0, 2, 0, 1)),
        drawn((0, 2, 0, 2), name="maps"),  # nor what stands before this
    ):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["outer"])
    assert queue.flush() == elsewhere


def test_a_run_of_an_inner_part_leaves_what_stands_around_it(saved):
    queue = ForwardMsgQueue()
    around = [drawn((0, 2, 0, 0), block=True), drawn((0, 2, 0, 1), name="maps")]
    for message in (*around, drawn((0, 2, 0, 0, 0), "inner")):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["inner"])
    assert queue.flush() == around


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


def test_a_part_of_a_page_that_is_being_left_does_not_call_it_back():
    leaving = RerunData(page_script_hash="inside")
    part = RerunData(page_script_hash="training", fragment_id="network")
    assert runs.joined(leaving, part).page_script_hash == "inside"
    gone = RerunData(page_script_hash="lab")  # chosen by hand meanwhile
    assert runs.joined(leaving, gone).page_script_hash == "lab"


def test_nor_does_it_where_a_run_has_just_asked_for_another_page(saved):
    requests = ScriptRequests()
    for page, part in (("training", "network"), ("inside", None), ("training", "network")):
        assert requests.request_rerun(RerunData(page_script_hash=page, fragment_id=part))
    asked = requests.on_scriptrunner_ready().rerun_data
    assert (asked.page_script_hash, asked.fragment_id_queue) == ("inside", [])


def test_nor_does_it_once_that_page_is_there(ran):
    there = runner("Ada", "inside")
    late = RerunData(page_script_hash="training", fragment_id_queue=["network"])
    ScriptRunner._run_script(there, late)
    assert ran == []
    for own in (
        RerunData(page_script_hash="inside", fragment_id_queue=["overview"]),
        RerunData(page_script_hash="training"),  # chosen by hand
    ):
        ScriptRunner._run_script(there, own)
        assert ran.pop() == own
