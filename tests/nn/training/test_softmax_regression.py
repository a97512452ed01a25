import numpy as np
import pytest
from scipy.optimize import minimize

from cnnviz.functional.activations import softmax
from cnnviz.nn import cross_entropy
from cnnviz.nn.training.softmax_regression import fit_head, leave_one_out


def pictures(count, classes, features=20, apart=0.8, seed=0):
    """Draw non-negative features, like the means of maps after ReLU."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    middles = apart * rng.standard_normal((classes, features))
    return np.maximum(rng.standard_normal((count, features)) + middles[labels], 0) * 3, labels


def lowest(features, labels, classes, l2):
    """Minimise the same loss with scipy; return a function from features to shares."""
    mean = features.mean(axis=0)
    scale = np.sqrt(((features - mean) ** 2).sum(axis=1).mean())
    points = (features - mean) / scale

    def loss(flat):
        weight, bias = flat[:-classes].reshape(classes, -1), flat[-classes:]
        value, grad = cross_entropy(points @ weight.T + bias, labels)
        slope = grad.T @ points + l2 * weight
        return value + l2 / 2 * (weight**2).sum(), np.append(slope, grad.sum(axis=0))

    found = minimize(loss, np.zeros(classes * (points.shape[1] + 1)), jac=True, tol=1e-9).x
    weight, bias = found[:-classes].reshape(classes, -1), found[-classes:]
    return lambda some: softmax((some - mean) / scale @ weight.T + bias, axis=1)


@pytest.mark.parametrize("l2", [0.1, 0.003])
@pytest.mark.parametrize(("count", "classes"), [(9, 2), (30, 3), (60, 5)])
def test_it_finds_the_lowest_point_of_the_loss(count, classes, l2):
    features, labels = pictures(count, classes)
    new, _ = pictures(20, classes, seed=5)
    head = fit_head(features, labels, classes, l2=l2)
    wanted = lowest(features, labels, classes, l2)
    for some in features, new:
        np.testing.assert_allclose(head.shares(some), wanted(some), atol=1e-3)


def test_leaving_one_out_is_learning_without_it():
    features, labels = pictures(14, 3, apart=0.4)
    found = leave_one_out(features, labels, 3, l2=0.01)
    scale = np.sqrt(((features - features.mean(axis=0)) ** 2).sum(axis=1).mean())
    for out in range(len(labels)):
        rest = np.arange(len(labels)) != out
        others = features[rest]
        own = np.sqrt(((others - others.mean(axis=0)) ** 2).sum(axis=1).mean())
        # the weight penalty is scaled by all pictures
        wanted = lowest(others, labels[rest], 3, 0.01 * (scale / own) ** 2)
        np.testing.assert_allclose(found[out], wanted(features[[out]])[0], atol=5e-3)


def test_a_picture_that_is_left_out_has_no_say():
    features, labels = pictures(12, 2, apart=0)
    told = leave_one_out(features, labels, 2)
    learned = fit_head(features, labels, 2).shares(features)
    right = np.arange(12), labels
    assert learned[right].min() > 0.9  # learned by heart
    assert told[right].mean() < 0.7


def test_more_pictures_of_a_class_make_for_a_one_sided_answer():
    features, labels = pictures(60, 2, apart=0.1)
    few = np.append(np.flatnonzero(labels == 0), np.flatnonzero(labels == 1)[:3])
    new, _ = pictures(200, 2, apart=0.1, seed=9)
    shares = fit_head(features[few], labels[few], 2, l2=0.1).shares(new)
    assert (shares.argmax(axis=1) == 0).mean() > 0.95


def test_a_higher_price_makes_for_softer_answers():
    features, labels = pictures(30, 3)
    right = np.arange(30), labels
    shares = [
        fit_head(features, labels, 3, l2=l2).shares(features)[right].mean() for l2 in (1, 0.1, 0.01)
    ]
    assert shares == sorted(shares)


def test_two_hundred_pictures_of_five_classes_are_learned():
    features, labels = pictures(200, 5, features=512)
    head = fit_head(features, labels, 5)
    assert (head.shares(features).argmax(axis=1) == labels).all()


def test_features_of_any_size_are_learned_alike():
    features, labels = pictures(20, 2)
    one, other = (fit_head(size * features, labels, 2).shares(size * features) for size in (1, 1e4))
    np.testing.assert_allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("features", [np.zeros((4, 3)), np.ones((4, 3))])
def test_pictures_that_cannot_be_told_apart_get_equal_shares(features):
    head = fit_head(features, [0, 1, 0, 1], 2)
    np.testing.assert_allclose(head.shares(features), 0.5)
    np.testing.assert_allclose(leave_one_out(features, [0, 1, 0, 1], 2).sum(axis=1), 1)


def test_a_class_with_one_picture_is_forgotten_when_that_is_left_out():
    features, labels = pictures(9, 2)
    labels = np.array([0] * 8 + [1])
    shares = leave_one_out(features, labels, 2)
    assert shares[8, 1] < 0.05
    assert np.isfinite(shares).all()


@pytest.mark.parametrize("learn", [fit_head, leave_one_out])
@pytest.mark.parametrize(
    ("features", "classes", "error", "words"),
    [
        ([[np.nan], [1], [1]], 2, ValueError, "features must hold finite numbers"),
        ([[np.inf], [1], [1]], 2, ValueError, "features must hold finite numbers"),
        ([["a"], ["b"], ["c"]], 2, TypeError, "features must hold real numbers"),
        ([[1, 2], [1], [1]], 2, ValueError, "rows of different lengths"),
        (np.zeros((3, 0)), 2, ValueError, r"features holds no numbers: its shape is \(3, 0\)"),
        ([[0], [1], [1]], 2.0, TypeError, r"classes must be a whole number, got 2\.0"),
    ],
)
def test_features_that_are_no_finite_numbers_are_refused(learn, features, classes, error, words):
    with pytest.raises(error, match=words):
        learn(features, [0, 1, 1], classes)


@pytest.mark.parametrize(
    ("features", "labels", "classes"),
    [
        (np.ones((3, 2)), [0, 0, 0], 2),
        (np.ones((3, 2)), [0, 1, 2], 2),
        (np.ones((3, 2)), [0, 1, -1], 2),
        (np.ones((3, 2)), [0, 0, 0], 1),
        (np.ones((0, 2)), np.zeros(0, int), 2),
        (np.ones((3, 2)), [0, 1], 2),
        (np.ones(3), [0, 1, 1], 2),
        (np.ones((3, 2)), [0.0, 1.0, 1.0], 2),
    ],
)
def test_pictures_and_labels_that_do_not_go_together_are_refused(features, labels, classes):
    with pytest.raises(ValueError, match=r"needs a picture|need N whole numbers"):
        fit_head(features, labels, classes)
