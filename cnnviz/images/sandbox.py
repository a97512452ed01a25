"""Read an untrusted picture in a separate process, which can be stopped.

Decoders are C code: a thread that hangs in one can never be ended, and a crash takes the server
down. Here either costs only a child process, which is killed when a picture takes too long; it
cannot write to disk, or use more memory than the worst valid picture needs. The child starts with
the first picture, in 0.2 s, takes 35 MB, adds 1 ms a picture, and is reused.
"""

import atexit
import json
import sys
import threading
import time
from contextlib import suppress
from typing import BinaryIO, cast

import numpy as np

from cnnviz.confined import command, confine, limit_time, receive, send, started
from cnnviz.images.loading import Picture, PictureError, load_picture, turn

__all__ = ["TIME_LIMIT", "read_picture"]

TIME_LIMIT = 8.0  # seconds; the worst valid picture takes one
MEMORY_LIMIT = 768 * 2**20  # bytes; the worst valid picture takes 330 MB
# Niceness: only just below the pages, as a class waits for its photos. Beside a busy server and two
# other readers, a photo of 12 megapixels took 1.1 s with 0, 2.0 s with 2 and 3.1 s with 5.
POLITE = 1
SLOW = "This picture takes too long to read; save it again as an ordinary JPEG."
CRASHED = "This picture cannot be read; save it again as PNG or JPEG."

COMMAND = command("cnnviz.images.sandbox")

_idle: list["Reader"] = []


def read_picture(data: bytes, name: str = "") -> Picture:
    """Call `load_picture` in another process; at most two at once.

    Raises
    ------
    PictureError
        As for `load_picture`, and when the picture takes more than `TIME_LIMIT` seconds or crashes
        the process. The message is a sentence for the user.

    >>> from cnnviz.images.picture import encode_png
    >>> read_picture(encode_png(np.eye(3, dtype=np.uint8)), "eye").pixels[..., 0]
    array([[1, 0, 0],
           [0, 1, 0],
           [0, 0, 1]], dtype=uint8)
    """
    with turn():
        reader = _ready()
        try:
            return reader.read(data, name)
        finally:
            if reader.alive:
                _idle.append(reader)


def _ready() -> "Reader":
    """Return an idle process that the system has not ended meanwhile, or a new one."""
    with suppress(IndexError):  # none is left
        while True:
            reader = _idle.pop()
            if reader.alive:
                return reader
            reader.stop()
    return Reader()


class Reader:
    """A child process that reads one picture after the other."""

    def __init__(self) -> None:
        self.process = started(COMMAND)
        self._to, self._from = (
            cast(BinaryIO, self.process.stdin),
            cast(BinaryIO, self.process.stdout),
        )
        # On a busy machine it takes seconds to start, which is not the fault of a picture.
        with suppress(EOFError):  # a process that has not started cannot read a picture
            receive(self._from)

    @property
    def alive(self) -> bool:
        """Whether it can read another picture."""
        return self.process.poll() is None

    def read(self, data: bytes, name: str) -> Picture:
        """Return the picture, or raise PictureError; after that the process may be dead."""
        end = time.monotonic() + TIME_LIMIT
        late = threading.Timer(TIME_LIMIT, self.process.kill)
        late.start()
        try:
            send(self._to, data)
            answer = json.loads(receive(self._from))
            if "error" in answer:
                raise PictureError(answer["error"])
            pixels = np.frombuffer(receive(self._from), np.uint8)
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
        with suppress(OSError):  # unread input
            self._to.close()


@atexit.register
def stop_idle() -> None:
    """End the idle processes."""
    while _idle:
        _idle.pop().stop()


def main() -> None:
    """Read pictures from the standard input until it ends."""
    confine(MEMORY_LIMIT, polite=POLITE)
    pictures, answers = sys.stdin.buffer, sys.stdout.buffer
    send(answers, b"")  # it has started
    while True:
        try:
            data = receive(pictures)
        except EOFError:
            return
        limit_time(TIME_LIMIT)
        try:
            picture = load_picture(data)
        except PictureError as error:
            send(answers, json.dumps({"error": str(error)}).encode())
        else:
            head = {"shape": picture.pixels.shape, "size": picture.original_size}
            send(answers, json.dumps(head).encode())
            send(answers, picture.pixels.tobytes())


if __name__ == "__main__":
    main()
