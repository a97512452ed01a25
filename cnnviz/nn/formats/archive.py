"""The arrays of an npz file, read without pickle and without trusting the file."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import prod
from pathlib import Path
from typing import IO, Any, BinaryIO, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from cnnviz.functional.checks import megabytes
from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.layers.layer import Floats, Shape

__all__ = [
    "MAX_BYTES",
    "check_members",
    "check_numbers",
    "check_packing",
    "opened",
    "read_array",
    "read_bytes",
    "read_numbers",
    "read_text",
    "short",
    "to_write",
]

MAX_BYTES = 64 * 2**20  # for all arrays together
MOST_MEMBERS = 10_000  # an array each: 500 layers have 3000
MEMBER = b"PK\x01\x02"  # the start of a member's entry in the list at the end of an archive
FLOATS = "floats of 16 to 64 bits"
BYTES = "whole numbers from 0 to 255"
NUMBERS = "real numbers"
KINDS: dict[str, Callable[[np.dtype[Any]], bool]] = {
    FLOATS: lambda dtype: dtype.kind == "f" and dtype.itemsize <= 8,
    BYTES: lambda dtype: dtype == np.uint8,
    NUMBERS: lambda dtype: dtype.kind in "fiu" and dtype.itemsize <= 8,
}
MAX_AXES = 32
LARGEST = float(np.finfo(np.float32).max)


@contextmanager
def opened(file: str | Path | BinaryIO) -> Iterator[ZipFile]:
    """Open the archive if it is valid and small enough; turn its errors into a sentence."""
    if not isinstance(file, str | os.PathLike) and not hasattr(file, "read"):
        raise TypeError(
            f"An npz file is read from a path or from an open file, not from {type(file).__name__}."
        )
    try:
        with _stream(file) as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - MAX_BYTES))
            check_members(stream.read())
            with ZipFile(stream) as archive:
                check_packing(archive)
                claimed = sum(member.file_size for member in archive.infolist())
                if claimed > MAX_BYTES:
                    raise ValueError(
                        f"The file claims to hold {megabytes(claimed)}; at most "
                        f"{megabytes(MAX_BYTES)} are read."
                    )
                yield archive
    except (FileNotFoundError, IsADirectoryError, PermissionError, MemoryError):
        raise
    except ValueError:  # one of our own messages
        raise
    except Exception:  # zip, zlib, bz2 and lzma each have their own errors, and quote the file
        raise ValueError("The file is not a readable npz archive.") from None


def _stream(file: str | Path | BinaryIO) -> AbstractContextManager[BinaryIO]:
    """Open a path for reading; leave an open file as it is."""
    return Path(file).open("rb") if isinstance(file, str | os.PathLike) else nullcontext(file)


def check_members(data: bytes) -> None:
    """Raise ModelError if an archive, or its end, lists too many members.

    zipfile takes 30 microseconds and 350 bytes for each before it says how many there are: half a
    minute for 60 MB of them.
    """
    if data.count(MEMBER) > MOST_MEMBERS:
        raise ModelError(f"The archive lists more than {MOST_MEMBERS:,} members.")


def check_packing(archive: ZipFile) -> None:
    """Raise ModelError unless every member is stored or deflated, as programs write networks.

    With other methods, zipfile unpacks all that it has read at once, whatever size is claimed: 600
    bytes of bzip2 become half a gigabyte.
    """
    if any(each.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for each in archive.infolist()):
        raise ModelError("The archive is packed in an unusual way: zip it with Deflate.")


@contextmanager
def to_write(file: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a path for writing, without the .npz that NumPy would add; leave an open file as is."""
    if isinstance(file, str | os.PathLike):
        with Path(file).open("wb") as stream:
            yield stream
    else:
        yield file


def short(thing: object, most: int = 80) -> str:
    """Return text that a message quotes from a file, shortened to fit into a sentence.

    >>> short((3, 10**100), 12)
    '(3, 10000000…'
    """
    text = str(thing)
    return text if len(text) <= most else f"{text[:most]}…"


def _header(
    archive: ZipFile, name: str
) -> tuple[Shape, np.dtype[Any], Literal["C", "F"], IO[bytes]]:
    """Return the shape, type and order that an array claims, and the stream with its numbers."""
    stream = archive.open(f"{name}.npy")
    try:
        version = npy.read_magic(stream)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, fortran_order, dtype = read(stream)
    except (ValueError, KeyError, TypeError, SyntaxError):
        raise ValueError(f'The array "{name}" has no readable header.') from None
    if len(shape) > MAX_AXES or not all(0 <= size < 2**31 for size in shape):
        raise ValueError(f'The array "{name}" claims the shape {short(shape)}.')
    return shape, dtype, "F" if fortran_order else "C", stream


def read_array(archive: ZipFile, name: str, wanted: Shape, *, finite: bool = True) -> Floats:
    """Return an array with the wanted shape and finite floats that is complete."""
    values = _values(archive, name, wanted, FLOATS)
    if not finite:
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(values, np.float32)
    check_numbers(name, values)
    return np.ascontiguousarray(values, np.float32)


def check_numbers(name: str, values: NDArray[Any]) -> None:
    """Raise ValueError if an array holds NaN, ∞, or numbers that float32 cannot hold."""
    if not np.isfinite(values).all():
        raise ValueError(f'The array "{name}" holds numbers that are not finite.')
    largest = float(np.abs(values.astype(np.float64)).max(initial=0))
    if largest > LARGEST:
        raise ValueError(
            f'The array "{name}" holds {largest:.3g}, and networks compute in float32, which '
            f"ends at {LARGEST:.3g}."
        )


def read_bytes(archive: ZipFile, name: str, wanted: Shape) -> NDArray[np.uint8]:
    """Return an array of whole numbers from 0 to 255 that has the wanted shape."""
    return _values(archive, name, wanted, BYTES).copy()


def read_numbers(archive: ZipFile, name: str) -> NDArray[Any]:
    """Return an array of real numbers of any shape."""
    return _values(archive, name, None, NUMBERS)


def _values(archive: ZipFile, name: str, wanted: Shape | None, kind: str) -> NDArray[Any]:
    """Return an array, after checking its type and shape before any of its bytes is read."""
    shape, dtype, order, stream = _header(archive, name)
    if wanted is not None and shape != wanted:
        raise ValueError(f'The array "{name}" must have shape {wanted}, got {short(shape)}.')
    if not KINDS[kind](dtype):
        raise ValueError(f'The array "{name}" must hold {kind}, got {short(dtype)}.')
    size = prod(shape) * dtype.itemsize
    if size > archive.getinfo(f"{name}.npy").file_size:
        raise ValueError(f'The array "{name}" claims {size} bytes that are not in the file.')
    data = stream.read(size)
    if len(data) != size:
        raise ValueError(f'The array "{name}" ends after {len(data)} of {size} bytes.')
    return np.frombuffer(data, dtype).reshape(shape, order=order)


def read_text(archive: ZipFile, name: str, most: int) -> bytes:
    """Return the text in an array of at most `most` bytes."""
    shape, dtype, _, stream = _header(archive, name)
    if dtype != np.uint8 or len(shape) != 1 or shape[0] > most:
        raise ValueError(
            f'The array "{name}" must be text, got {short(dtype)} of shape {short(shape)}.'
        )
    return stream.read(most)
