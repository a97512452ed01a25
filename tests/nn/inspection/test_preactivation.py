import numpy as np
import pytest

from cnnviz import nn
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.photos import photo_input
from cnnviz.nn.inspection.preactivation import excites_most, sum_behind
from cnnviz.nn.inspection.unit import conv_unit, window


@pytest.fixture(scope="module")
def photo():
    return nn.Stages(nn.pretrained("photos"), photo_input(SAMPLES["cat"].load()))


@pytest.mark.parametrize(
    ("stage", "channel", "cell"),
    [
        ("conv1", 5, (0, 110)),
        ("relu1", 63, (55, 3)),
        ("fire2 squeeze", 7, (54, 54)),
        ("fire2 expand", 10, (30, 12)),
        ("fire2 expand", 100, (0, 54)),
        ("fire5", 255, (26, 0)),
        ("fire9", 3, (6, 6)),
        ("dropout", 511, (12, 12)),
        ("relu10", 281, (5, 7)),
    ],
)
def test_the_parts_the_bias_and_what_follows_make_the_cell(photo, stage, channel, cell):
    found = sum_behind(photo, stage, channel, *cell)
    parts, rest = found.unit.strongest(6)
    value = sum(part.total for part in parts) + rest + found.unit.bias
    assert value == pytest.approx(found.unit.total, rel=1e-9)
    for name, then in found.then:
        if "relu" in name or name.startswith("fire"):
            value = max(value, 0)
        assert then == pytest.approx(value, rel=1e-4, abs=1e-3)
    assert photo[stage][channel, *cell] == pytest.approx(value, rel=1e-4, abs=1e-3)
    totals = [abs(part.total) for part in found.unit.parts]
    assert [abs(part.total) for part in parts] == sorted(totals, reverse=True)[:6]


def test_in_a_branch_the_filter_has_its_own_number(photo):
    found = sum_behind(photo, "fire2", 64 + 5, 8, 9)
    assert (found.branch, found.channel) == (1, 5)
    assert found.layer is photo.network[5].branches[1][0]
    assert found.inputs is photo["fire2 squeeze relu"]
    assert [name for name, _ in found.then] == ["fire2"]
    assert sum_behind(photo, "conv1", 0, 3, 3).branch is None


def test_layers_inside_a_branch_come_before_those_after_it():
    branch = [nn.Conv2d(2, 3, 1, seed=1), nn.Activation("tanh"), nn.Conv2d(3, 2, 3, padding=1),
              nn.Activation("relu6")]  # fmt: skip
    network = nn.Sequential([nn.Parallel([[], branch]), nn.Activation("sigmoid")])
    stages = nn.Stages(network, np.random.default_rng(0).standard_normal((2, 5, 5)))
    found = sum_behind(stages, "sigmoid1", 3, 0, 4)
    inside = min(max(found.unit.total, 0), 6)
    assert [name for name, _ in found.then] == ["relu6_1", "sigmoid1"]
    assert [value for _, value in found.then] == pytest.approx([inside, 1 / (1 + np.exp(-inside))])
    with pytest.raises(ValueError, match="by an empty branch"):
        sum_behind(stages, "sigmoid1", 0, 0, 0)


def test_a_branch_in_training_learns_nothing_from_being_asked():
    branch = [nn.BatchNorm2d(2), nn.Conv2d(2, 3, 1)]
    network = nn.Sequential([nn.Parallel([branch])]).train()
    stages = nn.Stages(network, 5 + np.random.default_rng(0).standard_normal((2, 4, 4)))
    found = sum_behind(stages, 0, 1, 2, 2)
    assert found.unit.total == pytest.approx(stages[0][1, 2, 2], abs=1e-5)
    assert found.layer is branch[1]
    assert not branch[0].running_mean.any()


@pytest.mark.parametrize(
    ("cell", "error", "words"),
    [
        ((4, 0, 0), ValueError, "channel must be from 0 to 3, got 4"),
        ((-1, 0, 0), ValueError, "channel must be at least 0, got -1"),
        ((0, 3, 0), ValueError, "row must be from 0 to 2, got 3"),
        ((0, 0, 9), ValueError, "column must be from 0 to 2, got 9"),
        ((0, 0.5, 0), TypeError, r"row must be a whole number, got 0\.5"),
    ],
)
def test_a_cell_that_is_not_there_has_no_sum_behind_it(cell, error, words):
    stages = nn.Stages(nn.Sequential([nn.Conv2d(2, 4, 3)]), np.ones((2, 5, 5)))
    with pytest.raises(error, match=words):
        sum_behind(stages, 0, *cell)


def test_a_row_of_numbers_has_no_cells_with_a_sum_behind_them():
    layers = [nn.Flatten(), nn.Linear(4, 3), nn.Activation("relu")]
    stages = nn.Stages(nn.Sequential(layers), np.ones((1, 2, 2)))
    with pytest.raises(ValueError, match=r"but relu1 gives shape \(3,\)"):
        sum_behind(stages, "relu1", 0, 0, 0)


def test_a_pooling_has_no_sum_behind_it(photo):
    with pytest.raises(ValueError, match="not made by a convolution, but by pool1"):
        sum_behind(photo, "pool1", 0, 0, 0)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", [0, 1, ((2, 1), (0, 2)), "same"])
def test_the_windows_are_those_of_the_padded_maps(mode, padding):
    layer = nn.Conv2d(2, 1, 3, (2, 1), padding if padding != "same" else 1, padding_mode=mode)
    x = np.random.default_rng(1).standard_normal((2, 6, 7))
    out = layer.forward(x[None])[0, 0]
    for row, column in np.ndindex(out.shape):
        unit = conv_unit(layer, x, 0, row, column)
        assert unit.total == pytest.approx(out[row, column], abs=1e-6)
        for part in unit.parts:
            seen = part.window
            inside = ~seen.padded
            places = np.add(np.argwhere(inside), [seen.top, seen.left])
            np.testing.assert_array_equal(seen.values[inside], x[part.channel][*places.T])
            alone = window(layer, x[part.channel], row, column)
            np.testing.assert_array_equal(alone.values, seen.values)


def test_the_loudest_cells_come_first():
    map_ = np.array([[0.0, 4.0, 1.0], [9.0, -2.0, 4.0]])
    assert excites_most(map_, 3) == [(1, 0, 9.0), (0, 1, 4.0), (1, 2, 4.0)]
    assert len(excites_most(map_, 99)) == 6
