import tracemalloc

import numpy as np
import pytest

from cnnviz.nn import (
    SGD,
    Adam,
    Dataset,
    Linear,
    Parameter,
    Sequential,
    Trainer,
    cross_entropy,
    digits,
    draw_shapes,
    evaluate,
    pretrained,
    random_shift,
    signals,
    small_cnn,
)

LEARN, TEST = digits().split()


def digits_network(**settings):
    return small_cnn((1, 8, 8), LEARN.classes, **settings)


def trained(steps, network=None, optimiser=None, data=LEARN, **settings):
    network = network or digits_network()
    optimiser = optimiser and optimiser(network.parameters().values())
    trainer = Trainer(network, data, optimiser=optimiser, **settings)
    for _ in range(steps):
        trainer.step()
    return trainer


def weights(trainer):
    return [each.value for each in trainer.network.parameters().values()]


@pytest.mark.parametrize("activation", ["relu", "tanh", "elu", "prelu"])
def test_20_digits_are_learned_by_heart(activation):
    few = LEARN.take(range(20))
    trainer = trained(120, digits_network(activation=activation), data=few, batch_size=20)
    assert evaluate(trainer.network, few).accuracy == 1
    assert trainer.loss < 0.05


def test_20_digits_are_learned_by_heart_with_batch_normalisation():
    few = LEARN.take(range(20))
    trainer = trained(120, digits_network(batch_norm=True), data=few, batch_size=20)
    assert evaluate(trainer.network, few).accuracy == 1


def test_three_epochs_are_enough_for_nine_digits_in_ten():
    trainer = trained(3 * 45)
    assert trainer.epoch == 3
    assert evaluate(trainer.network, TEST).accuracy > 0.9
    assert trainer.diagnosis() is None


def test_shapes_are_learned_as_well():
    learn, test = draw_shapes(300, seed=1), draw_shapes(100, seed=2)
    network = small_cnn((1, 16, 16), learn.classes, filters=(8, 16))
    trained(100, network, data=learn)
    assert evaluate(network, test).accuracy > 0.8


@pytest.mark.parametrize("optimiser", [lambda p: SGD(p, 0.05, 0.9), lambda p: Adam(p, 0.003)])
def test_the_same_seed_gives_the_same_weights_to_the_last_bit(optimiser):
    one, two = (trained(10, None, optimiser, augment=random_shift, seed=3) for _ in range(2))
    for mine, yours in zip(weights(one), weights(two), strict=True):
        np.testing.assert_array_equal(mine, yours)
    assert one.history == two.history


def test_another_seed_gives_other_weights():
    assert (weights(trained(2, seed=0))[0] != weights(trained(2, seed=1))[0]).any()


def test_every_picture_comes_up_once_in_an_epoch():
    data = Dataset(np.arange(10, dtype=np.float32).reshape(10, 1, 1, 1), np.zeros(10, int), ("a",))
    network, seen = small_cnn((1, 8, 8), "a"), []

    def note(images, rng):
        seen.extend(images.ravel().tolist())
        return np.ones((len(images), 1, 8, 8), np.float32)

    with pytest.raises(ValueError, match="kernel of 2 spans 2 cells, and there are 1"):
        Trainer(network, data)
    data = Dataset(np.tile(data.images, (1, 1, 8, 8)), data.labels, data.classes)
    trainer = Trainer(
        network, data, batch_size=4, augment=lambda images, rng: note(images[:, 0, 0, 0], rng)
    )
    for _ in range(2 * trainer.steps_per_epoch):
        trainer.step()
    assert sorted(seen[:10]) == sorted(seen[10:]) == list(range(10))
    assert seen[:10] != seen[10:]


def test_a_picture_that_is_moved_about_loses_at_most_an_edge():
    images = np.random.default_rng(0).uniform(0.5, 1, (30, 1, 5, 5))
    moved = random_shift(images, np.random.default_rng(0))
    shifts = {
        (row, column)
        for before, after in zip(images[:, 0], moved[:, 0], strict=True)
        for row in (-1, 0, 1)
        for column in (-1, 0, 1)
        if (after[1:-1, 1:-1] == np.roll(before, (row, column), (0, 1))[1:-1, 1:-1]).all()
    }
    assert len(shifts) == 9


