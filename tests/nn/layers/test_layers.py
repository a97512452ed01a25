import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnnviz
from cnnviz import nn
from cnnviz.experiments.signal_propagation import propagate
from cnnviz.nn import (
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    Linear,
    MaxPool2d,
    Softmax,
)
from cnnviz.nn.layers.products import ONE_THREAD, product
from tests.nn.layers.test_gradients import CONVOLUTIONS, MAXIMA, MEANS


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def both_ways(layer, x):
    return layer.forward(x), layer.forward(x, remember=True)


@pytest.mark.parametrize("chosen", CONVOLUTIONS)
def test_a_convolution_that_remembers_computes_what_conv2d_does(chosen):
    layer = Conv2d(4, 4, **({"kernel_size": 3} | chosen))
    plain, remembered = both_ways(layer, noise(2, 4, 5, 7))
    np.testing.assert_allclose(remembered, plain, atol=1e-12)
    assert plain.shape[1:] == layer.output_shape((4, 5, 7))


@pytest.mark.parametrize("layer", [MaxPool2d(**each) for each in MAXIMA])
def test_max_pooling_that_remembers_computes_what_max_pool2d_does(layer):
    plain, remembered = both_ways(layer, noise(2, 2, 5, 7))
    np.testing.assert_array_equal(remembered, plain)
    assert plain.shape[1:] == layer.output_shape((2, 5, 7))


@pytest.mark.parametrize("layer", [AvgPool2d(**each) for each in MEANS])
def test_average_pooling_that_remembers_computes_what_avg_pool2d_does(layer):
    plain, remembered = both_ways(layer, noise(2, 2, 5, 7))
    np.testing.assert_allclose(remembered, plain, atol=1e-14)
    assert plain.shape[1:] == layer.output_shape((2, 5, 7))


@pytest.mark.parametrize("columns", [1, 70, 501])
def test_a_product_in_pieces_is_the_product(columns):
    a, b = noise(2, 60, 80), noise(2, columns, 80, seed=1).transpose(0, 2, 1)
    assert ONE_THREAD < 60 * 80 * 70
    np.testing.assert_allclose(product(a, b), a @ b, rtol=1e-12, atol=1e-12)


small = st.integers(1, 3)


@settings(max_examples=60, deadline=None)
@given(small, small, small, st.integers(0, 2), st.booleans(), st.integers(3, 7))
def test_pooling_remembers_any_windows_that_the_core_accepts(
    width, step, spread, padding, ceil_mode, size
):
    chosen = {"stride": step, "padding": padding, "dilation": spread, "ceil_mode": ceil_mode}
    x = noise(1, 1, size, size + 1)
    try:
        expected = cnnviz.max_pool2d(x, width, **chosen)
    except ValueError:
        with pytest.raises(ValueError, match=r"[0-9]"):
            MaxPool2d(width, **chosen).output_shape(x.shape[1:])
    else:
        np.testing.assert_array_equal(
            MaxPool2d(width, **chosen).forward(x, remember=True), expected
        )


@pytest.mark.parametrize("training", [True, False])
def test_batch_normalisation_gives_what_batch_norm_does(training):
    layer, x = BatchNorm2d(3), 3 + 2 * noise(8, 3, 4, 4)
    layer.running_mean[:] = 2
    mean, var = (
        (x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3)))
        if training
        else (layer.running_mean, layer.running_var)
    )
    layer.training = training
    expected = cnnviz.batch_norm(x, mean, var)
    np.testing.assert_allclose(layer.forward(x), expected, atol=1e-12)


def test_the_running_statistics_are_the_mean_and_the_unbiased_variance():
    layer, x = BatchNorm2d(1, momentum=1.0), noise(4, 1, 3, 3)
    layer.training = True
    layer.forward(x)
    assert layer.running_mean[0] == pytest.approx(x.mean(), abs=1e-6)
    assert layer.running_var[0] == pytest.approx(x.var(ddof=1), abs=1e-6)


def test_a_training_with_one_number_in_a_channel_has_no_variance():
    layer = BatchNorm2d(2)
    layer.training = True
    with pytest.raises(ValueError, match="more than 1 number in a channel"):
        layer.forward(np.ones((1, 2, 1, 1)))


def test_the_statistics_of_millions_of_cells_are_right_in_every_order_of_memory():
    pictures = np.full((4, 1000, 1000, 3), 200, np.float32)
    pictures[:, ::2] = 100
    layer = BatchNorm2d(3, momentum=1)
    layer.training = True
    out = layer.forward(pictures.transpose(0, 3, 1, 2), remember=True)
    np.testing.assert_allclose(layer.running_mean, 150, rtol=1e-6)
    np.testing.assert_allclose(layer.running_var, 2500, rtol=1e-6)
    layer.backward(np.full_like(out, 0.1), to_input=False)
    np.testing.assert_allclose(layer.bias.grad, 400_000, rtol=1e-6)


def test_in_use_batch_normalisation_does_not_change():
    layer = BatchNorm2d(1)
    layer.forward(noise(4, 1, 3, 3), remember=True)
    assert (layer.running_mean, layer.running_var) == (0, 1)


