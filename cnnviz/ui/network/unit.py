"""One cell of the Layers page taken apart: what it is made of, number by number."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from cnnviz.experiments.softmax_steps import softmax_steps
from cnnviz.images.colour_maps import symmetric_limits
from cnnviz.nn import (
    Activation,
    Affine,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    Layer,
    Linear,
    MaxPool2d,
    Pad2d,
    Parallel,
    PReLU,
    Residual,
    Softmax,
)
from cnnviz.nn.inspection.unit import ConvUnit, conv_unit, dense_unit, norm_unit, window
from cnnviz.nn.stacks.filters import strongest
from cnnviz.ui.maps.message import Blob, packed
from cnnviz.ui.maps.overview import Cell
from cnnviz.ui.network.run import NetworkRun
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import number

_unit = component("unit")

MOST_PARTS = 24  # channels of a convolution that are written out, the strongest
MOST_CELLS = 225  # of a window that is drawn
MOST_TERMS = 14  # products of a dense unit, or shares of a softmax
LARGEST_SCORE = 80.0  # above it, the largest score is subtracted before the exponential


def write(key: str, told: Mapping[str, Any]) -> None:
    """Send the browser what `arithmetic` or `shares_of` returned, to write out."""
    blob = Blob()
    header = {
        "table": blob.tables("diverging"),
        "kernelTable": blob.tables("kernel"),
        **told,
    }
    _unit(key=key, data=bytes(packed(header, blob)))


def arithmetic(run: NetworkRun, cell: Cell) -> dict[str, Any]:
    """Return what the browser writes out for a cell of a layer or of the picture."""
    if cell.name == "input":
        value = run.image[cell.channel, cell.row, cell.column]
        whole = round(float(value) * 255)
        return _lines(f"A cell of the picture: {whole} of 255, which goes in as {number(value)}.")
    if cell.name.endswith(" filters"):
        layer = run.network[run.network.names.index(cell.name.removesuffix(" filters"))]
        weight = float(strongest(cast(Conv2d, layer))[cell[1:]])
        return _lines(f"A weight of filter {cell.channel} of the convolution: {number(weight)}.")
    index = run.network.names.index(cell.name)
    before = run.stages[index - 1] if index else run.image
    after = run.stages[index]
    layer = run.network[index]
    if isinstance(layer, Softmax) and len(run.classes) == len(after):
        return shares_of(before, cell.channel, run.classes)
    return VIEWS[type(layer)](layer, before, after, cell, _then(run, index, cell))


def _then(run: NetworkRun, index: int, cell: Cell) -> list[tuple[str, float]]:
    """Return what the layers that work number by number, right after it, make of the cell."""
    found = []
    for layer, name, stage in zip(
        run.network[index + 1 : len(run.stages)],
        run.network.names[index + 1 :],
        run.stages[index + 1 :],
        strict=False,
    ):
        if not isinstance(layer, Activation | BatchNorm2d):
            break
        found.append((name, float(stage.reshape(stage.shape[0], *_grid(stage))[cell[1:]])))
    return found


def _grid(stage: NDArray) -> tuple[int, int]:
    return stage.shape[1:] if stage.ndim == 3 else (1, 1)


def _conv(
    layer: Conv2d, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    told = sum_of(conv_unit(layer, x, *cell[1:]), x, then)
    told["parts"].sort(key=lambda part: part["channel"])
    return told


def sum_of(
    unit: ConvUnit,
    x: NDArray,
    then: Sequence[tuple[str, float]],
    names: Sequence[str] = (),
    most: int = MOST_PARTS,
) -> dict[str, Any]:
    """Return how a convolution of x (C, H, W) adds up in a cell, the largest parts first.

    `names` are those of the channels, if they have any.
    """
    chosen, rest = unit.strongest(most)
    others = len(unit.parts) - len(chosen)
    label = "channel {}".format if len(x) > 1 else "window".format
    return {
        "kind": "conv",
        "parts": [
            {
                "channel": part.channel,
                "label": names[part.channel] if names else label(part.channel),
                "window": part.window.values.tolist(),
                "padded": part.window.padded.tolist(),
                "kernel": part.kernel.tolist(),
                "total": part.total,
            }
            for part in chosen
        ],
        "rest": {"count": others, "total": rest} if others else None,
        "bias": unit.bias,
        "total": unit.total,
        "then": then,
        "limit": symmetric_limits(x, 99.5),
    }


def _pool(
    layer: MaxPool2d | AvgPool2d | GlobalMaxPool2d | GlobalAvgPool2d,
    x: NDArray,
    out: NDArray,
    cell: Cell,
    then: Sequence[tuple[str, float]],
) -> dict[str, Any]:
    plane = x[cell.channel]
    seen = window(layer, plane, cell.row, cell.column)
    largest = isinstance(layer, MaxPool2d | GlobalMaxPool2d)
    how = "The largest" if largest else f"The mean of {seen.values.size} cells"
    if seen.values.size > MOST_CELLS:
        of = f" of {seen.values.size} cells" if largest else ""
        return _lines(f"{how}{of} is {number(float(out[cell[1:]]))}.")
    inside = np.where(seen.padded, -np.inf, seen.values)
    values = seen.values.tolist()
    if largest:
        values = [
            [None if out else value for value, out in zip(*rows, strict=True)]
            for rows in zip(values, seen.padded.tolist(), strict=True)
        ]
    return {
        "kind": "pool",
        "window": values,
        "padded": seen.padded.tolist(),
        "winner": int(inside.argmax()) if largest else -1,
        "how": how,
        "total": float(out[cell[1:]]),
        "limit": symmetric_limits(x, 99.5),
    }


def _activation(
    layer: Activation,
    x: NDArray,
    out: NDArray,
    cell: Cell,
    then: Sequence[tuple[str, float]],
) -> dict[str, Any]:
    before, after = _at(x, cell), _at(out, cell)
    return _lines(f"{layer.activation.title} of {number(before)} is {number(after)}.")


def _affine(
    layer: Affine, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    before, after = (float(_at(values, cell)) for values in (x, out))
    one = min(cell.channel, layer.weight.size - 1)
    scale, shift = (float(each.value[one]) for each in (layer.weight, layer.bias))
    return _lines(
        f"{number(before)} × {number(scale)} + {number(shift)} = {number(after)}",
        "Every channel has two numbers of its own."
        if layer.weight.size > 1
        else "The two numbers are the same for all channels.",
    )


def _prelu(
    layer: PReLU, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    slope = float(layer.weight.value[min(cell.channel, layer.weight.size - 1)])
    before, after = (number(float(_at(values, cell))) for values in (x, out))
    return _lines(f"PReLU of {before} is {after}; its slope below 0 is {number(slope)} here.")


def _pad(
    layer: Pad2d, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    value = number(float(_at(out, cell)))
    rows, columns = layer._windows((x.shape[1], x.shape[2])).axes
    row, column = cell.row - rows.padding[0], cell.column - columns.padding[0]
    if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
        return _lines(f"The cell in row {row}, column {column} is handed on as it is: {value}.")
    return _lines(f"This cell belongs to the border that is put around the map: {value}.")


def _conv_transposed(
    layer: ConvTranspose2d, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    rows, columns = layer.settings["kernel_size"]
    return _lines(
        f"Every cell that comes in stamps a kernel of {rows} × {columns}, times its value; where "
        f"stamps overlap they are added up. Here they make {number(float(_at(out, cell)))}."
    )


def _norm(
    layer: BatchNorm2d,
    x: NDArray,
    out: NDArray,
    cell: Cell,
    then: Sequence[tuple[str, float]],
) -> dict[str, Any]:
    unit = norm_unit(layer, x, *cell[1:])
    source = "on this picture" if layer.training else "as kept from training"
    eps = f"{layer.settings['eps']:.8f}".rstrip("0")
    return _lines(
        f"Map {cell.channel} has mean {number(unit.mean)} and variance "
        f"{number(unit.var)} {source}.",
        f"({number(unit.x)} − {number(unit.mean)}) / √({number(unit.var)} + {eps}) "
        f"× γ {number(unit.weight)} + β {number(unit.bias)} = {number(unit.total)}",
        "γ and β are learned in training; they begin at 1 and 0.",
    )


def _flatten(
    layer: Flatten, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    if x.ndim == 1:
        return _lines("It was one row already: nothing changes.")
    _, height, width = x.shape
    channel, row, column = np.unravel_index(cell.channel, x.shape)
    return _lines(
        f"Number {cell.channel} of the row is the cell of map {channel} in row {row}, column "
        f"{column}: {channel} × {height} × {width} + {row} × {width} + {column} = "
        f"{cell.channel}.",
        f"Its value stays {number(float(out[cell.channel]))}.",
    )


def _dense(
    layer: Linear, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    unit = dense_unit(layer, x, cell.channel)
    strongest = unit.strongest(MOST_TERMS)
    rest = float(unit.products.sum() - unit.products[strongest].sum())
    return {
        "kind": "dense",
        "rows": [
            (f"number {i}", *map(float, (unit.inputs[i], unit.weights[i], unit.products[i])))
            for i in strongest.tolist()
        ],
        "rest": {"count": len(unit.inputs) - len(strongest), "total": rest},
        "bias": unit.bias,
        "total": unit.total,
        "then": then,
    }


def _dropout(
    layer: Dropout, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    return _lines("Dropout acts only during training: here every number passes unchanged.")


def _parallel(
    layer: Parallel, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    """Take the cell apart in its branch, where it is made."""
    branch, channel = layer.branch_of(cell.channel, x.shape)
    stages = [x, *(stage[0] for stage in layer.branches[branch].stages(x[None]))]
    if len(stages) == 1:
        return _lines(f"Branch {branch + 1} hands map {channel} on as it is.")
    inside = layer.branches[branch][-1]
    return VIEWS[type(inside)](inside, *stages[-2:], cell._replace(channel=channel), then)


def _residual(
    layer: Residual, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    made, short = (branch.forward(x[None])[0] for branch in layer.branches)
    place = cell[1:] if out.ndim == 3 else cell.channel
    source = "shortcut gives" if len(layer.branches[1]) else "input is"
    return _lines(
        f"The branch gives {number(float(made[place]))}, the {source} "
        f"{number(float(short[place]))}: together {number(float(out[place]))}."
    )


def _softmax(
    layer: Softmax, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    return shares_of(x, cell.channel, [f"number {i}" for i in range(len(x))])


def shares_of(
    x: NDArray, here: int, names: Sequence[str], largest: float = LARGEST_SCORE
) -> dict[str, Any]:
    """Return how softmax makes shares of scores (N,), with the unit `here` marked.

    Where a score is above `largest`, the largest is taken off all of them first.
    """
    scores = x.astype(np.float64)
    shift = float(scores.max()) if abs(scores).max() > largest else 0.0
    steps = softmax_steps(scores - shift)
    order = np.argsort(-scores, kind="stable")[:MOST_TERMS]
    order = np.sort(np.union1d(order, [here]))
    others = np.setdiff1d(np.arange(len(scores)), order)
    return {
        "kind": "softmax",
        "rows": [
            (names[i], *map(float, (scores[i], steps.exponentials[i], steps.shares[i])), i)
            for i in order.tolist()
        ],
        "rest": (
            f"the other {len(others)}" if len(others) else "",
            0.0,
            float(steps.exponentials[others].sum()),
            float(steps.shares[others].sum()),
        ),
        "total": steps.total,
        "shift": shift,
        "here": here,
    }


def _lines(*lines: str) -> dict[str, Any]:
    return {"kind": "lines", "lines": lines}


def _at(values: NDArray, cell: Cell) -> float:
    """Return the number of maps or of a vector at a cell."""
    return float(values.reshape(len(values), *_grid(values))[cell[1:]])


VIEWS: dict[type[Layer], Any] = {
    Conv2d: _conv,
    MaxPool2d: _pool,
    AvgPool2d: _pool,
    GlobalMaxPool2d: _pool,
    GlobalAvgPool2d: _pool,
    Dropout: _dropout,
    Parallel: _parallel,
    Residual: _residual,
    Activation: _activation,
    Affine: _affine,
    PReLU: _prelu,
    Pad2d: _pad,
    ConvTranspose2d: _conv_transposed,
    BatchNorm2d: _norm,
    Flatten: _flatten,
    Linear: _dense,
    Softmax: _softmax,
}
