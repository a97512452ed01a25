"""Depth, a vector and batch norm: the numbers in the lessons."""

import json
import re

import numpy as np
import pytest

from cnnviz import KERNELS, conv2d, relu
from cnnviz.experiments.signal_propagation import INITIALISATIONS, activations, propagate
from cnnviz.nn.layers.parameter import he, xavier
from cnnviz.ui.training.settings import init
from cnnviz.ui.widgets.matrix_setting import Cells
from tests.ui.activations.test_page import ASTRONAUT, opened
from tests.ui.apptest import figures, sentences
from tests.ui.pages import boards, headers, html, run_again


@pytest.mark.parametrize("place", ["before", "after"])
def test_batch_norm_tells_mean_0_and_variance_1_where_it_stands(place):
    at = opened("norm", {"place": place})
    notes = [pane.header["chart"]["note"] for pane in boards(at)["activations.norm"][1:]]
    where = 1 if place == "before" else 2
    # A line breaks between the two, never before a number: the line below the map has room for two.
    assert notes[where] == "mean\N{NO-BREAK SPACE}0 · variance\N{NO-BREAK SPACE}1"
    assert notes[0] != notes[where]
    through = "of the cells are not 0"  # how much a ReLU after it lets through
    assert (through in " ".join(sentences(at))) == (place == "before")
    run_again(at, {"activations.norm_function": "sigmoid"})
    assert through not in " ".join(sentences(at))


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_browser_is_told_how_any_cell_is_normalised(place):
    at = opened("norm", {"place": place, "gamma": 2.0, "beta": -0.5})
    (chain,) = headers(at)["activations.norm"]["chains"]
    features = conv2d(ASTRONAUT, KERNELS["sobel_x"].matrix, padding="same")
    entering = features if place == "before" else relu(features)
    assert chain["activation"] == "relu"
    assert chain["norm"] == {
        "place": place,
        "mean": pytest.approx(entering.mean()),
        "variance": pytest.approx(entering.var()),
        "epsilon": 1e-5,
        "gamma": 2.0,
        "beta": -0.5,
    }


def test_the_bars_show_every_initialisation_in_two_rows():
    at = opened("depth", {"depth": 7})
    figure = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert len(figure["data"]) == 2 * len(INITIALISATIONS)
    assert all(len(bars["customdata"]) == 7 for bars in figure["data"])


def test_the_maps_beside_the_bars_are_what_the_layers_make_of_one_example():
    at = opened("depth", {"deep": "relu", "depth": 12, "seed": 4})
    shown = boards(at)["activations.depth"]
    assert len(shown) == len(INITIALISATIONS)
    for pane, name in zip(shown, INITIALISATIONS, strict=True):
        layers = activations("relu", name, 12, seed=4)[:, 0, :12].T  # a column for each layer
        shape, low, high, mean, zeros = figures(pane)
        assert shape == (12, 12)
        assert (low, high) == pytest.approx((layers.min(), layers.max()), rel=2e-3, abs=5e-4)
        assert mean == pytest.approx(layers.mean(), abs=5e-4)
        assert zeros == pytest.approx(100 * np.mean(layers == 0), abs=0.5)
    faded, exploded = (shown[slot].plane.astype(int) for slot in (0, 3))
    assert faded[:, 0].max() > 100 > faded[:, -1].max()  # weights too small: nothing is left
    assert exploded[:, 0].max() < 100 < exploded[:, -1].max()


def test_the_vector_stands_as_a_map_beside_what_relu_and_softmax_make_of_it():
    shown = boards(opened("vector"))["activations.vector"]
    x = np.array([-2.0, 0.5, -0.3, 1.2])
    shares = np.exp(x) / np.exp(x).sum()
    for pane, values in zip(shown, (x, np.maximum(x, 0), shares), strict=True):
        shape, low, high, *_ = figures(pane)
        assert shape == (1, 4)
        assert (low, high) == pytest.approx((values.min(), values.max()), rel=1e-3, abs=5e-4)


@pytest.mark.parametrize(("row", "rounded"), [([0, 0], False), ([1, 1, 1], True)])
def test_shares_that_do_not_add_up_as_written_are_said_to_be_rounded(row, rounded):
    told = html(opened("vector", {"vector": Cells.of([row])}))
    assert (0.333 in map(float, re.findall(r"<td>(0\.\d{3})</td><td><div", told))) == rounded
    assert ("Values rounded for display." in told) == rounded


def test_a_vector_without_softmax_has_two_maps():
    at = opened("vector", {"vector": Cells.of([[1000.0, 0.0]])})
    assert len(boards(at)["activations.vector"]) == 2


def test_the_sentence_about_xavier_holds_for_as_many_outputs_as_inputs():
    (said,) = [one.value for one in opened("depth").caption if "variance" in one.value]
    assert said.startswith("The initialisation sets the variance of the random weights")
    assert "Xavier (1 / n with as many outputs as inputs)" in said
    n = 50
    assert xavier(n, n) ** 2 == pytest.approx(INITIALISATIONS["xavier"].scale / n)
    assert he(n, n) ** 2 == pytest.approx(INITIALISATIONS["he"].scale / n)
    assert "√(2 / (inputs + outputs)), made for tanh; with as many outputs as inputs" in init.help


