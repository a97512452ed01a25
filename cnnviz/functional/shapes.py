"""The arithmetic of shapes: output sizes, padding amounts, receptive fields.

Everything here is about one axis and whole numbers, except `pair` and `padding_pairs`, which
turn what a person may write for two axes into one form.

Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

import operator
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

Pair: TypeAlias = int | tuple[int, int]
Sides: TypeAlias = tuple[int, int]
Padding: TypeAlias = int | tuple[int, int] | tuple[Sides, Sides] | Literal["valid", "same"]


def output_size(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | Sides = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Count the windows that fit along one axis: ⌊(i + p − d(k−1) − 1) / s⌋ + 1.

    Parameters
    ----------
    size, kernel_size, stride, dilation : int
        In cells, at least 1.
    padding : int or (before, after)
        Cells added at each end, or at either end.
    ceil_mode : bool
        Round up, so that a last window may run over the end; one that would start wholly in
        the padding after the last cell is dropped, as PyTorch does.

    Raises
    ------
    ValueError
        If no window fits, or a number is too small.
    TypeError
        If a number is not whole.

    Examples
    --------
    >>> output_size(5, 3)
    3
    >>> output_size(6, 3, stride=2, padding=1)
    3
    >>> output_size(6, 3, stride=2, padding=1, ceil_mode=True)
    4
    """
    size, kernel_size = whole(size, "size"), whole(kernel_size, "kernel_size")
    stride, dilation = whole(stride, "stride"), whole(dilation, "dilation")
    before, after = _sides(padding)
    room = size + before + after - dilation * (kernel_size - 1) - 1
    count = room // stride + 1
    if ceil_mode and room % stride and count * stride < before + size:
        count += 1
    if count < 1:
        raise ValueError(_does_not_fit(size, kernel_size, before, after, dilation))
    return count


def output_shape(
    size: Sides,
    kernel_size: Sides,
    *,
    stride: Sides = (1, 1),
    padding: tuple[Sides, Sides] = ((0, 0), (0, 0)),
    dilation: Sides = (1, 1),
    ceil_mode: bool = False,
) -> tuple[int, int]:
    """Return `output_size` of both axes; an error says which of them it is about.

    Examples
    --------
    >>> output_shape((5, 6), (3, 3), stride=(1, 2))
    (3, 2)
    """
    shape = []
    for axis, name in enumerate(("height", "width")):
        try:
            count = output_size(
                size[axis],
                kernel_size[axis],
                stride=stride[axis],
                padding=padding[axis],
                dilation=dilation[axis],
                ceil_mode=ceil_mode,
            )
        except ValueError as error:
            raise ValueError(f"In {name}: {error}") from None
        shape.append(count)
    return shape[0], shape[1]


def same_padding(
    size: int, kernel_size: int, *, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Return the padding (before, after) for which the output has ⌈size / stride⌉ cells.

    The odd cell, where there is one, goes to the end (PyTorch, TensorFlow, ONNX `SAME_UPPER`).

    Examples
    --------
    >>> same_padding(5, 3)
    (1, 1)
    >>> same_padding(5, 4)
    (1, 2)
    >>> same_padding(6, 3, stride=2)
    (0, 1)
    """
    size, kernel_size = whole(size, "size"), whole(kernel_size, "kernel_size")
    stride, dilation = whole(stride, "stride"), whole(dilation, "dilation")
    windows = -(-size // stride)
    total = max((windows - 1) * stride + dilation * (kernel_size - 1) + 1 - size, 0)
    return total // 2, total - total // 2


def unvisited(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: int | Sides = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> tuple[int, ...]:
    """List the cells that no window reads, numbered from the first cell of the input.

    Cells of the padding have the numbers below 0 and from `size` on.

    Examples
    --------
    >>> unvisited(6, 3, stride=2)
    (5,)
    >>> unvisited(6, 3, stride=2, padding=1)
    (6,)
    """
    before, after = _sides(padding)
    windows = output_size(
        size,
        kernel_size,
        stride=stride,
        padding=(before, after),
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    read: set[int] = set()
    for tap in range(kernel_size):
        first = tap * dilation - before
        read.update(range(first, first + windows * stride, stride))
    return tuple(cell for cell in range(-before, size + after) if cell not in read)


class ReceptiveField(NamedTuple):
    """The cells of the input that the cells of a feature map see, along one axis.

    Cell `n` sees `size` cells from `start + n * jump` on. A receptive field of one cell, as it
    is made by default, is that of the input itself.
    """

    size: int = 1
    jump: int = 1
    start: int = 0

    def after(
        self, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
    ) -> "ReceptiveField":
        """Return the receptive field behind one more layer; `padding` is that before the start."""
        return ReceptiveField(
            self.size + dilation * (kernel_size - 1) * self.jump,
            self.jump * stride,
            self.start - padding * self.jump,
        )

    def window(self, cell: int) -> tuple[int, int]:
        """Return the first and the last input cell that `cell` sees, the padding included."""
        first = self.start + cell * self.jump
        return first, first + self.size - 1


def receptive_field(layers: Iterable[Sequence[int]]) -> list[ReceptiveField]:
    """Return the receptive field behind each layer of a stack, along one axis.

    Parameters
    ----------
    layers : iterable of (kernel_size, stride, padding, dilation)
        From the input on; what is left out at the end is 1, 0 and 1. Padding is that before
        the first cell.

    Examples
    --------
    Two 3×3 convolutions see what one 5×5 sees; a pooling of 2 then doubles the jump.

    >>> receptive_field([(3, 1, 1), (3, 1, 1), (2, 2)])[-1]
    ReceptiveField(size=6, jump=2, start=-2)
    """
    fields = [ReceptiveField()]
    for layer in layers:
        fields.append(fields[-1].after(*layer))
    return fields[1:]


def whole(value: Any, name: str, minimum: int = 1) -> int:  # noqa: ANN401 - it is what is checked
    """Return `value` as an int of at least `minimum`, or say what is wrong with `name`."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}.") from None
    if number < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {number}.")
    return number


