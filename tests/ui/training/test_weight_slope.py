"""A weight's slope, written out: each number is in a map, and the step follows from it."""

import re

import numpy as np
import pytest

from cnnviz.kernels import KERNELS
from cnnviz.nn.training.chain_rule import slope_in_network
from cnnviz.ui.training.kernel_views import fitting_run, map_panes
from cnnviz.ui.widgets.matrix_setting import Cells
from tests.ui.apptest import components, value
from tests.ui.overviews import layer_rows
from tests.ui.pages import headers, open_page, run_again
from tests.ui.training.digits import TEST, network_page, session
from tests.ui.training.steps import training_of

PAGE = "pages/9_Training.py"


def test_the_slope_of_a_weight_is_written_out_and_leads_to_where_the_next_step_takes_it():
    at = open_page(PAGE, {"training.method": "gradient", "training.weight_row": 2})
    fitting = training_of(at).fitting
    (told,) = (layer_rows(proto, None) for proto in components(at, "unit"))
    for _, twice, pixel, product in told["rows"]:
        assert product == pytest.approx(twice * pixel)
    total = sum(row[3] for row in told["rows"]) + told["rest"]["total"]
    assert told["total"] == pytest.approx(total)
    cells = fitting.target_map.size
    assert told["total"] / cells == pytest.approx(fitting.gradient()[2, 0])
    text = next(each.value for each in at.markdown if each.value.startswith("**Step.**"))
    old, step, new = re.search(r"new weight = (\S+) [−+] (\S+) = \*\*(\S+)\*\*", text).groups()
    assert value(old) == pytest.approx(fitting.kernel[2, 0], abs=1e-4)
    sign = -1 if f"{old} − {step}" in text else 1
    assert value(old) + sign * value(step) == pytest.approx(value(new), abs=1e-9)
    fitting.step()
    assert value(new) == pytest.approx(fitting.kernel[2, 0], abs=2e-4)


@pytest.mark.parametrize(
    ("method", "factors"),
    [
        ("momentum", "× (slope + nine tenths of this sum a step ago) is the step"),
        ("adam", "Learning rate 0.05 × recent average of the slope ÷ its recent size is the step"),
    ],
)
def test_the_step_is_what_the_words_say_after_others_at_another_rate(method, factors):
    at = open_page(PAGE, {"training.method": method, "training.rate.adam": 0.5})
    fitting = training_of(at).fitting
    first = fitting.gradient()[0, 0]
    fitting.step()
    at = run_again(at, {f"training.rate.{method}": 0.05})
    text = next(each.value for each in at.markdown if each.value.startswith("**Step.**"))
    assert factors in text
    slope, old = fitting.gradient()[0, 0], fitting.kernel[0, 0]
    size = (((0.999 * first**2 + slope**2) / 1.999) ** 0.5, fitting.steepness)[method == "momentum"]
    carried = ((0.9 * first + slope) / 1.9, slope + 0.9 * first)[method == "momentum"]
    fitting.step()
    assert old - fitting.kernel[0, 0] == pytest.approx(0.05 / size * carried)


def test_the_error_that_the_slope_begins_with_stands_in_the_map_of_the_difference():
    at = open_page(PAGE)
    text = next(each.value for each in at.markdown if each.value.startswith("**Loss → map.**"))
    row, column, error = re.search(
        r"in row (\d+), column (\d+) the map is off by (\S+) \(see Difference\)", text
    ).groups()
    fitting, picture = training_of(at).fitting, training_of(at).picture
    difference = map_panes(fitting_run(fitting, KERNELS["sobel_x"], picture))[-1].values
    assert value(error) == pytest.approx(difference[int(row), int(column)], rel=1e-3)
    assert f"(grey − {picture.mean():.3f}) ÷ {picture.std():.3f}" in " ".join(
        each.value for each in at.caption
    )
    # The browser computes the pixels from what it draws: from black, in steps of white − black.
    given = headers(at)["training"]["input"]
    assert not given["exact"]
    read = given["black"] + picture * given["factor"]
    np.testing.assert_allclose(read, fitting.picture, atol=1e-12)


@pytest.mark.parametrize(("kernel", "sign"), [("laplacian_8", "≈"), ("sobel_y", "=")])
def test_twice_an_error_is_called_equal_where_it_is_so_as_written(kernel, sign):
    at = open_page(PAGE, {"training.kernel": kernel})
    text = next(each.value for each in at.markdown if each.value.startswith("**Loss → map.**"))
    error, found, twice = re.search(r"and 2 × (\S+) (.) (\S+)\.\n", text).groups()
    assert found == sign
    assert (2 * value(error) == pytest.approx(value(twice), abs=1e-9)) == (sign == "=")


