"""Files from the peers' own exporters, with the peers' output for an input."""

from pathlib import Path

import numpy as np
import pytest

from cnnviz.nn import ModelError, read_model

FOLDER = Path(__file__).parent / "fixtures"
CASES = [
    ("residual.new.onnx", "residual"), ("residual.old.onnx", "residual"),
    ("branches.new.onnx", "branches"), ("branches.old.onnx", "branches"),
    ("activations.new.onnx", "activations"), ("activations.old.onnx", "activations"),
    ("plain.pt", "plain"), ("plain.old.pt", "plain"), ("plain.checkpoint.pt", "plain"),
    ("plain.safetensors", "plain"), ("keras_row.keras", "keras_row"), ("keras_row.h5", "keras_row"),
    ("keras_branches.keras", "keras_branches"), ("keras_branches.h5", "keras_branches"),
]  # fmt: skip


def read(name, kind=bytes):
    beside = FOLDER / f"{name}.data"
    external = {beside.name: kind(beside.read_bytes())} if beside.exists() else {}
    return read_model(kind((FOLDER / name).read_bytes()), name, external=external)


@pytest.mark.parametrize(("file", "name"), CASES, ids=[file for file, _ in CASES])
def test_exported_networks_give_the_same_outputs_as_the_exporting_library(file, name):
    model = read(file)
    with np.load(FOLDER / f"{name}.npz") as kept:
        np.testing.assert_allclose(
            model.network.forward(kept["x"]), kept["y"], rtol=1e-4, atol=1e-5
        )
    assert model.whole
    kept = [each.value for each in model.network.parameters().values()]
    for array in (*kept, *model.network.buffers().values()):
        assert array.flags.writeable  # or it could not be trained


@pytest.mark.parametrize("kind", [bytearray, memoryview])
@pytest.mark.parametrize("file", [file for file, _ in CASES])
def test_whatever_holds_the_bytes_of_a_file_is_read_alike(file, kind):
    here, there = (model.network.parameters() for model in (read(file), read(file, kind)))
    assert here.keys() == there.keys()
    for name, parameter in here.items():
        np.testing.assert_array_equal(parameter.value, there[name].value)


def test_weights_in_sixteen_bits_are_the_same_to_two_digits():
    with np.load(FOLDER / "plain.npz") as kept:
        made = read("plain.bfloat16.safetensors").network.forward(kept["x"])
        np.testing.assert_allclose(made, kept["y"], atol=1e-2)


def test_a_checkpoint_says_that_only_its_weights_were_taken():
    assert "The file is a training checkpoint" in read("plain.checkpoint.pt").notes[-1]
    assert "guessed from names and shapes" in read("plain.pt").notes[0]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("plain.whole.pt", r"asks to run 'torch\.nn\.modules\.container\.Sequential'"),
        ("plain.script.pt", "TorchScript program"),
    ],
)
def test_files_that_would_have_to_be_run_are_refused(file, words):
    with pytest.raises(ModelError, match=words):
        read(file)


def test_the_scale_of_the_input_is_guessed_from_what_stands_first():
    assert read("keras_row.keras").scale == "0–255"
    assert read("keras_branches.keras").scale == "0–1"
    assert read("keras_row.h5").channels_last
    assert not read("residual.old.onnx").channels_last
