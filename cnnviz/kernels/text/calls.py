"""The calls that are read, of NumPy, PyTorch and MATLAB: a closed list, and nothing is ever run."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from cnnviz.kernels.text.arguments import FLOATS, INTEGERS, Arguments, Bound
from cnnviz.kernels.text.tokens import shown
from cnnviz.kernels.text.values import Array, Cells, Number, Value, outer

LIBRARIES = {"", "np", "numpy", "torch", "tf", "jnp", "jax.numpy", "cp", "cupy", "mx", "nn",
             "torch.nn", "nn.parameter", "torch.nn.parameter", "tf.math", "tf.linalg"}  # fmt: skip
LISTED = ("ones", "zeros", "full", "eye", "diag", "outer", "array", "tensor", "transpose", "flip",
          "fliplr", "flipud", "rot90", "negative", "abs")  # fmt: skip

Call: TypeAlias = Callable[[Arguments], Value]


def called(arguments: Arguments) -> Value:
    """Return what a call of the list comes to; raise ValueError for any other, by its name.

    Examples
    --------
    >>> called(Arguments("np.eye", [2], {})).cells.tolist()
    [[1, 0], [0, 1]]
    """
    library, _, name = arguments.called.rpartition(".")
    if name not in CALLS or library not in LIBRARIES:
        what, listed = shown(arguments.called), ", ".join(LISTED)
        raise ValueError(f"The call {what} is not read. Those that are: {listed}.")
    return _stored(CALLS[name](arguments), name if name in INTEGERS else arguments.type)


def method(of: Value, arguments: Arguments) -> Value:
    """Return what a method of an array comes to, as `.reshape(3, 3)` or `.T`."""
    name = arguments.called
    if name in STORING:
        return _stored(of, name if name in INTEGERS else arguments.type)
    if name not in METHODS or not isinstance(of, Array):
        listed = ".T, .reshape, .astype, .transpose, .abs"
        raise ValueError(f"The method {shown(f'.{name}')} is not read. Those that are: {listed}.")
    return METHODS[name](of, arguments)


def _stored(value: Value, type_: str) -> Value:
    """Return the value if its type can hold it."""
    if type_ in INTEGERS:
        numbers = value.quotients if isinstance(value, Array) else [value]
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
    values = arguments.bound("v").vector("v")
    side = values.cells.size
    out = np.zeros((side, side), object)
    np.fill_diagonal(out, values.cells.ravel())
    return Array(out, values.divisor)


def _outer(arguments: Arguments) -> Array:
    bound = arguments.bound("a", "b")
    one, other = bound.vector("a"), bound.vector("b")
    bound.checked([one.cells.size, other.cells.size])
    return outer(one, other)


# Movers


def _transpose(arguments: Arguments) -> Array:
    bound = arguments.bound("a", "dim0", "dim1")
    _check_axes(bound, [*bound.wholes("dim0"), *bound.wholes("dim1")])
    return _table(arguments, bound.array("a")).moved(np.transpose)


def _flip(arguments: Arguments) -> Array:
    name = next((name for name in ("dim", "dims") if name in arguments.named), "axis")
    bound = arguments.bound("m", name)
    of = _table(arguments, bound.array("m"))
    axes = bound.wholes(name)
    if arguments.is_matlab:  # which counts from 1, and flips the rows if there are several
        axes = [axis - 1 for axis in axes] or [0 if of.shape[0] > 1 else 1]
    axes = axes or list(range(len(of.shape)))
    if not all(-len(of.shape) <= axis < len(of.shape) for axis in axes):
        raise ValueError(f"The call {bound.called} is read along the rows and the columns only.")
    return of.moved(lambda cells: np.flip(cells, tuple({axis % cells.ndim for axis in axes})))


def _rot90(arguments: Arguments) -> Array:
    bound = arguments.bound("m", "k", "dims")
    _check_axes(bound, bound.wholes("dims"))
    turns = bound.whole("k", 1) % 4
    return bound.array("m").moved(lambda cells: np.rot90(np.atleast_2d(cells), turns))


def _moved(move: Callable[[Cells], Cells]) -> Call:
    return lambda arguments: (
        arguments.bound("m").array("m").moved(lambda cells: move(np.atleast_2d(cells)))
    )


def _table(arguments: Arguments, of: Array) -> Array:
    """Return what MATLAB has for the array: always rows and columns."""
    return of.moved(np.atleast_2d) if arguments.is_matlab else of


def _check_axes(bound: Bound, axes: list[int]) -> None:
    if axes and sorted(axes) not in ([0, 1], [-2, -1]):
        raise ValueError(f"The call {bound.called} is read for rows and columns only.")


def _reshaped(of: Array, arguments: Arguments) -> Array:
    bound = arguments.bound(*map(str, range(len(arguments.values))))
    sizes = [size for name in bound.given for size in bound.wholes(name)]
    try:
        return of.moved(lambda cells: cells.reshape(sizes))
    except ValueError:
        shape = " × ".join(map(str, sizes))
        raise ValueError(f"The shape {shape} does not hold {of.cells.size} numbers.") from None


# Arithmetic


def _negative(arguments: Arguments) -> Value:
    value = arguments.bound("x").value("x")
    return value.times(-1) if isinstance(value, Array) else -value


def _abs(arguments: Arguments) -> Value:
    value = arguments.bound("x").value("x")
    return _without_signs(value) if isinstance(value, Array) else _without_sign(value)


def _without_signs(of: Array) -> Array:
    return Array.of([_without_sign(number) for number in of.quotients], of.shape)


def _without_sign(number: Number) -> Number:
    return number if number >= 0 else -number


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
    "fliplr": _moved(np.fliplr),
    "flipud": _moved(np.flipud),
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
METHODS: dict[str, Callable[[Array, Arguments], Array]] = {
    "reshape": _reshaped,
    "view": _reshaped,
    "T": lambda of, _: of.moved(np.transpose),
    "t": lambda of, _: of.moved(np.transpose),
    "mT": lambda of, _: of.moved(np.transpose),
    "transpose": lambda of, _: of.moved(np.transpose),
    "abs": lambda of, _: _without_signs(of),
    "squeeze": lambda of, _: of.moved(np.squeeze),
    "unsqueeze": lambda of, _: of.moved(lambda cells: cells[np.newaxis]),
    "flatten": lambda of, _: of.moved(np.ravel),
    "ravel": lambda of, _: of.moved(np.ravel),
}
