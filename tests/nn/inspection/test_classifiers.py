import numpy as np
import pytest

from cnnviz.nn import (
    Activation,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    Parallel,
    Sequential,
    Softmax,
    covered_scores,
    grad_cam,
    lenet5,
    saliency,
    small_cnn,
    viewed,
)
from cnnviz.nn.inspection.classifiers import classifier, ending, operations


def dense(classes=(), count=3, shape=(1, 8, 8), last=()):
    layers = [Flatten(), Linear(int(np.prod(shape)), count), *last]
    return Sequential(layers, input_shape=shape, classes=classes)


def test_a_network_that_ends_with_scores_gets_a_softmax_and_one_that_has_it_no_second():
    assert classifier(dense()).names[-1] == "softmax1"
    assert classifier(dense(last=[Softmax()])).names == ("flatten1", "linear1", "softmax1")


@pytest.mark.parametrize("classes", ["", "ab", "aab", ("a", "b", "")])
def test_classes_without_a_name_each_are_numbered(classes):
    assert classifier(dense(classes)).classes == ("class 0", "class 1", "class 2")


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (Sequential([Flatten(), Linear(64, 3)]), "does not say which pictures"),
        (Sequential([Linear(64, 3)], input_shape=(64,)), r"input shape is \(64,\)"),
        (Sequential([Conv2d(1, 2, 3)], input_shape=(1, 8, 8)), r"output of shape \(2, 6, 6\)"),
        (Sequential([], input_shape=(1, 8, 8)), "one row of 2 to 1000"),
        (dense(count=1, last=[Softmax()]), r"output of shape \(1,\)"),
        (dense(count=1), r"output of shape \(1,\)"),
        (dense(count=1001), r"output of shape \(1001,\)"),
        (dense(shape=(1, 300, 8)), "takes pictures of 300 × 8; at most 256"),
        (small_cnn((1, 256, 256), "ab", filters=(160, 160)),
         "operations for one picture; .* With smaller pictures there are fewer"),
        (dense(count=1000, shape=(3, 128, 128)), "49,153,000 weights"),
    ],
)  # fmt: skip
def test_networks_that_are_no_classifiers_or_too_large_are_refused_with_the_numbers(network, words):
    with pytest.raises(ValueError, match=words):
        classifier(network)


def test_a_pooling_costs_what_it_looks_at():
    pool = Sequential([MaxPool2d(3, 1)], input_shape=(1, 10, 10))
    assert operations(pool) == 64 * 9 + 64
    assert operations(lenet5()) > sum(row.multiply_adds for row in lenet5().summary())


def test_layers_in_branches_cost_what_they_cost_in_a_row():
    def layers():
        return [Conv2d(1, 2, 3), MaxPool2d(2)]

    plain = Sequential(layers(), input_shape=(1, 8, 8))
    double = Sequential([Parallel([layers(), layers()])], input_shape=(1, 8, 8))
    assert operations(double) == 2 * operations(plain) + 4 * 9  # the joined maps are 4 × 3 × 3


def test_a_classifier_keeps_the_names_of_its_layers():
    layers = [Flatten(), Linear(4, 2)]
    network = Sequential(layers, input_shape=(1, 2, 2), names=["row", "scores"])
    assert classifier(network).names == ("row", "scores", "softmax1")


def sigmoid():
    return Activation("sigmoid")


@pytest.mark.parametrize(
    ("last", "count", "found", "names"),
    [
        ([], 3, "softmax", ("flatten1", "linear1", "softmax1")),
        ([Softmax()], 3, "softmax", ("flatten1", "linear1", "softmax1")),
        ([sigmoid()], 3, "sigmoid", ("flatten1", "linear1", "sigmoid1")),
        ([sigmoid()], 1, "sigmoid", ("flatten1", "linear1", "sigmoid1")),
    ],
)
def test_a_classifier_ends_with_a_softmax_or_with_the_sigmoid_that_it_has(
    last, count, found, names
):
    made = classifier(dense(count=count, last=last))
    assert (ending(made), made.names, len(made.classes)) == (found, names, count)
    assert viewed(dense(count=count, last=last)).unanswered == ""


def test_the_evidence_for_a_class_behind_a_sigmoid_is_that_for_its_score():
    layers = [Conv2d(1, 3, 3, padding=1, seed=1), Activation("relu"), GlobalAvgPool2d(), Flatten(),
              Linear(3, 2, seed=2)]  # fmt: skip
    scores = Sequential(layers, input_shape=(1, 8, 8))
    shares = Sequential([*layers, sigmoid()], input_shape=(1, 8, 8))
    image = np.random.default_rng(0).random((1, 8, 8), np.float32)
    assert shares.scorer().names == scores.names
    for asked in (saliency, grad_cam):
        np.testing.assert_array_equal(asked(shares, image, 1), asked(scores, image, 1))
    np.testing.assert_array_equal(
        covered_scores(shares, image).scores, covered_scores(scores, image).scores
    )


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (Sequential([Conv2d(1, 2, 3)], input_shape=(1, 8, 8)), "ends with 2 maps of 6 × 6"),
        (Sequential([], input_shape=(3, 8, 9)), "ends with 3 maps of 8 × 9"),
        (dense(count=1), "ends with a single number, not"),
        (dense(count=1001), "ends with 1,001 numbers, not"),
    ],
)
def test_a_network_that_is_no_classifier_can_still_be_inspected(network, words):
    seen = viewed(network)
    assert words in seen.unanswered
    assert seen.network.layers == network.layers


def test_a_network_is_shown_up_to_weights_that_are_no_finite_numbers():
    network = small_cnn((1, 8, 8), "abc", batch_norm=True)
    network[5].running_var[1] = np.nan
    seen = viewed(network)
    assert seen.network.names == network.names[:5]
    assert "some weights of the next layer, norm2, are not finite" in seen.unanswered
    network[0].weight.value[0] = np.inf
    with pytest.raises(ValueError, match="first layer are not finite"):
        viewed(network)
