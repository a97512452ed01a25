"""Read damaged copies of a file, one after the other, and print a line about each.

Run as `python -m tests.nn.formats.damage FIRST`, with the file as standard input. HDF5 may crash on
a damaged file, so this is a separate process, confined like the app's; the test that reads the
lines restarts it after the copy that crashed it.
"""

import io
import json
import sys
import time
import warnings
import zipfile

import numpy as np

from cnnviz.nn import ModelError, read_model
from cnnviz.nn.formats import sandbox
from tests.memory import peak
from tests.thorough import THOROUGH

COPIES = 500 if THOROUGH else 120


def damaged(good, number):
    """Return copy `number`: some bytes changed, the end cut off, or a stretch of noise.

    In an archive, every other copy has one damaged member with a correct checksum.
    """
    rng = np.random.default_rng([len(good), number])
    if good[:2] != b"PK" or number % 2:
        return _damaged(good, rng)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(made, "w") as new:
        names = old.namelist()
        chosen = rng.choice(names)
        for name in names:
            data = old.read(name)
            new.writestr(name, _damaged(data, rng) if name == chosen and data else data)
    return made.getvalue()


def _damaged(good, rng):
    data = bytearray(good)
    match rng.integers(3):
        case 0:
            for at in rng.integers(len(data), size=rng.integers(1, 20)):
                data[at] = rng.integers(256)
        case 1:
            del data[rng.integers(len(data)) :]
        case 2:
            start, length = rng.integers(len(data)), rng.integers(1, 200)
            data[start : start + length] = rng.bytes(length)
    return bytes(data)


def outcome(data):
    """Read a file and run its network; return "refused" or "opened"."""
    try:
        network = read_model(data).network
    except ModelError:
        return "refused"
    with np.errstate(all="ignore"):
        network.forward(np.zeros((1, *network.input_shape), np.float32))
    return "opened"


def main():
    first, good = int(sys.argv[1]), sys.stdin.buffer.read()
    outcome(good)  # load the libraries first: their memory is not the file's fault
    sandbox.limits(len(good))
    before = peak()
    warnings.simplefilter("error")
    for number in range(first, COPIES):
        print(json.dumps({"copy": number}), flush=True)
        start = time.process_time()
        told = {"became": outcome(damaged(good, number)), "seconds": time.process_time() - start}
        print(json.dumps({**told, "megabytes": peak() - before}), flush=True)


if __name__ == "__main__":
    main()
