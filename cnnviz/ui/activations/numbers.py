"""Lessons of the Activations page without a picture: a deep network, and a vector."""

import math
from functools import lru_cache
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.experiments.rectification import rectified
from cnnviz.experiments.signal_propagation import (
    INITIALISATIONS,
    Propagation,
    course,
    factor,
    level,
    propagate,
)
from cnnviz.experiments.softmax_steps import SoftmaxSteps, softmax_steps
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.ui.activations.lesson import FAMILY, Lesson, Work, step
from cnnviz.ui.activations.programs import propagation_programs, softmax_programs
from cnnviz.ui.activations.settings import (
    PAGE,
    depth,
    parameters,
    propagation_function,
    seed,
    temperature,
    vector,
)
from cnnviz.ui.chain.run import Input, Run
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.widgets import frame, live
from cnnviz.ui.widgets.number_grid import matrix
from cnnviz.ui.widgets.slider import slider
from cnnviz.ui.widgets.text import RAISED, number, percent

FLOOR = -32  # longer bars are cut off here: a power of ten
NOTHING = Run(Input.numbers([[0.0]]), (), (), ())

_propagate = lru_cache(maxsize=256)(propagate)


def signal_propagation(page: live.Page, stage: frame.Stage) -> Work:
    """Draw what arrives at each layer of a deep network, for four initialisations."""
    propagation_function.segments()
    left, right = st.columns(2, gap="large")
    with left:
        slider(depth)
    with right:
        slider(seed)
    return signal_propagation_answer()


def signal_propagation_answer() -> Work:
    """Draw the bars."""
    name, layers = propagation_function.value, depth.value
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
    frame.look_for(
        "A bar pointing up is a signal that has grown, a bar pointing down one that has shrunk, "
        "in powers of ten. "
        "Activations go from left to right, gradients from right to left. On its way back the "
        "gradient is multiplied at every layer by the weights, and by the slope of the "
        f"activation. {backwards(name, found)}"
    )
    he = found["he"]
    kept = level(he.spread) and level(he.gradient)
    frame.question(
        "Take 20 layers or more. With which function does He, variance 2 / fan-in, keep both "
        "rows level, and with which Xavier, 1 / fan-in?",
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
        )

    return Work(NOTHING, (), code)


def backwards(name: str, found: dict[str, Propagation]) -> str:
    """Say what happens to the gradient, from how it develops under the four initialisations."""
    courses = {one: course(each.gradient[::-1]) for one, each in found.items()}
    steepest = {"sigmoid": " The slope of a sigmoid is at most 1/4."}.get(name, "")
    named = {
        kind: [INITIALISATIONS[one].title for one, each in courses.items() if each == kind]
        for kind in ("shrinks", "level", "grows")
    }
    said = {"shrinks": "it vanishes", "level": "it stays level", "grows": "it explodes"}
    parts = [f"with {_listed(named[kind])} {said[kind]}" for kind in said if named[kind]]
    return f"Here, {', '.join(parts)}.{steepest}"


