"""The arithmetic of shapes along one axis: output sizes, padding amounts, receptive fields.

Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

from collections.abc import Iterable, Sequence

from cnnviz.functional.axis import Axis
from cnnviz.functional.checks import pair, whole
from cnnviz.functional.padding import Sides, sides_of
from cnnviz.functional.receptive_field import ReceptiveField

__all__ = ["output_size", "receptive_field", "same_padding"]

LAYER = {
    "kernel_size": 1,
    "stride": 1,
    "padding": 0,
    "dilation": 1,
}  # and their smallest values


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
        Cells added at each end.
    ceil_mode : bool
        Round up, so that a last window may run over the end; one that would start after the last
        cell, in the padding or beyond, is dropped, as PyTorch does.

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
    axis = Axis(
        whole(size, "size"),
        whole(kernel_size, "kernel_size"),
        whole(stride, "stride"),
        pair(padding, "padding", minimum=0),
        whole(dilation, "dilation"),
        bool(ceil_mode),
    )
    axis.check()
    return axis.output


def same_padding(
    size: int, kernel_size: int, *, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """Return the padding (before, after) for which the output has ⌈size / stride⌉ cells.

    An odd cell goes to the end (PyTorch, TensorFlow, ONNX `SAME_UPPER`).

    Examples
    --------
    >>> same_padding(5, 3)
    (1, 1)
    >>> same_padding(5, 4)
    (1, 2)
    >>> same_padding(6, 3, stride=2)
    (0, 1)
    """
    return sides_of(
        "same",
        whole(size, "size"),
        whole(kernel_size, "kernel_size"),
        whole(stride, "stride"),
        whole(dilation, "dilation"),
    )


def receptive_field(layers: Iterable[Sequence[int]]) -> list[ReceptiveField]:
    """Return the receptive field behind each layer of a stack, along one axis.

    Parameters
    ----------
    layers : iterable of (kernel_size, stride, padding, dilation)
        From the input on; stride, padding and dilation default to 1, 0 and 1. Padding counts the
        cells before the first cell.

    Raises
    ------
    TypeError
        If a layer is not up to four whole numbers.
    ValueError
        If one of them is too small.

    Examples
    --------
    Two 3×3 convolutions see what one 5×5 sees; a pooling of 2 then doubles the jump.

    >>> receptive_field([(3, 1, 1), (3, 1, 1), (2, 2)])[-1]
    ReceptiveField(size=6, jump=2, start=-2)
    """
    if not isinstance(layers, Iterable):
        raise TypeError(f"layers must be a sequence of layers, got {layers!r}.")
    fields = [ReceptiveField()]
    for layer in layers:
        if not isinstance(layer, list | tuple) or not 1 <= len(layer) <= len(LAYER):
            raise TypeError(f"A layer is given as ({', '.join(LAYER)}), got {layer!r}.")
        limits = zip(layer, LAYER.items(), strict=False)
        numbers = [whole(number, name, least) for number, (name, least) in limits]
        fields.append(fields[-1].after(*numbers))
    return fields[1:]
