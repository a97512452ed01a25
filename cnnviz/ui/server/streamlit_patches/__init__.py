"""All patches of cnnviz to Streamlit, in one table.

Each replaces a function for which Streamlit has no setting. They are tested with one version,
`SUPPORTED`: with any other, they are skipped with a warning, and the app works without them. The
environment variable CNNVIZ_PATCHES switches off all of them ("off"), or all but those that it names
("turns,bundles"). Unknown names are ignored with a warning; if none is known, all patches stay on.

Each gain was measured separately when the patch was added, by benchmarks/classroom.py unless noted
otherwise. Two more patches gained too little for a class to notice and were removed: describing the
theme only once (0.4 ms per run), and making no digest of a component's data (0.2 ms for maps of
256 × 256).

Code that only reads Streamlit's internals is in `private`.
"""

import os
import warnings
from collections.abc import Callable, Container
from importlib import import_module
from typing import Any, NamedTuple

import streamlit as st

from cnnviz.ui.server import log
from cnnviz.ui.server.streamlit_patches import incoming, messages, runs

__all__ = ["PATCHES", "SUPPORTED", "VARIABLE", "Patch", "chosen", "install"]

SUPPORTED = "1.67"
VARIABLE = "CNNVIZ_PATCHES"


class Patch(NamedTuple):
    """One patch.

    `target` is "module:name" or "module:Class.name"; `make` takes the original and returns its
    replacement. Patches without `make` are scripts that index_page.py inserts.
    """

    name: str
    target: str
    make: Callable[[Any], Any] | None
    why: str
    gain: str
    issue: str = ""

    def place(self) -> tuple[Any, str]:
        """Return the module or class that holds the target, and its name there."""
        module, _, path = self.target.partition(":")
        *outer, name = path.split(".")
        holder: Any = import_module(module)
        for each in outer:
            holder = getattr(holder, each)
        return holder, name


