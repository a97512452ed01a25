"""The arithmetic of a cell for each kind of layer: `VIEWS` has a function for every kind."""

from collections.abc import Sequence
from math import floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.checks import cell_count
from cnnviz.nn import (
    Activation,
    Affine,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Gated,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    Layer,
    Linear,
    MaxPool2d,
    Pad2d,
    Parallel,
    PReLU,
    Residual,
    SelectChannels,
    Softmax,
    Upsample,
)
from cnnviz.nn.inspection.unit import conv_unit, counted_cells, dense_unit, norm_unit, window
from cnnviz.ui.maps.overview import Cell
from cnnviz.ui.network.unit_sums import MOST_TERMS, colours_of, lines, shares_of, sum_of
from cnnviz.ui.widgets.formatting import DECIMALS, number, within

MOST_CELLS = 225  # cells in a window that is drawn


def grid_of(stage: NDArray) -> tuple[int, int]:
    """Return the rows and columns of maps; a vector counts as one cell."""
    return stage.shape[1:] if stage.ndim == 3 else (1, 1)


def _conv(
    layer: Conv2d, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    told = sum_of(conv_unit(layer, x, *cell[1:]), x, then)
    told["parts"].sort(key=lambda part: part["channel"])
    return told


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
    counted = counted_cells(layer, plane.shape, cell.row, cell.column)
    cells = cell_count(int(counted.sum()))
    how = "The largest" if largest else f"The mean of {cells}"
    if seen.values.size > MOST_CELLS:
        of = f" of {cells}" if largest else ""
        return lines(f"{how}{of} is {number(float(out[cell[1:]]))}.")
    return {
        "kind": "pool",
        "window": [
            [value if counts else None for value, counts in zip(*rows, strict=True)]
            for rows in zip(seen.values.tolist(), counted.tolist(), strict=True)
        ],
        "padded": seen.padded.tolist(),
        "winner": int(np.where(counted, seen.values, -np.inf).argmax()) if largest else -1,
        "how": how,
        "total": float(out[cell[1:]]),
        **colours_of(x),
    }


def _activation(
    layer: Activation,
    x: NDArray,
    out: NDArray,
    cell: Cell,
    then: Sequence[tuple[str, float]],
) -> dict[str, Any]:
    if layer.settings["name"] == "none":
        return lines(f"Without an activation, {number(_at(x, cell))} stays as it is.")
    settings = {name: value for name, value in layer.settings.items() if name != "name"}
    after = within(_at(out, cell), layer.activation.bounds(**settings))
    return lines(f"{layer.activation.title} of {number(_at(x, cell))} is {after}.")


def _affine(
    layer: Affine, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    before, after = (float(_at(values, cell)) for values in (x, out))
    one = min(cell.channel, layer.weight.size - 1)
    scale, shift = (float(each.value[one]) for each in (layer.weight, layer.bias))
    return lines(
        f"{number(before)} × {number(scale)} {_added(shift)} = {number(after)}",
        "Every channel has two numbers of its own."
        if layer.weight.size > 1
        else "The two numbers are the same for all channels.",
    )


def _prelu(
    layer: PReLU, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    slope = float(layer.weight.value[min(cell.channel, layer.weight.size - 1)])
    before, after = (number(float(_at(values, cell))) for values in (x, out))
    return lines(f"PReLU of {before} is {after}; its slope below 0 is {number(slope)} here.")


def _pad(
    layer: Pad2d, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    value = number(float(_at(out, cell)))
    rows, columns = layer.windows((x.shape[1], x.shape[2])).axes
    row, column = cell.row - rows.padding[0], cell.column - columns.padding[0]
    if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
        return lines(f"The cell in row {row}, column {column} is passed on unchanged: {value}.")
    return lines(f"This cell belongs to the border added around the map: {value}.")


def _conv_transposed(
    layer: ConvTranspose2d, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    rows, columns = layer.settings["kernel_size"]
    return lines(
        f"Every cell that comes in stamps a kernel of {rows} × {columns}, times its value; where "
        f"stamps overlap they are added up. Here they make {number(float(_at(out, cell)))}."
    )


def _upsample(
    layer: Upsample, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    """Write the cells that this one lies between, each times its weight."""
    places = []
    for axis, place in enumerate((cell.row, cell.column)):
        first, second, share = (
            each[place].item() for each in layer.between(axis, x.shape[axis + 1])
        )
        places.append([(first, 1 - share), (second, share)] if share else [(first, 1.0)])
    rows, columns = places
    value = number(_at(out, cell))
    if len(rows) == len(columns) == 1:
        row, column = rows[0][0], columns[0][0]
        return lines(f"The cell in row {row}, column {column} is repeated here: {value}.")
    cells = [
        f"{number(weight * other)} × {number(float(x[cell.channel, row, column]))}"
        for row, weight in rows
        for column, other in columns
    ]
    return lines(
        f"{' + '.join(cells)} = {value}",
        f"This place lies between {len(cells)} cells: the nearer one is, the more it counts.",
    )


def _select(
    layer: SelectChannels, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    source = layer.settings["channels"][cell.channel]
    what = f"Number {source}" if x.ndim == 1 else f"The same cell of map {source}"
    return lines(f"{what} is passed on unchanged: {number(_at(out, cell))}.")


def _norm(
    layer: BatchNorm2d,
    x: NDArray,
    out: NDArray,
    cell: Cell,
    then: Sequence[tuple[str, float]],
) -> dict[str, Any]:
    unit = norm_unit(layer, x, *cell[1:])
    source = "on this picture" if layer.training else "as kept from training"
    mean = f"({number(unit.mean)})" if unit.mean < 0 else number(unit.mean)
    return lines(
        f"Map {cell.channel} has mean {number(unit.mean)} and variance "
        f"{number(unit.var)} {source}.",
        f"({number(unit.x)} − {mean}) ÷ √({number(unit.var)} + {number(unit.eps)}) "
        f"× γ {number(unit.weight)} {_added(unit.bias, 'β ')} = {number(unit.total)}",
        "γ and β are learned in training; they begin at 1 and 0.",
    )


def _flatten(
    layer: Flatten, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    if x.ndim == 1:
        return lines("It was one row already: nothing changes.")
    _, height, width = x.shape
    channel, row, column = np.unravel_index(cell.channel, x.shape)
    return lines(
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
    return lines("Dropout acts only during training: here every number passes unchanged.")


def _parallel(
    layer: Parallel, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    """Take the cell apart in the branch that computes it."""
    branch, channel = layer.branch_of(cell.channel, x.shape)
    stages = [x, *(stage[0] for stage in layer.branches[branch].stages(x[None]))]
    if len(stages) == 1:
        return lines(f"Branch {branch + 1} passes map {channel} on unchanged.")
    inside = layer.branches[branch][-1]
    return VIEWS[type(inside)](inside, *stages[-2:], cell._replace(channel=channel), then)


def _residual(
    layer: Residual, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    made, short = (branch.forward(x[None])[0] for branch in layer.branches)
    place = cell[1:] if out.ndim == 3 else cell.channel
    source = "shortcut gives" if len(layer.branches[1]) else "input is"
    first, second, both = _adding(float(made[place]), float(short[place]))
    return lines(
        f"The branch gives {number(first)}, the {source} {number(second)}: together {number(both)}."
    )


def _gated(
    layer: Gated, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    gate, short = (branch.forward(x[None])[0] for branch in layer.branches)
    source = "shortcut gives" if len(layer.branches[1]) else "input is"
    first, second = (
        float(np.broadcast_to(each, out.shape).reshape(len(out), *grid_of(out))[cell[1:]])
        for each in (gate, short)
    )
    every = out.ndim == 3 and gate.shape != out.shape
    return lines(
        f"The gate gives {number(first)}, the {source} {number(second)}: {number(first)} × "
        f"{number(second)} = {number(float(_at(out, cell)))}.",
        *(["The gate gives every map one number, the same for all of its cells."] if every else []),
    )


def _softmax(
    layer: Softmax, x: NDArray, out: NDArray, cell: Cell, then: Sequence[tuple[str, float]]
) -> dict[str, Any]:
    return shares_of(x, cell.channel, [f"number {i}" for i in range(len(x))])


def _adding(first: float, second: float) -> tuple[float, float, float]:
    """Return two numbers and their sum, rounded so that they add up as they are written.

    >>> _adding(0.1004, 0.2004), _adding(0.01234, 0.04567)
    ((0.1, 0.201, 0.301), (0.0123, 0.0457, 0.058))
    """
    size = max(abs(first), abs(second))
    decimals = DECIMALS if size >= 0.1 or not size else DECIMALS - 1 - floor(log10(size))
    both, first = round(first + second, decimals), round(first, decimals)
    return first, round(both - first, decimals), both


def _added(value: float, name: str = "") -> str:
    """Write a term that is added; one below 0 is subtracted."""
    return f"{'−' if value < 0 else '+'} {name}{number(abs(value))}"


def _at(values: NDArray, cell: Cell) -> float:
    """Return the value of maps or of a vector at a cell."""
    return float(values.reshape(len(values), *grid_of(values))[cell[1:]])


VIEWS: dict[type[Layer], Any] = {
    Conv2d: _conv,
    MaxPool2d: _pool,
    AvgPool2d: _pool,
    GlobalMaxPool2d: _pool,
    GlobalAvgPool2d: _pool,
    Dropout: _dropout,
    Parallel: _parallel,
    Residual: _residual,
    Gated: _gated,
    Activation: _activation,
    Affine: _affine,
    PReLU: _prelu,
    Pad2d: _pad,
    ConvTranspose2d: _conv_transposed,
    BatchNorm2d: _norm,
    Flatten: _flatten,
    Linear: _dense,
    Softmax: _softmax,
    Upsample: _upsample,
    SelectChannels: _select,
}
