"""What a run has to say, handed to the server in bundles."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

LONGEST_SILENCE = 0.03  # seconds from the first message of a bundle to its delivery
MORE_FOLLOWS = ("SCRIPT_STARTED", "ENQUEUE_FORWARD_MSG")  # names of ScriptRunnerEvent


def in_bundles(_: Callable[..., None]) -> Callable[..., None]:
    """Hand what a run has to say to the server in one piece when it ends, or every now and then."""
    lock = threading.Lock()
    waiting: WeakKeyDictionary[Any, list[partial[None]]] = WeakKeyDictionary()

    def bundle(session: Any, sender: Any, event: Any, **words: Any) -> None:  # noqa: ANN401
        loop = session._event_loop

        def deliver() -> None:
            with lock:
                acts = waiting.pop(session, [])
            for act in acts:
                try:
                    act()
                except Exception as error:  # what follows is heard all the same
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
