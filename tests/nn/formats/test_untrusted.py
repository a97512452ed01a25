"""What a file may try: nothing in it is run, written or opened, and its claims cost nothing."""

import io
import json
import pickle
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from cnnviz.nn import ModelError, load_model, read_model


class Calls:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def torch_zip(pickled, **members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
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
        "Shown up to here: not known here are Lambda (1).",
    )


def test_too_large_a_file_is_not_read():
    with pytest.raises(ModelError, match="at most 64 MB"):
        load_model(bytes(64 * 2**20), external={"more": bytes(1)})