def test_the_mean_of_squared_errors_is_the_loss_times_what_it_is_divided_by():
    at = open_page(PAGE, {"training.method": "gradient"})
    fitting = training_of(at).fitting
    text = next(each.value for each in at.markdown if each.value.startswith("**Loss → map.**"))
    error, scale = re.search(r"squared errors, now (\S+)\. .* divided by (\S+), the", text).groups()
    assert value(error) == pytest.approx(np.mean((fitting.map - fitting.target_map) ** 2), rel=1e-3)
    assert value(scale) == pytest.approx(np.mean(fitting.target_map**2), rel=1e-3)
    assert fitting.loss == pytest.approx(value(error) / value(scale), rel=2e-3)


def sums(at):
    """Return the sums that are written out, in the page's order."""
    return [layer_rows(proto, None) for proto in components(at, "unit")]


def test_a_target_of_zeros_divides_nothing():
    at = open_page(PAGE, {"training.kernel": "own", "training.own": Cells.of(np.zeros((1, 1)), 1)})
    fitting = training_of(at).fitting
    assert not fitting.target_map.any()
    text = next(each.value for each in at.markdown if each.value.startswith("**Loss → map.**"))
    mean = value(re.search(r"squared errors, now (\S+)\. The square", text)[1])
    assert mean == pytest.approx((fitting.map**2).mean(), abs=5e-4)
    assert mean == pytest.approx(fitting.loss, abs=5e-4)


@pytest.mark.usefixtures("time_for_every_step")
def test_link_by_link_the_sums_lead_from_the_shares_to_the_slope_at_the_strongest_cell():
    at = network_page({"training.links": True, "training.example": 3, "training.weight_filter": 1})
    network = session(at).trainer.network
    image, label = TEST.images[3], int(TEST.labels[3])
    slope = slope_in_network(network, image, label, (1, 0, 0, 0))
    dense, conv, weight = sums(at)
    for told in (dense, conv, weight):
        for _, first, second, product in told["rows"]:
            assert product == pytest.approx(first * second)
        total = sum(row[3] for row in told["rows"]) + told["rest"]["total"]
        assert told["total"] == pytest.approx(total)
    shares = network.forward(image[None])[0]
    for name, error, *_ in dense["rows"]:
        truth = name == TEST.classes[label]
        assert error == pytest.approx(shares[TEST.classes.index(name)] - truth, abs=1e-6)
    assert len(dense["rows"]) + dense["rest"]["count"] == 10
    # each sum, after its gates, comes first in the table after it
    assert dense["then"][-1][1] == pytest.approx(conv["rows"][0][1], rel=1e-4)
    assert conv["then"][-1][1] == pytest.approx(weight["rows"][0][1], rel=1e-4)
    (row, column), *_ = slope.strongest(1)[0]
    assert conv["then"][-1][1] == pytest.approx(slope.by_cell[row, column], rel=1e-4)
    assert weight["rows"][0][0] == f"row {row}, column {column}"
    names = [name for name, _ in conv["then"]]
    assert names == ["pool1, the largest of its window: × 1", "relu1: × 1"]
    assert any(
        f"one cell, the one that adds most below: map 1, row {row}, column {column}." in each.value
        for each in at.markdown
    )


@pytest.mark.usefixtures("time_for_every_step")
def test_the_links_are_written_out_only_where_they_are_asked_for():
    assert len(sums(network_page())) == 1


@pytest.mark.usefixtures("time_for_every_step")
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"activation": "tanh"}, "Tanh multiplies it by its own slope at the cell."),
        ({"activation": "none"}, "of its window only. Without an activation it stays as it is."),
        ({"norm": True}, "Batch normalisation multiplies it by the factor that scales the map."),
    ],
)
def test_the_links_name_the_layers_that_there_are(settings, said):
    named = {f"training.{name}": value for name, value in settings.items()}
    at = network_page({"training.links": True, **named})
    assert any(said in each.value for each in at.markdown)
    assert len(sums(at)) == 3


@pytest.mark.usefixtures("time_for_every_step")
def test_the_page_says_so_if_no_slope_reaches_the_map():
    at = network_page({"training.links": True})
    first = session(at).trainer.network[0]
    first.parameters()["bias"].value -= 1e3  # no cell is active any more
    at = run_again(at)
    assert len(sums(at)) == 1
    assert any(one.value.startswith("No slope reaches this map") for one in at.caption)
