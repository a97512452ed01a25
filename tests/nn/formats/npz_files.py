"""Network files in our own format, whole or with parts that someone else has chosen."""

import io
import json
import zipfile

import numpy as np
import pytest

from cnnviz.nn import Sequential


class Trap:
    """An object whose pickle must not be read: reading it fails the test."""

    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


def saved(network):
    file = io.BytesIO()
    network.save(file)
    return file.getvalue()


def arrays_of(network):
    with np.load(io.BytesIO(saved(network))) as archive:
        return dict(archive)


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def header(shape):
    """Return the header of an array of that shape, before its numbers."""
    return np.lib.format.magic(1, 0) + (
        f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    ).encode().join([np.uint16(118).tobytes(), b""])


def packed(members):
    """Return an archive of these members, named without .npy."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return file.getvalue()


def as_npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def loaded(**arrays):
    return Sequential.load(io.BytesIO(npz(**arrays)))


def described(layers, input_shape=None):
    text = {"input_shape": input_shape, "classes": [], "layers": layers}
    return np.frombuffer(json.dumps(text).encode(), np.uint8)


def is_one_short_sentence(text):
    return text.isprintable() and text.endswith((".", "…")) and len(text) < 320
