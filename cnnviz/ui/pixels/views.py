"""The views of the Pixels page: planes and their grey, a layer's weights, a shifted picture."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnviz.experiments.chain import Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.experiments.parameter_count import Parameters, convolution_parameters, dense_parameters
from cnnviz.experiments.shift import ShiftedMaps, changed
from cnnviz.functional.checks import count_of
from cnnviz.images.loading import grey
from cnnviz.kernels import Kernel
from cnnviz.ui.chain.panes import CHANNELS, arithmetic, panes, planes
from cnnviz.ui.chain.run import Run, run
from cnnviz.ui.maps.message import Arithmetic
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets.formatting import grouped, number, percent

# Grey is a filter of three 1 × 1 kernels on the planes: luma, ITU-R BT.601.
LUMA = tuple(Kernel("luma", "own", [[weight]], 1000) for weight in (299, 587, 114))
MORE = 10  # pixels per side by which the picture of the calculator grows


def only(planes: NDArray[np.uint8], names: Sequence[str]) -> NDArray[np.uint8]:
    """Return the planes (3, H, W), with every channel that is not named set to 0."""
    kept = np.array([name in names for name in CHANNELS], np.uint8)
    return planes * kept[:, None, None]


def grey_run(planes: NDArray[np.uint8], white: float) -> Run:
    """Return the run of the filter that turns three planes (3, H, W) into grey."""
    recipe = Recipe(LUMA[0], filter=LUMA, padding="valid", activation="none", pooling="none")
    return run(Input.picture(planes, white), [recipe])


def plane_panes(made: Run) -> list[Pane]:
    """Return the picture, its grey and its three planes, each in its own slot."""
    picture, features = [pane for pane in panes(made) if pane.stage < 2]
    channels = [
        replace(pane, title="", slot=2 + pane.channel, file=CHANNELS[pane.channel])
        for pane in planes(made)
    ]
    drawn = grey(made.input.intensities.transpose(1, 2, 0))
    one = replace(
        features,
        alt="Grey",
        picture=drawn,
        white=made.input.white,
        slot=1,
        file="grey",
    )
    return [replace(picture, file="picture"), *channels, one]


def plane_arithmetic(made: Run, closeup: int) -> Arithmetic:
    """Return the arithmetic for the browser, starting at the most colourful cell."""
    spread = np.ptp(made.input.intensities, axis=0)
    row, column = np.unravel_index(spread.argmax(), spread.shape)
    return replace(arithmetic(made), start=(int(row), int(column)), closeup=closeup)


def parameter_table(side: int, channels: int, kernel_size: int, units: int) -> str:
    """Return the number of weights of both kinds of layer as an HTML table, with the factors."""
    dense = dense_parameters(side, channels, units)
    larger = dense_parameters(side + MORE, channels, units)
    shared = convolution_parameters(kernel_size, channels, units)
    neurons = "One dense neuron" if units == 1 else f"{grouped(units)} dense neurons"
    filters = "One filter" if units == 1 else f"{grouped(units)} filters"
    rows = [
        (neurons, f"picture of {side} × {side}", _factors(side, channels, units), dense, ""),
        (
            "The same",
            f"{MORE} pixels more per side",
            _factors(side + MORE, channels, units),
            larger,
            f"+ {grouped(larger.weights - dense.weights)}",
        ),
        (
            filters,
            f"{kernel_size} × {kernel_size}, for any picture",
            _factors(kernel_size, channels, units),
            shared,
            "+ 0",
        ),
    ]
    body = "".join(_row(*row) for row in rows)
    head = "<tr><td></td><td></td><th>weights</th><th>biases</th><th>growth</th></tr>"
    return f'<div class="table"><table>{head}{body}</table></div>'


def _factors(side: int, channels: int, units: int) -> str:
    times = f" × {units}" if units > 1 else ""
    return f"{side} × {side} × {channels}{times}"


def _row(name: str, what: str, factors: str, count: Parameters, growth: str) -> str:
    cells = (factors + " =", f"<b>{grouped(count.weights)}</b>", f"+ {grouped(count.biases)}")
    numbers = "".join(f"<td>{cell}</td>" for cell in (*cells, growth))
    return f"<tr><th>{name}<small>{what}</small></th>{numbers}</tr>"


def parameter_count(side: int, channels: int, kernel_size: int, units: int) -> str:
    """Return the table of the weights, and the same as areas beside it, as HTML."""
    table = parameter_table(side, channels, kernel_size, units)
    return (
        f'<div class="counted">{table}{parameter_areas(side, channels, kernel_size, units)}</div>'
    )


def parameter_areas(side: int, channels: int, kernel_size: int, units: int) -> str:
    """Return the weights as areas (HTML): a cell is a pixel, with a weight for each channel."""
    whole = max(side + MORE, kernel_size)
    inner, kernel = (100 * length / whole for length in (side, kernel_size))
    outer = 100 * (side + MORE) / whole
    of = [name for name, count in (("channel", channels), ("neuron or filter", units)) if count > 1]
    cell = (
        f"{channels * units} weights, one for each {' of each '.join(of)}" if of else "one weight"
    )
    alt = (
        f"A square of {count_of(side, 'pixel')} per side, each with {cell}; {MORE} more pixels at "
        f"its right and below; in its corner a filter of {kernel_size} by {kernel_size}."
    )
    squares = "".join(
        f'<i class="{name}" style="width:{length:.2f}%;height:{length:.2f}%"></i>'
        for name, length in (("more", outer), ("dense", inner), ("filter", kernel))
    )
    areas = f'<div class="areas" role="img" aria-label="{alt}">{squares}</div>'
    return f"<div>{areas}<small>Every point of the square is a pixel with {cell}.</small></div>"


def shift_panes(given: Input, drawn: NDArray[np.uint8], maps: ShiftedMaps) -> list[Pane]:
    """Return the panes of a shift: picture, feature map and differences."""
    picture = Pane(
        0,
        "Picture",
        "The picture",
        given.values,
        picture=given.intensities,
        white=given.white,
        file="picture",
    )
    moved = replace(
        picture, stage=1, title="Shifted", alt="The shifted picture", values=maps.picture,
        picture=drawn, file="shifted_picture",
    )  # fmt: skip
    difference = maps.picture.astype(float) - given.values
    if given.colour:  # shows the channel that changed most
        largest = abs(difference).argmax(axis=0, keepdims=True)
        difference = np.take_along_axis(difference, largest, axis=0)[0]
    return [
        picture,
        Pane(0, "Its feature map", "The feature map", maps.before, scale="map", file="feature_map"),
        moved,
        Pane(
            1,
            "Its feature map",
            "The feature map of the shifted picture",
            maps.after,
            scale="map",
            file="shifted_feature_map",
        ),
        Pane(
            2,
            "Shifted − picture",
            "What changed in the picture",
            difference,
            scale="input",
            file="picture_difference",
        ),
        Pane(
            2,
            "After − before, moved along",
            "What changed in the feature map",
            maps.after - maps.expected,
            scale="map",
            file="feature_map_difference",
        ),
    ]


def shift_table(given: Input, maps: ShiftedMaps) -> str:
    """Return how many numbers a shift changed as an HTML table, with bars."""
    rows = (
        ("Input of a dense layer", "number by number", given.values, maps.picture),
        ("Feature map", "cell by cell", maps.before, maps.after),
        ("Feature map", "against the first one, moved along", maps.expected, maps.after),
    )
    body = ""
    for name, what, before, after in rows:
        share = changed(before, after)
        count = f"{grouped(round(share * before.size))} of {grouped(before.size)}"
        bar = f'<div class="share"><i style="width:{100 * share:.1f}%"></i></div>'
        body += (
            f"<tr><th>{name}<small>{what}</small></th>"
            f"<td><b>{percent(share)}</b><small>{count}</small>{bar}</td></tr>"
        )
    head = "<tr><td></td><th>changed</th></tr>"
    return f'<div class="table"><table>{head}{body}</table></div>'


def strongest(features: NDArray) -> str:
    """State the position and value of a map's largest cell."""
    row, column = np.unravel_index(features.argmax(), features.shape)
    return f"{number(features[row, column])} at row {row}, column {column}"
