"""All patches of cnnviz to Streamlit, in one table.

Each replaces a function for which Streamlit has no setting. They are tested with one version,
`SUPPORTED`: with any other, they are skipped with a warning, and the app works without them. The
environment variable CNNVIZ_PATCHES switches all off ("off"), or all but some ("turns,bundles"); a
name that no patch has is left out with a warning, and changes nothing if it stands alone.

Each gain was measured separately when the patch was added, by benchmarks/classroom.py unless noted
otherwise. Two more patches gained too little for a class to notice and were removed: describing the
theme once (0.4 ms a run), and no digest of a component's data (0.2 ms for maps of 256 × 256).

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
        "Runs at the same time only fight for the interpreter's lock, and a click whose run waits "
        "is lost to the next; here they are timed, too.",
        "40 people wait 0.35 s for a slider (p95) instead of 0.75, and a tenth less processor time",
    ),
    Patch(
        "leaving",
        "streamlit.runtime.scriptrunner_utils.script_requests:ScriptRequests._request_rerun_locked",
        runs.unless_left,
        "A part that goes on, as a training, calls back the page that is being left.",
        "a press that leads to another page leads there: two in 36 did not, on a busy machine",
    ),
    Patch(
        "parts",
        "streamlit.runtime.app_session:AppSession.request_rerun",
        runs.whole_at_first,
        "A new session drops what a tab that has lost its own asks for, a part of a page it shows.",
        "a page that was open when the server was restarted answers; it was dead until a reload",
    ),
    Patch(
        "bundles",
        "streamlit.runtime.app_session:AppSession._on_scriptrunner_event",
        messages.in_bundles,
        "The server is woken for each of a page's hundred messages, and the browser draws for it.",
        "40 people wait 0.35 s for a slider (p95) instead of 0.95, and a tenth less processor time",
    ),
    Patch(
        "containers",
        "streamlit.runtime.forward_msg_queue:ForwardMsgQueue.clear",
        messages.with_what_stands_beside,
        "A part that is drawn twice before it was sent loses only some of the first drawing.",
        'no tab breaks off with "Bad delta path index" where parts follow closely',
    ),
    Patch(
        "lines",
        "streamlit.runtime.websocket_session_manager:WebsocketSessionManager.list_active_sessions",
        messages.by_present_line,
        "What a tab that has come back asks for may go to the line that it has lost.",
        "of people who lost their line and came back, one in 140 had no answer; none of 800 now",
    ),
    Patch(
        "rests",
        "streamlit.runtime.websocket_session_manager:WebsocketSessionManager._resume_stored_session",
        messages.without_rest,
        "A tab that has its line back is sent the rest of a run that was stopped when it was lost.",
        "no press just before the line is lost empties the page; six in ten did, and lost settings",
    ),
    Patch(
        "incoming",
        "uvicorn.protocols.websockets.websockets_sansio_impl:"
        "WebSocketsSansIOProtocol.handle_connect",
        incoming.bounded,
        "Messages of up to 200 MB are received whole before anything can refuse them.",
        "eight connections that send 100 MB each leave the memory at 180 MB instead of 966",
    ),
    Patch(
        "uploads",
        "streamlit.runtime.memory_uploaded_file_manager:MemoryUploadedFileManager.add_file",
        incoming.within_room,
        "One tab may upload files without end, and all are kept until it is closed.",
        "18 files of 60 MB leave the memory at 900 MB instead of 1270, and more add nothing",
    ),
    Patch(
        "sessions",
        "streamlit.runtime.app_session:AppSession.shutdown",
        runs.and_collect,
        "A session that has ended is a cycle, and its live channel would stay open until found.",
        "memory stays level after 500 sessions",
    ),
    Patch(
        "state",
        "streamlit.runtime.state.safe_session_state:SafeSessionState.__init__",
        runs.with_one_lock,
        "Two runs of a session, the one that ends and the one that begins, have a lock each.",
        'no page ends with "dictionary changed size during iteration", as one in 1500 visits did',
    ),
    Patch(
        "fields",
        "streamlit.runtime.state.safe_session_state:SafeSessionState.filtered_state",
        runs.looked_up,
        "A number or a list asks for its own value, and is given a copy of the whole state, for "
        "which Python makes a class for each component on the page.",
        "40 people wait 0.35 s for a slider (p95) instead of 0.75; 1 to 3 of the 30 ms of a run",
    ),
    Patch(
        "watchers",
        "streamlit.runtime.app_session:AppSession.register_file_watchers",
        runs.unless_none,
        'A session that comes back looks up the file of every module, in spite of "none".',
        "0.2 s for each person of a class whose network has failed for a moment",
        "https://github.com/streamlit/streamlit/issues/8738",
    ),
    Patch(
        "address",
        "streamlit.net_util:get_external_ip",
        lambda _: lambda: None,
        "A host on the internet is asked for this machine's address, while everyone waits.",
        "no request leaves this machine",
        "https://github.com/streamlit/streamlit/issues/7721",
    ),
    Patch(
        "log",
        "streamlit.logger:setup_formatter",
        lambda _: log.set_up,
        "Lines of free text that may name people's addresses; ours are JSON.",
        "one line of JSON an event",
        "https://github.com/streamlit/streamlit/issues/447",
    ),
    Patch(
        "embed",
        "streamlit:static/index.html",
        None,
        'A page asked for as "?embed" keeps its bars; a script asks for it as "?embed=true".',
        "an embedded page works without knowledge of Streamlit's own word",
    ),
    Patch(
        "page",
        "streamlit:static/index.html",
        None,
        "A tab draws its page anew for every message that comes alone; a script joins them.",
        "no page is seen half drawn; none in time (six clicks: 113-192 ms with, 110-178 without)",
    ),
    Patch(
        "names",
        "streamlit:static/index.html",
        None,
        "A tab may have dropped what it is sent by name only, and breaks off; a script keeps it.",
        "the part of a page that one comes back to while a network learns is shown",
    ),
    Patch(
        "answers",
        "streamlit:static/index.html",
        None,
        "A tab that has its line back does not ask for what it has missed; a script makes it ask.",
        "a press without a line is answered; on a page that was only opened, none was",
    ),
    Patch(
        "translation",
        "streamlit:static/index.html",
        None,
        "A page that the browser has translated breaks at the next change; a script mends that.",
        "no part of a translated page is lost",
    ),
    Patch(
        "popovers",
        "streamlit:static/index.html",
        None,
        "A popover that a key opens leaves the focus outside; a script takes it in and back.",
        "what is in it is one Enter away, not 39 tabs",
        "https://github.com/streamlit/streamlit/issues/9243",
    ),
    Patch(
        "menu",
        "streamlit:static/index.html",
        None,
        "A phone's menu that was left open covers the next page as well; a script forgets it.",
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
                f'The patch "{patch.name}" knows Streamlit {SUPPORTED}, this is {version}: '
                f"{patch.target} stays as it is.",
                RuntimeWarning,
                stacklevel=2,
            )
