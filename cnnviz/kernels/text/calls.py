"""The calls of NumPy, PyTorch and MATLAB that are read: a closed list, and nothing is ever run."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from cnnviz.kernels.text.arguments import FLOATS, INTEGERS, Arguments
from cnnviz.kernels.text.methods import METHODS, check_axes, turned, without_sign, without_signs
from cnnviz.kernels.text.tokens import shown
from cnnviz.kernels.text.values import Array, Cells, Value, outer

LIBRARIES = {"", "np", "numpy", "torch", "tf", "jnp", "jax.numpy", "cp", "cupy", "mx", "nn",
             "torch.nn", "nn.parameter", "torch.nn.parameter", "tf.math", "tf.linalg"}  # fmt: skip
LISTED = ("ones", "zeros", "full", "eye", "diag", "outer", "array", "tensor", "transpose", "flip",
          "fliplr", "flipud", "rot90", "negative", "abs")  # fmt: skip

Call: TypeAlias = Callable[[Arguments], Value]


def called(arguments: Arguments) -> Value:
    """Return the value of a call in the list; raise ValueError, with its name, for any other.

    Examples
    --------
    >>> called(Arguments("np.eye", [2], {})).cells.tolist()
    [[1, 0], [0, 1]]
    """
    library, _, name = arguments.called.rpartition(".")
    if name not in CALLS or library not in LIBRARIES:
        what, listed = shown(arguments.called), ", ".join(LISTED)
        raise ValueError(f"The call {what} is not supported. These are: {listed}.")
    return _stored(CALLS[name](arguments), name if name in INTEGERS else arguments.type)


def method(of: Value, arguments: Arguments) -> Value:
    """Return the value of a method of an array, such as `.reshape(3, 3)` or `.T`."""
    name = arguments.called
    if name in STORING:
        return _stored(of, name if name in INTEGERS else arguments.type)
    if name not in METHODS or not isinstance(of, Array):
        listed = ".T, .reshape, .astype, .transpose, .abs"
        raise ValueError(f"The method {shown(f'.{name}')} is not supported. These are: {listed}.")
    return METHODS[name](of, arguments)


def _stored(value: Value, type_: str) -> Value:
    """Return the value if its type can hold it."""
    numbers = value.quotients if isinstance(value, Array) else [value]
    if type_ in ("bool", "bool_") and not all(number in (0, 1) for number in numbers):
        raise ValueError(f"The type {shown(type_)} makes 1 of all that is not 0: leave it out.")
    if type_ in INTEGERS:
        if any(number != int(number) for number in numbers):
            raise ValueError(f"The type {shown(type_)} would cut off decimals: leave it out.")
        limits = np.iinfo(type_ if type_[-1].isdigit() else {"uchar": "uint8"}.get(type_, "int64"))
        if not all(limits.min <= number <= limits.max for number in numbers):
            span = f"from {limits.min} to {limits.max}"
            raise ValueError(f"The type {shown(type_)} holds only numbers {span}.")
    return value


# Makers


def _array(arguments: Arguments) -> Value:
    return arguments.bound("array").value("array")


def _full(arguments: Arguments) -> Array:
    size = "size" if "size" in arguments.named else "shape"
    bound = arguments.bound(size, "fill_value")
    return Array.full(bound.number("fill_value"), bound.checked(bound.wholes(size)))


def _eye(arguments: Arguments) -> Array:
    bound = arguments.bound("N", "M", "k")
    rows, *more = bound.wholes("N") or [0]  # two numbers in a list are MATLAB's eye([2 3])
    height, width = bound.checked([rows, bound.whole("M", more[0] if more else rows)])
    return Array(np.eye(height, width, bound.whole("k", 0), dtype=object))


def _diag(arguments: Arguments) -> Array:
    """Turn a row into a diagonal matrix, or take a diagonal; MATLAB's rows are matrices."""
    offset = "diagonal" if "diagonal" in arguments.named else "k"
    bound = arguments.bound("v", offset)
    of, by = bound.array("v"), bound.whole(offset, 0)
    if arguments.is_matlab and max(of.shape) == of.cells.size:
        of = of.moved(np.ravel)
    if len(of.shape) > 2:
        raise ValueError(f"The call {bound.called} is read for rows and columns only.")
    if len(of.shape) == 1:
        bound.checked([of.cells.size + abs(by)] * 2)
    taken = of.moved(lambda cells: np.diag(cells, by))
    return taken.moved(_column) if arguments.is_matlab and len(taken.shape) == 1 else taken


