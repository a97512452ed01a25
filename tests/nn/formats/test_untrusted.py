"""What a file may try: it makes us run, write or open nothing, and its claims cost nothing."""

import io
import json
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from cnnviz.nn import ModelError, Sequential, load_model, read_model
from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.nn.formats.sandbox import read_apart
from cnnviz.resources import ROOT
from tests.nn.formats.npz_files import npz


class Calls:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def torch_zip(pickled, method=zipfile.ZIP_STORED, **members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("archive/data.pkl", pickled)
        for name, data in members.items():
            archive.writestr(f"archive/data/{name}", data)
    return file.getvalue()


@pytest.mark.parametrize("function", [eval, exec, Path.touch, getattr])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_that_calls_anything_calls_nothing(function, zipped, tmp_path):
    mark = tmp_path / "mark"
    text = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    arguments = {eval: (text,), exec: (text,), Path.touch: (mark,), getattr: (mark, "touch")}[
        function
    ]
    pickled = pickle.dumps({"weight": Calls(function, *arguments)}, protocol=2)
    with pytest.raises(ModelError, match="nothing in a file is run here"):
        load_model(torch_zip(pickled) if zipped else pickled)
    assert not mark.exists()


def test_lists_that_hold_one_another_twice_are_not_written_out():
    lists = []
    for _ in range(40):
        lists = [lists, lists]  # 2 ** 40, if each were a list of its own
    system = {"little_endian": True}
    saved = 0x1950A86A20F9469CFC6C, 1001, system, {"weight": lists}, []
    with pytest.raises(ModelError):
        load_model(b"".join(pickle.dumps(each, 2) for each in saved))


def test_a_tensor_that_reaches_beyond_its_numbers_is_refused():
    text = (
        b"\x80\x02}X\x06\x00\x00\x00weightctorch._utils\n_rebuild_tensor_v2\n("
        b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x04t"
        b"QK\x00K\x64K\x64\x86K\x64K\x01\x86\x89NtRs."
    )
    with pytest.raises(ModelError, match="reaches beyond its numbers"):
        load_model(torch_zip(text, **{"0": bytes(16)}))


def test_a_zip_that_grows_beyond_measure_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(300 * 2**20))
    with pytest.raises(ModelError, match="claims to hold 300 MB"):
        load_model(file.getvalue())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", bytes(17 * 2**20))
    with pytest.raises(ModelError, match="more than 16 MB"):
        load_model(file.getvalue())


def test_an_hdf5_file_that_points_to_another_is_refused(tmp_path):
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as other:
        other["kernel"] = np.ones(3)
    for link in (h5py.ExternalLink(str(secret), "/kernel"), h5py.SoftLink("/model_weights")):
        file = io.BytesIO()
        with h5py.File(file, "w") as made:
            made.attrs["model_config"] = json.dumps(
                {"class_name": "Sequential", "config": {"layers": []}}
            )
            made.create_group("model_weights")["link"] = link
        with pytest.raises(ModelError, match="points to other files"):
            load_model(file.getvalue())


def test_a_safetensors_file_whose_shapes_lie_is_refused():
    head = json.dumps({"w": {"dtype": "F32", "shape": [10**9], "data_offsets": [0, 8]}}).encode()
    with pytest.raises(ModelError, match="safetensors file is damaged"):
        load_model(len(head).to_bytes(8, "little") + head + bytes(8))


def test_a_lambda_layer_is_named_and_not_run():
    told = {"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [None, 8, 8, 1], "name": "i"}},
        {"class_name": "ReLU", "config": {"name": "r"}},
        {"class_name": "Lambda", "config": {"name": "l", "function": "4wEAAAA="}},
    ]}}  # fmt: skip
    file = io.BytesIO()
    with h5py.File(file, "w") as made:
        made.attrs["model_config"] = json.dumps(told)
    assert read_model(file.getvalue()).notes == (
        "Shown up to here: the app does not support Lambda (1).",
    )


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (["__MACOSX/._net.onnx", "net.onnx", "net.onnx.data"], "holds 'net.onnx': unpack it"),
        (["a/weights.pth", "a/readme.txt"], "holds 'weights.pth': unpack it"),
        (["e/archive_format", "e/models/model.json"], "program of torch.export.*as ONNX"),
        (["serialized_exported_program.json"], "program of torch.export.*as ONNX"),
        (["m/saved_model.pb", "m/variables/variables.index"], "Save the model as .keras"),
        (["photo.jpg"], "this zip archive holds no network"),
    ],
)
def test_an_archive_that_cannot_be_read_says_what_to_do_with_it(members, said):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member in members:
            archive.writestr(member, b"1")
    with pytest.raises(ModelError, match=said):
        load_model(file.getvalue())


def test_too_large_a_file_is_not_read():
    with pytest.raises(ModelError, match="at most 64 MB"):
        load_model(bytes(64 * 2**20), external={"more": bytes(1)})


