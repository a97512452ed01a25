"""A connection to the server that can be cut: a proxy on its own port, for one tab."""

import socket
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """Forwards connections from its own port until it is cut; `mend` lets new ones through."""

    def __init__(self, address):
        parts = urlsplit(address)
        self._there = parts.hostname, parts.port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open, self._ends, self._lock = True, [], threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        with self._lock:
            self._open = False
            ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def mend(self):
        self._open = True

    def end(self):
        self.cut()
        self._listening.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                if not self._open:
                    near.close()
                    continue
                far = socket.create_connection(self._there)
                self._ends += [near, far]
            for pair in ((near, far), (far, near)):
                threading.Thread(target=_forward, args=pair, daemon=True).start()


def _forward(source, sink):
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def line(address):
    """Open a proxy to the server at an address."""
    made = Line(address)
    try:
        yield made
    finally:
        made.end()
