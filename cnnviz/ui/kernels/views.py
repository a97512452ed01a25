"""The views of a kernel on the Kernels page: panes, a surface and sentences."""

import math

import numpy as np
import plotly.graph_objects as go

from cnnviz.experiments.composition import Comparison
from cnnviz.functional.checks import count_of
from cnnviz.images.colour_maps import KERNEL, KERNEL_DARK
from cnnviz.kernels import Kernel, frequency_response, rank, separate, strongest_wave, weight_sum
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets.formatting import number

WAVES = 64  # cells per side of the frequency response
ROUNDING = 1e-9  # as a share of the largest value; a smaller difference needs no reason
BORDER = (
    "There the second kernel reads padding: zeros, where the one kernel still sees the picture. "
    "The zeros belong to the map between the two, which ends at the border."
)
MARKS = {0: 0, 127: 0.5, 254: 1}  # table index: position on the scale


def weights_pane(kernel: Kernel) -> Pane:
    """Return the weights of the kernel as a map, without the divisor."""
    divisor = "" if kernel.divisor == 1 else f"all ÷ {number(kernel.divisor)}"
    return Pane(0, divisor, f"The weights of {kernel.title}", kernel.matrix, file="weights")


def response_pane(kernel: Kernel) -> Pane:
    """Return the frequency response as a map, with frequency 0 in the middle."""
    response = frequency_response(kernel, WAVES)
    return Pane(
        0, "", f"The frequency response of {kernel.title}", response, file="frequency_response"
    )


def comparison_panes(maps: Comparison, titles: tuple[str, str, str]) -> list[Pane]:
    """Return first, second, whole and difference; the last three share a scale.

    Where both ways agree, the difference has no colour.
    """
    steps = zip(
        (*titles, "Difference"),
        ("first", "then", "all_at_once", "difference"),
        (maps.first, maps.second, maps.whole, maps.difference),
        strict=True,
    )
    return [
        Pane(0, title, title, values, scale="both" if slot else "first", slot=slot, file=file)
        for slot, (title, file, values) in enumerate(steps)
    ]


def surface(kernel: Kernel, *, dark: bool = False) -> go.Figure:
    """Return the weights as a landscape: a hill is a weight above 0, a hollow one below."""
    weights = kernel.weights
    colours = KERNEL_DARK if dark else KERNEL
    most = float(abs(weights).max()) or 1.0
    # A surface needs four corners, so a kernel of one row gets a second, equal row.
    drawn = np.repeat(weights, 2, axis=0) if weights.shape[0] == 1 else weights
    drawn = np.repeat(drawn, 2, axis=1) if drawn.shape[1] == 1 else drawn
    figure = go.Figure(
        go.Surface(
            z=drawn,
            colorscale=[[at, f"rgb{tuple(colours[i].tolist())}"] for i, at in MARKS.items()],
            cmin=-most,
            cmax=most,
            showscale=False,
            hovertemplate="row %{y}, column %{x}: %{z:.4g}<extra></extra>",
        )
    )
    figure.update_layout(
        height=300,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        scene={
            "xaxis": {"title": "column", "nticks": 6},
            "yaxis": {"title": "row", "nticks": 6, "autorange": "reversed"},
            "zaxis": {"title": "weight", "nticks": 5},
            "aspectratio": {"x": 1, "y": 1, "z": 0.6},
            "camera": {"eye": {"x": 1.1, "y": 1.3, "z": 0.9}},
        },
        uirevision="kernel",  # keeps the user's view angle when the kernel changes
    )
    return figure


def sum_sentence(kernel: Kernel) -> str:
    """Say what the weights sum to, and what that does to a flat area."""
    total = weight_sum(kernel)
    if total == 0:
        return "The weights sum to **0**: flat areas give 0."
    if abs(total - 1) < 1e-9:
        return "The weights sum to **1**: flat areas keep their brightness."
    return f"The weights sum to **{number(total)}**: flat areas are scaled by {number(total)}."


def wave_sentence(kernel: Kernel) -> str:
    """Say what the frequency response shows."""
    factor, length = strongest_wave(kernel, WAVES)
    flat = number(abs(weight_sum(kernel)))
    if not factor:
        return "This kernel lets nothing through."
    if np.count_nonzero(kernel.matrix) == 1:  # it only shifts the picture and scales it
        return f"Gain is {flat} for all waves alike."
    if math.isinf(length):
        return f"Gain is highest, {flat}, for flat areas (centre)."
    return (
        f"Gain is {flat} for flat areas (centre) and highest, {number(factor)}, for stripes "
        f"{number(length, 2)} px apart."
    )


def rank_sentence(kernel: Kernel) -> str:
    """Say whether the kernel is a column times a row, and what that saves."""
    height, width = kernel.shape
    found = rank(kernel)
    if found == 0:
        return "Rank **0**: all weights are 0."
    if found == 1:
        passes = separate(kernel)
        column, row = (list(map(_short, one.matrix.ravel())) for one in passes)
        divisor = math.prod(one.divisor for one in passes)
        over = "" if divisor == 1 else f", ÷ {number(divisor)}"
        product = f"the column ({', '.join(column)}) times the row ({', '.join(row)}){over}"
        named = product if height + width <= 12 else "a column times a row"
        if 1 in kernel.shape:
            alone = "column" if height > width else "row"
            return (
                f"Rank **1**: it is {named}, so the {alone} alone does the work with "
                f"{count_of(height * width, 'multiplication')} per cell, and a second pass saves "
                "nothing."
            )
        return (
            f"Rank **1**: it is {named}, so two passes with {height} + {width} multiplications "
            f"per cell do the work of {height} × {width} = {height * width}."
        )
    return (
        f"Rank **{found}**: it takes {found} products of a column and a row. The two "
        "passes here use the best single one, and the difference is what that misses."
    )


def difference_sentence(maps: Comparison, why: str = "") -> str:
    """Say how much two ways differ; `why` follows where they differ more at the border."""
    if maps.inside is None or maps.border is None:
        only = maps.border if maps.inside is None else maps.inside
        return f"Largest difference: **{number(only)}**."
    more = maps.border - maps.inside > ROUNDING * float(abs(maps.whole).max())
    return (
        f"Largest difference: **{number(maps.inside)}** away from the border, "
        f"**{number(maps.border)}** at it.{f' {why}' if why and more else ''}"
    )


def _short(value: float) -> str:
    return number(float(value))
