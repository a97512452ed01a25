"""PyTorch's weight files: pickles, read by an unpickler that knows tensors and nothing else.

A pickle is a program that may call anything. Here it may make dictionaries, lists, numbers, text
and tensors; any other name is an error, raised before anything is called.
"""

import io
import pickle
import pickletools
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, Literal
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.checks import megabytes
from cnnviz.nn.formats.errors import ModelError

__all__ = ["unpickled"]

MAGIC = 0x1950A86A20F9469CFC6C  # begins files from before PyTorch 1.6
MAX_BYTES = 256 * 2**20  # for all numbers together
MAX_STEPS = 2**20  # steps of one pickle; a tensor takes about 40
KINDS = {
    "FloatStorage": "f4", "DoubleStorage": "f8", "HalfStorage": "f2", "BFloat16Storage": "bf16",
    "LongStorage": "i8", "IntStorage": "i4", "ShortStorage": "i2", "CharStorage": "i1",
    "ByteStorage": "u1", "BoolStorage": "?",
}  # fmt: skip
TYPES = {
    "float32": "f4", "float64": "f8", "float16": "f2", "bfloat16": "bf16", "int64": "i8",
    "int32": "i4", "int16": "i2", "int8": "i1", "uint8": "u1", "bool": "?",
}  # fmt: skip


@dataclass
class Storage:
    """A row of numbers that tensors are views of."""

    kind: str
    numbers: NDArray[Any]


def unpickled(data: bytes) -> Any:  # whatever was saved
    """Return what `torch.save` wrote: dictionaries, lists and numbers, with arrays for tensors.

    Raises
    ------
    ModelError
        If the file is damaged, or asks for anything but tensors.
    """
    try:
        return _zipped(data) if data[:2] == b"PK" else _legacy(data)
    except ModelError:
        raise
    except Exception:  # a damaged pickle can raise anything
        raise ModelError("This PyTorch file is damaged, or its end is missing.") from None


def _zipped(data: bytes) -> Any:
    with ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if any("/code/" in name for name in names):
            raise ModelError(
                "This is a TorchScript program, which would have to be run. Export the model as "
                "ONNX, or save its state_dict()."
            )
        _check_size(sum(member.file_size for member in archive.infolist()))
        main = next(name for name in names if name.rsplit("/", 1)[-1] == "data.pkl")
        folder = main.removesuffix("data.pkl")
        order = f"{folder}byteorder"

        def read(name: str) -> bytes:
            """Return a member, of which only as much is unpacked as it claims to hold."""
            with archive.open(name) as member:
                return member.read(archive.getinfo(name).file_size)

        big = order in names and read(order).strip() == b"big"

        def storage(kind: str, key: str, count: int) -> Storage:
            return _storage(kind, read(f"{folder}data/{key}"), count, big)

        return _loaded(io.BytesIO(read(main)), storage)


def _legacy(data: bytes) -> Any:
    """Read five pickles, and then the numbers of each storage."""
    stream, found = io.BytesIO(data), dict[str, Storage]()

    def storage(kind: str, key: str, count: int) -> Storage:
        _check_size(count * 8)
        return found.setdefault(key, Storage(kind, np.empty(0)))

    def load() -> Any:
        return _loaded(stream, storage)

    first = load()
    if first != MAGIC:
        raise ModelError("This is a pickle, but not a file of PyTorch weights.")
    _version, system, made = load(), load(), load()
    big = not system.get("little_endian", True)
    for key in load():
        (count,) = np.frombuffer(stream.read(8), "<i8")
        kind = found[key].kind
        size = 2 if kind == "bf16" else np.dtype(kind).itemsize
        raw = stream.read(int(count) * size)
        found[key].numbers = _storage(kind, raw, int(count), big).numbers
    return _resolved(made)


def _storage(kind: str, raw: bytes, count: int, big: bool) -> Storage:
    size = 2 if kind == "bf16" else np.dtype(kind).itemsize
    if len(raw) < count * size or count < 0:
        raise ModelError(f"A weight needs {count * size} bytes, and {len(raw)} are there.")
    order: Literal[">", "<"] = ">" if big else "<"
    if kind == "bf16":
        halves = np.frombuffer(raw, f"{order}u2", count).astype(np.uint32)
        return Storage(kind, (halves << 16).view(np.float32))
    return Storage(kind, np.frombuffer(raw, np.dtype(kind).newbyteorder(order), count))


