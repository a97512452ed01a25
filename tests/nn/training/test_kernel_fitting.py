import pickle

import numpy as np
import pytest

from cnnviz import KERNELS, conv2d
from cnnviz.images.loading import fit
from cnnviz.images.loading import grey as grey_picture
from cnnviz.images.samples import SAMPLES, sample_picture
from cnnviz.nn import METHODS, KernelFitting, fit_kernel
from tests.nn.numeric import central_differences

SOBEL = KERNELS["sobel_x"].matrix


def grey(name, side=96):
    return sample_picture(name).pixels[:side, :side].mean(axis=2)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "ramp"])
def test_noise_becomes_the_sobel_kernel_on_any_picture_in_108_steps(name):
    fitting = fit_kernel(grey(name), SOBEL, steps=108)
    assert fitting.distance < 1e-2
    np.testing.assert_allclose(fitting.kernel, SOBEL, atol=1e-2)


@pytest.mark.parametrize("target", ["laplacian_8", "gaussian_3", "emboss", "sharpen"])
def test_other_kernels_are_learned_as_well(target):
    fitting = fit_kernel(grey("cat"), KERNELS[target].weights)
    assert abs(fitting.kernel - KERNELS[target].weights).max() < 1e-3 * max(1, fitting.kernel.max())


def test_a_ramp_does_not_tell_all_kernels_apart_but_its_map_is_learned():
    fitting = fit_kernel(grey("ramp"), SOBEL)
    assert fitting.directions == 2
    assert fitting.ambiguous
    assert not fit_kernel(grey("cat"), SOBEL, steps=500).ambiguous
    assert fitting.distance > 0.1
    np.testing.assert_allclose(fitting.map, fitting.target_map, atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_a_lesson_that_is_pickled_goes_on_as_it_would_have(method):
    fitting = KernelFitting(grey("coins", 20), SOBEL, method=method)
    fitting.step()
    other = pickle.loads(pickle.dumps(fitting))
    assert other.step() == fitting.step()
    np.testing.assert_array_equal(other.kernel, fitting.kernel)


def test_the_gradient_is_that_of_the_mean_squared_error():
    fitting = KernelFitting(grey("coins", 20), SOBEL)
    numeric = central_differences(
        lambda: ((fitting.map - fitting.target_map) ** 2).mean(), fitting.kernel
    )
    np.testing.assert_allclose(fitting.gradient(), numeric, rtol=1e-6)


@pytest.mark.parametrize(("method", "steps"), [("momentum", 120), ("gradient", 50), ("adam", 400)])
def test_the_other_methods_arrive_where_pixels_are_not_alike(method, steps):
    assert fit_kernel(grey("o"), SOBEL, method=method, steps=steps).distance < 1e-2


@pytest.mark.parametrize(
    ("method", "steps"), [("momentum", 220), ("gradient", 2400), ("adam", 610)]
)
@pytest.mark.parametrize("name", ["astronaut", "camera", "cat", "coins"])
def test_every_method_reaches_sobel_on_a_photo_with_its_own_rate(name, method, steps):
    picture = grey_picture(fit(sample_picture(name).pixels, 128))
    fitting = KernelFitting(picture, SOBEL, method=method, seed=1)
    while not fitting.reached and len(fitting.history) < steps:
        fitting.step()
    assert fitting.reached


def test_momentum_keeps_nine_tenths_of_the_last_step():
    fitting = KernelFitting(grey("o"), SOBEL, method="momentum", learning_rate=0.5)
    places, gradients = [fitting.kernel.copy()], []
    for _ in range(2):
        gradients.append(fitting.gradient())
        fitting.step()
        places.append(fitting.kernel.copy())
    first, second = places[1] - places[0], places[2] - places[1]
    rate = np.linalg.norm(first) / np.linalg.norm(gradients[0])
    np.testing.assert_allclose(second, 0.9 * first - rate * gradients[1], atol=1e-12)


def test_plain_descent_crawls_on_a_photo():
    plain = fit_kernel(grey("cat"), SOBEL, method="gradient", steps=108)
    assert plain.distance > 0.1
    assert plain.loss < plain.history[0].loss


def test_plain_descent_blows_up_above_a_rate_of_2():
    fitting = KernelFitting(grey("cat"), SOBEL, method="gradient", learning_rate=2.1)
    for _ in range(100):
        fitting.step()
    assert fitting.loss > 10 * fitting.history[0].loss


@pytest.mark.parametrize(("target", "precision"), [(SOBEL, 0.01), (SOBEL / 100, 0.0002)])
def test_arrived_is_within_a_hundredth_of_the_weights(target, precision):
    fitting = KernelFitting(grey("cat"), target)
    assert not fitting.reached
    while fitting.distance > fitting.precision:
        fitting.step()
    assert fitting.reached
    assert fitting.precision == pytest.approx(precision)


def test_a_rate_above_2_diverges_and_one_below_does_not():
    for rate, diverged in (1.9, False), (2.1, False), (10, True):
        fitting = KernelFitting(grey("cat"), SOBEL, learning_rate=rate)
        assert not fitting.diverged
        for _ in range(10):
            fitting.step()
        assert fitting.diverged == diverged, rate
    for _ in range(500):
        fitting.step()
    assert fitting.diverged  # also when nothing is finite any more


def test_a_whitened_step_of_rate_1_arrives_at_once():
    fitting = KernelFitting(grey("gravel"), SOBEL, learning_rate=1.0)
    fitting.step()
    np.testing.assert_allclose(fitting.kernel, SOBEL, atol=1e-8)


def test_the_loss_falls_with_every_step_and_is_that_of_the_map():
    fitting = fit_kernel(grey("text"), SOBEL, steps=30)
    losses = [moment.loss for moment in fitting.history]
    assert losses == sorted(losses, reverse=True)
    error = conv2d(fitting.picture, fitting.kernel) - fitting.target_map
    assert fitting.loss == pytest.approx((error**2).mean() / (fitting.target_map**2).mean())


def test_the_same_seed_starts_from_the_same_noise():
    one, two, other = (KernelFitting(grey("x"), SOBEL, seed=seed).kernel for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert (one != other).all()


def test_the_count_of_steps_is_a_whole_number():
    with pytest.raises(TypeError, match="steps must be a whole number, got '9'"):
        fit_kernel(np.eye(9), SOBEL, steps="9")


@pytest.mark.parametrize(
    ("picture", "settings", "words"),
    [
        (np.ones((9, 9)), {}, "All pixels are 1: there is nothing to learn"),
        (np.eye(2), {}, "kernel of 3 spans 3 cells, and there are 2"),
        (np.ones(9), {}, r"picture must be \(H, W\), got shape \(9,\)"),
        (np.eye(9) * np.nan, {}, "picture must hold finite numbers"),
        (np.eye(9), {"method": "luck"}, "one of momentum, gradient, adam, whitened, got 'luck'"),
        (np.eye(9), {"learning_rate": -1}, "learning_rate must be at least 0, got -1"),
    ],
)
def test_a_lesson_that_cannot_be_given_says_why(picture, settings, words):
    with pytest.raises(ValueError, match=words):
        KernelFitting(picture, SOBEL, **settings)
