"""The frame of every page: style, title, notices, link."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.ui.server.log import visit
from cnnviz.ui.server.rooms.sessions import recording
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.setting_kinds import Choice
from cnnviz.ui.widgets.settings import (
    Setting,
    keep,
    notices,
    restore_elsewhere,
    restore_link,
)

MOST_NOTICES = 3
_HEARD = "cnnviz.heard"  # how often the browser has sent its links back
STYLE = Path(__file__).with_name("style.css")

_link = component(
    "page/link",
    '<div class="link"><button type="button">Copy link</button><span role="status"></span></div>',
)


def style() -> None:
    """Add the few CSS rules for which the theme has no setting."""
    st.html(STYLE)


def head(text: str, subtitle: str, *, level: int = 1, kind: str = "page") -> DeltaGenerator:
    """Show the title of the page and one line on what to do; return the place for its buttons.

    A large part of a page has its own head, of level 2.
    """
    if (shown := recording()) and level == 1:
        shown.heading(st.session_state["cnnviz.page"], text, subtitle)
    right: dict[str, Any] = {"horizontal": True, "horizontal_alignment": "right", "gap": "small"}
    with st.container(**right, vertical_alignment="bottom"):
        st.html(f'<h{level} class="{kind}">{text}</h{level}><p class="subtitle">{subtitle}</p>')
        return st.container(**right, width="content")


class Regions(NamedTuple):
    """The regions of a page: head buttons, maps, and the bench with everything that is not a map.

    Tasks for the learner have their own place, which takes no room while it is empty.
    """

    head: DeltaGenerator
    task: DeltaGenerator
    maps: DeltaGenerator
    bench: DeltaGenerator


def draw(text: str, subtitle: str, *, pictures: bool = True) -> Regions:
    """Draw the frame of a page: maps that fill the window, with the bench beside them.

    A page that works on its own numbers switches `pictures` off: the list of pictures is left out.
    """
    with st.container(key="stage"):
        buttons = head(text, subtitle, kind="page" if pictures else "page own-numbers")
        task, maps = st.container(key="stage-task"), st.container(key="stage-maps")
        regions = Regions(buttons, task, maps, st.container(key="stage-bench"))
    if shown := recording():
        shown.regions(regions._asdict())
    return regions


def working() -> DeltaGenerator:
    """Return the place, at the top of the window, for the progress bar of a long run."""
    with st.container(key="working"):
        return st.empty()


def parts(part: Choice) -> None:
    """Show the parts of the page: one at a time, each with its own address."""
    part.segments(label_visibility="collapsed")


def controls(count: int) -> list[DeltaGenerator]:
    """Return a place on the bench for the controls of each of `count` stages."""
    with st.container(key="stage-controls"):
        return [st.container() for _ in range(count)]


def stage_title(number: int | str, text: str) -> None:
    """Show the name of a stage with the number of its map, or "" if that map is not on the page."""
    if shown := recording():
        shown.stage(number, text)
    mark = f"<span>{number}</span>" if number else ""
    st.html(f'<h2 class="stage">{mark}{text}</h2>')


def look_for(text: str) -> None:
    """Say in a sentence or two what to look for."""
    say(f"**What to look for.** {text}")


def in_popover(label: str, key: str, draw: Callable[[], None]) -> None:
    """Put a part of the page in a popover.

    A closed popover is not drawn, so it costs neither server time nor bytes.
    """
    with st.popover(label, key=key, on_change="rerun") as popover:
        if popover.open:
            draw()


def question(text: str, solved: bool, praise: str, *, after: str = "") -> None:
    """Pose a question; as soon as the settings solve it, say so.

    Paragraphs before it go into the same element, because every element costs a page time.
    """
    say(f"{after}\n\n**Try this.** {text}" if after else f"**Try this.** {text}")
    if solved:
        st.success(praise, icon=":material/check:")


def say(text: str) -> None:
    """Show a paragraph about what the page shows, also on the screens of a class."""
    if shown := recording():
        shown.sentence(text)
    st.markdown(text)


def say_notices() -> None:
    """Show, once, what was wrong with a link or a choice."""
    if sentences := notices():
        more = len(sentences) - MOST_NOTICES
        shown = sentences[:MOST_NOTICES] + ([f"And {more} more like these."] if more > 0 else [])
        st.toast("\n\n".join(shown), icon=":material/info:", duration="long")


class LeftOut(NamedTuple):
    """Something that a link cannot carry, what the link opens with instead, and the remedy."""

    what: str
    instead: str
    remedy: str


PHOTO = LeftOut(
    "your photo", "a sample picture", "Send the photo as a file too, or choose a sample first."
)
# Only a sheet from a file may be too long.
TASKS = LeftOut("these tasks", "no tasks", "Send their file too.")


def without(settings: Sequence[Setting], *others: LeftOut | None) -> str:
    """Say what the link leaves out, and the remedy; empty if it includes everything."""
    photo = any(setting.value for setting in settings if not setting.CARRIED)
    tasks = any(not setting.fits_link(setting.value) for setting in settings)
    parts = [one for one in (PHOTO if photo else None, TASKS if tasks else None, *others) if one]
    if not parts:
        return ""
    what, instead, remedies = zip(*parts, strict=True)
    return (
        f"Copied, but without {' and '.join(what)}, which no link can carry: the link opens with "
        f"{' and '.join(instead)}. {' '.join(remedies)}"
    )


def link(settings: Sequence[Setting], *others: LeftOut | None) -> None:
    """Keep the address in step with the settings, and offer to copy it.

    If the browser finds itself in a new session, it sends back the links that its pages had.
    `others` are what the link leaves out besides settings, if anything.
    """
    page = st.session_state.get("cnnviz.page", "")

    def take_lost() -> None:
        lost = st.session_state["link"].lost
        queries = lost.get("queries") if isinstance(lost, dict) else None
        if isinstance(queries, dict):
            links = {name: text for name, text in queries.items() if isinstance(text, str)}
            restore_link(settings, links.pop(page, ""))
            restore_elsewhere(links)
            st.session_state[_HEARD] = st.session_state.get(_HEARD, 0) + 1

    query = keep(settings)
    if shown := recording():
        shown.about.link = query
    data = {
        "page": page,
        "query": query,
        "visit": visit(),
        "heard": st.session_state.get(_HEARD, 0),
        "without": without(settings, *others),
    }
    _link(key="link", data=data, on_lost_change=take_lost, width="content")
