"""Patches around the run of a page and the end of a session."""

import gc
import threading
import time
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from itertools import count
from typing import Any
from weakref import WeakSet, WeakValueDictionary

from streamlit import config

from cnnviz.ui.server import log
from cnnviz.ui.server.live import scenes
from cnnviz.ui.server.rooms.sessions import finish
from cnnviz.ui.server.turns import turns

COLLECTED_AFTER = 10_000, 20, 50  # thresholds: objects, young collections, middle-aged collections
SESSIONS_LEFT = 16  # ended sessions that may wait for the garbage collector

Method = Callable[..., Any]


def in_turn(run: Method) -> Method:
    """Run the pages of all sessions one after the other, and log how long each run took.

    A run that is out of date before its turn does not start: the next one does the work of both.

    The objects left after the first run stay for good, so the garbage collector need not scan them
    again; each scan takes a tenth of a second in which no answer is sent. A run also creates tens
    of thousands of objects that refer to one another, of which hardly any outlives it: a collection
    after every 700 of them would cost a twentieth of the processor time in a class, and cause a
    pause every five seconds. If the session leads a class, its room gets what the run has drawn.
    """
    first = threading.Lock()

    def run_in_turn(runner: Any, data: Any) -> None:  # Streamlit's own
        with turns.turn(runner._session_id, data, joined) as wanted:
            if wanted is None:
                return
            wanted = latest(runner, wanted)
            if is_left(wanted, runner._pages_manager.current_page_script_hash):
                return
            start = time.monotonic()
            run(runner, wanted)
            finish(wanted.fragment_id_queue)
            log.ran(time.monotonic() - start, part=bool(wanted.fragment_id_queue))
        if first.acquire(blocking=False):
            gc.collect()
            gc.freeze()
            gc.set_threshold(*COLLECTED_AFTER)

    return run_in_turn


def joined(before: Any, after: Any) -> Any:
    """Merge two requests of a session into one, without losing any button press.

    Streamlit merges them the same way if it knows that the first has not started.
    """
    if is_left(after, before.page_script_hash):
        return before
    from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests

    both = ScriptRequests()
    both.request_rerun(before)
    both.request_rerun(after)
    return both.on_scriptrunner_ready().rerun_data


def is_left(asked: Any, page: str) -> bool:
    """Return whether a request is for a part of a page other than the current or next one.

    A training requests its next steps until its page is gone from the screen. Running them would
    bring its page back, with the settings of the new one.
    """
    is_part = asked.fragment_id or asked.fragment_id_queue
    return bool(is_part) and page not in ("", asked.page_script_hash)


def unless_left(request: Method) -> Method:
    """Keep a part of the previous page from cancelling a run that leads to another page."""

    def request_unless_left(requests: Any, data: Any) -> bool:  # Streamlit's own
        leads = requests._state.name == "RERUN"
        if leads and is_left(data, requests._rerun_data.page_script_hash):
            return True
        return bool(request(requests, data))

    return request_unless_left


def whole_at_first(request: Method) -> Method:
    """Run the whole page if the first request to a session is for a part of it.

    After a restart of the server, or after a long sleep of its own machine, a tab gets a new
    session but keeps its page, so it asks the new session for parts that only the old one knew.
    """
    begun: WeakSet[Any] = WeakSet()

    def request_whole_at_first(session: Any, asked: Any) -> None:  # Streamlit's own
        if asked and asked.fragment_id and session not in begun:
            asked.ClearField("fragment_id")
            asked.ClearField("is_auto_rerun")
        begun.add(session)
        request(session, asked)

    return request_whole_at_first


def latest(runner: Any, data: Any) -> Any:
    """Return the work of a runner whose turn has come: `data` and everything requested since."""
    requests = runner._requests
    if requests._state.name != "RERUN":
        return data
    newer = requests.on_scriptrunner_ready()  # or a stop, which the runner itself notices
    return joined(data, newer.rerun_data) if newer.type.name == "RERUN" else data


def and_collect(shutdown: Method) -> Method:
    """Close the live channel of a session that ends, and collect the reference cycles it leaves."""
    ended = count(1)

    def shut_down_and_collect(session: Any) -> None:  # Streamlit's own
        shutdown(session)
        scenes.end(session.session_state)
        if next(ended) % SESSIONS_LEFT == 0:
            gc.collect()

    return shut_down_and_collect


def with_one_lock(make: Method) -> Method:
    """Give all runners of a session one lock for its state; by default, each has its own.

    A run that is told to stop continues to its next widget while the run that replaces it has
    already started, and each iterates over dictionaries that the other one changes.
    """
    locks: WeakValueDictionary[int, Any] = WeakValueDictionary()  # by the id of the state

    def make_with_one_lock(safe: Any, state: Any, *rest: Any, **words: Any) -> None:
        make(safe, state, *rest, **words)
        object.__setattr__(safe, "_lock", locks.setdefault(id(state), safe._lock))

    return make_with_one_lock


class _Looked(Mapping[str, Any]):
    """The state of a session; looking up one value does not copy all of them."""

    def __init__(self, safe: Any, gather: Callable[[Any], Mapping[str, Any]]) -> None:
        self._safe, self._gather = safe, gather

    def __getitem__(self, key: str) -> Any:
        with self._safe._lock:
            return self._safe._state[key]

    def __contains__(self, key: object) -> bool:
        with self._safe._lock:
            return key in self._safe._state

    def __iter__(self) -> Iterator[str]:
        return iter(self._gather(self._safe))

    def __len__(self) -> int:
        return len(self._gather(self._safe))

    def items(self) -> ItemsView[str, Any]:
        """Return a snapshot of the items."""
        return self._gather(self._safe).items()

    def values(self) -> ValuesView[Any]:
        """Return a snapshot of the values."""
        return self._gather(self._safe).values()


def looked_up(gathered: property) -> property:
    """Look up only the value of one field, instead of those of every field and component."""
    return property(lambda safe: _Looked(safe, gathered.fget))


def unless_none(register: Method) -> Method:
    """Watch files only if `server.fileWatcherType` says so, even when a session reconnects."""

    def register_unless_none(session: Any) -> None:  # Streamlit's own
        if config.get_option("server.fileWatcherType") != "none":
            register(session)

    return register_unless_none
