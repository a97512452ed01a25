"""Settings that the server needs before it accepts its first connection."""

import ctypes
import gc
import socket
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from threading import Event, Thread

from starlette.formparsers import MultiPartParser

from cnnviz.nn.formats.read_model import MAX_FILE

M_ARENA_MAX = -8  # from glibc's malloc.h
TIDY = 20.0  # seconds
# What the first run of the first page imports: a second of work on a slow machine. Streamlit uses
# pandas to inspect the data of every component.
NEEDED_FIRST = ("pandas", "cnnviz.ui.lab.maps", "cnnviz.ui.widgets.frame")

_prepared = Event()


def prepare() -> None:
    """Send answers at once, keep uploads in memory, and share memory between threads.

    Freed memory goes back to the system.
    """
    _prepared.set()
    send_at_once()
    share_memory()
    tidy_memory()
    # Larger files would be spooled to disk, but uploads that large are refused anyway.
    MultiPartParser.spool_max_size = MAX_FILE + 2**20


@cache
def warn_if_alone() -> None:
    """Say once that app.py was started without asgi.py; nothing on the screen would tell why."""
    if not _prepared.is_set():
        print(
            "app.py was started by itself, so there are no classes and no live camera, and maps "
            "change only when a slider is let go. Start scripts/run.py instead, or asgi.py with "
            "`streamlit run`.",
            file=sys.stderr,
        )


def warm_up() -> Thread:
    """Import what the first page needs while the first browser still loads Streamlit's code."""
    thread = Thread(target=lambda: list(map(import_module, NEEDED_FIRST)), daemon=True)
    thread.start()
    return thread


def send_at_once() -> int:
    """Disable Nagle's algorithm on all listening sockets; return their number.

    The answer to a change is a dozen small messages. The system holds each one back until the
    previous one is acknowledged, which the other side delays by up to 40 ms. asyncio disables this
    on its own sockets, but not on a socket that Streamlit has created; an option set on a listening
    socket applies to every connection that it accepts.
    """
    listeners = [thing for thing in gc.get_objects() if type(thing) is socket.socket]
    listeners = [listener for listener in listeners if _listens(listener)]
    for listener in listeners:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(listeners)


def share_memory() -> None:
    """Let all threads allocate from two arenas instead of eight per core.

    Every run has its own thread, and the memory that it frees stays in its arena: 8.5 MB for each
    user who has worked for a while, instead of 3.7 MB.
    """
    if mallopt := _of_glibc("mallopt"):
        mallopt(M_ARENA_MAX, 2)


def tidy_memory(every: float = TIDY) -> Event:
    """Return freed memory to the system at this interval in seconds, until the event is set.

    glibc keeps free pages that lie between used ones: 80 to 90 of 390 MB in a process in which
    twenty people have worked (one run). Returning them takes about 20 ms, in which threads that
    need no memory keep running.
    """
    ended = Event()

    def tidy(trim: Callable[[int], int]) -> None:
        while not ended.wait(every):
            trim(0)

    if trim := _of_glibc("malloc_trim"):
        Thread(target=tidy, args=(trim,), name="tidy memory", daemon=True).start()
    return ended


def _of_glibc(name: str) -> Callable[..., int] | None:
    """Return a function of glibc, if the process allocates with it."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


def _listens(listener: socket.socket) -> bool:
    internet = listener.family in (socket.AF_INET, socket.AF_INET6)
    stream = internet and listener.type == socket.SOCK_STREAM and listener.fileno() >= 0
    return stream and bool(listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
