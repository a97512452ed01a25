"""Read an untrusted picture in a separate process, which can be stopped.

A decoder is C code: a thread that hangs in it can never be ended, and one that crashes takes the
server down with it. Here either costs only a child process, which is killed when a picture takes
too long, and which may neither use more memory than the worst good picture needs nor write a byte.
The child starts with the first picture in 0.2 s, takes 35 MB, costs 1 ms a picture, and is reused.
"""

import atexit
import json
import os
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from cnnviz.images.loading import Picture, PictureError, load_picture, turn
from cnnviz.resources import ROOT

try:
    import resource
except ImportError:  # Windows: no limits but that of time
    resource = None  # type: ignore[assignment]

__all__ = ["TIME_LIMIT", "read_picture"]

TIME_LIMIT = 8.0  # seconds; the worst good picture takes one
MEMORY_LIMIT = 768 * 2**20  # bytes; the worst good picture takes 330 MB
POLITE = 5  # a picture can wait; a slider being dragged cannot
SLOW = "This picture takes too long to read; save it again as an ordinary JPEG."
CRASHED = "This picture cannot be read; save it again as PNG or JPEG."

COMMAND = (sys.executable, "-m", "cnnviz.images.sandbox")

_HEAD = struct.Struct("<Q")  # the length of what follows
_FOLDER = ROOT
_idle: list["Reader"] = []


def read_picture(data: bytes, name: str = "") -> Picture:
    """Do what `load_picture` does, in another process; at most two at once.

    Raises
    ------
    PictureError
        As `load_picture`, and when the picture takes more than `TIME_LIMIT` seconds or ends the
        process. Its text is a sentence for the user.

    >>> from cnnviz.images.picture import encode_png
    >>> read_picture(encode_png(np.eye(3, dtype=np.uint8)), "eye").pixels[..., 0]
    array([[1, 0, 0],
           [0, 1, 0],
           [0, 0, 1]], dtype=uint8)
    """
    with turn():
        reader = _idle.pop() if _idle else Reader()
        try:
            return reader.read(data, name)
        finally:
            if reader.alive:
                _idle.append(reader)


class Reader:
    """A child process that reads one picture after the other."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            COMMAND,
            cwd=_FOLDER,
            # one thread is enough, and each would reserve memory
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a decoder's message may quote untrusted input
        )
        self._to, self._from = (
            cast(BinaryIO, self.process.stdin),
            cast(BinaryIO, self.process.stdout),
        )

    @property
    def alive(self) -> bool:
        """Whether it can read another picture."""
        return self.process.poll() is None

    def read(self, data: bytes, name: str) -> Picture:
        """Return the picture, or raise PictureError, after which the process may be dead."""
        end = time.monotonic() + TIME_LIMIT
        late = threading.Timer(TIME_LIMIT, self.process.kill)
        late.start()
        try:
            _send(self._to, data)
            answer = json.loads(_receive(self._from))
            if "error" in answer:
                raise PictureError(answer["error"])
            pixels = np.frombuffer(_receive(self._from), np.uint8)
            return Picture.from_pixels(pixels.reshape(answer["shape"]), name, tuple(answer["size"]))
        except (OSError, EOFError):
            self.stop()
            raise PictureError(SLOW if time.monotonic() >= end else CRASHED) from None
        finally:
            late.cancel()

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        self._from.close()
        with suppress(OSError):  # what it has not read
            self._to.close()


@atexit.register
def stop_idle() -> None:
    """End the processes that wait for a picture."""
    while _idle:
        _idle.pop().stop()


def main() -> None:
    """Read pictures from the standard input until it ends."""
    if resource:
        os.nice(POLITE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_size() + MEMORY_LIMIT,) * 2)
    pictures, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            data = _receive(pictures)
        except EOFError:
            return
        _limit_time()
        try:
            picture = load_picture(data)
        except PictureError as error:
            _send(answers, json.dumps({"error": str(error)}).encode())
        else:
            head = {"shape": picture.pixels.shape, "size": picture.original_size}
            _send(answers, json.dumps(head).encode())
            _send(answers, picture.pixels.tobytes())


def _limit_time() -> None:
    """Make the system end this process when the next picture takes too long.

    The server also does so by the clock, but a killed server cannot.
    """
    if resource:
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime + TIME_LIMIT) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _size() -> int:
    """Return the address space that this process has taken so far, in bytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # not Linux, where the limit would not be enforced anyway
        return 2**32
    return pages * resource.getpagesize()


def _send(pipe: BinaryIO, data: bytes) -> None:
    pipe.write(_HEAD.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: BinaryIO) -> bytes:
    """Return the next piece, or raise EOFError where there is none or only a part of it."""
    head = pipe.read(_HEAD.size)
    if len(head) == _HEAD.size:
        (length,) = _HEAD.unpack(head)
        data = pipe.read(length)
        if len(data) == length:
            return data
    raise EOFError


if __name__ == "__main__":
    main()
