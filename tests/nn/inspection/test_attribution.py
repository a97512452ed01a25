import numpy as np
import pytest

from cnnviz.nn import (
    Activation,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Parallel,
    Sequential,
    climb,
    covered_scores,
    digits,
    fooling_noise,
    grad_cam,
    occlusion,
    pretrained,
    rivals,
    saliency,
    small_cnn,
)
from cnnviz.nn.inspection.occlusion import cover_step_by_step
from cnnviz.nn.inspection.stages import Stages
from tests.nn.numeric import central_differences

DIGIT = digits().images[3]


def score(network, image, label):
    return network.without_softmax().forward(image[None])[0, label]


def corner_network():
    """A network whose class 1 responds to ink in the top left 2 × 2 pixels, and to nothing else."""
    layers = [Conv2d(1, 1, 1, bias=False), Activation("relu"), MaxPool2d(2), Flatten(),
              Linear(9, 2)]  # fmt: skip
    layers[0].weight.value = np.ones((1, 1, 1, 1))
    layers[4].weight.value = np.eye(9)[:1].repeat(2, axis=0) * [[0], [5]]
    return Sequential(layers, input_shape=(1, 6, 6), classes="ab")


INK = np.random.default_rng(0).uniform(0.1, 1, (1, 6, 6))


def test_saliency_is_the_derivative_of_the_score():
    network, noise = pretrained("digits"), np.random.default_rng(0).random(DIGIT.shape)
    image = DIGIT + 0.1 * noise  # without equal pixels, at which max pooling is not differentiable
    numeric = central_differences(lambda: score(network, image, 3), image)
    np.testing.assert_allclose(saliency(network, image, 3), numeric, rtol=1e-4, atol=1e-6)


def test_saliency_against_another_class_is_the_difference():
    network = pretrained("digits")
    difference = saliency(network, DIGIT, 3) - saliency(network, DIGIT, 8)
    np.testing.assert_allclose(saliency(network, DIGIT, 3, against=8), difference, atol=1e-5)


def test_occlusion_falls_by_what_covering_the_patch_takes_away():
    network, covered = pretrained("digits"), DIGIT.copy()
    covered[:, 2:5, 3:6] = 0
    fall = occlusion(network, DIGIT, 3, size=3)
    assert fall.shape == (8, 8)
    expected = score(network, DIGIT, 3) - score(network, covered, 3)
    assert fall[3, 4] == pytest.approx(expected, abs=1e-5)


def test_pixels_that_do_not_matter_to_the_class_are_not_marked():
    network = corner_network()
    for found in saliency(network, INK, 1)[0], occlusion(network, INK, 1, size=1):
        assert found[:2, :2].any()
        assert not found[2:].any()
        assert not found[:, 2:].any()


def test_grad_cam_weighs_each_map_by_its_mean_gradient():
    network = small_cnn((1, 8, 8), "abc", seed=5)
    image = np.random.default_rng(0).standard_normal((1, 8, 8))
    maps = network[:6].forward(image[None])
    back = network[6:].without_softmax()
    weights = np.array([np.zeros_like(maps[0]).mean(axis=(1, 2))])
    for channel in range(32):
        more = maps.copy()
        more[0, channel] += 1e-6
        weights[0, channel] = (back.forward(more) - back.forward(maps))[0, 1] / 1e-6 / 4
    expected = np.maximum(np.tensordot(weights[0], maps[0], 1), 0)
    found = grad_cam(network, image, 1, layer=5)
    # With linear interpolation to four times the size, the outermost cells keep the map's values.
    np.testing.assert_allclose(found[::7, ::7], expected, rtol=1e-4, atol=1e-6)


def test_grad_cam_takes_the_activation_behind_the_last_convolution():
    network = pretrained("digits")
    assert network.names[4] == "relu2"
    np.testing.assert_array_equal(grad_cam(network, DIGIT, 3), grad_cam(network, DIGIT, 3, layer=4))


