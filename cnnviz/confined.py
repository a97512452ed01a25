"""A child process for untrusted input: how it starts, which resources it gets, and the pipe to it.

A decoder is C code: what hangs, crashes or fills the memory there costs a child, not the server.
"""

import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import IO

from cnnviz.resources import ROOT

try:
    import resource
except ImportError:  # Windows: no limit but the time that the caller allows
    resource = None  # type: ignore[assignment]

__all__ = ["confine", "limit_time", "receive", "send", "started"]

POLITE = 5  # the niceness of a child: a slider being dragged cannot wait
_HEAD = struct.Struct("<Q")  # the length of what follows


def command(module: str) -> tuple[str, ...]:
    """Return the command that starts one of our modules in a process of its own."""
    return sys.executable, "-m", module


def started(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start a child that reads from its standard input and answers on its standard output."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        # one thread is enough, and each would reserve memory
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a decoder's message may quote untrusted input
    )


def confine(memory: int, *, polite: int = POLITE) -> None:
    """Keep this process from writing anything, and from taking more than that much memory.

    On a busy machine others come first, the more so the larger `polite` is, from 0 to 19.
    """
    if resource:
        os.nice(polite)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_size() + memory,) * 2)


def limit_time(seconds: float) -> None:
    """Make the system end this process when it takes so much more processor time.

    The server also ends it by the clock, but a killed server cannot.
    """
    if resource:
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _size() -> int:
    """Return the address space that this process has taken so far, in bytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # not Linux, where the limit would not be enforced anyway
        return 2**32
    return pages * resource.getpagesize()


def send(pipe: IO[bytes], data: bytes) -> None:
    """Write a piece, and its length before it."""
    pipe.write(_HEAD.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Return the next piece, or raise EOFError where there is none or only a part of it."""
    head = pipe.read(_HEAD.size)
    if len(head) == _HEAD.size:
        (length,) = _HEAD.unpack(head)
        data = pipe.read(length)
        if len(data) == length:
            return data
    raise EOFError
