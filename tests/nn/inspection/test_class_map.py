import numpy as np
import pytest

from cnnviz import nn
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.class_map import class_map, edge_share
from cnnviz.nn.inspection.photos import photo_input

RNG = np.random.default_rng(0)


def network(*after):
    layers = [nn.Conv2d(2, 5, 3, padding=1, seed=1), nn.Activation("relu"), nn.GlobalAvgPool2d()]
    return nn.Sequential([*layers, *after], input_shape=(2, 6, 7))


@pytest.mark.parametrize("softmax", [[], [nn.Softmax()]])
@pytest.mark.parametrize("bias", [True, False])
def test_the_mean_of_the_map_and_the_bias_are_the_score(softmax, bias):
    dense = nn.Linear(5, 3, bias=bias, seed=2)
    if bias:
        dense.bias.value = np.array([0.5, -1, 2])
    made = network(nn.Flatten(), nn.Dropout(), dense, *softmax)
    stages = nn.Stages(made, RNG.standard_normal((2, 6, 7)))
    for label in range(3):
        found = class_map(stages, label)
        assert found.evidence.shape == (6, 7)
        assert found.score == pytest.approx(stages["linear1"][label], abs=1e-9)
        assert found.bias == (dense.bias.value[label] if bias else 0)


def test_without_a_dense_layer_the_map_is_that_of_the_class():
    stages = nn.Stages(network(nn.Flatten(), nn.Softmax()), RNG.standard_normal((2, 6, 7)))
    found = class_map(stages, 4)
    assert np.shares_memory(found.evidence, stages["relu1"])
    assert found.score == pytest.approx(stages["flatten1"][4], abs=1e-12)


def test_on_a_photo_it_is_exact_for_all_classes():
    stages = nn.Stages(nn.pretrained("photos"), photo_input(SAMPLES["cat"].load()))
    scores = stages["scores"]
    for label in (281, 285, 0, 999):
        found = class_map(stages, label)
        assert found.evidence.shape == (13, 13)
        assert found.score == pytest.approx(scores[label], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    "after",
    [
        [nn.Flatten(), nn.Linear(5, 4), nn.Activation("relu")],
        [nn.Flatten(), nn.Linear(5, 4), nn.Linear(4, 3)],
        [nn.Flatten(), nn.Softmax(), nn.Linear(5, 3)],
    ],
)
def test_more_than_one_weighted_sum_after_the_maps_gives_no_class_map(after):
    stages = nn.Stages(network(*after), np.ones((2, 6, 7)))
    with pytest.raises(ValueError, match="ends with the mean of its maps"):
        class_map(stages, 0)


def test_a_network_without_a_mean_has_none():
    stages = nn.Stages(nn.pretrained("digits"), np.ones((1, 8, 8)))
    with pytest.raises(ValueError, match="this one ends with pool2, flatten1, linear1, softmax1"):
        class_map(stages, 0)


def test_a_class_that_is_not_there_is_refused():
    stages = nn.Stages(network(nn.Flatten()), np.ones((2, 6, 7)))
    with pytest.raises(ValueError, match="from 0 to 4, got 5"):
        class_map(stages, 5)


def test_evidence_at_the_edge_is_told_from_that_in_the_middle():
    middle, edge = np.zeros((12, 12)), np.zeros((12, 12))
    middle[4:8, 4:8] = 1
    edge[:2] = 3
    assert edge_share(middle) == 0
    assert edge_share(edge) == 1
    assert edge_share(middle - edge) == 0  # evidence against it does not count
    assert edge_share(-middle) == 0
