"""What the server that carries the app has to be told, once, as it starts."""

import gc
import socket

from starlette.formparsers import MultiPartParser
from streamlit import net_util

from cnnviz.images.loading import MAX_BYTES


def prepare() -> None:
    """Have answers leave at once, uploads stay in memory, and nobody outside be asked."""
    send_at_once()
    ask_nobody()
    # Larger files go through the disk on their way; none that is may come at all.
    MultiPartParser.spool_max_size = MAX_BYTES + 2**20


def send_at_once() -> int:
    """Switch Nagle's algorithm off for all who will connect; return for how many doors.

    A change is answered by a dozen small messages. The system holds back each of them until the
    one before is acknowledged, which the other side puts off by up to 40 ms. asyncio knows that,
    but not of a socket that Streamlit has made for it; what is set on a listening socket holds
    for every connection that it accepts.
    """
    doors = [thing for thing in gc.get_objects() if type(thing) is socket.socket]
    doors = [door for door in doors if _listens(door)]
    for door in doors:
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(doors)


def ask_nobody() -> None:
    """Keep Streamlit from asking a host of the internet for the address of this machine.

    It does so as it starts without a browser, and again for every call from a page of another
    origin, while everybody waits for up to two seconds.
    """
    net_util.get_external_ip = lambda: None


def _listens(door: socket.socket) -> bool:
    internet = door.family in (socket.AF_INET, socket.AF_INET6)
    stream = internet and door.type == socket.SOCK_STREAM and door.fileno() >= 0
    return stream and bool(door.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
