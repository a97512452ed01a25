"""The app as a child process, for the tests and the pictures of the README."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from typing import IO

from cnnviz.cli import wake

ROOT = Path(__file__).parents[1]
PORTS = 20_000, 32_000


@contextmanager
def server(
    log: IO[str] | None = None, environment: Mapping[str, str] | None = None, base: str = ""
) -> Iterator[str]:
    """Run the app on a free port of this machine; yield its address. It writes to `log`.

    `base` is its base path, for instance "cnn".
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.headless=true"]
    command += ["--server.address=127.0.0.1", f"--server.port={port}"]
    command += [f"--server.baseUrlPath={base}"] * bool(base)
    surroundings = {**os.environ, **(environment or {})}
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=surroundings)
    try:
        # this check runs the app once: only then does Streamlit know its pages' addresses
        address = f"http://127.0.0.1:{port}/{base}".rstrip("/")
        wake(process, f"{address}/_stcore/script-health-check")
        yield address
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port of this machine on which nothing listens.

    Outgoing connections use ports from 32768 up, so the one returned is below.
    """
    while True:
        port = SystemRandom().randrange(*PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