def test_grad_cam_has_the_size_of_the_image_and_is_not_negative():
    found = grad_cam(pretrained("shapes"), np.eye(16)[None], 4)
    assert found.shape == (16, 16)
    assert found.min() >= 0
    assert found.max() > 0


def test_rivals_are_the_two_strongest_classes_and_their_evidence_is_their_difference():
    network = pretrained("digits")
    found = rivals(network, DIGIT)
    scores = network.without_softmax().forward(DIGIT[None])[0]
    assert (found.first, found.second) == tuple(np.argsort(scores)[:-3:-1])
    assert found.margin == pytest.approx(scores[found.first] - scores[found.second])
    difference = occlusion(network, DIGIT, found.first) - occlusion(network, DIGIT, found.second)
    np.testing.assert_allclose(found.evidence, difference, atol=1e-4)


def test_covering_more_evidence_than_the_margin_changes_the_mind_of_the_network():
    network = pretrained("digits")
    changed = 0
    for image in digits().images[:60]:
        found = rivals(network, image)
        row, column = np.unravel_index(found.evidence.argmax(), (8, 8))
        if found.evidence.max() <= found.margin:
            continue
        covered = image.copy()
        covered[:, max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 0
        assert network.forward(covered[None]).argmax() != found.first
        changed += 1
    assert changed > 0


def test_asking_leaves_the_shared_network_as_it_is():
    network = pretrained("digits")
    for ask in saliency, occlusion, grad_cam:
        ask(network, DIGIT, 3)
    with pytest.raises(ValueError, match="nothing remembered"):
        network.backward(np.ones((1, 10)))


@pytest.mark.parametrize("ask", [saliency, occlusion, grad_cam])
def test_a_class_that_there_is_not_is_refused(ask):
    with pytest.raises(ValueError, match="label must be from 0 to 9, got 10"):
        ask(pretrained("digits"), DIGIT, 10)
    with pytest.raises(ValueError, match="label must be at least 0, got -1"):
        ask(pretrained("digits"), DIGIT, -1)
    with pytest.raises(TypeError, match="label must be a whole number, got '3'"):
        ask(pretrained("digits"), DIGIT, "3")


def test_a_class_to_ask_against_or_to_fool_towards_is_refused_by_its_own_name():
    with pytest.raises(ValueError, match="against must be from 0 to 9, got 10"):
        saliency(pretrained("digits"), DIGIT, 3, against=10)
    with pytest.raises(ValueError, match="towards must be from 0 to 9, got 10"):
        fooling_noise(pretrained("digits"), DIGIT, 3, towards=10)


@pytest.mark.parametrize("ask", [saliency, occlusion, grad_cam])
def test_an_image_needs_its_channels(ask):
    with pytest.raises(ValueError, match=r"image must be \(C, H, W\), got shape \(8, 8\)"):
        ask(pretrained("digits"), DIGIT[0], 1)


def test_a_patch_is_covered_with_a_number():
    with pytest.raises(TypeError, match="fill must be a number"):
        occlusion(pretrained("digits"), DIGIT, 1, fill=np.array([1j]))


def test_grad_cam_needs_maps():
    with pytest.raises(ValueError, match="this network has none"):
        grad_cam(Sequential([Flatten(), Linear(64, 10)]), DIGIT, 1)
    with pytest.raises(ValueError, match=r"flatten1 gives an output of shape \(128,\)"):
        grad_cam(pretrained("digits"), DIGIT, 1, layer=6)


@pytest.mark.parametrize(
    ("layer", "error", "words"),
    [
        (99, ValueError, "layer must be from 0 to 8, got 99"),
        (-1, ValueError, "layer must be at least 0, got -1"),
        (1.5, TypeError, r"layer must be a whole number, got 1\.5"),
    ],
)
def test_grad_cam_of_a_layer_that_there_is_not_is_refused(layer, error, words):
    with pytest.raises(error, match=words):
        grad_cam(pretrained("digits"), DIGIT, 3, layer=layer)


def test_a_network_with_one_output_has_no_rivals():
    with pytest.raises(ValueError, match="two classes, and this network has 1 output"):
        rivals(Sequential([Flatten(), Linear(64, 1)], input_shape=(1, 8, 8)), DIGIT)


def one_by_one(network, image, size, step):
    """Return the scores with one patch covered at a time, pixel by pixel."""
    _, height, width = image.shape
    found = np.empty((height, width, len(network.classes)))
    for row in range(height):
        for column in range(width):
            covered = image.copy()
            for i in range(size):
                for j in range(size):
                    y = row // step * step + step // 2 - (size - 1) // 2 + i
                    x = column // step * step + step // 2 - (size - 1) // 2 + j
                    if 0 <= y < height and 0 <= x < width:
                        covered[:, y, x] = 0
            found[row, column] = network.without_softmax().forward(covered[None])[0]
    return found


@pytest.mark.parametrize(("size", "step"), [(1, 1), (2, 1), (3, 1), (3, 2), (4, 3), (9, 1)])
def test_every_covered_patch_has_the_scores_of_covering_it_by_itself(size, step):
    found = covered_scores(pretrained("digits"), DIGIT, size=size, step=step)
    expected = one_by_one(pretrained("digits"), DIGIT, size, step)
    np.testing.assert_allclose(found.scores, expected, atol=1e-4)
    np.testing.assert_allclose(found.fall(3, 8), found.fall(3) - found.fall(8), atol=1e-4)


@pytest.mark.parametrize(("step", "lost"), [(4, 9), (7, 9), (2**31 - 1, 9)])
def test_a_last_strip_that_is_narrower_than_the_step_is_covered_too(step, lost):
    network = Sequential([Flatten(), Linear(81, 2)], input_shape=(1, 9, 9))
    network.layers[1].weight.value = np.ones((2, 81))
    fall = covered_scores(network, np.ones((1, 9, 9)), size=3, step=step).fall(0)
    assert fall.min() >= 4
    assert fall[0, 0] == lost


@pytest.mark.parametrize(
    "ask",
    [
        lambda network: saliency(network, DIGIT, 3),
        lambda network: occlusion(network, DIGIT, 3),
        lambda network: grad_cam(network, DIGIT, 3),
        lambda network: rivals(network, DIGIT).evidence,
        lambda network: fooling_noise(network, DIGIT, 3),
        lambda network: Stages(network, DIGIT).answer,
        lambda network: Stages(network, DIGIT).changed(0, np.ones((16, 8, 8))).answer,
        lambda network: next(cover_step_by_step(network, DIGIT, sizes=(4,))).scores,
        lambda network: next(climb(network, 0, 3, size=(8, 8))).answer,
    ],
)
def test_a_network_in_training_answers_as_at_inference_and_learns_nothing_from_it(ask):
    network = small_cnn((1, 8, 8), "0123456789", batch_norm=True)
    expected = ask(network)
    network.train()
    before = {name: array.copy() for name, array in network.buffers().items()}
    np.testing.assert_array_equal(ask(network), expected)
    assert all(layer.training for layer in network)
    for name, array in network.buffers().items():
        np.testing.assert_array_equal(array, before[name])


def test_rivals_of_what_was_covered_already_are_the_same():
    found = covered_scores(pretrained("digits"), DIGIT, size=2)
    given, made = (rivals(pretrained("digits"), DIGIT, size=2, covered=c) for c in (found, None))
    assert given[:3] == made[:3]
    np.testing.assert_array_equal(given.evidence, made.evidence)


def test_grad_cam_finds_the_last_convolution_inside_branches():
    layers = [
        Parallel([Conv2d(1, 3, 1), Conv2d(1, 3, 3, padding=1)]),
        Activation("relu"),
        MaxPool2d(2),
        Flatten(),
        Linear(6 * 16, 10),
    ]
    network = Sequential(layers, input_shape=(1, 8, 8))
    named = grad_cam(network, DIGIT, 3, layer=1)
    np.testing.assert_array_equal(grad_cam(network, DIGIT, 3), named)