def test_a_global_pooling_keeps_one_number_of_each_map():
    x = noise(2, 3, 4, 5)
    for layer, expected in (
        (GlobalAvgPool2d(), x.mean(axis=(2, 3))),
        (GlobalMaxPool2d(), x.max(axis=(2, 3))),
    ):
        for out in both_ways(layer, x):
            assert out.shape == (2, *layer.output_shape((3, 4, 5))) == (2, 3, 1, 1)
            np.testing.assert_allclose(out[..., 0, 0], expected, rtol=1e-12)
        assert layer.sight((3, 4, 5)) == (((4, 1, 0, 1), (5, 1, 0, 1)), 3)


def test_the_first_of_equal_maxima_of_a_map_gets_the_gradient():
    layer = GlobalMaxPool2d()
    layer.forward(np.ones((1, 1, 2, 2)), remember=True)
    assert layer.backward(np.full((1, 1, 1, 1), 5.0)).tolist() == [[[[5, 0], [0, 0]]]]


@pytest.mark.parametrize("layer", [MaxPool2d(2), MaxPool2d(3, 2, 1), GlobalMaxPool2d()])
def test_a_window_with_nan_hands_its_gradient_to_the_nan(layer):
    layer.forward([[[[np.nan, 1], [2, 3]]]], remember=True)
    assert layer.backward(np.full((1, 1, 1, 1), 5.0)).tolist() == [[[[5, 0], [0, 0]]]]


def test_with_several_nan_the_one_max_pool2d_names_gets_the_gradient():
    layer, x = MaxPool2d(3, 2, 1), noise(1, 1, 6, 7)
    x[np.random.default_rng(1).random(x.shape) < 0.3] = np.nan
    out, places = cnnviz.max_pool2d(x, 3, 2, 1, return_indices=True)
    layer.forward(x, remember=True)
    expected = np.bincount(places.ravel(), minlength=x.size).reshape(x.shape)
    assert np.isnan(out).any()
    assert not np.isnan(out).all()
    np.testing.assert_array_equal(layer.backward(np.ones_like(out)), expected)


def test_dropout_does_nothing_in_use():
    x = noise(3, 4)
    for out in both_ways(Dropout(0.9), x):
        np.testing.assert_array_equal(out, x)


@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_dropout_in_training_drops_its_part_and_keeps_the_mean(p):
    layer, x = Dropout(p), np.ones((100, 400), np.float32)
    layer.training = True
    for out in both_ways(layer, x):
        assert out.dtype == np.float32
        assert (out == 0).mean() == pytest.approx(p, abs=0.01)
        np.testing.assert_allclose(out[out > 0], 1 / (1 - p), rtol=1e-6)
        assert out.mean() == pytest.approx(1, abs=0.05)


def test_dropout_drops_something_else_each_time_and_the_same_from_the_same_seed():
    layers = Dropout(0.5, seed=1), Dropout(0.5, seed=1)
    x = np.ones((1, 64))
    for layer in layers:
        layer.training = True
    (one, two), (again, _) = ([layer.forward(x) for _ in range(2)] for layer in layers)
    assert (one != two).any()
    np.testing.assert_array_equal(one, again)


def test_dropout_can_drop_nothing_and_everything():
    for p, expected in ((0, 1), (1, 0)):
        layer = Dropout(p)
        layer.training = True
        assert layer.forward([[1.0, 1.0]]).tolist() == [[expected, expected]]
    with pytest.raises(ValueError, match=r"p must be from 0 to 1, got 1\.5"):
        Dropout(1.5)


def test_a_dense_layer_is_a_matrix_product():
    layer, x = Linear(3, 2), noise(4, 3)
    layer.bias.value = [1.0, 2.0]
    np.testing.assert_allclose(layer.forward(x), x @ layer.weight.value.T + [1, 2])


def test_flatten_goes_channel_by_channel_and_row_by_row():
    x = np.arange(24.0).reshape(2, 2, 2, 3)
    for out in both_ways(Flatten(), x):
        assert out.tolist() == x.reshape(2, 12).tolist()


