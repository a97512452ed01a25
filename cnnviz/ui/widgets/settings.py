"""Named settings: each has one value, one widget, and one parameter in the link.

A setting lives in the session under its key ("lab.stride"), so it survives a change of page, and in
the link under its name ("stride"), so that a link restores the screen. A link is untrusted input:
a value that does not parse falls back to the default, and the user is told.

Streamlit can bind a widget to the link by itself (`bind="query-params"`), but not a component or a
widget on another page, and it drops invalid values silently. So the link is read here and written
by `link`, in the same way for all settings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, urlsplit

import streamlit as st

from cnnviz.ui.widgets.formatting import literal
from cnnviz.ui.widgets.session_values import state

PARTS = ("part", "lesson")  # name of the setting that chooses the part of a page
MAX_LINK_VALUE = 5000  # characters; 32 × 32 numbers of three digits fit


@dataclass(frozen=True)
class Setting:
    """A value with a name. Subclasses define its format in a link.

    The default of a setting may change between versions. Older links omit the old default; so
    `older` is the value in links that name other settings of the page but not this one.
    """

    key: str
    label: str
    default: Any
    help: str | None = None
    older: Any = field(default=None, kw_only=True)
    CARRIED: ClassVar[bool] = True  # whether a link contains the whole value

    @property
    def name(self) -> str:
        """The word in the link."""
        return self.key.split(".", 1)[1]

    @property
    def value(self) -> Any:  # each kind has its own
        """The current value in this session.

        Streamlit forgets a widget that a run has not drawn. The next run of the page restores its
        setting; a fragment that runs alone finds it missing, or None, which is never a valid value.
        """
        values = state()
        value = values.get(self.key)  # once: a lookup in the session takes 20 µs
        if value is None:
            restore([self])
            value = values[self.key]
        return value

    def set(self, value: Any) -> None:
        """Change the value; call before the widget is drawn, or in a callback."""
        state()[self.key] = value

    def parse(self, text: str) -> Any:
        """Parse a text from a link, or raise ValueError."""
        raise NotImplementedError

    def understand(self, text: str) -> Any:
        """Parse a text from outside, or raise ValueError."""
        if len(text) > MAX_LINK_VALUE:
            raise ValueError(f"at most {MAX_LINK_VALUE} characters")
        return self.parse(text)

    def refusal(self, text: str) -> str:
        """Say that a text in a link is not possible, and what is used instead."""
        return (
            f"The link says “{self.name}={literal(shortened(text))}”, which is not possible: "
            + (
                f"“{literal(used)}” is used instead."
                if (used := self.instead())
                else "it is left out."
            )
        )

    def instead(self) -> str:
        """Return what is used instead of an impossible text, as the visitor sees it."""
        return self.format(self.default)

    def format(self, value: Any) -> str:
        """Return `value` as text for a link."""
        return str(value)

    def fits_link(self, value: Any) -> bool:
        """Return whether a link has room for `value`; otherwise only the session keeps it."""
        return True

    def plain(self, value: Any) -> Any:
        """Return `value` for settings.json."""
        return value

    def within(self, state: object) -> Any:
        """Return the value that a component sent; invalid input changes nothing."""
        raise NotImplementedError


def enter(page: str) -> None:
    """Carry the settings over to another page; call before anything is drawn.

    To Streamlit, a widget that both pages show is a new one: its value is lost unless it is set. A
    step in the browser's history brings back the address that the page had; after a reload, only
    this address holds its settings.
    """
    before = st.session_state.get("cnnviz.page")
    if before == page:
        return
    st.session_state["cnnviz.page"] = page
    if before is not None:  # the first page has the link that opened the session
        carried = st.session_state.pop("cnnviz.carried", {})
        lost = st.session_state.get("cnnviz.elsewhere", {}).pop(page, None)
        words = _query() if lost is None else parse_qs(lost, keep_blank_values=True)
        st.session_state["cnnviz.link"] = _open_link(words) | carried
    _take_along(st.session_state.get("cnnviz.kept", {}))


def _take_along(keys: Iterable[str]) -> None:
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def restore(settings: Iterable[Setting]) -> None:
    """Give each setting its value: from this session, else from the link, else the default."""
    kept = st.session_state.setdefault("cnnviz.kept", {})
    settings = list(settings)
    for setting in settings:
        if st.session_state.get(setting.key) is None:
            if setting.key not in kept:
                kept[setting.key] = _from_link(setting, settings)
            st.session_state[setting.key] = kept[setting.key]
    # Like another page, another part of a page shows widgets that the previous part did not.
    part = [setting.value for setting in settings if setting.name in PARTS]
    if part and st.session_state.get("cnnviz.part") != part:
        st.session_state["cnnviz.part"] = part
        _take_along(setting.key for setting in settings)


def restore_link(settings: Iterable[Setting], query: str) -> None:
    """Let the next run read the settings from a link; call in a callback.

    Live changes since the last run remain.
    """
    words = _open_link(parse_qs(query, keep_blank_values=True))
    kept = st.session_state.get("cnnviz.kept", {})
    for setting in settings:
        if setting.name not in words or not setting.CARRIED:
            continue
        if st.session_state.get(setting.key, kept.get(setting.key)) == kept.get(setting.key):
            kept.pop(setting.key, None)
            st.session_state.pop(setting.key, None)


def restore_elsewhere(queries: Mapping[str, str]) -> None:
    """Let pages, by their addresses, read their settings from these links when they are opened."""
    st.session_state["cnnviz.elsewhere"] = dict(queries)


def carry(page: str, **words: str) -> None:
    """Let the page that opens next read some of its settings from these parameters, as from a link.

    Its other settings stay as they are.
    """
    for name in words:
        for kept in (st.session_state.get("cnnviz.kept", {}), st.session_state):
            kept.pop(f"{page}.{name}", None)
    st.session_state["cnnviz.carried"] = {name: [word] for name, word in words.items()}


def keep(settings: Iterable[Setting]) -> str:
    """Remember the values for other pages; return the link's query, without the defaults."""
    values = [(setting, setting.value) for setting in settings]
    st.session_state["cnnviz.kept"] |= {setting.key: value for setting, value in values}
    values = [(one, value) for one, value in values if one.fits_link(value)]
    said = [(one, value) for one, value in values if value != one.default]
    if said:  # in a link with others, a missing setting has its old default
        said = [(one, value) for one, value in values if value != _unsaid(one)] or said
    return "&".join(f"{one.name}={quote(one.format(value), safe=',;:/')}" for one, value in said)


