"""How an answer changes when something is changed on the way."""

import threading

import numpy as np
import pytest

from cnnviz import nn
from cnnviz.nn.inspection.stages import Stages, StagesCache, louder, painted, strongest_first

RNG = np.random.default_rng(0)


def network():
    layers = [
        nn.Conv2d(2, 4, 3, padding=1),
        nn.Activation("relu"),
        nn.Parallel([nn.Conv2d(4, 3, 1), nn.Conv2d(4, 3, 3, padding=1)]),
        nn.GlobalAvgPool2d(),
        nn.Flatten(),
        nn.Softmax(),
    ]
    return nn.Sequential(layers, input_shape=(2, 8, 8))


@pytest.fixture
def stages():
    return Stages(network(), RNG.standard_normal((2, 8, 8)))


def test_they_are_those_of_the_network(stages):
    wanted = stages.network.stages(stages.image[None])
    assert len(wanted) == len(stages.maps)
    for found, stage in zip(stages.maps, wanted, strict=True):
        np.testing.assert_array_equal(found, stage[0])
    assert stages.answer is stages.maps[-1]
    assert stages["conv1"] is stages[0] is stages.before("relu1")
    assert stages.before("conv1") is stages.image


def test_the_answer_of_no_layers_is_the_image():
    image = RNG.standard_normal((2, 8, 8))
    np.testing.assert_array_equal(Stages(nn.Sequential([]), image).answer, image)


@pytest.mark.parametrize("stage", range(6))
def test_a_change_is_felt_by_what_follows_and_by_nothing_before(stages, stage):
    new = stages[stage] + 1
    made = stages.changed(stage, new)
    assert all(made[i] is stages[i] for i in range(stage))
    np.testing.assert_array_equal(made[stage], new)
    x = new[None]
    for number in range(stage + 1, 6):
        x = stages.network[number].forward(x)
        np.testing.assert_array_equal(made[number], x[0])


def test_changes_can_be_made_one_after_the_other(stages):
    one = stages.changed("conv1", louder(stages["conv1"], [2], 0))
    two = one.changed("relu1", louder(one["relu1"], [0], 5.0))
    assert two["conv1"] is one["conv1"]
    assert not two["relu1"][2].any()
    np.testing.assert_allclose(two["relu1"][0], 5 * stages["relu1"][0])


def test_a_silent_channel_adds_nothing_to_what_follows(stages):
    silent = stages.changed("relu1", louder(stages["relu1"], [1], 0))
    without = stages.network[2]
    kept = [branch[0].weight.value.copy() for branch in without.branches]
    for branch, weight in zip(without.branches, kept, strict=True):
        changed = weight.copy()
        changed[:, 1] = 0
        branch[0].weight.value = changed
    np.testing.assert_allclose(silent[2], without.forward(stages["relu1"][None])[0], atol=1e-12)


def test_the_strongest_maps_are_looked_for_once_and_those_of_a_change_are_its_own(stages):
    found = stages.strongest("relu1")
    assert found.tolist() == strongest_first(stages["relu1"]).tolist()
    assert stages.strongest("relu1") is found
    silent = stages.changed("relu1", louder(stages["relu1"], [int(found[0])], 0.0))
    assert silent.strongest("relu1")[0] == found[1]
    assert stages.strongest("relu1") is found


def test_painting_covers_what_is_marked_with_one_colour():
    image, mask = np.ones((3, 4, 5)), np.zeros((4, 5), bool)
    mask[1, 2:] = True
    found = painted(image, mask, [7, 8, 9])
    assert found[:, 1, 3].tolist() == [7, 8, 9]
    assert found[:, 0].min() == found[:, 1, :2].max() == 1
    assert (painted(image, mask)[:, mask] == 0).all()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda stages: stages["conv9"], "no layer 'conv9'; there are conv1, relu1, parallel1"),
        (lambda stages: stages[6], "stage must be from 0 to 5, got 6"),
        (lambda stages: stages.changed(0, np.ones((4, 2, 2))), r"\(4, 8, 8\), got \(4, 2, 2\)"),
        (lambda stages: Stages(stages.network, np.ones((8, 8))), r"\(C, H, W\), got shape"),
        (lambda stages: painted(stages.image, np.ones((2, 2))), r"shape \(8, 8\), got \(2, 2\)"),
    ],
)
def test_missing_layers_and_misfits_are_named(stages, act, words):
    with pytest.raises(ValueError, match=words):
        act(stages)


def test_the_cache_makes_once_and_forgets_what_was_not_asked_for_longest(stages):
    cache, made = StagesCache(most=2), []

    def get(key):
        return cache.get(key, lambda: made.append(key) or stages)

    for key in "aabbcab":
        assert get(key) is stages
    assert made == ["a", "b", "c", "a", "b"]
    assert list(cache.kept) == ["a", "b"]


def test_the_cache_stays_bounded_when_many_ask_at_once(stages):
    cache = StagesCache(most=3)
    threads = [
        threading.Thread(
            target=lambda n=n: [cache.get((n * i) % 7, lambda: stages) for i in range(50)]
        )
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cache.kept) == 3
