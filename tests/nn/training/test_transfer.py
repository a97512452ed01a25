import numpy as np
import pytest

from cnnviz import nn
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.class_map import class_map
from cnnviz.nn.inspection.photos import photo_input, square
from cnnviz.nn.training.softmax_regression import fit_head, leave_one_out
from cnnviz.nn.training.transfer import (
    FEW,
    concerns,
    features_of,
    nearest,
    with_head,
)

pytestmark = pytest.mark.slow  # a network for photos reads every picture of a class

NAMES = ("cat", "cup", "man")


@pytest.fixture(scope="module")
def taught():
    """Return features of six crops of each of three samples, and their labels."""
    rng, network = np.random.default_rng(0), nn.pretrained("photos")
    features, labels = [], []
    for label, name in enumerate(("cat", "coffee", "camera")):
        pixels = SAMPLES[name].load()
        for _ in range(6):
            crop = square(pixels.shape[:2], across=rng.random(), down=rng.random(),
                          part=rng.uniform(0.6, 1))  # fmt: skip
            features.append(features_of(nn.Stages(network, photo_input(pixels, crop))))
            labels.append(label)
    return np.array(features), np.array(labels)


def test_features_are_the_means_of_the_maps():
    stages = nn.Stages(nn.pretrained("photos"), photo_input(SAMPLES["cat"].load()))
    found = features_of(stages)
    assert found.shape == (512,)
    np.testing.assert_allclose(found, stages["fire9"].mean(axis=(1, 2)), rtol=1e-5)
    with pytest.raises(ValueError, match="means of maps"):
        features_of(stages, "scores")


def test_three_things_are_told_apart_and_left_out_ones_too(taught):
    features, labels = taught
    head = fit_head(features, labels, 3)
    assert (head.shares(features).argmax(axis=1) == labels).all()
    left_out = leave_one_out(features, labels, 3)
    assert (left_out.argmax(axis=1) == labels).mean() > 0.9


def test_the_taught_network_answers_like_its_head_and_has_an_exact_map(taught):
    features, labels = taught
    head = fit_head(features, labels, 3)
    network = with_head(nn.pretrained("photos"), head, NAMES)
    stages = nn.Stages(network, photo_input(SAMPLES["cat"].load()))
    np.testing.assert_allclose(
        stages.answer, head.shares(features_of(stages)[None])[0], rtol=1e-4, atol=1e-6
    )
    assert network.classes[int(stages.answer.argmax())] == "cat"
    for label in range(3):
        assert class_map(stages, label).score == pytest.approx(stages["scores"][label], rel=1e-4)


def test_the_network_itself_stays_as_it_is(taught):
    features, labels = taught
    network = nn.pretrained("photos")
    made = with_head(network, fit_head(features, labels, 3), NAMES)
    assert made[0] is network[0]
    assert network.classes[0] == "tench"
    assert made.summary()[-1].output_shape == (3,)


@pytest.mark.parametrize("names", [("cat", "cup"), ("cat", "cup", "cat")])
def test_every_class_needs_a_name_of_its_own(taught, names):
    head = fit_head(*taught, 3)
    with pytest.raises(ValueError, match="3 classes need 3 different names"):
        with_head(nn.pretrained("photos"), head, names)


def test_the_nearest_picture_is_itself_and_then_its_own_kind(taught):
    features, labels = taught
    for number in range(len(labels)):
        found = nearest(features[number], features, 4)
        assert found[0].number == number
        assert found[0].cosine == pytest.approx(1)
        assert [near.cosine for near in found] == sorted((n.cosine for n in found), reverse=True)
    kinds = [labels[nearest(features[n], features, 2)[1].number] == labels[n] for n in range(18)]
    assert np.mean(kinds) > 0.8


def test_no_picture_is_more_like_another_than_the_same():
    assert [near.cosine for near in nearest(np.ones(3), np.ones((2, 3)))] == [1, 1]


def test_features_of_nothing_are_like_nothing():
    assert [near.cosine for near in nearest(np.zeros(3), np.eye(3), 2)] == [0, 0]


def kinds(found):
    return [(concern.kind, concern.classes) for concern in found]


def spread(*counts):
    """Return distinct features, and labels with these numbers of pictures per class."""
    labels = np.repeat(np.arange(len(counts)), counts)
    return np.random.default_rng(0).random((len(labels), 30)) ** 3, labels


def test_enough_different_pictures_are_no_concern(taught):
    assert concerns(*taught, 3, leave_one_out(*taught, 3)) == []


def test_few_pictures_are_told_with_their_count():
    found = concerns(*spread(FEW, FEW - 1, FEW + 2), 3)
    assert found == [("few", (1,), (FEW - 1,))]


def test_a_class_with_many_times_the_pictures_of_another_is_told():
    found = concerns(*spread(40, 6, 10), 3)
    assert found == [("lopsided", (0, 1), (40, 6))]
    assert concerns(*spread(20, 6, 10), 3) == []


def test_pictures_that_are_hardly_two_are_told():
    features, labels = spread(8, 8)
    features[labels == 1] = features[-1] + 0.001 * np.random.default_rng(1).random((8, 30))
    (found,) = concerns(features, labels, 2)
    assert (found.kind, found.classes) == ("alike", (1,))
    own = features[labels == 1]
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    pairs = [own[i] @ own[j] for i in range(8) for j in range(i)]
    assert found.numbers[0] == pytest.approx(np.mean(pairs))


def test_a_class_confused_with_another_when_left_out_is_reported():
    features, labels = spread(10, 10, 10)
    left_out = np.eye(3)[labels]
    left_out[10:15] = [0.1, 0.2, 0.7]
    left_out[0:3] = [0, 1, 0]
    found = concerns(features, labels, 3, left_out)
    assert found == [("confused", (1, 2), (0.5,)), ("confused", (0, 1), (0.3,))]


def test_the_only_picture_of_a_class_is_not_said_to_be_taken_for_another():
    features, labels = spread(6, 6)
    kept = np.arange(7)
    left_out = np.eye(2)[np.zeros(7, int)]
    found = concerns(features[kept], labels[kept], 2, left_out)
    assert [concern.kind for concern in found] == ["few", "lopsided"]
