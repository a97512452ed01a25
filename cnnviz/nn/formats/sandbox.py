"""Read an untrusted model in a separate process, which can be stopped.

The parsers of HDF5 and of protocol buffers are C code: a hang, a crash or runaway memory costs one
child process, which cannot write to disk. It returns the network as one of our npz files, which is
checked like any other. Each file gets a new child, which starts in one to two seconds.
"""

import json
import sys
import threading
import time
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from cnnviz.confined import command, confine, limit_time, receive, send, started
from cnnviz.nn.formats import npz
from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.model import Model, Wanted
from cnnviz.nn.formats.read_model import Bytes, checked_files, read_model
from cnnviz.nn.network import Sequential

__all__ = ["TIME_LIMIT", "limits", "read_apart"]

TIME_LIMIT = 30.0  # seconds; 64 MB of ONNX take three on a slow machine
MEMORY = 256 * 2**20, 20  # bytes, and more per byte of the file: 64 MB in 8 bits take 700 MB
SLOW = "It takes too long to read."
CRASHED = "It cannot be read: it is damaged, or takes too much memory."
COMMAND = command("cnnviz.nn.formats.sandbox")
_turn = threading.BoundedSemaphore(2)


def read_apart(
    data: Bytes, external: Mapping[str, Bytes] | None = None, wanted: Wanted | None = None
) -> Model:
    """Call `read_model` in another process; at most two at once.

    Raises
    ------
    ModelError
        As for `read_model`, and when the file takes too long or crashes the process.
    """
    data, beside = checked_files(data, external)
    wanted = wanted or Wanted()
    told = {"names": [*beside], "size": wanted.size, "layout": wanted.layout}
    onto = BytesIO()
    if wanted.onto:
        npz.save(wanted.onto, onto, checked=False)
    with _turn:
        return _asked(told, [data, *beside.values(), onto.getvalue()])


def _asked(told: dict[str, Any], files: list[bytes]) -> Model:
    end = time.monotonic() + TIME_LIMIT
    child = started(COMMAND)
    late = threading.Timer(TIME_LIMIT, child.kill)
    late.start()
    assert child.stdin
    assert child.stdout
    try:
        send(child.stdin, json.dumps(told).encode())
        for file in files:
            send(child.stdin, file)
        answer = json.loads(receive(child.stdout))
        if "error" in answer:
            raise ModelError(answer["error"])
        network = _network(BytesIO(receive(child.stdout)))
        lists = {name: tuple(answer[name]) for name in ("notes", "layouts")}
        return Model(network, **{**answer, **lists})
    except ValueError as error:
        raise ModelError(str(error)) from None
    except (OSError, EOFError):
        raise ModelError(SLOW if time.monotonic() >= end else CRASHED) from None
    finally:
        late.cancel()
        child.kill()
        child.communicate()


def _network(file: BytesIO) -> Sequential:
    """Return the network that the other process has sent; its weights may be NaN or ∞."""
    layers, settings = npz.load(file, finite=False)
    return Sequential(layers, **settings)


def main() -> None:
    """Read one model from the standard input."""
    files, answers = sys.stdin.buffer, sys.stdout.buffer
    told = json.loads(receive(files))
    data = receive(files)
    external = {name: receive(files) for name in told["names"]}
    onto = receive(files)
    wanted = Wanted(
        tuple(told["size"]) if told["size"] else None,
        told["layout"],
        _network(BytesIO(onto)) if onto else None,
    )
    limits(sum(map(len, (data, *external.values()))))
    try:
        model = read_model(data, external=external, wanted=wanted)
        file = BytesIO()
        npz.save(model.network, file, checked=False)
    except ModelError as error:
        send(answers, json.dumps({"error": str(error)}).encode())
        return
    found = {key: value for key, value in vars(model).items() if key != "network"}
    send(answers, json.dumps(found).encode())
    send(answers, file.getvalue())


def limits(size: int) -> None:
    """Limit this process to the memory and time that files of `size` bytes need.

    HDF5 allocates what a damaged file claims to need: 2.4 GB for one of 48 kB.
    """
    plain, each = MEMORY
    confine(plain + each * size)
    limit_time(TIME_LIMIT + 5)  # the server has a timeout; if killed, it cannot enforce it


if __name__ == "__main__":
    main()