@dataclass
class _Later:
    """A tensor whose storage may not have been read yet."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self) -> NDArray[Any]:
        numbers = self.storage.numbers
        last = self.offset + sum(
            (n - 1) * s for n, s in zip(self.shape, self.strides, strict=True) if n
        )
        low = min((*self.shape, *self.strides, self.offset, 0))
        if prod(self.shape) and (low < 0 or last >= len(numbers)):
            raise ModelError(f"A weight of shape {self.shape} reaches beyond its numbers.")
        _check_size(prod(self.shape) * numbers.itemsize)
        steps = tuple(step * numbers.itemsize for step in self.strides)
        view = np.lib.stride_tricks.as_strided(
            numbers[self.offset :], self.shape, steps, writeable=False
        )
        return np.array(view)


def _loaded(stream: io.BytesIO, storage: Callable[[str, str, int], Storage]) -> Any:
    """Return what the next pickle of a stream makes, after checking its steps without running them.

    A pickle numbers the objects that it will need again, and the unpickler's list of them is as
    long as the highest number, which the file chooses: ten bytes would take gigabytes.
    """
    start = stream.tell()
    for step, (code, argument, _) in enumerate(pickletools.genops(stream)):
        if step > MAX_STEPS:
            raise ModelError(f"This PyTorch file has pickles of more than {MAX_STEPS:,} steps.")
        if code.name in ("PUT", "BINPUT", "LONG_BINPUT") and (argument or 0) > step:
            raise ModelError(f"This PyTorch file is damaged: step {step} of a pickle counts as "
                             f"object {argument}.")  # fmt: skip
    stream.seek(start)
    return _Unpickler(stream, storage).load()


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, storage: Callable[[str, str, int], Storage]) -> None:
        super().__init__(file, encoding="latin-1")
        self._storage = storage

    def find_class(self, module: str, name: str) -> Any:
        if module == "collections" and name == "OrderedDict":
            return OrderedDict
        if module == "torch" and name == "Size":
            return tuple
        if module in ("torch", "torch.storage") and name in KINDS:
            return KINDS[name]
        if module == "torch" and name in TYPES:
            return TYPES[name]
        if module == "torch._utils" and name in TENSORS:
            return TENSORS[name]
        whole = (
            "" if module.startswith(("torch", "numpy")) else " It holds a whole model, not weights."
        )
        raise ModelError(
            f"This file asks to run {f'{module}.{name}'[:80]!r}, and nothing in a file is run here."
            f"{whole} Save the model's state_dict(), or export it as ONNX."
        )

    def persistent_load(self, pid: Any) -> Storage:
        word, kind, key, _place, count, *_ = pid
        if word != "storage" or not isinstance(kind, str):
            raise ModelError("This PyTorch file holds something that is not a tensor.")
        return self._storage(kind, str(key), int(count))


def _tensor(storage: Storage, offset: int, shape: Any, strides: Any, *_: Any) -> Any:
    later = _Later(storage, int(offset), tuple(map(int, shape)), tuple(map(int, strides)))
    return later.array() if len(storage.numbers) else later


def _parameter(tensor: Any, *_: Any) -> Any:
    return tensor


TENSORS = {
    "_rebuild_tensor_v2": _tensor,
    "_rebuild_tensor": _tensor,
    "_rebuild_parameter": _parameter,
}


def _resolved(made: Any) -> Any:
    """Return what was saved, with arrays in place of the tensors that had to wait for storage.

    An object that is saved once and referred to several times stays one object: otherwise forty
    lists, each of which holds the next one twice, would become a million million.
    """
    found: dict[int, Any] = {}

    def resolved(one: Any, depth: int) -> Any:
        if depth > 50:
            raise ModelError("This PyTorch file is nested too deeply.")
        if not isinstance(one, _Later | dict | list | tuple):
            return one
        if id(one) in found:
            return found[id(one)]
        new: Any
        if isinstance(one, _Later):
            new = one.array()
        elif isinstance(one, dict):
            new = {key: resolved(value, depth + 1) for key, value in one.items()}
        else:
            new = [resolved(value, depth + 1) for value in one]
        found[id(one)] = new
        return new

    return resolved(made, 0)


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise ModelError(
            f"The file claims to hold {megabytes(size)}; at most {megabytes(MAX_BYTES)} are read."
        )
