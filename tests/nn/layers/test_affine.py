import numpy as np
import pytest

from cnnviz import conv_transpose2d
from cnnviz.nn import (
    Affine,
    Conv2d,
    ConvTranspose2d,
    MaxPool2d,
    Pad2d,
    PReLU,
    Row,
    Sequential,
)
from tests.nn.numeric import assert_gradients_are_right

TRANSPOSED = [
    {},
    {"stride": 2, "padding": 1, "output_padding": 1},
    {"stride": (1, 3), "padding": ((0, 1), (2, 0)), "bias": False},
    {"groups": 2, "dilation": 2},
]
BORDERS = [
    ((1, 2), "zeros"),
    (((0, 1), (2, 0)), "zeros"),
    (2, "reflect"),
    (((1, 3), (0, 2)), "replicate"),
    ((2, 1), "circular"),
]


@pytest.mark.parametrize("settings", TRANSPOSED)
def test_a_transposed_convolution_learns_what_central_differences_say(settings):
    layer = ConvTranspose2d(4, 2, 3, **settings)
    assert_gradients_are_right(layer, (2, 4, 3, 4))


@pytest.mark.parametrize("settings", TRANSPOSED)
def test_a_transposed_convolution_is_the_function_of_that_name(settings):
    layer, x = (
        ConvTranspose2d(4, 2, 3, **settings),
        np.random.default_rng(1).normal(size=(2, 4, 3, 4)),
    )
    wanted = {name: value for name, value in settings.items() if name != "bias"}
    bias = None if layer.bias is None else layer.bias.value
    made = layer.forward(x)
    np.testing.assert_array_equal(made, conv_transpose2d(x, layer.weight.value, bias, **wanted))
    assert made.shape[1:] == layer.output_shape((4, 3, 4))
    assert layer.multiply_adds((4, 3, 4)) == layer.weight.size * 12


@pytest.mark.parametrize("name", ["same", "valid"])
@pytest.mark.parametrize("make", [lambda **given: ConvTranspose2d(1, 1, 3, **given), Pad2d])
def test_a_border_has_no_name_where_no_window_says_how_wide_it_is(make, name):
    with pytest.raises(ValueError, match=f'padding must be numbers, got "{name}"'):
        make(padding=name)


def test_output_padding_that_no_input_can_have_is_refused_where_the_layer_is_made():
    words = "In width: output_padding 3 must be smaller than the stride 2 or the dilation 1"
    with pytest.raises(ValueError, match=words):
        ConvTranspose2d(1, 1, 3, stride=2, output_padding=(1, 3))


def test_stamps_that_do_not_overlap_see_one_cell_each():
    (row,) = Sequential([ConvTranspose2d(1, 1, 2, 2)]).summary((1, 4, 4))
    assert (row.output_shape, row.receptive_field, row.factors) == (
        (1, 8, 8),
        1,
        "1 × 1 × 2 × 2 + 1",
    )


@pytest.mark.parametrize(("padding", "mode"), BORDERS)
def test_a_border_hands_its_gradient_back_to_the_cells_it_was_copied_from(padding, mode):
    assert_gradients_are_right(Pad2d(padding, mode), (2, 2, 4, 5))


def test_a_border_moves_the_receptive_fields_and_widens_none():
    row = Row.of_input((1, 4, 4)).after(Pad2d(((2, 0), (1, 1))), "pad1")
    assert row.output_shape == (1, 6, 6)
    assert [(field.size, field.start) for field in row.fields] == [(1, -2), (1, -1)]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 2, 2)])
@pytest.mark.parametrize("kind", [Affine, PReLU])
def test_gradients_of_channelwise_layers_match_central_differences(kind, shape, count):
    assert_gradients_are_right(kind(count), shape)


def test_a_scale_of_other_channels_does_not_fit():
    with pytest.raises(ValueError, match="Affine takes 3 channels, got 2"):
        Affine(3).forward(np.zeros((1, 2, 4, 4)))


@pytest.mark.parametrize(
    "layers",
    [
        lambda: [ConvTranspose2d(1, 1, 2, 2)],
        lambda: [ConvTranspose2d(1, 1, 3, 2, padding=1, output_padding=1)],
        lambda: [ConvTranspose2d(1, 1, 4, 3, padding=((0, 2), (1, 0)))],
        lambda: [ConvTranspose2d(1, 1, 2, 3)],
        lambda: [ConvTranspose2d(1, 1, 2, 3), Conv2d(1, 1, 3), MaxPool2d(2)],
    ],
)
def test_a_cell_of_a_transposed_convolution_sees_exactly_what_changes_it(layers):
    network, side = Sequential(layers()), 6
    row = network.summary((1, side, side))[-1]
    pictures = np.eye(side).reshape(side, 1, side, 1) * np.ones((1, 1, 1, side))
    for layer in network:
        for parameter in layer.parameters().values():
            parameter.value = np.abs(parameter.value) + 1
    nothing = network.forward(np.zeros((1, 1, side, side)))
    changed = (network.forward(pictures) != nothing).any(axis=(1, 3))  # (rows in, rows out)
    for cell, seen in enumerate(changed.T):
        first, last = row.fields[0].window(cell)
        assert np.flatnonzero(seen).tolist() == list(range(max(first, 0), min(last + 1, side)))
    assert row.receptive_field == changed.sum(axis=0).max()
    assert row.fields[0].taps is None