def pair(value: Pair, name: str, minimum: int = 1) -> tuple[int, int]:
    """Return (vertical, horizontal) from one whole number for both, or from two.

    Examples
    --------
    >>> pair(2, "stride"), pair((2, 1), "stride")
    ((2, 2), (2, 1))
    """
    if not isinstance(value, list | tuple):
        value = (value, value)
    if len(value) != 2:
        raise ValueError(f"{name} must be one number or two, got {len(value)}: {value!r}.")
    return whole(value[0], name, minimum), whole(value[1], name, minimum)


def padding_pairs(
    padding: Padding,
    size: tuple[int, int],
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] = (1, 1),
    dilation: tuple[int, int] = (1, 1),
) -> tuple[Sides, Sides]:
    """Return ((top, bottom), (left, right)) from any form of padding.

    Parameters
    ----------
    padding : int, (vertical, horizontal), ((top, bottom), (left, right)), "valid" or "same"
        "valid" adds nothing; "same" gives ⌈size / stride⌉ cells along each axis.
    size, kernel_size, stride, dilation : (vertical, horizontal)
        Only "same" looks at them.

    Examples
    --------
    >>> padding_pairs((1, 2), (5, 5), (3, 3))
    ((1, 1), (2, 2))
    >>> padding_pairs("same", (5, 5), (3, 4))
    ((1, 1), (1, 2))
    """
    if isinstance(padding, str):
        if padding == "valid":
            return (0, 0), (0, 0)
        if padding == "same":
            vertical, horizontal = (
                same_padding(*axis, stride=step, dilation=spread)
                for *axis, step, spread in zip(size, kernel_size, stride, dilation, strict=True)
            )
            return vertical, horizontal
        raise ValueError(f'padding must be "valid", "same" or numbers, got "{padding}".')
    if not isinstance(padding, list | tuple):
        padding = (padding, padding)
    if len(padding) != 2:
        raise ValueError(
            f"padding must be one number, (vertical, horizontal) or "
            f"((top, bottom), (left, right)), got {padding!r}."
        )
    return _sides(padding[0]), _sides(padding[1])


def _sides(padding: int | Sides) -> Sides:
    return pair(padding, "padding", minimum=0)


def _does_not_fit(size: int, kernel_size: int, before: int, after: int, dilation: int) -> str:
    """Say which numbers clash, and what would fit."""
    padded = size + before + after
    largest = (padded - 1) // dilation + 1
    extent = dilation * (kernel_size - 1) + 1
    reach = f", spread over {extent} cells by dilation {dilation}," if dilation > 1 else ""
    return (
        f"a kernel of {kernel_size}{reach} does not fit into {size} cells with padding "
        f"{before} + {after}, {padded} in all. Use a kernel of at most {largest}, "
        f"or {extent - padded} more of padding."
    )
