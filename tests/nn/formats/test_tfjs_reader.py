import io
import json
import zipfile

import h5py
import numpy as np
import pytest

from cnnviz.nn import ModelError, read_model
from tests.nn.formats.test_fixtures import FOLDER


def archive(*, quantised=False, leave_out=(), **changes):
    """Return a fixture's model in the TensorFlow.js format, zipped in folders as people do."""
    entries, numbers = [], b""
    with h5py.File(FOLDER / "keras_row.h5") as file:
        config = json.loads(file.attrs["model_config"])

        def take(name, item):
            nonlocal numbers
            if isinstance(item, h5py.Dataset):
                values, entry = item[()], {"shape": item.shape, "dtype": "float32"}
                if quantised:
                    low, step = float(values.min()), float(np.ptp(values)) / 65535
                    entry["quantization"] = {"dtype": "uint16", "min": low, "scale": step or 1.0}
                    values = np.rint((values - low) / (step or 1.0)).astype("<u2")
                entries.append({"name": "/".join(name.split("/")[-2:]), **entry})
                numbers += values.tobytes()

        file["model_weights"].visititems(take)
    half = len(numbers) // 2
    told = {
        "format": "layers-model",
        "modelTopology": {"keras_version": "3.15.1", "model_config": config},
        "weightsManifest": [{"paths": ["a.bin", "b.bin"], "weights": entries}],
        **changes,
    }
    members = {
        "model.json": json.dumps(told), "a.bin": numbers[:half], "b.bin": numbers[half:],
        "metadata.json": json.dumps({"labels": ["one", "two", "three", "four", "five"]}),
    }  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in members.items():
            if name not in leave_out:
                made.writestr(f"model/{name}", data)
    return file.getvalue()


@pytest.mark.parametrize(("quantised", "tolerance"), [(False, 1e-5), (True, 1e-3)])
def test_an_archive_of_tensorflow_js_is_the_model_that_it_was_made_of(quantised, tolerance):
    model = read_model(archive(quantised=quantised))
    with np.load(FOLDER / "keras_row.npz") as kept:
        np.testing.assert_allclose(model.network.forward(kept["x"]), kept["y"], atol=tolerance)
    assert model.network.classes == ("one", "two", "three", "four", "five")
    assert (model.kind, model.scale, model.whole) == ("TensorFlow.js", "0–255", True)


def test_weights_that_were_forgotten_are_missed():
    with pytest.raises(ModelError, match=r"'b\.bin' are missing"):
        read_model(archive(leave_out=["b.bin"]))


def test_a_graph_model_is_told_from_the_layers_form():
    with pytest.raises(ModelError, match="graph model"):
        read_model(archive(format="graph-model"))


def test_shapes_beyond_the_numbers_are_refused():
    entry = {"name": "conv2d/kernel", "shape": [10**9], "dtype": "float32"}
    with pytest.raises(ModelError, match="reach beyond the end"):
        read_model(archive(weightsManifest=[{"paths": ["a.bin"], "weights": [entry]}]))
