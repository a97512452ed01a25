import re

import numpy as np
import pytest

from cnnviz.experiments.chain_input import Input
from cnnviz.experiments.shift import change, changed
from cnnviz.images.loading import grey
from cnnviz.images.samples import sample_picture
from cnnviz.kernels import KERNELS
from cnnviz.ui.pooling import shift, tasks
from tests.ui.apptest import sentences
from tests.ui.pages import open_page
from tests.ui.pooling.runs import PAGE, pooled

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("measure", ["change", "changed"])
def test_the_curves_begin_at_no_change(measure):
    smooth = np.kron(RNG.integers(0, 256, (8, 8)), np.ones((8, 8))).astype(np.uint8)
    lines = shift.measured(pooled(4, 4, Input.picture(smooth)), measure)
    assert [line["name"] for line in lines] == ["max pooled", "average pooled", "before pooling"]
    assert all(line["values"][0] == 0 for line in lines)
    assert all(len(line["values"]) == 9 for line in lines)


@pytest.mark.parametrize("measure", [change, changed])
def test_each_map_has_its_own_line_before_pooling(measure):
    for seed in (1, 2, 1):
        picture = np.random.default_rng(seed).integers(0, 256, (16, 16), np.uint8)
        line = shift.measured(pooled(given=Input.picture(picture)), measure.__name__)[-1]
        shifted = [np.roll(picture, by, axis=1) for by in range(9)]
        assert line["values"] == [measure(picture, moved) for moved in shifted]


def test_pooling_hides_more_of_a_small_shift_than_of_a_large_one():
    given = Input.picture(grey(sample_picture("coins").pixels))
    lines = shift.measured(pooled(4, 4, given, KERNELS["sobel_x"]), "change")
    largest, mean, before = (line["values"] for line in lines)
    assert largest[1] < before[1] / 2
    assert mean[1] < before[1] / 2
    assert largest[1] < largest[8]


def at_one_pixel(page):
    """Return the changes that the page gives for a shift by one pixel: before, max, average."""
    said = next(one for one in sentences(page) if one.startswith("A shift by one pixel"))
    return [float(share) for share in re.findall(r"\*\*(\d+) %\*\*", said)]


def test_pooling_that_shows_more_of_a_shift_is_not_said_to_hide_it():
    at = open_page(PAGE, {"pooling.source": "matrix", "pooling.window": 3, "pooling.stride": 1})
    before, largest, _ = at_one_pixel(at)
    assert (before, largest) == (66, 112)
    said = next(one for one in sentences(at) if "pooled again" in one)
    assert "stays much as it was" not in said
    assert "max pooling shows even more of it" in said or "neither pooling hides" in said


def test_pooling_that_hides_a_shift_is_said_to_do_so():
    at = open_page(PAGE)
    before, largest, mean = at_one_pixel(at)
    assert max(largest, mean) < before
    assert any("both hide some of the shift" in one for one in sentences(at))


def hinted(*values):
    """Return what is said of changes after max and average pooling, and before."""
    return shift.hint([{"values": [0, value]} for value in values], "changed")


def test_a_shift_that_is_hidden_altogether_is_not_said_to_be_hidden_in_part():
    assert "both hide the whole shift." in hinted(0, 0, 0.5)
    assert "max pooling hides the whole shift, but average pooling" in hinted(0, 1.02, 0.66)
    assert "both hide some of the shift." in hinted(0, 0.2, 0.5)
    assert "max pooling hides some of the shift, but average pooling" in hinted(0.1, 0.7, 0.5)


def test_pooling_that_hides_one_part_in_sixty_of_a_shift_hides_hardly_any():
    said = hinted(0.506, 0.83, 0.514)
    assert "max pooling hides hardly any of the shift, but average pooling shows even more" in said
    assert "both hide hardly any of the shift." in hinted(0.506, 0.51, 0.514)
    assert "max pooling hides some of the shift, and average pooling hardly any of it." in hinted(
        0.1, 0.506, 0.514
    )
    assert "both hide some of the shift." in hinted(0.0202, 0.0184, 0.0225)


def test_a_rounding_error_is_not_said_to_be_hidden_or_shown():
    before = 0.4
    said = hinted(before * (1 - 1e-15), before * (1 + 1e-15), before)
    assert "Here neither pooling hides the shift: the change after pooling is as large" in said


def test_shares_that_are_said_to_differ_are_written_as_different_numbers():
    assert shift.sentence([{"values": [0, value]} for value in (0.0202, 0.0184, 0.0225)]) == (
        "A shift by one pixel: **2.2 %** before pooling, **2.0 %** after max pooling, **1.8 %** "
        "after average pooling."
    ).replace(" %", "\N{NO-BREAK SPACE}%")


def test_a_task_measures_the_shift_that_the_curves_show(monkeypatch):
    made = pooled(3, 2, pool_padding=(1, 1), count_include_pad=False)
    monkeypatch.setattr(tasks, "present", lambda: made)
    drawn = [100 * line["values"][1] for line in shift.measured(made, "change")[:2]]
    measured = [tasks.MEASURES[name].read() for name in ("shift_max", "shift_average")]
    assert measured == pytest.approx(drawn)
