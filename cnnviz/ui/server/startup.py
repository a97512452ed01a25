"""Settings that the server needs before it accepts its first connection."""

import ctypes
import gc
import socket
import sys
from importlib import import_module
from threading import Thread

from starlette.formparsers import MultiPartParser

from cnnviz.nn.formats.read_model import MAX_FILE

M_ARENA_MAX = -8  # from glibc's malloc.h
# What the first run of the first page imports: a second of work on a slow machine. Streamlit asks
# pandas about whatever a component is told.
NEEDED_FIRST = ("pandas", "cnnviz.ui.lab.maps", "cnnviz.ui.widgets.frame")


def prepare() -> None:
    """Send answers at once, keep uploads in memory, and share memory between threads."""
    send_at_once()
    share_memory()
    # Larger files would be spooled to disk, but uploads that large are refused anyway.
    MultiPartParser.spool_max_size = MAX_FILE + 2**20


def warm_up() -> Thread:
    """Import what the first page needs while the first browser still loads Streamlit's code."""
    thread = Thread(target=lambda: list(map(import_module, NEEDED_FIRST)), daemon=True)
    thread.start()
    return thread


def send_at_once() -> int:
    """Switch off Nagle's algorithm on all listening sockets; return how many there are.

    A change is answered by a dozen small messages, and the system holds each one back until the one
    before it is acknowledged, which the other side delays by up to 40 ms. asyncio disables this by
    itself, but not for a socket that Streamlit has created; an option set on a listening socket
    applies to every connection that it accepts.
    """
    listeners = [thing for thing in gc.get_objects() if type(thing) is socket.socket]
    listeners = [listener for listener in listeners if _listens(listener)]
    for listener in listeners:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(listeners)


def share_memory() -> None:
    """Let all threads allocate from two arenas instead of eight per core.

    Every run has a thread of its own, and what it frees stays in its arena: 8.5 MB for each user
    who has worked for a while, against 3.7.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(M_ARENA_MAX, 2)


def _listens(listener: socket.socket) -> bool:
    internet = listener.family in (socket.AF_INET, socket.AF_INET6)
    stream = internet and listener.type == socket.SOCK_STREAM and listener.fileno() >= 0
    return stream and bool(listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