def test_a_network_with_the_wrong_count_of_outputs_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3,\); 10 classes need \(10,\)"):
        Trainer(small_cnn((1, 8, 8), "abc"), LEARN)


def test_a_network_without_layers_and_data_without_pictures_have_nothing_to_learn():
    with pytest.raises(ValueError, match=r"shape \(1, 8, 8\); 10 classes need \(10,\)"):
        Trainer(Sequential([]), LEARN)
    with pytest.raises(ValueError, match="pictures to learn from, got 0"):
        Trainer(digits_network(), LEARN.take([]))


def test_sgd_with_momentum_goes_the_way_that_is_worked_out_by_hand():
    weight = Parameter((1,), np.zeros)
    optimiser = SGD([weight], 0.1, momentum=0.5)
    for _ in range(3):
        weight.grad = np.array([1.0])
        optimiser.step()
    assert weight.value == pytest.approx(-0.1 * (1 + 1.5 + 1.75))


def test_adam_goes_the_way_of_its_definition():
    weight, gradients = Parameter((1,), np.zeros), [1.0, -2.0, 0.5]
    optimiser = Adam([weight], 0.1, betas=(0.8, 0.9), eps=0.01)
    mean = square = expected = 0.0
    for step, gradient in enumerate(gradients, 1):
        weight.grad = np.array([gradient])
        optimiser.step()
        mean, square = 0.8 * mean + 0.2 * gradient, 0.9 * square + 0.1 * gradient**2
        unbiased = square / (1 - 0.9**step)
        expected -= 0.1 * mean / (1 - 0.8**step) / (unbiased**0.5 + 0.01)
    assert weight.value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_an_optimiser_takes_what_parameters_returns(kind):
    network = Sequential([Linear(2, 1)])
    (weight, bias) = kind(network.parameters(), 0.1).parameters
    assert (weight, bias) == (network[0].weight, network[0].bias)
    with pytest.raises(TypeError, match=r"changes parameters, got '0\.weight'"):
        kind(list(network.parameters()))


def test_data_of_fewer_classes_than_the_network_tells_apart_are_refused():
    with pytest.raises(ValueError, match="tells 10 classes apart, and the data have 5"):
        evaluate(pretrained("digits"), draw_shapes(2, size=8))


@pytest.mark.parametrize(
    ("betas", "error", "words"),
    [
        ((1, 0.9), ValueError, "Each beta must be below 1, got 1 and 0.9"),
        ((0.9, 1.0), ValueError, "Each beta must be below 1, got 0.9 and 1"),
        ((0.9, 1.5), ValueError, "beta must be from 0 to 1, got 1.5"),
        (0.9, ValueError, "betas must be two numbers, got 0.9"),
        ((0.9, 0.99, 0.999), ValueError, r"betas must be two numbers, got \(0.9, 0.99, 0.999\)"),
        ("ab", TypeError, "beta must be a number, got 'a'"),
    ],
)
def test_the_betas_of_adam_are_two_numbers_below_one(betas, error, words):
    with pytest.raises(error, match=words):
        Adam([], betas=betas)


def test_cross_entropy_holds_for_scores_of_any_size():
    with np.errstate(all="raise", under="ignore"):
        loss, grad = cross_entropy([[1000.0, -1000.0], [-1000.0, 1000.0]], [0, 0])
    assert loss == 1000
    assert grad.tolist() == [[0, 0], [-0.5, 0.5]]


@pytest.mark.parametrize(
    ("scores", "expected", "slopes"),
    [
        ([-np.inf, 0.0], np.inf, [-1, 1]),
        ([0.0, -np.inf], 0, [0, 0]),
        ([np.inf, 0.0], np.nan, [np.nan, np.nan]),
        ([0.0, np.inf], np.nan, [np.nan, np.nan]),
        ([-np.inf, -np.inf], np.nan, [np.nan, np.nan]),
        ([np.nan, 0.0], np.nan, [np.nan, np.nan]),
    ],
)
def test_cross_entropy_of_infinite_scores_is_that_of_the_softmax_without_a_warning(
    scores, expected, slopes
):
    with np.errstate(all="raise"):
        loss, grad = cross_entropy([scores], [0])
    np.testing.assert_equal(loss, expected)
    np.testing.assert_equal(grad, [slopes])