def _outer(arguments: Arguments) -> Array:
    bound = arguments.bound("a", "b")
    one, other = bound.vector("a"), bound.vector("b")
    bound.checked([one.cells.size, other.cells.size])
    return outer(one, other)


# Movers


def _transpose(arguments: Arguments) -> Array:
    """Transpose an array: a list is the order of its axes, two numbers are the axes to swap."""
    name = next((name for name in ("axes", "perm") if name in arguments.named), "dim0")
    bound = arguments.bound("a", name, "dim1")
    of = _table(arguments, bound.array("a"))
    axes = [*bound.wholes(name), *bound.wholes("dim1")]
    return turned(of, bound, axes, swaps="dim1" in bound.given)


def _flip(arguments: Arguments) -> Array:
    name = next((name for name in ("dim", "dims") if name in arguments.named), "axis")
    bound = arguments.bound("m", name)
    of = _table(arguments, bound.array("m"))
    axes = bound.wholes(name)
    if arguments.is_matlab:  # it counts from 1, and by default flips the rows if there are several
        axes = [axis - 1 for axis in axes] or [0 if of.shape[0] > 1 else 1]
    axes = axes or list(range(len(of.shape)))
    check_axes(bound, of, axes)
    return of.moved(lambda cells: np.flip(cells, tuple(axis % cells.ndim for axis in axes)))


def _fliplr(arguments: Arguments) -> Array:
    of = arguments.bound("m").array("m").moved(np.atleast_2d)
    return of.moved(lambda cells: np.flip(cells, 1))


def _flipud(arguments: Arguments) -> Array:
    """Flip the first axis: this reverses a single row in NumPy, and changes nothing in MATLAB."""
    of = _table(arguments, arguments.bound("m").array("m"))
    return of.moved(lambda cells: np.flip(cells, 0))


def _rot90(arguments: Arguments) -> Array:
    """Turn from the first axis towards the second: by (1, 0) clockwise."""
    name = "axes" if "axes" in arguments.named else "dims"
    bound = arguments.bound("m", "k", name)
    of = bound.array("m").moved(np.atleast_2d)
    axes, turns = bound.wholes(name) or [0, 1], bound.whole("k", 1) % 4
    check_axes(bound, of, axes)
    if len(axes) != 2:
        raise ValueError(f"The call {bound.called} turns by two axes, not by {len(axes)}.")
    return of.moved(lambda cells: np.rot90(cells, turns, (axes[0], axes[1])))


def _table(arguments: Arguments, of: Array) -> Array:
    """Return the array as MATLAB has it: always rows and columns."""
    return of.moved(np.atleast_2d) if arguments.is_matlab else of


def _column(cells: Cells) -> Cells:
    return cells[:, np.newaxis]


# Arithmetic


def _negative(arguments: Arguments) -> Value:
    value = arguments.bound("x").value("x")
    return value.times(-1) if isinstance(value, Array) else -value


def _abs(arguments: Arguments) -> Value:
    value = arguments.bound("x").value("x")
    return without_signs(value) if isinstance(value, Array) else without_sign(value)


CALLS: dict[str, Call] = {
    "ones": lambda arguments: Array.full(1, arguments.shape()),
    "zeros": lambda arguments: Array.full(0, arguments.shape()),
    "full": _full,
    "eye": _eye,
    "identity": _eye,
    "diag": _diag,
    "outer": _outer,
    "ger": _outer,
    "transpose": _transpose,
    "t": _transpose,
    "flip": _flip,
    "fliplr": _fliplr,
    "flipud": _flipud,
    "rot90": _rot90,
    "negative": _negative,
    "neg": _negative,
    "abs": _abs,
    "absolute": _abs,
    "fabs": _abs,
}
for _name in ("array", "asarray", "ascontiguousarray", "tensor", "Tensor", "FloatTensor", "list",
              "DoubleTensor", "as_tensor", "from_numpy", "constant", "matrix", "mat", "asmatrix",
              "Parameter", "tuple", *INTEGERS, *FLOATS):  # fmt: skip
    CALLS[_name] = _array

# Methods that say only how the numbers are stored.
STORING = INTEGERS | FLOATS | {"astype", "type", "to", "cpu", "cuda", "numpy", "tolist", "copy",
                               "clone", "contiguous", "detach", "requires_grad_"}  # fmt: skip