@pytest.mark.parametrize(
    ("function", "kept"), [("relu", True), ("leaky_relu", True), ("sigmoid", False)]
)
def test_he_keeps_a_deep_relu_level_and_no_sigmoid(function, kept):
    assert bool(opened("depth", {"deep": function}).success) == kept


def test_the_sentence_on_the_gradient_says_what_the_bars_show():
    at = opened("depth")
    bars = propagate("sigmoid", "he", 20).gradient
    share = bars[0] / bars[-1]
    assert 1e-10 < share < 1e-9  # 19 quarters alone would leave 4·10⁻¹²: the weights count too
    assert "<td>3·10⁻¹⁰</td>" in html(at)
    assert f"<td>× {share ** (1 / 19):.2f}</td>" in html(at)
    said = next(one for one in sentences(at) if "gradient" in one)
    assert "three quarters" not in said
    assert "with all four initialisations it vanishes" in said
    relu = next(one for one in sentences(opened("depth", {"deep": "relu"})) if "gradient" in one)
    assert "with He it stays level, with “too large” it explodes" in relu


def test_the_worked_vector_comes_out():
    text = html(opened("vector"))
    assert "<th>ReLU</th><td>0</td><td>0.5</td><td>0</td><td>1.2</td>" in text
    powers, shares = ("0.135", "1.649", "0.741", "3.32"), ("0.023", "0.282", "0.127", "0.568")
    assert sum(map(float, shares)) == pytest.approx(1, abs=1e-4)  # as written
    for number in (*powers, "5.845", *shares, "1"):
        assert f"<td>{number}</td>" in text


def test_a_low_temperature_answers_the_question():
    assert "it has 0.99" in opened("vector", {"temperature": 0.1}).success[0].value


def test_an_exponential_too_large_is_said_in_one_sentence():
    at = opened("vector", {"vector": Cells.of([[1000.0, 0.0]])})
    assert [error.value for error in at.error] == [
        "The largest number divided by the temperature is 1000, and its exponential is too large: "
        "at most 709 works."
    ]


@pytest.mark.parametrize("depth", [2, 3, 7, 20, 30])
def test_the_bars_stand_on_whole_layers(depth):
    figure = json.loads(opened("depth", {"depth": depth}).get("plotly_chart")[0].proto.spec)
    ticks = [axis["tickvals"] for name, axis in figure["layout"].items() if name[:5] == "xaxis"]
    assert len(ticks) == 2 * len(INITIALISATIONS)
    for layers in ticks:
        assert 1 < len(layers) < 5
        assert all(isinstance(layer, int) and 1 <= layer <= depth for layer in layers)


@pytest.mark.parametrize(("deep", "depth"), [("tanh", 2), ("relu", 2), ("sigmoid", 20)])
def test_an_axis_of_powers_of_ten_has_more_than_one(deep, depth):
    figure = json.loads(
        opened("depth", {"deep": deep, "depth": depth}).get("plotly_chart")[0].proto.spec
    )
    for line, row in ((0, "yaxis"), (1, "yaxis5")):
        axis = figure["layout"][row]
        found = [propagate(deep, one, depth, seed=0)[line] for one in INITIALISATIONS]
        powers = [0, *np.log10(np.concatenate(found))]
        low, high = axis.get("range", (min(powers), max(powers)))
        assert low <= min(powers)
        assert max(powers) <= high
        assert sum(low <= tick <= high for tick in axis["tickvals"]) > 1


def test_between_two_layers_there_is_one_step():
    text = html(opened("depth", {"depth": 2}))
    assert "that is, for the one step between" in text
    assert "for each of the 2 steps between" in html(opened("depth", {"depth": 3}))


@pytest.mark.parametrize(
    ("x", "name", "written"),
    [(5.0, "Tanh", "≈ 1"), (1000.0, "Sigmoid", "≈ 1"), (-1000.0, "Sigmoid", "≈ 0"),
     (-1000.0, "Tanh", "≈ −1"), (-1000.0, "ELU", "≈ −1"), (-1000.0, "ReLU", "0"),
     (1.0, "ReLU", "1"), (9.0, "Hard sigmoid", "1"), (0.0, "Tanh", "0")],
)  # fmt: skip
def test_a_bound_that_is_never_reached_is_written_as_near_it(x, name, written):
    text = html(opened("vector", {"vector": Cells.of([[x]])}))
    assert f"<th>{name}</th><td>{written}</td>" in text


def test_the_code_of_the_deep_network_says_whose_numbers_it_gives():
    """It draws its numbers itself, and reads no input.npy."""
    at = opened("depth")
    next(button for button in at.button if button.label == "Code").click().run()
    said = " ".join(one.value for one in (*at.caption, *at.markdown))
    assert "Gives the numbers of He on this page, from the same random numbers." in said
    assert "input.npy" not in said
