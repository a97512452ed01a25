"""Many damaged copies of a file in each format: a message or a network, fast and small."""

import io
import json
import subprocess
import sys

import pytest

from cnnviz.nn import small_cnn
from cnnviz.resources import ROOT
from tests.nn.formats.damage import COPIES
from tests.nn.formats.test_fixtures import FOLDER
from tests.nn.formats.test_tfjs_reader import archive

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the limits are kept by Linux"),
]

FROZEN = [
    "branches.old.onnx", "plain.pt", "plain.old.pt", "plain.safetensors", "keras_row.keras",
    "keras_branches.h5",
]  # fmt: skip
HDF5 = ("keras_row.keras", "keras_branches.h5")
MOST_SECONDS = 5
MOST_MEGABYTES = 500


def npz():
    file = io.BytesIO()
    small_cnn((1, 8, 8), "abc").save(file)
    return file.getvalue()


def files():
    return {**{name: (FOLDER / name).read_bytes() for name in FROZEN}, "tfjs.zip": archive(),
            "ours.npz": npz()}  # fmt: skip


def lines_of(good, first):
    """Return the lines about the copies from `first` on, up to the last or to an HDF5 crash."""
    command = (sys.executable, "-m", "tests.nn.formats.damage", str(first))
    child = subprocess.run(command, input=good, capture_output=True, cwd=ROOT, timeout=300)
    return [json.loads(line) for line in child.stdout.splitlines()], child.stderr.decode()


@pytest.mark.parametrize("name", [*FROZEN, "tfjs.zip", "ours.npz"])
def test_damaged_copies_end_in_a_sentence_or_a_network(name):
    good, first, told, crashes = files()[name], 0, [], 0
    while first < COPIES:
        lines, errors = lines_of(good, first)
        assert lines, errors
        told += [line for line in lines if "became" in line]
        first = 1 + max(line["copy"] for line in lines if "copy" in line)
        if len(lines) % 2:  # the last copy crashed the reader: in the app, that gives a message
            assert name in HDF5, errors
            assert "Error" not in errors, errors
            crashes += 1
    assert len(told) + crashes == COPIES
    assert {line["became"] for line in told} == {"refused", "opened"}
    assert max(line["seconds"] for line in told) <= MOST_SECONDS
    assert max(line["megabytes"] for line in told) <= MOST_MEGABYTES
