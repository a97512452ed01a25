"""A worksheet on paper: a page for each bench, and the solutions on separate pages.

The file is one HTML page that loads nothing. It fits A4 and Letter, and is readable in black and
white: a weight below 0 has a minus sign and a dashed border.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnviz.kernels import Kernel, weight_sum
from cnnviz.ui.export.worksheet import POOL, Bench
from cnnviz.ui.widgets.formatting import number

GAP = '<i class="gap"></i>'
STYLE = Path(__file__).with_name("worksheet.css")


def html(benches: Sequence[Bench]) -> str:
    """Return the worksheets as a file: a page for each bench, then the solutions."""
    pages = [_page(bench) for bench in benches]
    solutions = "".join(map(_solution, benches))
    style = STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Convolution by hand</title><style>{style}</style></head><body>"
        f'{"".join(pages)}<main class="solutions"><h1>Solutions</h1>{solutions}</main>'
        "</body></html>\n"
    )


def _page(bench: Bench) -> str:
    features, activated, pooled = bench.maps
    rounding = "" if _whole(features) else " Round to one digit after the point."
    stride = "2" if len(activated) > len(pooled) + 1 else "1"
    size = "large" if max(bench.kernel.shape) > 3 else "small"
    divide = "" if bench.kernel.divisor == 1 else f", divide by {number(bench.kernel.divisor)}"
    kernel = "kernel" if len(set(bench.kernel.shape)) == 1 else "rows of the kernel"
    return f"""<main class="{size}"><header><h1>Convolution by hand</h1>
<p>Name <i class="gap name"></i> Date <i class="gap date"></i> \
Sheet <b>{escape(bench.name)}</b></p></header>
<section class="given">{_grid("Input", bench.x, "input")}{_kernel(bench.kernel)}
<p>The input is a small picture: each cell is a pixel, as a number. Lay the kernel on it, \
multiply cell by cell, add up{divide}, move on by one cell.</p></section>
<section><h2>1 &nbsp; The first window</h2>
<p>The upper left {len(bench.kernel.matrix)} × {bench.kernel.shape[1]} cells of the input, times \
the kernel:</p><p class="sum">{_first(bench)}</p></section>
<section><h2>2 &nbsp; The whole map, ReLU and pooling</h2>
<p>Fill in the map. ReLU makes every number below 0 a 0. Then pool windows of {POOL} × {POOL} \
with stride {stride}.{rounding}</p>
<div class="grids">{_grid("Convolution", features, "empty")}{_grid("ReLU", activated, "empty")}
<div>{_grid("Max pooling", pooled, "empty")}{_grid("Average pooling", pooled, "empty")}</div></div>
</section>
<section><h2>3 &nbsp; The size of the output</h2>
<p>⌊(rows + 2 · padding − {kernel}) ÷ stride⌋ + 1</p>
<p>Above: &nbsp; {_size()}</p>
<p>{bench.geometry.size} rows, kernel {bench.geometry.kernel_size}, padding \
{bench.geometry.padding}, stride {bench.geometry.stride}: &nbsp; {_size()}</p></section>
<section><h2>4 &nbsp; Flat areas</h2>
<p>The weights add up to {GAP}. Where every pixel is 5, the kernel answers {GAP}.</p></section>
</main>"""


def _first(bench: Bench) -> str:
    """Return the sum of the first window as a formula with gaps."""
    terms = " + ".join([f"{GAP}·{GAP}"] * bench.kernel.matrix.size)
    divided = f"({terms}) ÷ {number(bench.kernel.divisor)}"
    return f"{terms if bench.kernel.divisor == 1 else divided} = {GAP}"


def _size() -> str:
    return f"⌊({GAP} + 2 · {GAP} − {GAP}) ÷ {GAP}⌋ + 1 = {GAP}"


def _solution(bench: Bench) -> str:
    features, activated, pooled = bench.maps
    maps = {
        "Convolution": features, "ReLU": activated, "Max pooling": pooled,
        "Average pooling": bench.average,
    }  # fmt: skip
    if not _whole(features):
        maps = {title: _to_one_digit(values) for title, values in maps.items()}
    kernel, asked = bench.kernel, bench.geometry
    window = bench.x[: kernel.shape[0], : kernel.shape[1]]
    products = [
        f"{_signed(float(cell))}·{_signed(weight)}"
        for cell, weight in zip(window.ravel(), kernel.matrix.ravel(), strict=True)
        if weight
    ]
    terms = " + ".join(products) or "0"
    left_out = "" if len(products) == kernel.matrix.size else " (weights of 0 are left out)"
    over = "" if kernel.divisor == 1 else f" ÷ {number(kernel.divisor)}"
    total, flat = round(float(kernel.matrix.sum()), 9), round(weight_sum(kernel), 9)
    weights = f"{number(total)}{over} = {number(flat)}" if over else number(flat)
    rows, side = len(bench.x), len(kernel.matrix)
    return f"""<section class="solution"><h2>Sheet {escape(bench.name)}</h2>
<p>1 &nbsp; {f"({terms}){over}" if over else terms} = <b>{number(maps["Convolution"][0, 0])}</b>\
{left_out}</p>
<div class="grids">{"".join(_grid(title, values, "solved") for title, values in maps.items())}</div>
<p>3 &nbsp; ⌊({rows} + 2 · 0 − {side}) ÷ 1⌋ + 1 = <b>{len(features)}</b>; &nbsp; \
⌊({asked.size} + 2 · {asked.padding} − {asked.kernel_size}) ÷ {asked.stride}⌋ + 1 = \
<b>{asked.output}</b> &nbsp; &nbsp; 4 &nbsp; The weights add up to <b>{weights}</b>; \
5 · {_signed(total)}{over} = <b>{number(5 * flat)}</b></p></section>"""


def _grid(title: str, values: NDArray, kind: str) -> str:
    """Return numbers as a table with a title; an empty one to fill in."""
    rows = "".join(f"<tr>{''.join(_cells(row, values, kind))}</tr>" for row in values)
    return f'<table class="{kind}"><caption>{title}</caption>{rows}</table>'


def _cells(row: NDArray, values: NDArray, kind: str) -> Iterable[str]:
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 1.0)
    for cell in row:
        if kind == "empty":
            yield "<td></td>"
        elif kind == "input":
            light = 62 + 38 * (cell - low) / (high - low)
            yield f'<td style="--light:{light:.0f}%">{number(float(cell))}</td>'
        else:
            yield f'<td class="{"below" if cell < 0 else ""}">{number(float(cell))}</td>'


def _kernel(kernel: Kernel) -> str:
    """Return a kernel as a table, the weights with their signs."""
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{"below" if weight < 0 else ""}">{_signed(weight, plus=True)}</td>'
            for weight in row
        )
        + "</tr>"
        for row in kernel.matrix
    )
    over = f" ÷ {number(kernel.divisor)}" if kernel.divisor != 1 else ""
    title = escape(kernel.title)
    return f'<table class="kernel"><caption>Kernel: {title}{over}</caption>{rows}</table>'


def _to_one_digit(values: NDArray) -> NDArray[np.float64]:
    """Round to one digit after the point as on paper, halves away from 0."""
    return np.sign(values) * np.floor(10 * abs(values) + 0.5 + 1e-9) / 10


def _signed(value: float, *, plus: bool = False) -> str:
    """Write a weight with its plus, or in brackets if its minus would follow another sign."""
    text = number(float(value))
    if plus:
        return f"+{text}" if value > 0 else text
    return f"({text})" if value < 0 else text


def _whole(values: NDArray) -> bool:
    return bool((values == np.rint(values)).all())
