"""The constants of an ONNX graph, known before any picture: weights, shapes, and sums of them.

Exporters write the shape of a flattening as a small program: take the shape of the maps, pick
the first number, append −1. With one picture at a time all of that is constant.
"""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from cnnviz.nn.formats.errors import ModelError, Unsupported

__all__ = ["cut", "fold", "tensor"]

Array = NDArray[Any]
MAX_NUMBERS = 64 * 2**20  # in one tensor
ITEM_BYTES: dict[int, int] = {  # for common weight types; onnx itself reads the others
    onnx.TensorProto.FLOAT: 4, onnx.TensorProto.DOUBLE: 8, onnx.TensorProto.FLOAT16: 2,
    onnx.TensorProto.BFLOAT16: 2, onnx.TensorProto.INT8: 1, onnx.TensorProto.UINT8: 1,
    onnx.TensorProto.INT16: 2, onnx.TensorProto.UINT16: 2, onnx.TensorProto.INT32: 4,
    onnx.TensorProto.UINT32: 4, onnx.TensorProto.INT64: 8, onnx.TensorProto.UINT64: 8,
    onnx.TensorProto.BOOL: 1,
}  # fmt: skip


def tensor(proto: onnx.TensorProto, external: Mapping[str, bytes]) -> Array:
    """Return the numbers of a tensor, even if stored beside the file, or raise ModelError.

    Parameters
    ----------
    external : mapping
        The contents of the files beside it, by name. No path is ever opened.
    """
    shape = tuple(proto.dims)
    if any(size < 0 for size in shape) or prod(shape) > MAX_NUMBERS:
        raise ModelError(
            f"The weight {proto.name!r:.60} claims the shape {shape}; at most {MAX_NUMBERS:,} "
            "numbers are read."
        )
    if proto.data_type not in ITEM_BYTES:
        raise ModelError(f"The weight {proto.name!r:.60} has a type of numbers that is not known.")
    wanted = prod(shape) * ITEM_BYTES[proto.data_type]
    if proto.data_location == onnx.TensorProto.EXTERNAL:
        inside = onnx.TensorProto()
        inside.name, inside.data_type = proto.name, proto.data_type
        inside.dims.extend(shape)
        inside.raw_data = _beside(proto, external, wanted)
        proto = inside
    elif proto.HasField("raw_data") and len(proto.raw_data) != wanted:
        raise ModelError(
            f"The weight {proto.name!r:.60} of shape {shape} needs {wanted} bytes, and "
            f"{len(proto.raw_data)} are there."
        )
    try:
        array = numpy_helper.to_array(proto)
    except Exception:  # onnx raises many kinds of errors
        raise ModelError(f"The weight {proto.name!r:.60} cannot be read.") from None
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    return array


def _beside(proto: onnx.TensorProto, external: Mapping[str, bytes], wanted: int) -> bytes:
    """Return the bytes of a tensor that are stored in a file beside the model."""
    told = {str(entry.key): str(entry.value) for entry in proto.external_data}
    name = told.get("location", "")
    if not name or "/" in name or "\\" in name or name in (".", ".."):
        raise ModelError(
            "The weights should be in another folder; only a file beside the model is read."
        )
    if name not in external:
        raise ModelError(
            f"The weights are in the file {name!r:.80}, which is missing: open both files together."
        )
    try:
        start, length = int(told.get("offset", 0)), int(told.get("length", wanted))
    except ValueError:
        raise ModelError(f"The offset of the weight {proto.name!r:.60} is not a number.") from None
    if start < 0 or length != wanted or start + length > len(external[name]):
        raise ModelError(
            f"The weight {proto.name!r:.60} needs {wanted} bytes from {start} on, and {name!r:.80} "
            f"has {len(external[name])}."
        )
    return external[name][start : start + length]


