"""Read a network from a file; its format is found by content."""

from collections.abc import Callable, Mapping
from importlib import import_module
from io import BytesIO
from typing import TypeAlias
from zipfile import BadZipFile, ZipFile

import numpy as np

from cnnviz.functional.checks import megabytes
from cnnviz.nn.formats.archive import check_members, check_packing
from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.model import Model, Wanted

__all__ = ["MAX_FILE", "Bytes", "check_size", "checked_files", "format_of", "read_model"]

MAX_FILE = 64 * 2**20  # bytes, for all parts together
KNOWN = "ONNX, Keras (.keras, .h5), TensorFlow.js (zip), PyTorch weights, safetensors, or our npz"
# The member that identifies each zip-based format; the first match decides.
ZIPPED = (
    ("network.npy", "npz"),
    ("config.json", "keras"),
    ("model.json", "tfjs"),
    ("data.pkl", "pytorch"),
)
# Members of archives that hold programs, and what to do about them.
EXPORTED = (
    "This is a program of torch.export, which would have to be run. Export the model as ONNX, or "
    "save its state_dict()."
)
PROGRAMS = {
    "archive_format": EXPORTED,
    "serialized_exported_program.json": EXPORTED,
    "saved_model.pb": "This is a SavedModel of TensorFlow, a program that would have to be run. "
    "Save the model as .keras or .h5, or export it as ONNX.",
}
PACKED = (".onnx", ".keras", ".h5", ".pt", ".pth", ".safetensors", ".npz")
Reader = Callable[[bytes, Mapping[str, bytes], Wanted], Model]
Bytes: TypeAlias = bytes | bytearray | memoryview


def read_model(
    data: Bytes,
    name: str = "",
    *,
    external: Mapping[str, Bytes] | None = None,
    wanted: Wanted | None = None,
) -> Model:
    """Return the network in a file, with notes about it, read in this process.

    Parameters and errors are those of `load_model`.
    """
    data, beside = checked_files(data, external)
    kind = format_of(data)
    # A format's library is imported with its first file.
    read: Reader = import_module(f"cnnviz.nn.formats.{kind}_reader").read
    try:
        with np.errstate(all="ignore"):  # the notes mention weights that are not finite
            return read(data, beside, wanted or Wanted())
    except ModelError:
        raise
    except MemoryError:
        raise ModelError("The network needs more memory than is available here.") from None
    except ValueError as error:  # a message from a layer
        raise ModelError(str(error)) from None


def checked_files(
    data: Bytes, external: Mapping[str, Bytes] | None
) -> tuple[bytes, dict[str, bytes]]:
    """Return a file and those beside it as bytes, or say what was passed instead.

    A string is not treated as a path: untrusted input must not open files here.

    >>> checked_files(bytearray(b"12"), {"more": memoryview(b"3")})
    (b'12', {'more': b'3'})
    """
    if external is not None and not isinstance(external, Mapping):
        raise TypeError(
            f"external must be a mapping from names to bytes, got {type(external).__name__}."
        )
    beside = {name: _plain(file, f"external[{name!r}]") for name, file in (external or {}).items()}
    data = _plain(data, "data")
    check_size(data, *beside.values())
    return data, beside


def _plain(file: Bytes, name: str) -> bytes:
    if not isinstance(file, bytes | bytearray | memoryview):
        raise TypeError(
            f"{name} must be the bytes of a file, as Path(…).read_bytes() returns them, got "
            f"{type(file).__name__}."
        )
    return bytes(file)


def check_size(*files: bytes) -> None:
    """Refuse files that are too large in total."""
    size = sum(map(len, files))
    if size > MAX_FILE:
        raise ModelError(f"The file has {megabytes(size)}; at most {megabytes(MAX_FILE)} are read.")


def format_of(data: bytes) -> str:
    r"""Return the format of a file: "npz", "keras", "tfjs", "pytorch", "safetensors" or "onnx".

    >>> format_of(b"\x89HDF\r\n\x1a\n")
    'keras'
    """
    if not data:
        raise ModelError("The file is empty.")
    if data[:4] == b"PK\x03\x04":
        return _zipped(data)
    if data[:8] == b"\x89HDF\r\n\x1a\n":
        return "keras"
    # Before PyTorch: a header of 640 bytes begins like a pickle.
    if data[8:9] == b"{" and int.from_bytes(data[:8], "little") <= len(data):
        return "safetensors"
    if data[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        return "pytorch"
    if data[:1] in (b"{", b"["):
        raise ModelError(
            "This is JSON without weights; put model.json and its .bin files in a zip."
        )
    if data[:1] in (b"\x08", b"\x12", b"\x1a", b"\x22", b":", b"B"):  # fields of an ONNX model
        return "onnx"
    raise ModelError(f"Choose {KNOWN}: this is not a network file that can be read here.")


def _zipped(data: bytes) -> str:
    check_members(data)
    try:
        with ZipFile(BytesIO(data)) as archive:
            check_packing(archive)
            names = {name.rsplit("/", 1)[-1] for name in archive.namelist()}
    except ModelError:
        raise
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        raise ModelError("This zip archive is damaged.") from None
    if program := next((said for member, said in PROGRAMS.items() if member in names), ""):
        raise ModelError(program)
    found = next((kind for member, kind in ZIPPED if member in names), "")
    if not found and (packed := next((each for each in sorted(names) if _is_packed(each)), "")):
        raise ModelError(f"This zip archive holds {packed!r:.60}: unpack it, and open that file.")
    if not found:
        raise ModelError(
            f"Choose {KNOWN}: this zip archive holds no network that can be read here."
        )
    return found


def _is_packed(name: str) -> bool:
    return name.endswith(PACKED) and not name.startswith("._")  # as a Mac adds beside each file
