"""The formulas on the page Activations: the page computes what it writes."""

import math
import re

import pytest
from scipy.special import ndtr

from cnnviz import ACTIVATIONS
from cnnviz.ui.activations.formulas import SYMBOLS, as_html
from cnnviz.ui.activations.lesson import FAMILY
from tests.ui.activations.test_page import opened
from tests.ui.pages import html

WRITTEN = {"÷": "/", "·": "*", "−": "-", "tanh x": "tanh(x)", "e<sup>": "exp(", "</sup>": ")"}
NAMES = {"exp": math.exp, "ln": math.log, "tanh": math.tanh, "Φ": ndtr, "max": max, "min": min}
CONSTANTS = {"selu": {"λ": 1.0507009873554805, "α": 1.6732632423543772}}


def computed(formula, **symbols):
    """Return the value of a formula as the screen writes it."""
    for sign, meaning in WRITTEN.items():
        formula = formula.replace(sign, meaning)
    return eval(formula, {"__builtins__": {}, **NAMES, **symbols})


def told(at):
    """Return the formula and the text below it, by the function's title."""
    parts = r"<dt>(.*?)</dt><dd [^>]*>(.*?)</dd><dd>(.*?)</dd>"
    return {title: (formula, below) for title, formula, below in re.findall(parts, html(at))}


@pytest.mark.parametrize("name", FAMILY)
def test_a_formula_gives_what_the_function_gives(name):
    each = ACTIVATIONS[name]
    formula, _ = told(opened("family"))[each.title]
    assert formula == as_html(each.formula)
    assert "\\" not in formula
    symbols = CONSTANTS.get(name, {})
    if each.parameters:
        symbols = {SYMBOLS[name]: each.parameters[0].default}
    for x in (-7.5, -2.0, -0.3, 0.0, 0.5, 1.2, 4.0, 8.0):
        wanted = float(each.function(x, **each.defaults))
        assert computed(formula, x=x, **symbols) == pytest.approx(wanted, abs=1e-12)


def test_each_formula_has_its_values_and_its_largest_slope_below():
    below = {title: said for title, (_, said) in told(opened("family")).items()}
    assert list(below) == [ACTIVATIONS[name].title for name in FAMILY]
    assert below["Sigmoid"] == "values between 0 and 1 · slope at most 0.25"
    assert below["Tanh"] == "values between −1 and 1 · slope at most 1"
    assert below["ReLU"] == "values from 0 up · slope at most 1"
    assert below["ReLU6"] == "values from 0 to 6 · slope at most 1"
    assert below["Softplus"] == "values above 0 · slope at most 1"
    assert below["SELU"] == ("values above −1.758 · slope at most 1.758 · λ = 1.0507, α = 1.6733")
    assert below["GELU"].startswith("values from −0.17 up · slope at most 1.129")
    assert below["Leaky ReLU"] == "any value · slope at most 1 · s = 0.01"


def test_values_and_slope_follow_the_parameters():
    at = opened(
        "family", {"elu.alpha": 2.0, "prelu.weight": -1.0, "leaky_relu.negative_slope": 0.0}
    )
    below = {title: said for title, (_, said) in told(at).items()}
    assert below["ELU"] == "values above −2 · slope at most 2 · α = 2"
    assert below["PReLU"] == (
        "values from 0 up · slope at most 1 · a = −1 · a is learned, one for each channel"
    )
    assert below["Leaky ReLU"] == "values from 0 up · slope at most 1 · s = 0"


def test_only_the_family_has_formulas():
    assert told(opened("edge")) == {}
