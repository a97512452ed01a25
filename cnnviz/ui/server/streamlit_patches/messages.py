"""How the messages of a run get to the server and to its tab."""

import threading
from collections.abc import Callable, Container, Iterator
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

LONGEST_SILENCE = 0.03  # seconds from the first message of a bundle to its delivery
MORE_FOLLOWS = ("SCRIPT_STARTED", "ENQUEUE_FORWARD_MSG")  # names of ScriptRunnerEvent


def in_bundles(_: Callable[..., None]) -> Callable[..., None]:
    """Hand the messages of a run to the server in bundles: when it ends, or after a short time."""
    lock = threading.Lock()
    waiting: WeakKeyDictionary[Any, list[partial[None]]] = WeakKeyDictionary()

    def bundle(session: Any, sender: Any, event: Any, **words: Any) -> None:
        loop = session._event_loop

        def deliver() -> None:
            with lock:
                acts = waiting.pop(session, [])
            for act in acts:
                try:
                    act()
                except Exception as error:  # later messages still get through
                    told = {"message": "A message could not be delivered.", "exception": error}
                    loop.call_exception_handler(told)

        def deliver_soon() -> None:
            loop.call_later(LONGEST_SILENCE, deliver)

        with lock:
            said = waiting.setdefault(session, [])
            handle = session._handle_scriptrunner_event_on_event_loop
            said.append(partial(handle, sender, event, **words))
        if event.name not in MORE_FOLLOWS:
            session._call_soon_on_event_loop(deliver)
        elif len(said) == 1:
            session._call_soon_on_event_loop(deliver_soon)

    return bundle


def with_neighbours(clear: Callable[..., None]) -> Callable[..., None]:
    """Drop a part's unsent messages, and all other unsent messages for the same containers.

    When a part of a page is redrawn, it replaces its earlier messages. Streamlit keeps the messages
    of other parts inside it and those sent only by name; but their containers or neighbours may
    then never be sent, and the tab fails. The part draws all of these again anyway.
    """

    def clear_with_neighbours(
        queue: Any,  # Streamlit's own
        retain_lifecycle_msgs: bool = False,
        fragment_ids_this_run: list[str] | None = None,
    ) -> None:
        before = queue._queue
        clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        if fragment_ids_this_run is not None:
            kept = {id(message) for message in queue._queue}
            dropped = [_path(message) for message in before if id(message) not in kept]
            redrawn = {*dropped, *(path[:-1] for path in dropped)}
            queue._queue = [one for one in queue._queue if not _is_inside(_path(one), redrawn)]

    return clear_with_neighbours


class _Connected(list[Any]):
    """The connected sessions; each is looked up again when its turn comes."""

    def __init__(self, manager: Any, sessions: list[Any]) -> None:  # Streamlit's own
        super().__init__(sessions)
        self._manager = manager

    def __iter__(self) -> Iterator[Any]:
        for one in super().__iter__():
            if now := self._manager.get_active_session_info(one.session.id):
                yield now


def by_current_connection(connected: Callable[[Any], list[Any]]) -> Callable[[Any], list[Any]]:
    """Let the server send to a session through the connection that it has when its turn comes.

    The server yields between two sessions, and a tab may reconnect in the meantime.
    """
    return lambda manager: _Connected(manager, connected(manager))


def without_rest(resume: Callable[..., str | None]) -> Callable[..., str | None]:
    """When a session is resumed, drop what could not be sent: its tab asks for the whole page.

    A lost connection stops a run halfway. Its unsent messages include the one that it has finished,
    on which the tab would remove everything that the run has not drawn, with the values set there.
    """

    def resume_without_rest(manager: Any, *asked: Any) -> str | None:  # Streamlit's
        session_id = resume(manager, *asked)
        if session_id is not None:
            manager.get_active_session_info(session_id).session.flush_browser_queue()
        return session_id

    return resume_without_rest


def _path(message: Any) -> tuple[int, ...]:
    """Return the place of a message on the page; empty if it has none."""
    return tuple(message.metadata.delta_path)


def _is_inside(path: tuple[int, ...], containers: Container[tuple[int, ...]]) -> bool:
    """Return whether a path leads into one of the containers; the whole page does not count."""
    return any(path[:length] in containers for length in range(2, len(path)))
