"""Redis on this machine, for the tests and benchmarks of rooms shared between processes.

`python -m scripts.redis_server` prints the path of redis-server, and installs it first if there is
none.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from typing import Self

from scripts.install import install, missing
from scripts.server import free_port

MISSING = missing("redis-server", "redis-server", "REDIS")
PATIENCE = 20.0  # seconds until it answers


def find_redis() -> str | None:
    """Return the path of $REDIS, or of redis-server in its usual places."""
    return shutil.which(os.environ.get("REDIS", "redis-server"))


class RedisServer:
    """A redis-server on a free port that writes nothing to disk, for the duration of a `with`."""

    def __init__(self) -> None:
        if (path := find_redis()) is None:
            raise RuntimeError(MISSING)
        self.port = free_port()
        self.address = f"redis://127.0.0.1:{self.port}"
        self._command = [
            *(path, "--bind", "127.0.0.1", "--port", str(self.port)),
            *("--save", "", "--appendonly", "no", "--dir", "/"),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.kill()

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self._command[0]} does not start.")
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Make it hang: connections stay open, but nothing answers."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it continue."""
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False


def main() -> None:
    """Print the path of redis-server."""
    if find_redis() is None and "REDIS" not in os.environ:
        install("redis-server" if shutil.which("apt-get") else "redis")
    sys.exit(MISSING) if (path := find_redis()) is None else print(path)


if __name__ == "__main__":
    main()
