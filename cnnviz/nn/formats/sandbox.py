"""Read an untrusted model in a process apart, which can be stopped.

The parsers of HDF5 and of protocol buffers are C code: what hangs, crashes or fills the memory
there costs one child process, which may write no byte. What it found comes back as an npz file of
ours, which is checked like any other. A child is started for each file, in one to two seconds.
"""

import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from cnnviz.nn.formats import npz
from cnnviz.nn.formats.door import check_size, read_model
from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.model import Model, Wanted
from cnnviz.nn.network import Sequential
from cnnviz.resources import ROOT

try:
    import resource
except ImportError:  # Windows: no limits but that of time
    resource = None  # type: ignore[assignment]

__all__ = ["TIME_LIMIT", "confine", "read_apart"]

TIME_LIMIT = 30.0  # seconds; 64 MB of ONNX take three on a slow machine
MEMORY = 256 * 2**20, 20  # bytes, and for each byte of the file: 64 MB in 8 bits take 700 MB
POLITE = 5  # a model may wait, a slider under a hand may not
SLOW = "It takes too long to read."
CRASHED = "It cannot be read: it is damaged, or takes too much memory."
COMMAND = (sys.executable, "-m", "cnnviz.nn.formats.sandbox")
_HEAD = struct.Struct("<Q")  # the length of what follows
_turn = threading.BoundedSemaphore(2)


def read_apart(
    data: bytes,
    name: str = "",
    external: Mapping[str, bytes] | None = None,
    wanted: Wanted | None = None,
) -> Model:
    """Do what `read_model` does, in another process; at most two at once.

    Raises
    ------
    ModelError
        As `read_model`, and when the file takes too long or ends the process.
    """
    external = dict(external or {})
    check_size(data, *external.values())
    wanted = wanted or Wanted()
    told = {"names": [name, *external], "size": wanted.size, "layout": wanted.layout}
    onto = BytesIO()
    if wanted.onto:
        wanted.onto.save(onto)
    with _turn:
        return _asked(told, [data, *external.values(), onto.getvalue()])


def _asked(told: dict[str, Any], files: list[bytes]) -> Model:
    end = time.monotonic() + TIME_LIMIT
    child = subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what a parser says may hold what the file says
    )
    late = threading.Timer(TIME_LIMIT, child.kill)
    late.start()
    assert child.stdin
    assert child.stdout
    try:
        _send(child.stdin, json.dumps(told).encode())
        for file in files:
            _send(child.stdin, file)
        answer = json.loads(_receive(child.stdout))
        if "error" in answer:
            raise ModelError(answer["error"])
        layers, settings = npz.load(BytesIO(_receive(child.stdout)), finite=False)
        lists = {name: tuple(answer[name]) for name in ("notes", "layouts")}
        return Model(Sequential(layers, **settings), **{**answer, **lists})
    except ValueError as error:
        raise ModelError(str(error)) from None
    except (OSError, EOFError):
        raise ModelError(SLOW if time.monotonic() >= end else CRASHED) from None
    finally:
        late.cancel()
        child.kill()
        child.communicate()


def main() -> None:
    """Read one model from the standard input."""
    files, answers = sys.stdin.buffer, sys.stdout.buffer
    told = json.loads(_receive(files))
    name, *names = told["names"]
    data = _receive(files)
    external = {each: _receive(files) for each in names}
    onto = _receive(files)
    wanted = Wanted(
        tuple(told["size"]) if told["size"] else None,
        told["layout"],
        Sequential.load(BytesIO(onto)) if onto else None,
    )
    confine(sum(map(len, (data, *external.values()))))
    try:
        model = read_model(data, name, external=external, wanted=wanted)
        file = BytesIO()
        model.network.save(file)
    except ModelError as error:
        _send(answers, json.dumps({"error": str(error)}).encode())
        return
    found = {key: value for key, value in vars(model).items() if key != "network"}
    _send(answers, json.dumps(found).encode())
    _send(answers, file.getvalue())


def confine(size: int) -> None:
    """Let this process write no byte, and take no more memory than files of `size` bytes need.

    HDF5 sets memory aside on the word of a damaged file: 2.4 GB for one of 48 kB.
    """
    if resource:
        os.nice(POLITE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        plain, each = MEMORY
        limit = _size() + plain + each * size
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        seconds = int(TIME_LIMIT) + 5  # the server stops a late child on the clock; killed, not
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def _size() -> int:
    """Return the address space that this process has taken so far, in bytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # not Linux; there the limit is not kept anyway
        return 2**32
    return pages * resource.getpagesize()


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_HEAD.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
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
