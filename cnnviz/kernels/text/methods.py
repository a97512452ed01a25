"""The array methods that are read, and the checks of the axes that they name."""

from collections.abc import Callable

import numpy as np

from cnnviz.kernels.text.arguments import Arguments, Bound
from cnnviz.kernels.text.values import Array, Number


def _transposed(of: Array, arguments: Arguments) -> Array:
    """Transpose an array: NumPy gives the order of all axes, PyTorch the two to swap."""
    bound, axes = _wholes(arguments)
    count = len(of.shape)
    swaps = len(axes) == 2 and len(bound.given) == 2
    if swaps and count == 2 and [axis % 2 for axis in axes] == [0, 1]:
        raise ValueError(
            "In PyTorch, .transpose(0, 1) swaps rows and columns, and in NumPy it leaves them: "
            "write .T, or leave it out."
        )
    return turned(of, bound, axes, swaps=swaps)


def turned(of: Array, bound: Bound, axes: list[int], *, swaps: bool) -> Array:
    """Put the axes in the order of `axes`, or swap two, or reverse them all if none is named.

    >>> bound = Bound("np.transpose", {})
    >>> turned(Array.full(1, (2, 3)), bound, [], swaps=False).shape
    (3, 2)
    """
    count = len(of.shape)
    check_axes(bound, of, axes)
    places = [axis % count for axis in axes]
    if swaps:
        return of.moved(lambda cells: np.swapaxes(cells, *places))
    if places and len(places) != count:
        raise ValueError(f"The call {bound.called} needs the places of all {count} axes.")
    return of.moved(lambda cells: np.transpose(cells, places or None))


def check_axes(bound: Bound, of: Array, axes: list[int]) -> None:
    """Refuse axes that the array does not have, or that are named twice."""
    count = len(of.shape)
    if not all(-count <= axis < count for axis in axes):
        named = ", ".join(map(str, axes))
        raise ValueError(f"The call {bound.called} names the axes {named}, of {count} in all.")
    if len({axis % count for axis in axes}) < len(axes):
        raise ValueError(f"The call {bound.called} names an axis twice.")


def _wholes(arguments: Arguments) -> tuple[Bound, list[int]]:
    """Return the arguments of a method, and as whole numbers, which all of them must be."""
    bound = arguments.bound(*map(str, range(len(arguments.values))))
    return bound, [size for name in bound.given for size in bound.wholes(name)]


def _alone(move: Callable[[Array], Array]) -> Callable[[Array, Arguments], Array]:
    """Return a method that takes no arguments."""

    def moved(of: Array, arguments: Arguments) -> Array:
        arguments.bound()
        return move(of)

    return moved


def _squeezed(of: Array, arguments: Arguments) -> Array:
    """Drop axes of length 1: all, or the one named, which PyTorch keeps if it is longer."""
    bound, axis = _placed(arguments)
    axes = bound.wholes(axis)
    check_axes(bound, of, axes)
    at = {place % len(of.shape) for place in axes} or set(range(len(of.shape)))
    kept = [size for place, size in enumerate(of.shape) if size > 1 or place not in at]
    return of.moved(lambda cells: cells.reshape(kept))


def _unsqueezed(of: Array, arguments: Arguments) -> Array:
    bound, axis = _placed(arguments)
    bound.value(axis)
    place, count = bound.whole(axis, 0), len(of.shape)
    if not -count - 1 <= place <= count:
        raise ValueError(f"The call {bound.called} names the axis {place}, of {count + 1} in all.")
    return of.moved(lambda cells: np.expand_dims(cells, place))


def _placed(arguments: Arguments) -> tuple[Bound, str]:
    axis = "axis" if "axis" in arguments.named else "dim"
    return arguments.bound(axis), axis


def _reshaped(of: Array, arguments: Arguments) -> Array:
    _, sizes = _wholes(arguments)
    if not sizes:
        raise ValueError(f"The method {arguments.called} needs a shape.")
    try:
        return of.moved(lambda cells: cells.reshape(sizes))
    except ValueError:
        shape = " × ".join(map(str, sizes))
        raise ValueError(f"The shape {shape} does not hold {of.cells.size} numbers.") from None


def without_signs(of: Array) -> Array:
    """Return |x| of each number."""
    return Array.of([without_sign(number) for number in of.quotients], of.shape)


def without_sign(number: Number) -> Number:
    """Return |x|."""
    return number if number >= 0 else -number


METHODS: dict[str, Callable[[Array, Arguments], Array]] = {
    "reshape": _reshaped,
    "view": _reshaped,
    "transpose": _transposed,
    "permute": _transposed,
    "squeeze": _squeezed,
    "unsqueeze": _unsqueezed,
    **dict.fromkeys(("T", "t"), _alone(lambda of: of.moved(np.transpose))),
    "mT": _alone(lambda of: of.moved(lambda cells: np.swapaxes(np.atleast_2d(cells), -1, -2))),
    "abs": _alone(without_signs),
    **dict.fromkeys(("flatten", "ravel"), _alone(lambda of: of.moved(np.ravel))),
}
