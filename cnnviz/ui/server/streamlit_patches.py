"""What Streamlit 1.67 spends on every run and a class cannot afford, done away with.

Found by profiling `benchmarks/classroom.py`. Run side by side on a machine that other work was
using, 60 people who change something every 3 s waited 1.8 to 3.9 s at p95 without this, and 0.4
to 0.7 s with it; a change cost 52 ms of processor time, and 41.

Each of these replaces a function inside Streamlit that no setting reaches, so `save` raises
AttributeError where another version has it no more, and the tests say so before a class does.
"""

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial, wraps
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from google.protobuf.message import Message
from streamlit import config
from streamlit.components.v2.bidi_component.main import BidiComponentMixin
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.state.safe_session_state import SafeSessionState

from cnnviz.ui.server import log
from cnnviz.ui.server.live import scenes

LONGEST_TURN = 0.1  # seconds
LONGEST_SILENCE = 0.03  # seconds from the first message of a bundle to its delivery
MORE_FOLLOWS = (ScriptRunnerEvent.SCRIPT_STARTED, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG)
M_ARENA_MAX = -8  # of glibc's malloc.h
COLLECTED_AFTER = 10_000, 20, 50  # objects; collections of the young; of the middle-aged
SESSIONS_LEFT = 16  # that have ended and may wait to be collected


class Turns:
    """One at a time, as long as each is quick.

    Runs that compute at the same time only fight for the interpreter's lock: with 60 people each
    costs half as much again, and all are late instead of some. Whoever takes longer than
    `longest` seconds, to train a network for instance, goes on beside the next.
    """

    def __init__(self, longest: float = LONGEST_TURN) -> None:
        self.longest = longest
        self._changed = threading.Condition()
        self._holder: object | None = None
        self._since = 0.0
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it."""
        self._take()
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others have the turn, if it is held, while this thread waits for something."""
        held = self._give()
        try:
            yield
        finally:
            if held:
                self._take()

    def _take(self) -> None:
        with self._changed:
            while self._holder is not None:
                left = self._since + self.longest - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            self._holder = self._mine.turn = object()
            self._since = time.monotonic()

    def _give(self) -> bool:
        mine, self._mine.turn = getattr(self._mine, "turn", None), None
        with self._changed:
            if mine is not None and self._holder is mine:
                self._holder = None
                self._changed.notify()
        return mine is not None


turns = Turns()


def save() -> None:
    """Make this server lean; to be called once, before it answers."""
    _share_memory()
    _run_in_turn()
    _collect_sessions()
    _watch_no_files()
    _describe_theme_once()
    _look_up_one_value()
    _know_components_by_key()
    _bundle_messages()


def _share_memory() -> None:
    """Let all threads take their memory from two places, instead of eight for each core.

    Every run has a thread of its own, and what it frees stays in its place: 8.5 MB a person who
    has worked for a while, against 3.7.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(M_ARENA_MAX, 2)


def _run_in_turn() -> None:
    """Run the pages of one person after the other.

    What is there after the first run stays for good: the collector of cycles need not look at it
    again, each time for a tenth of a second in which nobody gets an answer. And a run makes tens
    of thousands of objects that refer to one another, of which hardly any outlives it: looked for
    after every 700, they cost a class a twentieth of the processor, and every five seconds a pause.
    """
    run, first = ScriptRunner._run_script, threading.Lock()

    def in_turn(self: ScriptRunner, data: Any) -> None:  # noqa: ANN401 - Streamlit's own
        with turns.turn():
            start = time.monotonic()
            run(self, data)
            log.ran(time.monotonic() - start, part=bool(data.fragment_id_queue))
        if first.acquire(blocking=False):
            gc.collect()
            gc.freeze()
            gc.set_threshold(*COLLECTED_AFTER)

    ScriptRunner._run_script = in_turn


def _collect_sessions() -> None:
    """Look for cycles when sessions have ended: each is one, and would stay for long otherwise.

    Their live channels are closed at once.
    """
    shutdown, ended = AppSession.shutdown, count(1)

    def and_collect(self: AppSession) -> None:
        shutdown(self)
        scenes.end(self.session_state)
        if next(ended) % SESSIONS_LEFT == 0:
            gc.collect()

    AppSession.shutdown = and_collect


def _watch_no_files() -> None:
    """Have a session that comes back look at no files, as the configuration says.

    Streamlit heeds `server.fileWatcherType = "none"` for new sessions only. For one that comes
    back it looks up the file of every module, 0.2 s for each person of a class whose network
    has failed for a moment.
    """
    register = AppSession.register_file_watchers

    def unless_none(self: AppSession) -> None:
        if config.get_option("server.fileWatcherType") != "none":
            register(self)

    AppSession.register_file_watchers = unless_none


def _describe_theme_once() -> None:
    """Keep the description of the theme, which every run sends and no run changes."""
    populate = app_session._populate_theme_msg

    @cache
    def described(kind: type[Message], section: str) -> Message:
        message = kind()
        populate(message, section)
        return message

    def from_memory(message: Message, section: str = "theme") -> None:
        message.MergeFrom(described(type(message), section))

    app_session._populate_theme_msg = from_memory


def _look_up_one_value() -> None:
    """Let a number field look up its own value, not copy those of all widgets to find it."""
    everything = SafeSessionState.filtered_state.fget

    class Values(Mapping):
        """The values of the session by their keys, none of them read before it is asked for."""

        def __init__(self, state: SafeSessionState) -> None:
            self.state = state

        def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever a widget has
            return self.state[key]

        def __iter__(self) -> Iterator[str]:
            return iter(everything(self.state))

        def __len__(self) -> int:
            return len(everything(self.state))

    SafeSessionState.filtered_state = property(Values)


def _know_components_by_key() -> None:
    """Have no digest made of the data of a component that has a key, as all of ours have.

    Streamlit makes one of all maps of a page, half a megabyte, and then goes by the key alone.
    """
    build = BidiComponentMixin._build_bidi_identity_kwargs

    @wraps(build)
    def nothing(self: BidiComponentMixin, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        return {}

    BidiComponentMixin._build_bidi_identity_kwargs = nothing


def _bundle_messages() -> None:
    """Hand what a run has to say to the server in one piece when it ends, or every now and then.

    Streamlit wakes the server for each of the hundred messages of a page, which then fights with
    the page for the interpreter; and a browser draws its page anew for each that comes alone.
    """
    handle = AppSession._handle_scriptrunner_event_on_event_loop
    lock, waiting = threading.Lock(), WeakKeyDictionary[AppSession, list[partial[None]]]()

    def bundle(self: AppSession, sender: ScriptRunner | None, event: Any, **words: Any) -> None:  # noqa: ANN401
        def deliver() -> None:
            with lock:
                acts = waiting.pop(self, [])
            for act in acts:
                try:
                    act()
                except Exception as error:  # what follows is heard all the same
                    told = {"message": "A message could not be delivered.", "exception": error}
                    self._event_loop.call_exception_handler(told)

        with lock:
            said = waiting.setdefault(self, [])
            said.append(partial(handle, self, sender, event, **words))
        if event not in MORE_FOLLOWS:
            self._call_soon_on_event_loop(deliver)
        elif len(said) == 1:
            self._call_soon_on_event_loop(
                lambda: self._event_loop.call_later(LONGEST_SILENCE, deliver)
            )

    AppSession._on_scriptrunner_event = bundle
