"""Formulas of the activation functions, with the range of their values and their largest slope."""

import re

import streamlit as st

from cnnviz.functional.activations import ACTIVATIONS, SELU_ALPHA, SELU_SCALE, Bounds
from cnnviz.ui.activations.lesson import FAMILY, step
from cnnviz.ui.widgets.formatting import number, together

SYMBOLS = {"leaky_relu": "s", "prelu": "a", "elu": "α"}  # symbol of the function's one parameter
MEANING = {
    "prelu": "a is learned, one for each channel",
    "selu": f"{together(f'λ = {SELU_SCALE:.4f}')}, {together(f'α = {SELU_ALPHA:.4f}')}",
    "gelu": "Φ(x): the share of the standard normal distribution that lies below x",
}


def draw_formulas() -> None:
    """Draw the formula of each function, with its value range and largest slope below."""
    st.html(f'<h2 class="stage">Formulas</h2><dl class="formulas">{rows()}</dl>')


def rows() -> str:
    """Return a row for each function of the family, with its current parameter, as HTML."""
    found = []
    for name in FAMILY:
        activation, (_, chosen) = ACTIVATIONS[name], step(name)
        bounds = activation.bounds(**chosen)
        told = [values_of(bounds), f"slope at most {number(bounds.slope)}"]
        told += [together(f"{SYMBOLS[name]} = {number(value)}") for value in chosen.values()]
        if name in MEANING:
            told.append(MEANING[name])
        found.append(
            f"<div><dt>{activation.title}</dt>"
            f'<dd translate="no" dir="ltr">{as_html(activation.formula)}</dd>'
            f"<dd>{' · '.join(told)}</dd></div>"
        )
    return "".join(found)


def values_of(bounds: Bounds) -> str:
    """Say which values a function takes.

    >>> inf = float("inf")
    >>> values_of(Bounds(0, 1, False, 1)), values_of(Bounds(0, 6, True, 1))
    ('values between 0 and 1', 'values from 0 to 6')
    >>> values_of(Bounds(-1, inf, False, 1)), values_of(Bounds(0, inf, True, 1))
    ('values above −1', 'values from 0 up')
    >>> values_of(Bounds(-inf, inf, True, 1))
    'any value'
    """
    low, high, reached, _ = bounds
    if low == -float("inf"):
        return "any value"
    if high == float("inf"):
        return f"values from {number(low)} up" if reached else f"values above {number(low)}"
    if reached:
        return f"values from {number(low)} to {number(high)}"
    return f"values between {number(low)} and {number(high)}"


def as_html(latex: str) -> str:
    r"""Return a LaTeX formula from `ACTIVATIONS` as HTML, in the notation of the other formulas.

    >>> as_html(r"\frac{1}{1 + e^{-x}}"), as_html(r"x \, \Phi(x)")
    ('1 ÷ (1 + e<sup>−x</sup>)', 'x · Φ(x)')
    >>> as_html(r"\alpha \left(e^{\min(0, x)} - 1\right)")
    'α · (e<sup>min(0, x)</sup> − 1)'
    """
    text = latex.replace("\\left", "").replace("\\right", "").replace("-", "−")
    text = text.replace(" \\,", " ·")
    for command, sign in (("alpha", "α"), ("lambda", "λ"), ("Phi", "Φ")):
        text = text.replace(f"\\{command}", sign)
    text = re.sub(r"\\(max|min|ln|tanh)", r"\1", text)
    text = re.sub(r"\^(?:\{([^{}]*)\}|(\w))", r"<sup>\1\2</sup>", text)
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", _quotient, text)
    return re.sub(r"([αλsa]) (?=\(|min)", r"\1 · ", text)


def _quotient(found: re.Match[str]) -> str:
    above, below = found.groups()
    return f"{above} ÷ ({below})" if " " in below else f"{above} ÷ {below}"