@pytest.mark.parametrize("given", [None, 7, "network.onnx", Path("network.onnx"), [1, 2]])
def test_data_other_than_bytes_is_refused_with_its_type(given):
    kind = type(given).__name__
    for read in load_model, read_model, read_apart:
        with pytest.raises(TypeError, match=f"data must be the bytes of a file.*, got {kind}"):
            read(given)
        with pytest.raises(TypeError, match=rf"external\['w'\] must be the bytes.*, got {kind}"):
            read(b"12", external={"w": given})


def test_an_open_file_is_not_taken_for_bytes():
    with pytest.raises(TypeError, match=r"data must be the bytes of a file.*, got BytesIO"):
        load_model(io.BytesIO(b"12"))


@pytest.mark.parametrize("given", [b"12", ["w"], 7])
def test_companion_files_need_names(given):
    with pytest.raises(
        TypeError, match=f"external must be a mapping.*, got {type(given).__name__}"
    ):
        load_model(b"12", external=given)


def test_a_view_is_as_large_as_its_bytes_and_not_as_it_is_long():
    with pytest.raises(ModelError, match=r"has 64\.1 MB; at most 64 MB"):
        load_model(memoryview(np.zeros(MAX_FILE // 8 + 1)))


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ({"size": "ab"}, TypeError, "size must be a whole number, got 'ab'"),
        ({"size": (1, 2, 3)}, ValueError, "size must be one number or two, got 3"),
        ({"size": (0, 5)}, ValueError, "size must be at least 1, got 0"),
        ({"onto": "digits"}, TypeError, "onto must be a Sequential, got str"),
    ],
)
def test_the_other_arguments_are_checked(settings, error, said):
    with pytest.raises(error, match=said):
        load_model(b"12", **settings)


@pytest.mark.parametrize("given", [None, 7, b"12", bytearray(b"12"), [1, 2]])
def test_a_network_of_ours_is_loaded_from_a_path_or_an_open_file(given):
    said = f"from a path or from an open file, not from {type(given).__name__}"
    with pytest.raises(TypeError, match=said):
        Sequential.load(given)


MEASURED = """
import sys
from cnnviz.nn import ModelError, load_model
from cnnviz.nn.formats import npz_reader, pytorch_reader
from tests.memory import peak
data = sys.stdin.buffer.read()
before = peak()
try:
    load_model(data)
except ModelError as error:
    print(error)
    print(peak() - before)
"""


def refusal(data):
    """Return the message about a file, and the megabytes that reading it took."""
    command = (sys.executable, "-c", MEASURED)
    child = subprocess.run(command, input=data, capture_output=True, cwd=ROOT, timeout=60)
    sentence, megabytes = child.stdout.decode().splitlines()
    return sentence, float(megabytes)


def of_ours(layers, input_shape=None):
    text = json.dumps({"input_shape": input_shape, "classes": [], "layers": layers})
    return npz(network=np.frombuffer(text.encode(), np.uint8))


def inside(*layers):
    return ["Residual", {"branch": [{"layer": layer} for layer in layers]}]


NORM = ["BatchNorm2d", {"num_features": 2**28}]
POOL = ["MaxPool2d", {"kernel_size": 1, "stride": 1}]
WIDER = ["ConvTranspose2d",
         {"in_channels": 1, "out_channels": 1, "kernel_size": 1, "stride": 32}]  # fmt: skip


@pytest.mark.parametrize(
    ("layers", "input_shape", "words"),
    [
        ([NORM], None, "Missing: 0.bias, 0.weight."),
        ([inside(NORM)], None, "Missing: 0.0.0.bias, 0.0.0.weight."),
        ([POOL], [1, 2**28, 1], "takes maps of shape"),
        ([POOL], [1, 2**24, 1], "65,536 cells a side"),
        ([inside(*[WIDER] * 5, POOL)], [1, 8, 1], "65,536 cells a side"),
    ],
)
def test_layers_that_claim_gigabytes_take_no_memory(layers, input_shape, words):
    sentence, megabytes = refusal(of_ours(layers, input_shape))
    assert words in sentence
    assert megabytes < 50


def test_a_zip_that_claims_less_than_it_unpacks_to_takes_no_memory():
    data = bytearray(torch_zip(bytes(200 * 2**20), method=zipfile.ZIP_DEFLATED))
    for mark, place in (b"PK\x03\x04", 22), (b"PK\x01\x02", 24):
        at = data.index(mark) + place
        data[at : at + 4] = b"\x64\0\0\0"
    sentence, megabytes = refusal(bytes(data))
    assert "damaged" in sentence
    assert megabytes < 50


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("put", [b"r\xff\xff\xff\x07", b"p134217727\n"])
def test_a_pickle_that_counts_to_134_million_takes_no_memory(put, zipped):
    pickled = b"\x80\x02K\x00" + put + b"."
    sentence, megabytes = refusal(torch_zip(pickled) if zipped else pickled)
    assert sentence.endswith("step 2 of a pickle counts as object 134217727.")
    assert megabytes < 50


def test_a_pickle_of_more_than_a_million_steps_is_refused():
    with pytest.raises(ModelError, match="of more than 1,048,576 steps"):
        load_model(b"\x80\x02" + b"N0" * 2**20 + b".")
