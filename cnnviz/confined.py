"""Child processes for untrusted input: starting them, limiting them, and the pipe to them.

Decoders are C code: a hang, a crash or runaway memory costs a child process, not the server.
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
except ImportError:  # Windows: the caller's timeout is the only limit
    resource = None  # type: ignore[assignment]

__all__ = ["confine", "limit_time", "receive", "send", "started"]

POLITE = 5  # niceness of a child: a slider being dragged cannot wait
_HEAD = struct.Struct("<Q")  # the length of the message that follows


def command(module: str) -> tuple[str, ...]:
    """Return the command that starts one of our modules in its own process."""
    return sys.executable, "-m", module


def started(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start a child that reads from its standard input and answers on its standard output."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        # one thread is enough, and each one reserves memory
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a decoder's message may quote untrusted input
    )


def confine(memory: int, *, polite: int = POLITE) -> None:
    """Keep this process from writing files, and from taking more than `memory` bytes on top.

    `polite`, 0 to 19, is the niceness: the higher, the more other processes come first.
    """
    if resource:
        os.nice(polite)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_size() + memory,) * 2)


def limit_time(seconds: float) -> None:
    """Have the system end this process after `seconds` more of processor time.

    The server also has a timeout, but a killed server cannot enforce it.
    """
    if resource:
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime + seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _size() -> int:
    """Return the size of this process's address space, in bytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # not Linux, where the limit would not be enforced anyway
        return 2**32
    return pages * resource.getpagesize()


def send(pipe: IO[bytes], data: bytes) -> None:
    """Write a message, with its length in front."""
    pipe.write(_HEAD.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Return the next message, or raise EOFError if it is missing or incomplete."""
    head = pipe.read(_HEAD.size)
    if len(head) == _HEAD.size:
        (length,) = _HEAD.unpack(head)
        data = pipe.read(length)
        if len(data) == length:
            return data
    raise EOFError