def fold(operator: str, inputs: list[Array], settings: Mapping[str, Any]) -> Array:
    """Compute an operator on arrays; raise `Unsupported` if it is not in FOLDED."""
    if operator not in FOLDED:
        raise Unsupported(operator)
    try:
        fits = _most(operator, inputs, settings) <= MAX_NUMBERS
        with np.errstate(all="ignore"):
            made = np.asarray(FOLDED[operator](inputs, settings)) if fits else None
    except (IndexError, KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        raise ModelError(f"{operator} of weights cannot be computed.") from None
    if made is None:
        raise ModelError(f"{operator} of weights makes more than {MAX_NUMBERS:,} numbers.")
    return made


def _most(operator: str, inputs: list[Array], settings: Mapping[str, Any]) -> int:
    """Return the most numbers that an operator can make: a few bytes can repeat arrays often."""
    if operator == "Concat":
        return sum(each.size for each in inputs)
    if operator == "Gather":
        data, places = inputs[:2]
        return places.size * data.size // max(data.shape[int(settings.get("axis", 0))], 1)
    if operator in ("Add", "Div", "Mul", "Sub"):
        return prod(np.broadcast_shapes(*(each.shape for each in inputs)))
    return max((each.size for each in inputs), default=0)


def _axes(inputs: list[Array], settings: Mapping[str, Any], at: int = 1) -> tuple[int, ...] | None:
    found = settings.get("axes") if len(inputs) <= at else inputs[at]
    return None if found is None else tuple(int(axis) for axis in np.ravel(found))


def _reshape(inputs: list[Array], settings: Mapping[str, Any]) -> Array:
    array, wanted = inputs[0], [int(size) for size in inputs[1]]
    wanted = [size if size else array.shape[i] for i, size in enumerate(wanted)]
    return array.reshape(wanted)


def _unsqueeze(inputs: list[Array], settings: Mapping[str, Any]) -> Array:
    axes = _axes(inputs, settings) or ()
    if len(axes) > 8:
        raise ValueError(f"{len(axes)} axes")
    return np.expand_dims(inputs[0], axes)


def cut(
    inputs: Sequence[Array | None], settings: Mapping[str, Any], axes: int
) -> tuple[slice, ...]:
    """Return what a Slice keeps of each axis, from its inputs after the first, or its settings."""
    given: list[Any] = [*inputs, *[None] * 4]
    if given[0] is None:
        given = [settings["starts"], settings["ends"], settings.get("axes"), None]
    starts, ends, along, steps = given[:4]
    along = range(len(starts)) if along is None else along
    steps = [1] * len(starts) if steps is None else steps
    kept = [slice(None)] * axes
    for start, end, axis, step in zip(starts, ends, along, steps, strict=True):
        kept[int(axis)] = slice(int(start), int(end), int(step))
    return tuple(kept)


def _dequantised(inputs: list[Array], settings: Mapping[str, Any]) -> Array:
    array, scale = inputs[0], np.asarray(inputs[1], np.float32)
    zero = np.asarray(inputs[2] if len(inputs) > 2 else 0, np.float32)
    if scale.size > 1:
        axis = int(settings.get("axis", 1)) % array.ndim
        along = tuple(-1 if i == axis else 1 for i in range(array.ndim))
        scale, zero = scale.reshape(along), zero.reshape(along) if zero.size > 1 else zero
    return (array.astype(np.float32) - zero) * scale


def _cast(inputs: list[Array], settings: Mapping[str, Any]) -> Array:
    return inputs[0].astype(onnx.helper.tensor_dtype_to_np_dtype(settings["to"]))


def _constant(inputs: list[Array], settings: Mapping[str, Any]) -> Array:
    for name in "value", "value_float", "value_int", "value_floats", "value_ints":
        if name in settings:
            return np.asarray(settings[name])
    raise ValueError("no numbers")


def _alike(inputs: list[Array], settings: Mapping[str, Any]) -> Array:
    shape = tuple(int(size) for size in inputs[0])
    if prod(shape) > MAX_NUMBERS:
        raise ValueError(f"{shape} is too large")
    return np.full(shape, np.ravel(settings.get("value", np.float32(0)))[0])


def _divided(x: list[Array], settings: Mapping[str, Any]) -> Array:
    """Divide; whole numbers are cut towards 0, as the standard says."""
    if x[0].dtype.kind not in "iu":
        return x[0] / x[1]
    rest = np.fmod(x[0], x[1])  # with the sign of x[0]
    return (x[0] - rest) // x[1]


FOLDED: dict[str, Callable[[list[Array], Mapping[str, Any]], Any]] = {
    "Add": lambda x, s: x[0] + x[1],
    "Cast": _cast,
    "Concat": lambda x, s: np.concatenate(x, int(s["axis"])),
    "Constant": _constant,
    "ConstantOfShape": _alike,
    "DequantizeLinear": _dequantised,
    "Div": _divided,
    "Gather": lambda x, s: np.take(x[0], x[1].astype(int), int(s.get("axis", 0))),
    "Identity": lambda x, s: x[0],
    "Mul": lambda x, s: x[0] * x[1],
    "Neg": lambda x, s: -x[0],
    "ReduceProd": lambda x, s: np.prod(x[0], _axes(x, s), keepdims=bool(s.get("keepdims", 1))),
    "Reshape": _reshape,
    "Slice": lambda x, s: x[0][cut(x[1:], s, x[0].ndim)],
    "Sqrt": lambda x, s: np.sqrt(x[0]),
    "Squeeze": lambda x, s: np.squeeze(x[0], _axes(x, s)),
    "Sub": lambda x, s: x[0] - x[1],
    "Transpose": lambda x, s: np.transpose(x[0], s.get("perm")),
    "Unsqueeze": _unsqueeze,
}
