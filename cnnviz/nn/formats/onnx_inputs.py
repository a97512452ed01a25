"""The picture that an ONNX graph takes: size, channels and their order, if the file says so."""

from collections.abc import Iterator, Mapping
from typing import Any

import onnx
from numpy.typing import NDArray

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.formats.graph import Value
from cnnviz.nn.formats.picture_input import MAX_SIDE, PictureInput, is_grey, possible_sizes

__all__ = ["picture_inputs", "plain"]

WHOLE = (onnx.TensorProto.INT32, onnx.TensorProto.INT64)


def picture_inputs(
    graph: onnx.GraphProto,
    arrays: Mapping[str, NDArray[Any]],
    size: tuple[int, int] | None = None,
) -> Iterator[PictureInput]:
    """Yield the input of a graph in every possible size, the likeliest first, or in the given one.

    Raises
    ------
    ModelError
        If it takes no picture; the message says what it takes.
    """
    inputs = [each for each in graph.input if each.name not in arrays]
    if len(inputs) != 1:
        names = ", ".join(plain(each.name)[:30] for each in inputs[:5])
        raise ModelError(
            f"This network takes {len(inputs)} inputs ({names}); only one picture can be used here."
            if inputs
            else "This network takes no input."
        )
    given = inputs[0].type.tensor_type
    sizes = [_size(dim) for dim in given.shape.dim]
    _check_picture(inputs[0].name, sizes, given.elem_type)
    if len(sizes) == 3:  # grey pictures (N, H, W)
        sizes.insert(1, 1)
    batch, first, height, width = sizes
    last = 1 <= width <= 4 and not 1 <= first <= 4
    if last:
        first, height, width = width, first, height
    channels = first or _channels(graph, arrays)
    guessed = not (size or (height and width))
    for tall, wide in [size] if size else possible_sizes(height, width):
        value = Value("input", (channels, tall, wide), last)
        yield PictureInput(value, guessed, inputs[0].name, batch or 1)


def plain(text: str | bytes) -> str:
    r"""Return a text of a file; protocol buffers give it as bytes if it is not UTF-8.

    >>> plain("Gemm"), plain(b"Gem\xff")
    ('Gemm', 'Gem�')
    """
    return text if isinstance(text, str) else text.decode(errors="replace")


def _size(dim: onnx.TensorShapeProto.Dimension) -> int:
    """Return a dimension's size, or 0 if it is open."""
    return dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else 0


def _check_picture(name: str, sizes: list[int], kind: int) -> None:
    if kind == onnx.TensorProto.STRING or (kind in WHOLE and len(sizes) <= 2):
        raise ModelError(
            f"This is a network for text: its input {name!r:.40} is a row of words or of their "
            "numbers. Here, networks take pictures."
        )
    if not sizes:
        raise ModelError(
            f"The input {name!r:.40} of this network has no shape, so it is not known what it "
            "takes: export it for an input of one shape."
        )
    if is_grey(sizes) and sizes[0] == 3:
        raise ModelError(
            f"This network takes one picture of shape {tuple(sizes)}, without a batch: export it "
            f"for an input of shape {(1, *sizes)}."
        )
    if len(sizes) != 4 and not is_grey(sizes):
        what = "a table or a sound" if len(sizes) <= 2 else "a sound or another sequence"
        raise ModelError(
            f"This network takes {what}: its input {name!r:.40} has {len(sizes)} axes, and "
            "pictures have 4. If its numbers are pixels, export it together with what flattens "
            "them."
        )
    if max(sizes[1:]) > 16 * MAX_SIDE or min(sorted(sizes[2:])) > MAX_SIDE:
        raise ModelError(f"This network takes pictures of {sizes[1:]}; that is too large.")


def _channels(graph: onnx.GraphProto, arrays: Mapping[str, NDArray[Any]]) -> int:
    """Return the channels that the first convolution takes, or 3."""
    for node in graph.node:
        if node.op_type == "Conv" and len(node.input) > 1 and node.input[1] in arrays:
            weight = arrays[node.input[1]]
            return weight.shape[1] if weight.ndim == 4 else 3
    return 3
