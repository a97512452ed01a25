"""The lesson of the Activations page on depth: signals and gradients in a deep network."""

import math
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any

import numpy as np
import streamlit as st

from cnnviz.experiments.chain_input import Input
from cnnviz.experiments.signal_propagation import (
    INITIALISATIONS,
    WIDTH,
    Propagation,
    activations,
    factor,
    level,
    propagate,
    trend,
)
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.functional.powers import power_of_ten
from cnnviz.ui.activations.lesson import Lesson, Work, block
from cnnviz.ui.activations.programs import propagation_programs
from cnnviz.ui.activations.settings import PAGE, colours, depth, propagation_function, seed
from cnnviz.ui.chain.run import Run
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame, live_page, theme
from cnnviz.ui.widgets.formatting import listed, number
from cnnviz.ui.widgets.slider import slider

FLOOR = -32  # longer bars are cut off at this power of ten
MARGIN = 0.05  # above and below the powers of ten
MOST_LABELS = 4  # layers named below each chart; more would overlap
FEWEST = 8  # neurons on a map; otherwise as many as layers, so that the map is square
MEANING = (
    "The initialisation sets the variance of the random weights that training starts from. Fan-in, "
    "n, is the number of inputs of a neuron. Xavier (1 / n with as many outputs as inputs) is made "
    "for tanh, He (2 / n) for ReLU; the other two, 0.2 / n and 8 / n, are too small and too large "
    "for most."
)
NOTHING = Run(Input.numbers([[0.0]]), (), (), ())

_propagate = lru_cache(maxsize=256)(propagate)