@pytest.mark.parametrize(
    ("scores", "labels", "words"),
    [
        (np.zeros(3), [0], r"must be \(N, classes\)"),
        (np.zeros((2, 3)), [0], "must be 2 whole numbers"),
        (np.zeros((2, 3)), [0.0, 1.0], "must be 2 whole numbers"),
        (np.zeros((2, 3)), [0, 3], "from 0 to 2 for 3 classes, got 0 to 3"),
    ],
)
def test_labels_that_do_not_go_with_the_scores_are_refused(scores, labels, words):
    with pytest.raises(ValueError, match=words):
        cross_entropy(scores, labels)


def test_an_evaluation_counts_truth_by_row_and_answer_by_column():
    network = digits_network(init=0.0)
    network[7].bias.value = np.eye(10)[4]
    found = evaluate(network, TEST)
    assert found.confusion[:, 4].tolist() == np.bincount(TEST.labels).tolist()
    assert found.confusion.sum() == found.confusion[:, 4].sum() == len(TEST)
    assert found.accuracy == found.confusion.trace() / len(TEST)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1, rtol=1e-6)


def test_an_evaluation_of_many_pictures_holds_the_maps_of_few():
    many = draw_shapes(5).take(np.arange(2000) % 5)
    tracemalloc.start()
    found = evaluate(small_cnn((1, 16, 16), many.classes), many)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.confusion.sum() == 2000
    assert most < 4 * many.images.nbytes


def test_the_worst_mistakes_are_the_surest_ones():
    found = evaluate(trained(20).network, TEST)
    worst = found.worst(TEST.labels, 5)
    right = found.shares[np.arange(len(TEST)), TEST.labels]
    wrong = found.shares.argmax(axis=1) != TEST.labels
    assert wrong[worst].all()
    assert right[worst].tolist() == sorted(right[wrong])[:5]


def test_an_evaluation_changes_nothing():
    network = trained(2, digits_network(batch_norm=True)).network
    norm, before = network[1], network[1].running_mean.copy()
    signals(network.without_softmax().train(), TEST)
    evaluate(network, TEST)
    np.testing.assert_array_equal(norm.running_mean, before)


def momentum(rate):
    return lambda parameters: SGD(parameters, rate, 0.9)


@pytest.mark.parametrize(
    ("kind", "settings", "optimiser", "words"),
    [
        ("dead", {}, momentum(1), "all channels are 0 for every example"),
        ("diverged", {"activation": "tanh"}, momentum(3), "blind guessing gives 2.30"),
        (
            "vanished",
            {"activation": "sigmoid", "init": 0.01},
            momentum(0.01),
            "batch normalisation helps.",
        ),
        ("slow", {"activation": "tanh", "init": "xavier"}, momentum(1e-5), "after 60 steps"),
        ("diverged", {"activation": "none"}, momentum(1e30), "too large to be held"),
    ],
)
def test_a_bad_choice_is_called_by_its_name_with_numbers(kind, settings, optimiser, words):
    trainer = trained(60, digits_network(**settings), optimiser)
    found = trainer.diagnosis()
    assert found.kind == kind
    assert words in found.text
    if kind in ("dead", "diverged"):
        trainer.optimiser.learning_rate = 1e-3
        for _ in range(60):
            trainer.step()
        assert trainer.diagnosis().kind == kind  # a smaller rate comes too late
        assert "Start over with a smaller learning rate" in found.text


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_network_that_has_diverged_can_still_be_evaluated(batch_norm):
    network = digits_network(activation="none", batch_norm=batch_norm)
    trainer = trained(20, network, momentum(1e36))
    assert trainer.diagnosis().kind == "diverged"
    assert evaluate(network, TEST).confusion.sum() == len(TEST)


def test_a_training_that_has_not_begun_has_nothing_wrong_with_it():
    assert trained(0).diagnosis() is None


def test_a_training_that_recovers_from_a_bad_start_has_nothing_wrong_with_it():
    trainer = trained(60, digits_network(init=0.5))
    assert trainer.history[0].loss > 10
    assert trainer.diagnosis() is None


def test_sigmoids_let_little_of_the_gradient_through():
    def reaching(activation):
        network = digits_network(activation=activation, init="xavier").without_softmax()
        gradients = {s.name: s.gradient for s in signals(network, LEARN.take(range(50)))}
        return gradients["conv1"] / gradients["linear1"]

    assert reaching("sigmoid") < 0.1 * reaching("relu")
