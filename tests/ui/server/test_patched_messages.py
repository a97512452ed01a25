"""The patches for a run's messages: in bundles, into containers that exist, by lines that do."""

import asyncio
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.runtime import Runtime, RuntimeState
from streamlit.runtime.scriptrunner.script_runner import ScriptRunnerEvent
from streamlit.runtime.session_manager import ActiveSessionInfo, SessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from tests.ui.server.patched import used


class Talk:
    """A session that records its messages, on its own event loop."""

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
        """Run the loop until this many messages have come."""

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


def test_messages_after_a_failed_one_are_still_delivered(monkeypatch):
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


def drawn(path, part="outer", *, block=False, name=""):
    """Return a part's message that draws something, or only refers to it by name."""
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


def test_neighbours_of_a_dropped_drawing_are_dropped_with_it(monkeypatch):
    used("containers", monkeypatch, ForwardMsgQueue.clear)
    queue = ForwardMsgQueue()
    elsewhere = [drawn((0, 0, 5), "another"), drawn((0, 0, 6), name="of another")]
    for message in (
        *elsewhere,
        drawn((0, 2, 0, 0), block=True),
        drawn((0, 2, 0, 0, 0), "inner"),  # its container may no longer come
        drawn((0, 2, 0, 1)),
        drawn((0, 2, 0, 2), name="maps"),  # nor the elements before this one
    ):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["outer"])
    assert queue.flush() == elsewhere


@pytest.mark.parametrize("place", [(2, 0), (0, 2)])  # such as a dialog, or the part itself
def test_contents_of_a_dropped_container_are_dropped_with_it(monkeypatch, place):
    used("containers", monkeypatch, ForwardMsgQueue.clear)
    queue = ForwardMsgQueue()
    elsewhere = drawn((place[0], 1), "another")
    for message in (
        elsewhere,
        drawn(place, block=True),
        drawn((*place, 0), "inner", block=True),
        drawn((*place, 0, 0), "inner"),
    ):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["outer"])
    assert queue.flush() == [elsewhere]


def test_a_run_of_an_inner_part_keeps_the_elements_around_it(monkeypatch):
    used("containers", monkeypatch, ForwardMsgQueue.clear)
    queue = ForwardMsgQueue()
    around = [drawn((0, 2, 0, 0), block=True), drawn((0, 2, 0, 1), name="maps")]
    for message in (*around, drawn((0, 2, 0, 0, 0), "inner")):
        queue.enqueue(message)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["inner"])
    assert queue.flush() == around


def tab(name, line, *messages):
    """Return a session that has these messages for its tab."""
    queue = list(messages)

    def flush():
        said, queue[:] = queue[:], []
        return said

    session = SimpleNamespace(
        id=name, queue=queue, flush_browser_queue=flush, on_flushed_messages_sent=lambda: None
    )
    return ActiveSessionInfo(line, session)


def sent_while(happens, *tabs):
    """Let Streamlit send to tabs in turn, and let something happen at the first message."""
    manager = object.__new__(WebsocketSessionManager)
    manager._active_session_info_by_id = {each.session.id: each for each in tabs}
    sent = []

    async def serve():
        objects = SimpleNamespace(
            started=asyncio.Future(), stopped=asyncio.Future(),
            must_stop=asyncio.Event(), need_send_data=asyncio.Event(),
        )  # fmt: skip

        def send(to, message):
            sent.append((to.client, message))
            if len(sent) == 1:
                happens(manager._active_session_info_by_id)
            objects.must_stop.set()

        server = SimpleNamespace(
            _state=RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED,
            _get_async_objs=lambda: objects,
            _set_state=lambda state: None,
            _send_message=send,
            _session_mgr=SimpleNamespace(
                list_active_sessions=manager.list_active_sessions, list_sessions=list
            ),
        )
        await Runtime._loop_coroutine(server)

    asyncio.run(serve())
    return sent


def test_a_tab_that_reconnects_during_a_flush_is_answered_on_its_new_connection(monkeypatch):
    used("lines", monkeypatch, WebsocketSessionManager.list_active_sessions)
    first, second = tab("first", "a line", "one"), tab("second", "a lost line")

    def comes_back(known):
        known["second"] = ActiveSessionInfo("a new line", second.session)
        second.session.queue.append("an answer")

    sent = sent_while(comes_back, first, second)
    assert sent == [("a line", "one"), ("a new line", "an answer")]


def test_messages_for_a_tab_that_has_just_left_wait_for_it(monkeypatch):
    used("lines", monkeypatch, WebsocketSessionManager.list_active_sessions)
    first, second = tab("first", "a line", "one"), tab("second", "a lost line", "two")
    assert sent_while(lambda known: known.pop("second"), first, second) == [("a line", "one")]
    assert second.session.queue == ["two"]


def test_a_tab_that_reconnects_is_not_sent_the_rest_of_a_stopped_run(monkeypatch):
    original = WebsocketSessionManager._resume_stored_session
    used("rests", monkeypatch, original)
    manager = WebsocketSessionManager(MemorySessionStorage(), None, None, None)
    session = SimpleNamespace(
        id="one",
        queue=["it has begun", "it is done"],
        matches_user_info=lambda user: True,
        register_file_watchers=lambda: None,
    )
    session.flush_browser_queue = session.queue.clear
    manager._session_storage.save(SessionInfo(None, session))
    assert manager._resume_stored_session("one", "a line", {}) == "one"
    assert session.queue == []
    assert manager._resume_stored_session("another", "a line", {}) is None