def signal_propagation(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw the signal at each layer of a deep network, for four initialisations."""
    block(regions, "depth", [one.title for one in INITIALISATIONS.values()], columns=2)
    propagation_function.select()
    slider(depth)
    slider(seed)
    return signal_propagation_answer()


def signal_propagation_answer() -> Work:
    """Draw the maps and the bars."""
    name, layers = propagation_function.value, depth.value
    shown = panes(name, layers)
    maps = boards.packed(f"{PAGE}.depth", shown, colours.chosen())
    st.caption(MEANING)
    found = {one: _propagate(name, one, layers, seed=seed.value) for one in INITIALISATIONS}
    st.plotly_chart(
        _bars(found),
        key=f"{PAGE}:bars",
        config={"displayModeBar": False},
        alt=" ".join(
            f"{INITIALISATIONS[one].title}: the spread goes from {number(each.spread[0], 2)} to "
            f"{number(each.spread[-1], 2)}, the gradient at the first layer is "
            f"{number(each.gradient[0], 2)}."
            for one, each in found.items()
        ),
    )
    st.html(_factors(found))
    boards.show(*maps)
    frame.look_for(
        f"The maps follow one example on its way: a column for every layer, the first at the left, "
        f"and a row for each of the first {len(shown[0].values)} of {WIDTH} neurons. Where they "
        "fade, or all cells become alike, the network has lost the example. A bar pointing up is a "
        "signal that has grown, a bar pointing down one that has shrunk, "
        "in powers of ten. "
        "Activations go from left to right, gradients from right to left. On its way back the "
        "gradient is multiplied at every layer by the weights, and by the slope of the "
        f"activation. {backwards(name, found)}"
    )
    he = found["he"]
    kept = level(he.spread) and level(he.gradient)
    frame.question(
        "Take 20 layers or more. With which function does He (variance 2 / fan-in) keep both rows "
        "level, and with which does Xavier (1 / fan-in)?",
        layers >= 20 and kept,
        f"{ACTIVATIONS[name].title} with He: from first to last layer neither changes more than "
        "tenfold. He's factor 2 makes up for the half that a ReLU sets to 0; a tanh, which is "
        "nearly straight around 0, is level with Xavier too.",
    )

    def code() -> Code:
        kind = name, ACTIVATIONS[name].defaults
        return Code(
            (propagate,),
            propagation_programs(kind, INITIALISATIONS["he"].scale, layers, seed.value),
            note="Gives the numbers of He on this page, from the same random numbers.",
        )

    return Work(NOTHING, shown, code)


def panes(name: str, layers: int) -> list[Pane]:
    """Return the layers' outputs for one example, (neurons, layers), for each initialisation."""
    neurons = min(max(layers, FEWEST), WIDTH)
    made = [activations(name, one, layers, seed=seed.value) for one in INITIALISATIONS]
    return [
        Pane(
            slot,
            "",
            f"{one.title}: what {layers} layers make of one example, from left to right",
            each[:, 0, :neurons].T,
            scale=one.name,
            file=f"activations_{one.name}",
        )
        for slot, (one, each) in enumerate(zip(INITIALISATIONS.values(), made, strict=True))
    ]


def backwards(name: str, found: dict[str, Propagation]) -> str:
    """Say how the gradient changes on its way back, for the four initialisations."""
    trends = {one: trend(each.gradient[::-1]) for one, each in found.items()}
    steepest = {"sigmoid": " The slope of a sigmoid is at most 1/4."}.get(name, "")
    named = {
        kind: [INITIALISATIONS[one].title for one, each in trends.items() if each == kind]
        for kind in ("shrinks", "level", "grows")
    }
    said = {"shrinks": "it vanishes", "level": "it stays level", "grows": "it explodes"}
    parts = [f"with {_named(named[kind])} {said[kind]}" for kind in said if named[kind]]
    return f"Here, {', '.join(parts)}.{steepest}"


def _named(names: list[str]) -> str:
    """List initialisations, or say that it is all of them; names of people keep their capital."""
    if len(names) == len(INITIALISATIONS):
        return "all four initialisations"
    names = [name if name in ("Xavier", "He") else f"“{name.lower()}”" for name in names]
    return listed(names)


def _factors(found: dict[str, Propagation]) -> str:
    """Return the change of the gradient for each initialisation, as an HTML table."""
    steps = len(next(iter(found.values())).gradient) - 1
    between = "the one step" if steps == 1 else f"each of the {steps} steps"
    rows = {
        "Gradient at the first layer ÷ at the last": [
            _power(each.gradient[0] / each.gradient[-1]) for each in found.values()
        ],
        f"that is, for {between} between": [
            f"× {number(factor(each.gradient), 2)}" for each in found.values()
        ],
        "from the weights, √(fan-in × variance)": [
            f"× {number(math.sqrt(INITIALISATIONS[one].scale), 2)}" for one in found
        ],
        "from the slope": [
            f"× {number(factor(each.gradient) / math.sqrt(INITIALISATIONS[one].scale), 2)}"
            for one, each in found.items()
        ],
    }
    head = "".join(f"<th>{INITIALISATIONS[one].title}</th>" for one in found)
    lines = [
        f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, cells in rows.items()
    ]
    return f'<div class="table"><table><tr><td></td>{head}</tr>{"".join(lines)}</table></div>'


def _bars(found: dict[str, Propagation]) -> Any:  # a Plotly figure
    """Draw spread and gradient in two rows, with a column for each initialisation.

    The figure is made at once: with a change for each axis, Plotly takes seven times as long.
    """
    from plotly.graph_objects import Figure  # 0.3 s; no other lesson needs it

    layers = len(next(iter(found.values())).spread)
    every = math.ceil(layers / MOST_LABELS)
    layout = deepcopy(_grid())
    bars = []
    for line, title in enumerate(("spread of the activations", "size of the gradient")):
        powers = [np.log10(np.maximum(each[line], 10.0**FLOOR)) for each in found.values()]
        axis = _axis(min(0, np.min(powers)), max(0, np.max(powers)))
        for column, each in enumerate(found.values()):
            place = len(found) * line + column + 1
            nth = "" if place == 1 else place
            bars.append(
                {
                    "type": "bar",
                    "x": np.arange(1, layers + 1),
                    "y": powers[column],
                    "customdata": [number(value, 3) for value in each[line]],
                    "hovertemplate": "layer %{x}: %{customdata}<extra></extra>",
                    "marker": {"color": theme.accent()},
                    "xaxis": f"x{nth}",
                    "yaxis": f"y{nth}",
                }
            )
            across, up = layout[f"xaxis{nth}"], layout[f"yaxis{nth}"]
            across["tickvals"] = list(range(every, layers + 1, every))
            up |= axis
            if line == 1:
                across["title"] = {"text": "layer"}
            if column == 0:
                up["title"] = {"text": title}
    return Figure({"data": bars, "layout": layout})


@cache
def _grid() -> dict[str, Any]:
    """Return the layout of two rows of charts, with a column for each initialisation."""
    from plotly.subplots import make_subplots

    figure = make_subplots(
        2,
        len(INITIALISATIONS),
        shared_xaxes=True,
        shared_yaxes="rows",
        column_titles=[f"{one.title}<br>{one.scale:g} / n" for one in INITIALISATIONS.values()],
        horizontal_spacing=0.02,
        vertical_spacing=0.08,
    )
    figure.update_annotations(font_size=13)
    figure.update_layout(
        height=460, showlegend=False, bargap=0.15, margin={"l": 10, "r": 10, "t": 50, "b": 10}
    )
    layout = figure.to_dict()["layout"]
    return {name: part for name, part in layout.items() if name != "template"}  # the default


def _axis(low: float, high: float) -> dict[str, Any]:
    """Return the marks of an axis from one power of ten to another, and its ends if they matter."""
    ticks = np.arange(-40, 41) * max(1, int(np.ceil((high - low) / 6)))
    axis = {
        "tickvals": ticks.tolist(),
        "ticktext": [power_of_ten(int(tick)) for tick in ticks],
    }
    if np.floor(high) - np.ceil(low) < 1:  # room for a second power of ten
        low, high = np.floor(low), max(np.ceil(high), np.floor(low) + 1)
        axis["range"] = [low - MARGIN, high + MARGIN]
    return axis


def _power(value: float) -> str:
    """Write a number as a power of ten, unless it is between 0.01 and 100."""
    if 0.01 <= value <= 100:
        return number(value, 2)
    if not value:
        return "0"
    mantissa, exponent = f"{value:.0e}".split("e")
    power = power_of_ten(int(exponent))
    return power if mantissa == "1" else f"{mantissa}·{power}"


LESSONS = {"depth": Lesson(signal_propagation, (propagation_function, depth, seed))}
