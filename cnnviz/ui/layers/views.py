"""The views of a run on the Layers page: rows of maps, total costs, a table."""

from html import escape
from math import prod

from cnnviz.nn import Conv2d, Row
from cnnviz.nn.stacks.filters import strongest
from cnnviz.nn.stacks.stack import BYTES, Stack
from cnnviz.ui.layers.settings import StackRun
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.network.layer_rows import LABELS, LONGEST_VECTOR, most_maps, shape_of, times
from cnnviz.ui.network.layer_rows import layer_rows as network_rows
from cnnviz.ui.widgets.formatting import grouped, number, together

SOURCES = {
    "learned": "learned",
    "hand-made": "made by hand",
    "random": "random",
    "file": "from your file",
}


def layer_rows(run: StackRun, *, filters: bool = False) -> list[LayerRow]:
    """Return the rows of the overview: the picture, and every computed layer.

    With `filters`, the weights of each convolution appear before its maps.
    """
    rows = run.stack.rows[: len(run.stages)]
    most = most_maps([row.output_shape for row in rows])
    layers = run.stack.network[: len(rows)]
    found = network_rows(
        run.image,
        layers,
        rows,
        [stage[None] for stage in run.stages],
        classes=_classes(run),
        white=1,
        figures=lambda row: figures(row, run),
        shown=lambda shape: most if len(shape) == 3 else LONGEST_VECTOR,
    )
    if not filters:
        return found
    return [one for layer_row in found for one in (*_filters(run, layer_row, most), layer_row)]


def _filters(run: StackRun, layer_row: LayerRow, most: int) -> list[LayerRow]:
    """Return a convolution's weights, one channel per filter; nothing for other layers."""
    if layer_row.name not in run.stack.network.names:
        return []
    layer = run.stack.network[run.stack.network.names.index(layer_row.name)]
    if not isinstance(layer, Conv2d):
        return []
    filters, channels, height, width = layer.weight.shape
    of = "" if channels == 1 else f" · the strongest of {channels} channels each"
    title, parts = f"Filters of {layer_row.title}", f"{filters} × {height} × {width}{of}"
    name = f"{layer_row.name} filters"
    return [LayerRow(name, title, parts, strongest(layer), kernels=True, shown=most)]


def _classes(run: StackRun) -> list[str]:
    """Return names for the numbers of the last vector, if there are few."""
    shape = run.stack.output_shape
    return [str(i) for i in range(shape[0])] if len(shape) == 1 and shape[0] <= LABELS else []


def figures(row: Row, run: StackRun) -> str:
    """Return the figures beside the name of a layer."""
    parts = [shape_of(row)]
    if row.parameters:
        source = run.sources.get(row.name)
        parts.append(f"parameters {row.factors} = {grouped(row.parameters)}")
        if source:
            parts.append(SOURCES[source])
    if len(row.output_shape) == 3:
        parts.append(
            f"receptive field {_pair(row.receptive_field)}, "
            + together(f"stride on the input {_pair(row.jump, short=True)}")
        )
    return " · ".join(parts)


def totals(stack: Stack) -> str:
    """Return the totals over all layers as HTML."""
    cost = stack.cost
    entries = [
        (grouped(cost.parameters), "parameters"),
        (grouped(cost.multiply_adds), "multiply-adds"),
        (size(cost.weight_bytes), "of weights"),
        (size(cost.map_bytes), "of maps"),
    ]
    maps = [row for row in stack.rows if len(row.output_shape) == 3]
    if maps:
        entries.append(
            (_pair(maps[-1].receptive_field), f"receptive field of one {maps[-1].name} cell")
        )
    body = "".join(f"<span><b>{escape(n)}</b> {escape(what)}</span>" for n, what in entries)
    return f'<div class="totals">{body}</div>'


def table(stack: Stack) -> str:
    """Return a table of the layers' shapes, parameters, costs, memory and receptive fields."""
    head = (
        "Layer",
        "Output",
        "Parameters",
        "Multiply-adds",
        "Memory",
        "Receptive field",
        "Stride on the input",
    )
    lines = [_line("th", head), _input_line(stack)]
    lines += [_line("td", _cells(row)) for row in stack.rows]
    cost = stack.cost
    both = cost.weight_bytes + cost.map_bytes
    whole = ("All", "", grouped(cost.parameters), grouped(cost.multiply_adds), size(both), "", "")
    return f'<div class="table"><table>{"".join(lines)}{_line("td", whole)}</table></div>'


def _input_line(stack: Stack) -> str:
    shape = stack.input_shape
    return _line("td", ("Picture", times(shape), "", "", size(BYTES * prod(shape)), "1 × 1", "1"))


def _cells(row: Row) -> tuple[str, ...]:
    parameters = ""
    if row.parameters:
        parameters = f"{grouped(row.parameters)}<small>{escape(row.factors)}</small>"
    memory = BYTES * (row.parameters + prod(row.output_shape))
    shared = row.jump == 0  # after a dense layer, all cells see the same
    return (
        escape(row.name),
        times(row.output_shape),
        parameters,
        grouped(row.multiply_adds) if row.multiply_adds else "",
        size(memory),
        "all" if shared else _pair(row.receptive_field),
        "" if shared else _pair(row.jump, short=True),
    )


def _line(tag: str, cells: tuple[str, ...]) -> str:
    first, *rest = cells
    return f"<tr><th>{first}</th>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in rest) + "</tr>"


def size(count: int) -> str:
    r"""Write a number of bytes.

    >>> [size(count).replace("\N{NO-BREAK SPACE}", " ") for count in (1792, 553430176)]
    ['1.79 kB', '553 MB']
    """
    for unit, name in (10**9, "GB"), (10**6, "MB"), (10**3, "kB"):
        if count >= unit:
            return together(f"{number(float(f'{count / unit:.3g}'), 3)} {name}")
    return together(f"{count} B")


def _pair(value: float | tuple[float, float], *, short: bool = False) -> str:
    """Write a size: "5 × 5"; with `short`, one number if both are equal."""
    if isinstance(value, tuple):
        return together(f"{value[0]} × {value[1]}")
    return f"{value}" if short else together(f"{value} × {value}")
