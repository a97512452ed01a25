"""One cell of the Layers page taken apart, against the maps and against plain arithmetic."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from cnnviz import nn, softmax
from cnnviz.ui.maps.overview import Cell
from cnnviz.ui.network.unit import arithmetic
from cnnviz.ui.network.unit_sums import MOST_PARTS, MOST_TERMS, shares_of
from cnnviz.ui.network.unit_views import VIEWS
from cnnviz.ui.widgets.formatting import number
from tests.ui.apptest import components
from tests.ui.overviews import layer_rows, unit
from tests.ui.pages import open_page, run_again

RNG = np.random.default_rng(0)
PAGE = "pages/8_Layers.py"
PHOTO = RNG.integers(0, 256, (24, 20, 3), np.uint8)


def test_an_opened_cell_that_is_not_there_opens_nothing():
    at = open_page(PAGE, {"layers.open": "conv9,0,0,0"})
    assert not components(at, "unit")
    at = run_again(at, {"layers.open": "conv1,0,500,0"})
    assert not components(at, "unit")


def opened(stack_text, cell, **settings):
    more = {f"layers.{name}": value for name, value in settings.items()}
    at = open_page(PAGE, {"layers.stack": stack_text, "layers.open": cell, **more}, photo=PHOTO)
    return unit(at), layer_rows(components(at, "overview")[-1])  # the first is for the single map


def value(found, name, *place):
    return next(layer_row for layer_row in found if layer_row["name"] == name)["exact"][place]


def test_the_parts_of_all_channels_and_the_bias_make_the_cell():
    told, found = opened("conv4,relu,conv3k5,relu", "conv2,1,0,19")
    assert len(told["parts"]) == 4
    totals = [(np.array(part["window"]) * np.array(part["kernel"])).sum() for part in told["parts"]]
    assert np.allclose(totals, [part["total"] for part in told["parts"]])
    assert told["total"] == pytest.approx(sum(totals) + told["bias"])
    assert told["total"] == pytest.approx(value(found, "conv2", 1, 0, 19), abs=1e-6)
    ((name, after),) = told["then"]
    assert (name, after) == ("relu2", pytest.approx(max(told["total"], 0), abs=1e-6))
    assert np.array(told["parts"][0]["padded"]).sum() == 25 - 9  # a corner: 3 × 3 cells are inside


def test_a_cell_of_a_grouped_convolution_sees_its_own_channels_only():
    told, _ = opened("conv8,conv8g4", "conv2,5,3,3")
    assert [part["label"] for part in told["parts"]] == ["channel 4", "channel 5"]


def test_many_channels_are_summed_up_and_nothing_is_lost():
    told, found = opened("conv40,conv2", "conv2,0,4,4")
    assert len(told["parts"]) == MOST_PARTS
    assert told["rest"]["count"] == 16
    shown = sum(part["total"] for part in told["parts"]) + told["rest"]["total"] + told["bias"]
    assert shown == pytest.approx(told["total"])
    assert shown == pytest.approx(value(found, "conv2", 0, 4, 4), abs=1e-5)


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_a_pooling_window_shows_what_it_keeps(kind):
    told, found = opened(f"conv2,{kind}3s2p1", "pool1,1,0,0")
    numbers = [n for row in told["window"] for n in row if n is not None]
    wanted = max(numbers) if kind == "max" else sum(numbers) / 9
    assert told["total"] == pytest.approx(wanted, abs=1e-6)
    assert told["total"] == pytest.approx(value(found, "pool1", 1, 0, 0), abs=1e-6)
    if kind == "max":
        assert [n for row in told["window"] for n in row][told["winner"]] == max(numbers)
        assert len(numbers) == 4


@pytest.mark.parametrize(
    "layer",
    [
        nn.AvgPool2d(3, 2, 1),
        nn.AvgPool2d(3, 2, 1, count_include_pad=False),
        nn.AvgPool2d(2, 2, ceil_mode=True),
        nn.AvgPool2d(3, 3, 1, ceil_mode=True),
    ],
    ids=str,
)
def test_the_cells_that_a_mean_is_said_to_be_of_are_those_in_its_window(layer):
    x = np.arange(1.0, 26).reshape(1, 5, 5)
    out = layer.forward(x[None])[0]
    for row, column in np.ndindex(out.shape[1:]):
        told = VIEWS[nn.AvgPool2d](layer, x, out, Cell("pool1", 0, row, column), ())
        counted = [value for values in told["window"] for value in values if value is not None]
        assert told["total"] == pytest.approx(np.mean(counted))
        assert told["how"].split(" of ")[1].split()[0] == str(len(counted))


@pytest.mark.parametrize(
    ("layer", "x", "told"),
    [
        (nn.Activation("tanh"), 12, "Tanh of 12 is ≈ 1."),
        (nn.Activation("elu", alpha=2.0), -30, "ELU of −30 is ≈ −2."),
        (nn.Activation("prelu", weight=0.5), -2, "PReLU of −2 is −1."),
        (nn.Activation("relu6"), 7, "ReLU6 of 7 is 6."),
        (nn.Activation("none"), -7, "Without an activation, −7 stays as it is."),
    ],
    ids=lambda given: given.kind if isinstance(given, nn.Layer) else "",
)
def test_a_bound_that_an_activation_never_reaches_is_near(layer, x, told):
    x = np.full((1, 1, 1), x, np.float32)
    made = VIEWS[nn.Activation](layer, x, layer.forward(x[None])[0], Cell("a", 0, 0, 0), ())
    assert made["lines"] == (told,)


def test_a_branch_and_its_shortcut_add_up_as_they_are_written():
    x, layer = np.full((1, 1, 1), 0.2004), nn.Residual([nn.Affine(1)])
    layer.branches[0][0].weight.value = np.array([0.1004 / 0.2004])
    out, cell = layer.forward(x[None])[0], Cell("residual1", 0, 0, 0)
    (told,) = VIEWS[nn.Residual](layer, x, out, cell, ())["lines"]
    first, second, both = map(float, re.findall(r"\d\.\d+", told))
    assert first + second == pytest.approx(both)


def test_a_gate_and_what_it_is_multiplied_with_are_written_out():
    x = np.array([[[1.0, 3.0]], [[2.0, 6.0]]])
    cell, of_maps = Cell("gate1", 1, 0, 1), nn.Gated([nn.GlobalAvgPool2d()])
    for layer, told in (
        (of_maps, ("The gate gives 4, the input is 6: 4 × 6 = 24.",
                   "The gate gives every map one number, the same for all of its cells.")),
        (nn.Gated([], [nn.Affine(1)]), ("The gate gives 6, the shortcut gives 6: 6 × 6 = 36.",)),
    ):  # fmt: skip
        out = layer.forward(x[None])[0]
        assert VIEWS[nn.Gated](layer, x, out, cell, ())["lines"] == told


def test_an_enlarged_cell_says_which_cells_it_comes_from():
    x, cell = np.array([[[0.0, 4.0], [8.0, -4.0]]]), Cell("up1", 0, 1, 2)
    for layer, told in (
        (nn.Upsample(2), ("The cell in row 0, column 1 is repeated here: 4.",)),
        (nn.Upsample(2, "bilinear"), (
            "0.188 × 0 + 0.562 × 4 + 0.0625 × 8 + 0.188 × −4 = 2",
            "This place lies between 4 cells: the nearer one is, the more it counts.",
        )),
    ):  # fmt: skip
        out = layer.forward(x[None])[0]
        assert VIEWS[nn.Upsample](layer, x, out, cell, ())["lines"] == told


def test_a_chosen_channel_is_named_by_its_number_before():
    layer, x = nn.SelectChannels([2, 0]), np.arange(12.0).reshape(3, 2, 2)
    for maps, cell, told in (
        (x, Cell("select1", 0, 1, 0), "The same cell of map 2 is passed on unchanged: 10."),
        (x[:, 0, 0], Cell("select1", 1, 0, 0), "Number 0 is passed on unchanged: 0."),
    ):
        out = layer.forward(maps[None])[0]
        assert VIEWS[nn.SelectChannels](layer, maps, out, cell, ())["lines"] == (told,)


def test_numbers_below_0_have_one_sign_in_a_normalisation_and_a_scaling():
    x, cell = np.ones((1, 1, 1)), Cell("norm1", 0, 0, 0)
    norm, affine = nn.BatchNorm2d(1, eps=1e-9), nn.Affine(1)
    norm.running_mean[:] = -0.5
    norm.bias.value = affine.bias.value = np.array([-0.25])
    written = [
        VIEWS[type(layer)](layer, x, layer.forward(x[None])[0], cell, ())["lines"]
        for layer in (norm, affine)
    ]
    assert written[0][1] == "(1 − (−0.5)) ÷ √(1 + 1·10⁻⁹) × γ 1 − β 0.25 = 1.25"
    assert written[1][0] == "1 × 1 − 0.25 = 0.75"


@pytest.mark.parametrize(
    ("white", "told"),
    [
        (255, "A cell of the picture: 7 of 255, which goes in as 0.0275."),
        (16, "A cell of the picture: it goes in as 0.438, on a scale from 0 to 1."),
    ],
)
def test_a_cell_of_the_picture_is_said_to_be_of_255_only_where_it_is(white, told):
    image = np.array([[[0, 7], [white, 3]]], np.float32) / white
    made = arithmetic(SimpleNamespace(image=image), Cell("input", 0, 0, 1))
    assert made["lines"] == (told,)


def test_a_flattened_number_says_which_cell_it_was():
    told, _ = opened("conv3,max8s8,flatten", "flatten1,10,0,0")
    text = " ".join(told["lines"])  # maps of 3 × 2
    assert "map 1 in row 2, column 0" in text
    assert "1 × 3 × 2 + 2 × 2 + 0 = 10" in text


def test_a_dense_unit_shows_its_strongest_products_and_the_rest():
    told, found = opened("max4s4,flatten,dense5,tanh", "linear1,3,0,0")
    assert told["rest"]["count"] == 30 - MOST_TERMS
    products = [row[3] for row in told["rows"]]
    assert products == sorted(products, key=lambda product: -abs(product))
    for _, given, weight, product in told["rows"]:
        assert product == pytest.approx(given * weight)
    total = sum(products) + told["rest"]["total"] + told["bias"]
    assert told["total"] == pytest.approx(total)
    assert told["total"] == pytest.approx(value(found, "linear1", 3, 0, 0), abs=1e-5)
    assert told["then"][0][1] == pytest.approx(np.tanh(told["total"]), abs=1e-5)


def test_softmax_shows_exponentials_their_sum_and_shares():
    told, found = opened("max4s4,flatten,dense6,softmax", "softmax1,2,0,0")
    scores = found[-2]["exact"].ravel().astype(float)
    assert [row[1] for row in told["rows"]] == pytest.approx(scores)
    assert [row[2] for row in told["rows"]] == pytest.approx(np.exp(scores))
    assert told["total"] == pytest.approx(np.exp(scores).sum())
    assert [row[3] for row in told["rows"]] == pytest.approx(np.exp(scores) / told["total"])
    assert sum(row[3] for row in told["rows"]) == pytest.approx(1)


@pytest.mark.parametrize("scores", [[60.0, 59.0], [22.7, 0.0], [-60.0, 1.0], [3.0, 1.0]])
def test_exponentials_of_a_softmax_are_short_enough_to_be_added_up(scores):
    told = shares_of(np.array(scores), 0, ["number 0", "number 1"])
    assert told["total"] < 1e6
    assert told["shift"] in (0, max(scores))
    assert [row[3] for row in told["rows"]] == pytest.approx(softmax(scores))


def test_batch_normalisation_is_that_of_the_picture_itself():
    told, found = opened("conv3,norm", "norm1,2,7,7")
    maps = next(layer_row for layer_row in found if layer_row["name"] == "norm1")["exact"]
    assert maps.mean(axis=(1, 2)) == pytest.approx([0, 0, 0], abs=1e-5)
    assert maps.var(axis=(1, 2)) == pytest.approx([1, 1, 1], abs=1e-2)
    assert number(float(maps[2, 7, 7]), 3) in " ".join(told["lines"])


def test_a_cell_of_every_kind_of_layer_can_be_opened():
    text = "conv3,norm,gelu,max2,avg2,flatten,dense4,prelu,softmax"
    at = open_page(PAGE, {"layers.stack": text}, photo=PHOTO)
    for layer_row in layer_rows(components(at, "overview")[0]):
        at = run_again(at, {"layers.open": f"{layer_row['name']},0,0,0"})
        assert unit(at)["kind"] in ("lines", "conv", "pool", "dense", "softmax")
