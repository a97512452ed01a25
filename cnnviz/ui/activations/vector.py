"""The lesson of the Activations page on a vector: functions of one number, softmax of all."""

from html import escape

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.experiments.chain_input import Input
from cnnviz.experiments.rectification import rectified
from cnnviz.experiments.softmax_steps import SoftmaxSteps, softmax_steps
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.ui.activations.lesson import FAMILY, Lesson, Work, step
from cnnviz.ui.activations.programs import softmax_programs
from cnnviz.ui.activations.settings import PAGE, colours, parameters, temperature, vector
from cnnviz.ui.chain.run import Run
from cnnviz.ui.export.dialogs import Code
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.formatting import DECIMALS, number, within
from cnnviz.ui.widgets.number_grid import matrix
from cnnviz.ui.widgets.slider import slider

BOARD = f"{PAGE}.vector"


def numbers_lesson(page: live_page.Page, regions: frame.Regions) -> Work:
    """Draw every function of a vector's numbers, and softmax step by step."""
    boards.row(*((BOARD, slot) for slot in range(3)))
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
        written = [(ACTIVATIONS[name].title, _written(name, y)) for name, y in rows.items()]
        st.html(_table([("x", list(map(number, x))), *written]))
    try:
        steps = softmax_steps(x, temperature.value)
    except ValueError as error:
        shares.error(str(error), icon=":material/straighten:")
        steps = None
    else:
        shares.html(_softmax_table(x, steps))
    shown = panes(x, rows["relu"], steps)
    boards.show(*boards.packed(BOARD, shown, colours.chosen()))
    frame.look_for(
        "ReLU, number by number, leaves what is above 0 and makes the rest 0. Softmax sees all "
        "numbers at once: each e^(x/T) is above 0, and divided by their sum they are shares that "
        "add up to 1. A low temperature gives nearly everything to the largest number, a high one "
        "makes all alike."
    )
    largest = steps.shares.max() if steps else 0
    frame.question(
        "Leave the vector as it is and give the largest number a share of more than 0.99.",
        vector.value == vector.default and largest > 0.99,
        f"Right: at T = {temperature.value:g} it has {number(largest)}. The order of "
        "the numbers never changes, only how far the shares are apart.",
    )
    given = Run(Input.numbers(x[np.newaxis]), (), (), ())
    return Work(given, shown, lambda: Code((softmax_steps,), softmax_programs(temperature.value)))


def panes(x: np.ndarray, rectified: np.ndarray, steps: SoftmaxSteps | None) -> list[Pane]:
    """Return the vector, its ReLU and its softmax shares, as maps of one row."""
    rows = [
        ("Vector", "The vector", x, "vector"),
        ("ReLU, number by number", "The vector after ReLU", rectified, "vector"),
    ]
    if steps:
        title = "Softmax: shares of the whole"
        rows.append((title, "The vector after softmax", steps.shares, "shares"))
    return [
        Pane(slot, title, alt, values[np.newaxis], scale=scale, file=file)
        for slot, ((title, alt, values, scale), file) in enumerate(
            zip(rows, ("vector", "relu", "softmax"), strict=False)
        )
    ]


def _written(name: str, values: np.ndarray) -> list[str]:
    """Write what an activation returns."""
    bounds = ACTIVATIONS[name].bounds(**dict(step(name)[1]))
    return [within(value, bounds) for value in values]


def _table(rows: list[tuple[str, list[str]]]) -> str:
    lines = [
        f"<tr><th>{escape(title)}</th>{''.join(f'<td>{text}</td>' for text in texts)}</tr>"
        for title, texts in rows
    ]
    return f'<div class="table"><table>{"".join(lines)}</table></div>'


def _softmax_table(x: np.ndarray, steps: SoftmaxSteps) -> str:
    head = "<tr><th>x</th><th>x ÷ T</th><th>e^(x ÷ T)</th><th>÷ sum</th><td></td></tr>"
    lines = [
        f"<tr><th>{number(value)}</th><td>{number(scaled)}</td><td>{number(power)}</td>"
        f"<td>{share:.{DECIMALS}f}</td>"
        f'<td><div class="share" style="min-width:6rem">'
        f'<i style="width:{100 * share:.1f}%"></i></div></td></tr>'
        for value, scaled, power, share in zip(
            x, steps.scaled, steps.exponentials, steps.shares, strict=True
        )
    ]
    total = f"<tr><th>Sum</th><td></td><td>{number(steps.total)}</td><td>1</td><td></td></tr>"
    exact = all(
        np.allclose(numbers, np.round(numbers, DECIMALS), rtol=0, atol=1e-12)
        for numbers in (steps.scaled, steps.exponentials, steps.shares)
    )
    rounded = "" if exact else "<small>Values rounded for display.</small>"
    return f'<div class="table"><table>{head}{"".join(lines)}{total}</table>{rounded}</div>'


LESSONS = {"vector": Lesson(numbers_lesson, (vector, temperature))}
