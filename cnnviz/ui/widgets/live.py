"""What follows a hand: the maps of a page, drawn through the live channel without a run.

A page gives a function that yields its messages, computed as in its own run: there `Setting.value`
reads the session, here a copy of the session's settings with what the hand has changed since.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from typing import Any

import streamlit as st

from cnnviz.images.loading import Picture
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.live.requests import Request
from cnnviz.ui.server.live.scenes import stage
from cnnviz.ui.widgets import picture_picker
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.settings import SCENE, Setting, shortened

Messages = Iterator[tuple[str, Packed]]  # what each is for, and the message

_live = component("live")


class PageScene:
    """The scene of one page: a function of its settings and the picture, and of nothing else.

    Parameters
    ----------
    settings : sequence of Setting
        Those of the page; a request names them by their keys, and values as a link does.
    draw : callable
        Yields what the page shows, the most visible first.
    values : mapping
        The settings' present values, and what else `draw` needs of the session.
    """

    def __init__(
        self,
        settings: Sequence[Setting],
        draw: Callable[[], Messages],
        values: Mapping[str, Any],
    ) -> None:
        self.settings = {setting.key: setting for setting in settings}
        self.draw, self.values = draw, values

    def __call__(self, request: Request) -> Messages:
        """Yield the messages that follow from what has changed; raise ValueError if it cannot."""
        values = {**self.values, **self._understood(request.changes)}
        if request.frame is not None:
            values |= picture_picker.chosen(Picture.from_pixels(request.frame, "Camera"))
        context = copy_context()  # a thread does a step of the work, and another one the next
        context.run(SCENE.set, values)
        messages = self.draw()
        while (message := context.run(next, messages, None)) is not None:
            yield message

    def _understood(self, changes: Mapping[str, str]) -> dict[str, Any]:
        """Return the values that the texts of a request mean."""
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


def scene(
    settings: Sequence[Setting], draw: Callable[[], Messages], *, also: Sequence[str] = ()
) -> None:
    """Let the live channel show what `draw` yields while a hand changes one of the settings.

    To be called last in a page: what it tells the browser are the settings that all before it
    has been drawn with. `also` are keys of the session that `draw` looks up.
    """
    present, session = stage(st.session_state), st.session_state
    values = {setting.key: setting.value for setting in settings}
    told = {setting.key: setting.format(values[setting.key]) for setting in settings}
    values |= {key: session[key] for key in (*picture_picker.KEPT, *also) if key in session}
    present.scene = PageScene(settings, draw, values)
    _live(key="live", data={"token": present.token, "values": told})
