"""Live updates: while the user drags, maps are sent through the live channel without a run.

A part of a page that draws results of the settings is a generator with two halves. Up to its
`yield` it only computes, and yields the messages with its maps; then it draws them and their
sentences. A run executes both halves. The live channel executes only the first half and sends the
messages; meanwhile, `Setting.value` reads a copy of the session's settings that includes the user's
changes since the last run. The run that follows when the user lets go continues from the channel's
results, if they were computed from the same values.
"""

import operator
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    Sequence,
)
from dataclasses import replace
from typing import Any, TypeVar, cast

import streamlit as st

from cnnviz.images.loading import Picture
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.live.requests import Request
from cnnviz.ui.server.live.scenes import live_session
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.session_values import Reading, reading
from cnnviz.ui.widgets.setting_kinds import Choice
from cnnviz.ui.widgets.settings import Setting, shortened

Messages = Sequence[tuple[str, Packed]]  # (receiver, message) pairs
Result = TypeVar("Result")
Steps = Generator[Messages, None, Result]

_live = component("live")


class LivePart:
    """A part of a page: the function that makes its messages, and the values that it last used."""

    def __init__(self, steps: Callable[..., Steps[Any]], *args: Any) -> None:
        self.steps, self.args = steps, args
        self.seen: Mapping[str, Any] = {}
        self._ahead: tuple[Reading, Steps[Any]] | None = None

    def compute(self, values: Reading) -> tuple[Messages, Steps[Any]]:
        """Compute the messages for the values; return them, and the generator to continue with."""
        work = self.steps(*self.args)
        with reading(values):
            messages = next(work)
        self.seen = values.seen
        return messages, work

    def compute_ahead(self, values: Reading) -> Messages:
        """Do the same for the live channel; the next run may continue from the result."""
        messages, work = self.compute(values)
        self._ahead = values, work
        return messages

    def go_on(
        self,
        parts: Iterable["LivePart"],
        session: MutableMapping[str, Any],
        settings: Collection[str],
    ) -> Steps[Any] | None:
        """Return the generator that the same part among the last run's `parts` has started, if any.

        It must have used the session's current values, and only settings and the picture: other
        objects in a session may change in place.
        """
        same = next((part for part in parts if part._is(self)), None)
        if same is None or same._ahead is None:
            return None
        (values, work), same._ahead = same._ahead, None
        if not _holds(values, session, settings):
            return None
        session.update(values.written)
        self.seen = values.seen
        return work

    def _is(self, other: "LivePart") -> bool:
        return self.steps is other.steps and (
            len(self.args) == len(other.args) and all(map(operator.is_, self.args, other.args))
        )

    def follows(self, values: Mapping[str, Any], keys: Iterable[str]) -> bool:
        """Return whether one of these keys now has another value than the part last used."""
        return any(
            key in self.seen and not _is_same(values.get(key), self.seen[key]) for key in keys
        )


class PageScene:
    """The scene of one page: a function of only its settings and the picture.

    Parameters
    ----------
    settings : sequence of Setting
        The settings of the page; a request has them by key, with values in the format of a link.
    parts : sequence of LivePart
        The most visible first.
    values : mapping
        The current values of the settings, and other session values that the parts need.
    """

    def __init__(
        self, settings: Sequence[Setting], parts: Sequence[LivePart], values: Mapping[str, Any]
    ) -> None:
        self.settings = {setting.key: setting for setting in settings}
        self.parts, self.values = parts, values

    def __call__(self, request: Request) -> Iterator[tuple[str, Packed]]:
        """Yield the messages for a request's changes; raise ValueError if they do not fit."""
        values = {**self.values, **self._understood(request.changes)}
        if request.frame is not None:
            values |= working_picture.chosen(
                Picture.from_pixels(request.frame, working_picture.CAMERA)
            )
        keys = (*self.settings, working_picture.OWN_PHOTO)
        parts = [part for part in self.parts if part.follows(values, keys)]
        for part in parts:
            messages = part.compute_ahead(Reading(dict(values), live=True))
            for i, (to, packed) in enumerate(messages, 1):
                yield to, replace(packed, last=part is parts[-1] and i == len(messages))

    def _understood(self, changes: Mapping[str, str]) -> dict[str, Any]:
        """Parse the texts of a request into values."""
        values = {}
        for key, text in changes.items():
            setting = self.settings.get(key)
            if setting is None:
                raise ValueError(f"This page has no setting “{shortened(key)}”.")
            try:
                values[key] = setting.understand(text)
            except ValueError:
                raise ValueError(
                    f"“{shortened(text)}” is not possible for “{setting.label}”."
                ) from None
        return values


class Page:
    """A run of a page, with the parts that the live channel can show until the next run.

    Parameters
    ----------
    settings : sequence of Setting
        All of the page.
    also : sequence of str
        Session keys that the parts read besides settings and picture.
    """

    def __init__(self, settings: Sequence[Setting], *, also: Sequence[str] = ()) -> None:
        self.settings, self.also = settings, also
        self.parts: list[LivePart] = []
        before = live_session(st.session_state).scene
        self._before = before.parts if isinstance(before, PageScene) else ()

    def draw(self, steps: Callable[..., Steps[Result]], *args: Any) -> Result:
        """Draw a part; return its return value. From then on, the channel can send its messages."""
        part, session = LivePart(steps, *args), cast(MutableMapping[str, Any], st.session_state)
        work = part.go_on(self._before, session, {setting.key for setting in self.settings})
        if work is None:
            _, work = part.compute(Reading(session))
        self.parts.append(part)
        try:
            next(work)
        except StopIteration as end:
            return end.value
        raise RuntimeError(f"{steps.__name__} yields more than once")

    def follow(self) -> None:
        """Turn live updates on from now on; call last in a page.

        It tells the browser the settings that everything before was drawn with.
        """
        session = st.session_state
        values = {setting.key: setting.value for setting in self.settings}
        told = {setting.key: setting.format(values[setting.key]) for setting in self.settings}
        keys = (*working_picture.KEPT, *self.also)
        values |= {key: session[key] for key in keys if key in session}
        present = live_session(session)
        present.scene = PageScene(self.settings, self.parts, values)
        titles = {
            setting.key: {title: name for name, title in setting.options.items()}
            for setting in self.settings
            if isinstance(setting, Choice)
        }
        _live(key="live", data={"token": present.token, "values": told, "titles": titles})


def _holds(values: Reading, session: MutableMapping[str, Any], settings: Collection[str]) -> bool:
    """Return whether a run that computes the same now would read exactly these values."""
    return (
        not values.told_live
        and not any(key in session for key in values.missed)
        and values.seen.keys() <= {*settings, *working_picture.KEPT}
        and values.written.keys().isdisjoint(settings)
        and all(
            session.get(key) is value or (key in settings and _is_same(session.get(key), value))
            for key, value in values.seen.items()
        )
    )


def _is_same(one: Any, other: Any) -> bool:
    """Return whether two values are the same; a picture equals only itself."""
    return one is other or (
        type(one) is type(other) and not isinstance(one, Picture) and one == other
    )