def _unsaid(setting: Setting) -> Any:
    """Return this setting's value in a link that names other settings but not this one."""
    return setting.default if setting.older is None else setting.older


def link_lags(settings: Iterable[Setting]) -> bool:
    """Return whether the link does not yet contain the latest value of a setting."""
    kept = st.session_state["cnnviz.kept"]
    return any(setting.value != kept[setting.key] for setting in settings)


def as_json(settings: Iterable[Setting]) -> dict[str, Any]:
    """Return the current values by their names in the link."""
    return {setting.name: setting.plain(setting.value) for setting in settings}


def notices() -> list[str]:
    """Return, once, what was wrong with the link."""
    return st.session_state.pop("cnnviz.notices", [])


def notice(sentence: str) -> None:
    """Show a sentence on this run or the next."""
    state().setdefault("cnnviz.notices", []).append(sentence)


def shortened(text: str) -> str:
    """Return a text from outside, shortened to fit in a sentence."""
    return text if len(text) <= 24 else text[:24] + "…"


def _from_link(setting: Setting, page: Sequence[Setting]) -> Any:
    words = _link().pop(setting.name, None)
    if words is None:
        named = _named()  # mostly empty, so most settings need not be compared
        says_others = named and not named.isdisjoint(other.name for other in page)
        return _unsaid(setting) if says_others else setting.default
    text = words[-1]
    try:
        return setting.understand(text)
    except ValueError:
        notice(setting.refusal(text))
        return setting.default


def _link() -> dict[str, list[str]]:
    """Return the parameters of the link that opened this session that are not yet used.

    The browser's current address takes precedence: after a restart of the server, the browser still
    reports the query that it was opened with, while its address has the later settings.
    """
    if "cnnviz.link" not in st.session_state:
        if st.context.url and "?" in st.context.url:
            words = parse_qs(urlsplit(st.context.url).query, keep_blank_values=True)
        else:
            words = _query()
        _open_link(words)
    return st.session_state["cnnviz.link"]


def _query() -> dict[str, list[str]]:
    """Return the parameters that this run of the page was asked for with."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _open_link(words: dict[str, list[str]]) -> dict[str, list[str]]:
    """Read settings from the parameters of a link to the current page."""
    st.session_state["cnnviz.named"] = st.session_state.get("cnnviz.page"), frozenset(words)
    st.session_state["cnnviz.link"] = words
    return words


def _named() -> frozenset[str]:
    """Return the parameters of the link to the current page."""
    page, names = st.session_state.get("cnnviz.named", (None, frozenset()))
    return names if page == st.session_state.get("cnnviz.page") else frozenset()
