"""The messages that Streamlit's page sends, gets and caches, for a visitor without a browser."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

MESSAGE_AGE = 2  # runs for which the page keeps a large message (global.maxCachedMessageAge)


@dataclass
class Answer:
    """The messages of one request, until the server reports that it has finished."""

    seconds: float = 0.0
    bytes: int = 0
    messages: int = 0
    errors: list[str] = field(default_factory=list)
    parts: list[Element] = field(default_factory=list)

    def __add__(self, other: "Answer") -> "Answer":
        """Return both, one after the other."""
        return Answer(
            *(getattr(self, part.name) + getattr(other, part.name) for part in fields(self))
        )

    def texts(self) -> str:
        """Return all text in Markdown, HTML and alerts, as one string."""
        written = [
            part.markdown.body or part.html.body or part.alert.body or part.toast.body
            for part in self.parts
        ]
        return "\n".join(written)


class MessageCache:
    """The large messages that a page keeps, so that they need not be sent again."""

    def __init__(self) -> None:
        self._kept: dict[str, ForwardMsg] = {}
        self._used: dict[str, int] = {}  # the run in which each was last used
        self._runs = 0

    @property
    def hashes(self) -> Iterable[str]:
        """The hashes of the cached messages, which the page reports to the server."""
        return self._kept

    def whole(self, message: ForwardMsg) -> ForwardMsg:
        """Return the full message, and cache it if the server may send only its hash next time."""
        if message.WhichOneof("type") == "ref_hash":
            self._used[message.ref_hash] = self._runs
            return self._kept[message.ref_hash]
        if message.metadata.cacheable:
            self._used[message.hash] = self._runs
            self._kept[message.hash] = message
        return message

    def forget(self) -> None:
        """After a run, drop messages not used in the last ones, as a browser does."""
        self._runs += 1
        for hash in [hash for hash, run in self._used.items() if run < self._runs - MESSAGE_AGE]:
            del self._used[hash], self._kept[hash]


def state_of(element: Element, value: Any) -> WidgetState:  # as the widget has it
    """Return the state of a widget as the browser sends it."""
    kind = element.WhichOneof("type")
    state = WidgetState(id=getattr(element, kind).id)
    if kind == "bidi_component":
        state.json_value = json.dumps(value)
    elif kind == "button_group":
        state.string_array_value.data.extend([value] if isinstance(value, str) else value)
    elif kind == "number_input":
        state.double_value = value
    elif kind == "checkbox":
        state.bool_value = value
    elif kind == "button":
        state.trigger_value = value
    else:
        raise ValueError(f"{kind} cannot be changed yet")
    return state
