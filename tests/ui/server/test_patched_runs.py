"""The patches for a page's run: its turn, and the page that it belongs to."""

import gc
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)

from cnnviz.ui.server.streamlit_patches import (
    runs,
)
from cnnviz.ui.server.turns import Turns
from tests.ui.server.patched import used


def runner(session, page=""):
    """Return what a turn reads of a runner, with the page that its session shows."""
    requests = ScriptRequests()
    requests.request_rerun(RerunData())
    requests.on_scriptrunner_ready()
    shown = SimpleNamespace(current_page_script_hash=page)
    return SimpleNamespace(_session_id=session, _requests=requests, _pages_manager=shown)


def pressed(*names, trigger=True):
    """Return the states of pressed buttons, or of switches that are on."""
    states = WidgetStates()
    for name in names:
        state = states.widgets.add(id=name)
        if trigger:
            state.trigger_value = True
        else:
            state.bool_value = True
    return states


def held(data):
    """Return the widgets that are on or pressed in a request."""
    return {state.id for state in data.widget_states.widgets}


@pytest.fixture
def ran(monkeypatch):
    """Record runs of pages instead of doing them; return the data of each."""
    done = []
    used("turns", monkeypatch, lambda runner, data: done.append(data))
    monkeypatch.setattr(runs.gc, "freeze", lambda: None)
    monkeypatch.setattr(runs.gc, "set_threshold", lambda *_: None)
    monkeypatch.setattr(runs, "turns", Turns(longest=60))
    return done


def test_the_first_that_a_session_is_asked_for_is_the_whole_page(monkeypatch):
    asked = []
    used("parts", monkeypatch, lambda _, state: asked.append(state))
    one, other = type("One", (), {})(), type("Other", (), {})()
    first, second, third = (
        ClientState(fragment_id="lab", is_auto_rerun=True, query_string="bias=1") for _ in range(3)
    )
    AppSession.request_rerun(one, first)
    AppSession.request_rerun(one, second)
    AppSession.request_rerun(other, None)  # the whole page
    AppSession.request_rerun(other, third)
    assert asked == [first, second, None, third]
    assert first == ClientState(query_string="bias=1")
    assert second == third != first


def test_a_run_does_what_was_asked_for_while_it_waited(ran):
    one = runner("Ada")
    one._requests.request_rerun(
        RerunData(widget_states=pressed("on", trigger=False), fragment_id="maps")
    )
    first = RerunData(widget_states=pressed("button"), fragment_id_queue=["page"])
    ScriptRunner._run_script(one, first)
    (done,) = ran
    assert held(done) == {"button", "on"}  # the press of the button is not lost
    assert done.fragment_id_queue == ["page", "maps"]
    assert one._requests._state is ScriptRequestType.CONTINUE  # nothing is left to do


def test_a_run_that_is_told_to_stop_notices_it(ran):
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


def test_a_part_of_a_page_that_is_being_left_does_not_call_it_back():
    leaving = RerunData(page_script_hash="inside")
    part = RerunData(page_script_hash="training", fragment_id="network")
    assert runs.joined(leaving, part).page_script_hash == "inside"
    gone = RerunData(page_script_hash="lab")  # chosen by the user meanwhile
    assert runs.joined(leaving, gone).page_script_hash == "lab"


def test_nor_does_it_where_a_run_has_just_asked_for_another_page(monkeypatch):
    used("leaving", monkeypatch, ScriptRequests._request_rerun_locked)
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
        RerunData(page_script_hash="training"),  # chosen by the user
    ):
        ScriptRunner._run_script(there, own)
        assert ran.pop() == own