PATCHES = (
    Patch(
        "turns",
        "streamlit.runtime.scriptrunner.script_runner:ScriptRunner._run_script",
        runs.in_turn,
        "Runs at the same time only compete for the interpreter's lock, and a click whose run is "
        "still waiting is lost to the next run. This patch also measures how long runs take.",
        "40 people wait 0.35 s for a slider (p95) instead of 0.75 s, and runs take a tenth less "
        "processor time",
    ),
    Patch(
        "leaving",
        "streamlit.runtime.scriptrunner_utils.script_requests:ScriptRequests._request_rerun_locked",
        runs.unless_left,
        "A part of a page that keeps asking for runs, such as a training, can cancel the run that "
        "leads to another page.",
        "a click on another page always leads there; on a busy machine, two in 36 did not",
    ),
    Patch(
        "parts",
        "streamlit.runtime.app_session:AppSession.request_rerun",
        runs.whole_at_first,
        "If a tab asks a new session for a run of a part of its page, the session does not know "
        "the part and drops the request.",
        "a page that was open during a restart of the server answers; before, it was dead until a "
        "reload",
    ),
    Patch(
        "bundles",
        "streamlit.runtime.app_session:AppSession._on_scriptrunner_event",
        messages.in_bundles,
        "Each of a page's hundred messages wakes the server, and the browser redraws for each.",
        "40 people wait 0.35 s for a slider (p95) instead of 0.95 s, and runs take a tenth less "
        "processor time",
    ),
    Patch(
        "containers",
        "streamlit.runtime.forward_msg_queue:ForwardMsgQueue.clear",
        messages.with_neighbours,
        "If a part is drawn again before it was sent, only some messages of its first drawing are "
        "dropped.",
        'no tab fails with "Bad delta path index" when redraws of parts follow closely',
    ),
    Patch(
        "lines",
        "streamlit.runtime.websocket_session_manager:WebsocketSessionManager.list_active_sessions",
        messages.by_current_connection,
        "After a tab has reconnected, the answer to its request may still go to the lost "
        "connection.",
        "everyone gets an answer after reconnecting, in 800 of 800 cases; before, one in 140 had "
        "none",
    ),
    Patch(
        "rests",
        "streamlit.runtime.websocket_session_manager:WebsocketSessionManager._resume_stored_session",
        messages.without_rest,
        "A tab that has reconnected is sent the rest of a run that stopped when its connection "
        "was lost.",
        "a click just before the connection is lost never empties the page; six in ten did, and "
        "lost settings",
    ),
    Patch(
        "incoming",
        "uvicorn.protocols.websockets.websockets_sansio_impl:"
        "WebSocketsSansIOProtocol.handle_connect",
        incoming.bounded,
        "Messages of up to 200 MB are received completely before anything can refuse them.",
        "eight connections that send 100 MB each leave the memory at 180 MB instead of 966 MB",
    ),
    Patch(
        "uploads",
        "streamlit.runtime.memory_uploaded_file_manager:MemoryUploadedFileManager.add_file",
        incoming.within_room,
        "One tab may upload any number of files, and all are kept until it is closed.",
        "18 files of 60 MB leave the memory at 900 MB instead of 1270 MB, and more files add "
        "nothing",
    ),
    Patch(
        "sessions",
        "streamlit.runtime.app_session:AppSession.shutdown",
        runs.and_collect,
        "A session that has ended is a reference cycle; its live channel would stay open until "
        "the garbage collector finds it.",
        "memory stays level after 500 sessions",
    ),
    Patch(
        "state",
        "streamlit.runtime.state.safe_session_state:SafeSessionState.__init__",
        runs.with_one_lock,
        "Two runs of one session, one that is ending and one that begins, each have a lock of "
        "their own for its state.",
        'no run fails with "dictionary changed size during iteration", as one in 1500 visits did',
    ),
    Patch(
        "fields",
        "streamlit.runtime.state.safe_session_state:SafeSessionState.filtered_state",
        runs.looked_up,
        "Each widget looks up its own value in a copy of the whole state, for which Python makes "
        "a class for each component on the page.",
        "40 people wait 0.35 s for a slider (p95) instead of 0.75 s; 1 to 3 of the 30 ms of a run",
    ),
    Patch(
        "watchers",
        "streamlit.runtime.app_session:AppSession.register_file_watchers",
        runs.unless_none,
        "A session that reconnects looks up the file of every module, although the file watcher "
        'is set to "none".',
        "0.2 s for each person of a class whose network has failed for a moment",
        "https://github.com/streamlit/streamlit/issues/8738",
    ),
    Patch(
        "address",
        "streamlit.net_util:get_external_ip",
        lambda _: lambda: None,
        "Streamlit asks a host on the internet for this machine's address, while everyone waits.",
        "no request leaves this machine",
        "https://github.com/streamlit/streamlit/issues/7721",
    ),
    Patch(
        "log",
        "streamlit.logger:setup_formatter",
        lambda _: log.set_up,
        "Log lines are free text, which may contain people's addresses; ours are JSON.",
        "one line of JSON per event",
        "https://github.com/streamlit/streamlit/issues/447",
    ),
    Patch(
        "embed",
        "streamlit:static/index.html",
        None,
        'With "?embed", Streamlit keeps its own bars, since it only knows "?embed=true"; a script '
        "adds the value.",
        "a page can be embedded without knowing Streamlit's own parameter",
    ),
    Patch(
        "page",
        "streamlit:static/index.html",
        None,
        "A tab redraws its page for every message that arrives separately; a script combines "
        "messages.",
        "nobody sees a page half drawn; it costs no time (six clicks: 113-192 ms with, 110-178 ms "
        "without)",
    ),
    Patch(
        "names",
        "streamlit:static/index.html",
        None,
        "A tab may have dropped a message that the server then refers to by its hash only, and "
        "fails; a script keeps messages longer.",
        "coming back to a page while a network is learning shows every part of it",
    ),
    Patch(
        "answers",
        "streamlit:static/index.html",
        None,
        "A tab that has reconnected does not ask for what it has missed; a script makes it ask.",
        "a click while the connection was down is answered; on a page that had only been opened, "
        "none was",
    ),
    Patch(
        "blank",
        "streamlit:static/index.html",
        None,
        "A page whose script cannot be loaded stays blank; it says so, and tries again.",
        "a page that was opened while the connection was lost opens once it is back",
    ),
    Patch(
        "translation",
        "streamlit:static/index.html",
        None,
        "A page that the browser has translated breaks at the next change; a script repairs that.",
        "no part of a translated page is lost",
    ),
    Patch(
        "popovers",
        "streamlit:static/index.html",
        None,
        "When a key opens a popover, the focus stays outside; a script moves it in and back.",
        "the contents are one Enter away, not 39 tabs",
        "https://github.com/streamlit/streamlit/issues/9243",
    ),
    Patch(
        "focus",
        "streamlit:static/index.html",
        None,
        "A field in which a key is pressed may be drawn anew, or gone, and the focus with it; a "
        "script moves it to the field's successor.",
        "who uses the keyboard goes on where they are, not at the beginning of the page",
    ),
    Patch(
        "menu",
        "streamlit:static/index.html",
        None,
        "On a phone, a menu that was left open also covers the next page; a script makes "
        "Streamlit forget its state.",
        "a link to a page shows the page",
    ),
)


def chosen(version: str = st.__version__, wanted: str | None = None) -> Container[str]:
    """Return the names of the patches to use with this version of Streamlit."""
    names = _names(os.environ.get(VARIABLE, "") if wanted is None else wanted)
    if names == ["off"] or not f"{version}.".startswith(f"{SUPPORTED}."):
        return ()
    known = [patch.name for patch in PATCHES]
    return [name for name in known if name in names] or known


def _names(wanted: str) -> list[str]:
    return [name for name in map(str.strip, wanted.lower().split(",")) if name]


def install() -> None:
    """Patch Streamlit; call once, before the server answers."""
    version = st.__version__
    used = chosen(version)
    names = _names(os.environ.get(VARIABLE, ""))
    for name in names if names != ["off"] else ():
        if name not in {patch.name for patch in PATCHES}:
            warnings.warn(f'{VARIABLE}: no patch is called "{name}".', RuntimeWarning, stacklevel=2)
    for patch in PATCHES:
        if patch.name in used and patch.make:
            holder, name = patch.place()
            setattr(holder, name, patch.make(vars(holder)[name]))
        elif not f"{version}.".startswith(f"{SUPPORTED}."):
            warnings.warn(
                f'The patch "{patch.name}" is for Streamlit {SUPPORTED}, but this is {version}: '
                f"{patch.target} stays as it is.",
                RuntimeWarning,
                stacklevel=2,
            )