def _listed(names: list[str]) -> str:
    """Return "A", "A and B", "A, B and C", or "all four"; a name keeps its capital."""
    if len(names) == len(INITIALISATIONS):
        return "all four"
    names = [name if name in ("Xavier", "He") else f"“{name.lower()}”" for name in names]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _factors(found: dict[str, Propagation]) -> str:
    """Return how the gradient fares with each initialisation as an HTML table."""
    steps = len(next(iter(found.values())).gradient) - 1
    rows = {
        "Gradient at the first layer ÷ at the last": [
            _power(each.gradient[0] / each.gradient[-1]) for each in found.values()
        ],
        f"that is, for each of the {steps} steps between": [
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


def _bars(found: dict[str, Propagation]) -> Any:  # noqa: ANN401 - a Plotly figure
    """Draw spread and gradient, a row each, a column for each initialisation."""
    from plotly.subplots import make_subplots  # 0.3 s of import, which no other lesson needs

    titles = [f"{one.title}<br>{one.scale:g} / n" for one in INITIALISATIONS.values()]
    figure = make_subplots(
        2,
        4,
        shared_xaxes=True,
        shared_yaxes="rows",
        column_titles=titles,
        horizontal_spacing=0.02,
        vertical_spacing=0.08,
    )
    for column, each in enumerate(found.values(), 1):
        for line, values in enumerate(each, 1):
            powers = np.log10(np.maximum(values, 10.0**FLOOR))
            figure.add_bar(
                x=np.arange(1, len(values) + 1),
                y=powers,
                customdata=[number(value, 3) for value in values],
                hovertemplate="layer %{x}: %{customdata}<extra></extra>",
                marker_color=("#2f7dd1", "#d1742f")[line - 1],
                row=line,
                col=column,
            )
    for line, title in enumerate(("spread of the activations", "size of the gradient"), 1):
        ends = [np.log10(np.maximum(each[line - 1], 10.0**FLOOR)) for each in found.values()]
        reach = max(0, np.max(ends)) - min(0, np.min(ends))
        ticks = np.arange(-40, 41) * max(1, int(np.ceil(reach / 6)))
        figure.update_yaxes(
            tickvals=ticks,
            ticktext=[f"10{str(tick).translate(RAISED)}" if tick else "1" for tick in ticks],
            row=line,
        )
        figure.update_yaxes(title_text=title, row=line, col=1)
    figure.update_xaxes(title_text="layer", row=2)
    figure.update_annotations(font_size=13)
    figure.update_layout(
        height=460, showlegend=False, bargap=0.15, margin={"l": 10, "r": 10, "t": 50, "b": 10}
    )
    return figure


def numbers_lesson(page: live.Page, stage: frame.Stage) -> Work:
    """Draw what every function makes of a vector, and softmax in steps."""
    left, right = st.columns([1, 1], gap="large")
    with left:
        frame.stage_title(1, "A vector")
        matrix(vector, colours="grey", limits=(-2, 2))
        frame.stage_title(2, "Number by number")
        table = st.container()
        for parameter in parameters.values():
            slider(parameter)
    with right:
        frame.stage_title(3, "Softmax: all numbers together")
        slider(temperature)
        shares = st.container()
    return numbers_answer(table, shares)


def numbers_answer(table: DeltaGenerator, shares: DeltaGenerator) -> Work:
    """Draw both tables."""
    x = vector.value.array.ravel()
    rows = {name: rectified(x, step(name)).activated for name in FAMILY}
    with table:
        st.html(_table([("x", x), *((ACTIVATIONS[name].title, y) for name, y in rows.items())]))
    try:
        steps = softmax_steps(x, temperature.value)
    except ValueError as error:
        shares.error(str(error), icon=":material/straighten:")
        steps = None
    else:
        shares.html(_softmax_table(x, steps))
    frame.look_for(
        "ReLU, number by number, leaves what is above 0 and makes the rest 0. Softmax sees all "
        "numbers at once: each e^(x/T) is above 0, and divided by their sum they are shares that "
        "add to 1. A low temperature gives nearly everything to the largest number, a high one "
        "makes all alike."
    )
    largest = steps.shares.max() if steps else 0
    frame.question(
        "Leave the vector as it is and give the largest number more than 99 %.",
        vector.value == vector.default and largest > 0.99,
        f"Right: at T = {temperature.value:g} it has {number(100 * largest, 4)} %. The order of "
        "the numbers never changes, only how far the shares are apart.",
    )
    given = Run(Input.numbers(x[np.newaxis]), (), (), ())
    return Work(given, (), lambda: Code((softmax_steps,), softmax_programs(temperature.value)))


def _table(rows: list[tuple[str, np.ndarray]]) -> str:
    lines = [
        f"<tr><th>{escape(title)}</th>{''.join(f'<td>{number(y)}</td>' for y in values)}</tr>"
        for title, values in rows
    ]
    return f'<div class="table"><table>{"".join(lines)}</table></div>'


def _softmax_table(x: np.ndarray, steps: SoftmaxSteps) -> str:
    head = "<tr><th>x</th><th>x ÷ T</th><th>e^(x ÷ T)</th><th>÷ sum</th><td></td></tr>"
    lines = [
        f"<tr><th>{number(value)}</th><td>{number(scaled)}</td><td>{number(power)}</td>"
        f"<td>{number(share)}</td>"
        f'<td><div class="share" style="min-width:6rem">'
        f'<i style="width:{100 * share:.1f}%"></i></div></td></tr>'
        for value, scaled, power, share in zip(
            x, steps.scaled, steps.exponentials, steps.shares, strict=True
        )
    ]
    total = (
        f"<tr><th>Sum</th><td></td><td>{number(steps.total)}</td>"
        f"<td>{percent(float(steps.shares.sum().round(12)))}</td><td></td></tr>"
    )
    return f'<div class="table"><table>{head}{"".join(lines)}{total}</table></div>'


def _power(value: float) -> str:
    """Write a number as a power of ten, unless it is between 0.01 and 100."""
    if 0.01 <= value <= 100:
        return number(value, 2)
    if not value:
        return "0"
    mantissa, exponent = f"{value:.0e}".split("e")
    power = f"10{str(int(exponent)).translate(RAISED)}"
    return power if mantissa == "1" else f"{mantissa}·{power}"


LESSONS = {
    "depth": Lesson(signal_propagation, (propagation_function, depth, seed)),
    "vector": Lesson(numbers_lesson, (vector, temperature)),
}