def test_float32_stays_float32_through_every_layer():
    x = noise(2, 2, 6, 6).astype(np.float32)
    layers = [Conv2d(2, 2, 3), BatchNorm2d(2), Activation("elu"), AvgPool2d(2), MaxPool2d(2),
              Activation("relu6"), Dropout(), GlobalAvgPool2d(), GlobalMaxPool2d(),
              Flatten(), Softmax()]  # fmt: skip
    for layer in layers:
        assert {out.dtype for out in both_ways(layer, x)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("scale", [1, 3])
def test_he_initialisation_keeps_the_spread_under_relu(scale):
    layer = Conv2d(64, 64, 3, padding="same", padding_mode="circular")
    x = scale * noise(2, 64, 16, 16)
    for _ in range(2):
        x = layer.forward(cnnviz.relu(x))
    # E[relu²] is half the variance; the factor 2 of He initialisation makes up for it.
    assert np.sqrt((x**2).mean()) == pytest.approx(scale, rel=0.15)


@pytest.mark.parametrize(
    ("init", "spread"), [("he", (2 / 400) ** 0.5), ("xavier", (2 / 700) ** 0.5), (0.25, 0.25)]
)
def test_weights_have_the_spread_that_was_asked_for(init, spread):
    assert Linear(400, 300, init=init).weight.value.std() == pytest.approx(spread, rel=0.02)


def test_weights_depend_on_the_seed_and_not_on_the_order_in_which_they_are_read():
    def two(seed):
        rng = np.random.default_rng(seed)
        return Linear(3, 3, seed=rng), Linear(3, 3, seed=rng)

    first, second = two(0)
    other_second, other_first = (each.weight.value for each in reversed(two(0)))
    np.testing.assert_array_equal(first.weight.value, other_first)
    np.testing.assert_array_equal(second.weight.value, other_second)
    assert (first.weight.value != second.weight.value).all()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Conv2d(3, 4, 3, groups=2), ValueError, "2 groups for 3 channels and 4 filters"),
        (lambda: Conv2d(3, 4, 0), ValueError, "kernel_size must be at least 1, got 0"),
        (lambda: Conv2d(3, 4, 3, padding=-1), ValueError, "padding must be at least 0, got -1"),
        (lambda: Conv2d(3, 4, 3, padding_mode="mirror"), ValueError, "got 'mirror'"),
        (lambda: Conv2d(3, 4, 3, init="best"), ValueError, "one of he, xavier, got 'best'"),
        (lambda: Conv2d(3, 4.5, 3), TypeError, "out_channels must be a whole number, got 4.5"),
        (lambda: Activation("step"), ValueError, "There is no activation 'step'"),
        (lambda: Activation("relu", slope=1), ValueError, "takes no settings, got 'slope'"),
        (lambda: Activation("elu", slope=1), ValueError, "takes alpha, got 'slope'"),
    ],
)
def test_a_layer_that_cannot_be_made_says_why(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: Conv2d(1, 1, 3, seed=seed),
        lambda seed: Dropout(seed=seed),
        lambda seed: nn.Trainer(nn.small_cnn((1, 8, 8), "0123456789"), nn.digits(), seed=seed),
        lambda seed: nn.fit_kernel(noise(5, 5), [[1, 2]], seed=seed),
        lambda seed: nn.digits().split(seed=seed),
        lambda seed: nn.draw_shapes(3, seed=seed),
        lambda seed: nn.small_cnn((1, 8, 8), "ab", seed=seed),
        lambda seed: nn.lenet5(seed),
        lambda seed: nn.squeezenet(seed=seed),
        lambda seed: nn.Stack(nn.parse_stack("conv4"), (1, 8, 8), seed),
        lambda seed: next(nn.climb(nn.pretrained("digits"), 0, 0, size=(8, 8), seed=seed)),
        lambda seed: propagate("relu", "he", 3, seed=seed),
    ],
)
def test_every_seed_is_a_whole_number_from_0(make):
    with pytest.raises(ValueError, match="seed must be at least 0, got -1"):
        make(-1)
    with pytest.raises(TypeError, match=r"seed must be a whole number, got 0\.5"):
        make(0.5)


@pytest.mark.parametrize("remember", [True, False])
@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (Conv2d(3, 4, 3), (1, 2, 8, 8), "takes 3 channels, got 2"),
        (Conv2d(3, 4, 3), (1, 3), "needs maps"),
        (Conv2d(3, 4, 3), (3, 8, 8), r"\(N, C, H, W\) or \(N, features\), got shape \(3, 8, 8\)"),
        (Conv2d(1, 1, 9), (1, 1, 8, 8), "kernel of 9 spans 9 cells, and there are 8"),
        (
            Conv2d(1, 1, 3, padding=3, padding_mode="reflect"),
            (1, 1, 9, 3),
            "In width: reflect padding of 3 needs 4 cells to take from, and there are 3",
        ),
        (MaxPool2d(2, padding=2), (1, 1, 8, 8), "more than half a window of 2"),
        (BatchNorm2d(3), (1, 2, 8, 8), "takes 3 channels, got 2"),
        (Conv2d(1, 4, 3), (1, 3, 8, 8), "takes 1 channel, got 3"),
        (BatchNorm2d(1), (1, 3, 8, 8), "takes 1 channel, got 3"),
        (Linear(5, 2), (1, 4), "takes a vector of 5 numbers"),
        (Linear(1, 2), (1, 4), "takes a vector of 1 number, got"),
        (Linear(8, 2), (1, 2, 2, 2), "flattened it has 8"),
    ],
)
def test_an_input_that_does_not_fit_is_told_the_numbers(layer, shape, words, remember):
    with pytest.raises(ValueError, match=words):
        layer.forward(np.ones(shape), remember=remember)


def test_a_layer_can_be_read_as_it_was_written():
    assert repr(MaxPool2d(3, 2)) == (
        "MaxPool2d(kernel_size=(3, 3), stride=(2, 2), padding=0, dilation=(1, 1), ceil_mode=False)"
    )
