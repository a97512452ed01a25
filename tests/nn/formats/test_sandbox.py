import io
import struct
import subprocess
import sys

import h5py
import numpy as np
import pytest

from cnnviz.confined import send
from cnnviz.nn import ModelError, load_model, read_model
from cnnviz.nn.formats import sandbox
from cnnviz.nn.formats.read_model import MAX_FILE
from tests.nn.formats.test_fixtures import FOLDER, read


@pytest.mark.parametrize("file", ["residual.new.onnx", "keras_row.keras"])
def test_reading_in_another_process_gives_the_same_network(file):
    beside = FOLDER / f"{file}.data"
    external = {beside.name: beside.read_bytes()} if beside.exists() else {}
    apart, here = sandbox.read_apart((FOLDER / file).read_bytes(), external), read(file)
    assert {**vars(apart), "network": None} == {**vars(here), "network": None}
    assert apart.network.names == here.network.names
    x = np.ones((1, *here.network.input_shape), np.float32)
    np.testing.assert_array_equal(apart.network.forward(x), here.network.forward(x))


def test_a_refusal_comes_back_as_its_sentence():
    with pytest.raises(ModelError, match="not a network file"):
        sandbox.read_apart(b"GIF89a")


def test_too_large_a_file_starts_nothing(monkeypatch):
    monkeypatch.setattr(sandbox, "COMMAND", ("/no/such/program",))
    with pytest.raises(ModelError, match="at most 64 MB"):
        sandbox.read_apart(bytes(MAX_FILE + 1))


@pytest.mark.parametrize(
    ("code", "limit", "words"),
    [
        ("import time; time.sleep(60)", 1.0, "too long"),
        ("import os; os.abort()", 30.0, "damaged, or takes too much memory"),
    ],
)
def test_a_child_that_hangs_or_crashes_is_one_sentence(code, limit, words, monkeypatch):
    monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-c", code))
    monkeypatch.setattr(sandbox, "TIME_LIMIT", limit)
    with pytest.raises(ModelError, match=words):
        sandbox.read_apart(b"x")


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are kept by Linux")
def test_the_child_may_write_nothing_and_take_no_more_memory_than_it_is_given(tmp_path):
    code = f"""
import sys
from cnnviz.nn.formats import sandbox
def read_model(data, external, wanted):
    try:
        open({str(tmp_path / "mark")!r}, "wb").write(b"x" * 100000)
    except OSError:
        pass
    bytearray(3 * 2**30)
sandbox.read_model = read_model
sandbox.main()
"""
    child = subprocess.Popen((sys.executable, "-c", code), stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    send(child.stdin, b'{"names": [], "size": null, "layout": ""}')
    send(child.stdin, b"x")
    send(child.stdin, b"")
    _, told = child.communicate(timeout=60)
    assert b"MemoryError" in told
    assert (tmp_path / "mark").stat().st_size == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are kept by Linux")
def test_a_text_in_hdf5_that_claims_two_gigabytes_takes_no_more_than_a_file_of_its_size_may():
    good = (FOLDER / "keras_branches.h5").read_bytes()
    with h5py.File(io.BytesIO(good)) as file:
        length = len(file.attrs["model_config"].encode())
    at = good.index(struct.pack("<I", length))
    code = """
import sys
from cnnviz.nn import ModelError, read_model
from cnnviz.nn.formats import sandbox
from tests.memory import peak
data = sys.stdin.buffer.read()
sandbox.limits(len(data))
try:
    read_model(data)
except ModelError as error:
    print(error)
    print(peak())
"""
    data = good[:at] + struct.pack("<I", 2**31 - 1) + good[at + 4 :]
    child = subprocess.run((sys.executable, "-c", code), input=data, capture_output=True)
    sentence, megabytes = child.stdout.decode().splitlines()
    assert sentence == "This HDF5 file is damaged."
    assert float(megabytes) <= 500


def test_an_hdf5_file_is_opened_by_a_child_whoever_asks(monkeypatch):
    asked = []
    real = sandbox.read_apart
    monkeypatch.setattr(sandbox, "read_apart", lambda *given: asked.append(given) or real(*given))
    data = (FOLDER / "keras_row.h5").read_bytes()
    network = load_model(data, "keras_row.h5")
    assert [given[0] for given in asked] == [data]
    assert network.names == read_model(data).network.names


def test_a_damaged_hdf5_file_ends_no_more_than_the_child():
    data = bytearray((FOLDER / "keras_row.h5").read_bytes())
    for place in range(600, len(data), 97):
        data[place] ^= 0xFF
    with pytest.raises(ModelError):
        load_model(bytes(data))
