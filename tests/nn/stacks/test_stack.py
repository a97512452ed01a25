"""Blocks, the stacks made of them, where filters come from, and cells taken apart."""

import numpy as np
import pytest

from cnnviz import nn
from cnnviz.functional.convolution import conv2d_definition
from cnnviz.images.crop import square
from cnnviz.nn.inspection.unit import conv_unit, dense_unit, norm_unit, window
from cnnviz.nn.stacks.blocks import MAX_BLOCKS
from cnnviz.nn.stacks.filters import bank

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", nn.BLOCKS)
def test_every_block_is_read_back_as_it_was_written(name):
    kind = nn.BLOCKS[name]
    for end in ("low", "high", "default"):
        settings = {field.name: getattr(field, end) for field in kind.fields}
        if settings.get("padding") == -1 and end == "low":
            settings["padding"] = 0
        block = nn.Block.of(name, **settings)
        assert nn.Block.parse(str(block)) == block


@pytest.mark.parametrize("name", nn.PRESETS)
def test_a_preset_is_the_same_network_when_it_is_built_from_its_blocks(name):
    network = nn.PRESETS[name].build(0)
    text = nn.format_stack([nn.Block.of_layer(layer) for layer in network])
    stack = nn.Stack(nn.parse_stack(text), network.input_shape)
    assert [row.name for row in stack.rows] == [row.name for row in network.summary()]
    for ours, theirs in zip(stack.rows, network.summary(), strict=True):
        assert (ours.output_shape, ours.parameters) == (theirs.output_shape, theirs.parameters)
        assert (ours.receptive_field, ours.jump) == (theirs.receptive_field, theirs.jump)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (nn.MaxPool2d(3, 2, ceil_mode=True), "max has ceil_mode False, got True"),
        (nn.MaxPool2d(2, dilation=2), r"max has dilation \(1, 1\), got \(2, 2\)"),
        (nn.AvgPool2d(3, 1, 1, count_include_pad=False), "avg has count_include_pad True"),
        (nn.Activation("leaky_relu", negative_slope=0.3), "has negative_slope 0.01, got 0.3"),
        (nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect"), "conv has padding_mode zeros"),
        (nn.Conv2d(1, 1, 3, bias=False), "conv has bias True, got False"),
        (nn.Linear(2, 2, bias=False), "dense has bias True, got False"),
        (nn.BatchNorm2d(2, eps=0.5), "norm has eps 1e-05, got 0.5"),
        (nn.MaxPool2d(3, 2, "same"), "window over 3 cells with stride 2"),
        (nn.AvgPool2d(2, 1, "same"), "window over 2 cells with stride 1"),
        (nn.Conv2d(1, 1, (3, 5)), r"one number for all sides, got \(3, 5\)"),
        (nn.Residual(nn.Conv2d(3, 3, 1)), "There is no block 'residual'"),
        (nn.GlobalMaxPool2d(), "There is no block 'pool'"),
    ],
)
def test_a_layer_with_a_setting_that_no_block_has_is_no_block(layer, words):
    with pytest.raises(ValueError, match=words):
        nn.Block.of_layer(layer)


@pytest.mark.parametrize(
    ("layer", "word"),
    [
        (nn.Conv2d(1, 4, 3, padding="valid"), "conv4p0"),
        (nn.Conv2d(1, 4, 3, padding="same"), "conv4"),
        (nn.Conv2d(1, 4, 4, 2, "same"), "conv4k4s2"),
        (nn.Conv2d(1, 4, 3, padding_mode="circular"), "conv4p0"),
        (nn.MaxPool2d(2, padding="valid"), "max2"),
        (nn.MaxPool2d(3, 1, "same"), "max3s1p1"),
        (nn.AvgPool2d(5, 1, "same"), "avg5s1p2"),
        (nn.MaxPool2d(3, 1, ceil_mode=True), "max3s1"),
        (nn.AvgPool2d(2, count_include_pad=False), "avg2"),
        (nn.Activation("leaky_relu", negative_slope=0.01), "leaky_relu"),
        (nn.BatchNorm2d(2, momentum=0.5), "norm"),
    ],
)
def test_a_setting_that_changes_nothing_does_not_stand_in_the_way_of_a_block(layer, word):
    assert str(nn.Block.of_layer(layer)) == word


def test_a_block_has_whole_numbers():
    with pytest.raises(TypeError, match=r"filters must be a whole number, got 2\.9"):
        nn.Block.of("conv", filters=2.9)
    with pytest.raises(ValueError, match="filters of conv must be from 1 to 1024, got -3"):
        nn.Block.of("conv", filters=-3)


def test_the_numbers_of_the_curriculum():
    def stack(name):
        network = nn.PRESETS[name].build(0)
        blocks = [nn.Block.of_layer(layer) for layer in network]
        return nn.Stack(blocks, network.input_shape)

    counts = {name: stack(name).cost.parameters for name in ("vgg16", "lenet5", "alexnet")}
    assert counts == {"vgg16": 138_357_544, "lenet5": 61_706, "alexnet": 61_100_840}
    (row,) = [row for row in stack("vgg16").rows if row.name == "pool5"]
    assert row.receptive_field == 212


def test_the_weights_of_a_layer_stay_when_a_block_without_weights_comes():
    def weights(text):
        network = nn.Stack(nn.parse_stack(text), (3, 16, 16), seed=5).network
        return [layer.weight.value for layer in network if layer.kind == "conv"]

    for before, after in zip(weights("conv4,conv8"), weights("relu,conv4,max2,conv8"), strict=True):
        assert np.array_equal(before, after)


def test_blocks_after_a_misfit_go_on_from_what_there_is():
    stack = nn.Stack(nn.parse_stack("conv4k9p0,max2,conv2k15p0,flatten,conv1,dense3"), (1, 10, 10))
    assert [bool(one.error) for one in stack.placed] == [False, False, True, False, True, False]
    assert stack.output_shape == (3,)
    assert "15" in stack.placed[2].error
    assert "4 numbers" in stack.placed[4].error


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ("dense3", "add Flatten before it, which turns them into 1 number."),
        ("flatten,conv1", "but one row of 1 number comes in: put it before Flatten."),
        ("norm", "but 1 map of 1 × 1 comes in: the spread would be 0."),
    ],
)
def test_a_misfit_of_one_number_counts_it_in_the_singular(blocks, said):
    assert nn.Stack(nn.parse_stack(blocks), (1, 1, 1)).placed[-1].error.endswith(said)


def test_a_stack_that_is_too_large_is_computed_up_to_what_fits():
    stack = nn.Stack(nn.parse_stack("conv4,flatten,dense4096,softmax"), (3, 128, 128))
    assert stack.computable == 2
    assert len(stack.stages(np.zeros((3, 128, 128)))) == 2
    assert nn.Stack((), (1, 4, 4)).computable == 0
    assert nn.Stack((), (1, 4, 4)).stages(np.zeros((1, 4, 4))) == []


def test_stages_are_those_of_the_definition():
    image = RNG.normal(size=(2, 9, 7))
    stack = nn.Stack(nn.parse_stack("conv3k4s2d1p1,tanh"), image.shape, seed=3)
    weight = stack.network[0].weight.value
    wanted = np.tanh(conv2d_definition(image, weight, stride=2, padding=1))
    assert np.allclose(stack.stages(image)[-1], wanted)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("conv0", "filters"),
        ("conv16k16", "kernel"),
        ("max2p9", "padding"),
        ("dense4097", "units"),
        ("conv16q2", "q2"),
        ("relu3", "relu"),
        ("what", "what"),
        ("conv16,,relu", "block"),
        (",".join(["relu"] * (MAX_BLOCKS + 1)), str(MAX_BLOCKS)),
    ],
)
def test_unknown_words_are_refused_by_name(text, word):
    with pytest.raises(ValueError, match=word):
        nn.parse_stack(text)


@pytest.mark.parametrize("read", [nn.parse_stack, nn.Block.parse])
def test_a_stack_is_text(read):
    with pytest.raises(TypeError, match='A stack is text, such as "conv16,relu,max2", got 3'):
        read(3)


@pytest.mark.parametrize(
    ("shape", "error", "words"),
    [
        ((8, 8), ValueError, r"input_shape must be \(C, H, W\), got \(8, 8\)"),
        (8, TypeError, "input_shape must be a tuple"),
        ((1, 8, 8.5), TypeError, r"input_shape must be a whole number, got 8\.5"),
    ],
)
def test_a_small_network_takes_pictures(shape, error, words):
    with pytest.raises(error, match=words):
        nn.small_cnn(shape, "ab")


def test_filters_by_hand_answer_to_edges_and_not_to_flat_areas():
    for size in (3, 4, 5, 7, 15):
        kernels = bank(40, size)
        assert kernels.shape == (40, size, size)
        assert abs(kernels.sum(axis=(1, 2))).max() < 1e-5
        assert np.allclose(abs(kernels).sum(axis=(1, 2)), 2, atol=1e-5)
    assert np.allclose(bank(1, 3)[0] * 4, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])  # Sobel x


def test_learned_filters_are_those_of_the_model():
    network = nn.Stack(nn.parse_stack("conv8,relu,conv32k5"), (3, 8, 8)).network
    assert nn.fill(network, "digits") == {"conv1": "learned", "conv2": "random"}
    theirs = nn.pretrained("digits")[0]
    assert np.allclose(network[0].weight.value.sum(axis=1), theirs.weight.value[:8, 0])
    assert np.array_equal(network[0].bias.value, theirs.bias.value[:8])


def test_the_model_is_not_changed_by_who_takes_filters_from_it():
    before = nn.pretrained("digits")[0].weight.value.copy()
    network = nn.Stack(nn.parse_stack("conv16"), (1, 8, 8)).network
    nn.fill(network, "digits")
    network[0].weight.value[:] = 0
    assert np.array_equal(nn.pretrained("digits")[0].weight.value, before)


@pytest.mark.parametrize(
    "settings",
    [
        {"kernel_size": 3, "padding": 1},
        {"kernel_size": (2, 3), "stride": (1, 2)},
        {"kernel_size": 3, "padding": "same", "dilation": 2},
        {"kernel_size": 4, "padding": "same", "stride": 2},
        {"kernel_size": 3, "groups": 2, "padding": 2},
        {"kernel_size": 3, "padding": 2, "padding_mode": "reflect"},
        {"kernel_size": 3, "padding": 1, "padding_mode": "circular"},
    ],
)
def test_a_convolution_taken_apart_adds_up_everywhere(settings):
    layer = nn.Conv2d(4, 6, seed=2, **settings)
    layer.bias.value = RNG.normal(size=6)
    x = RNG.normal(size=(4, 7, 8))
    out = layer.forward(x[None])[0]
    for channel, row, column in np.ndindex(out.shape):
        unit = conv_unit(layer, x, channel, row, column)
        assert unit.total == pytest.approx(out[channel, row, column], abs=1e-6)


@pytest.mark.parametrize("layer", [nn.MaxPool2d(3, 2, 1), nn.MaxPool2d(2, ceil_mode=True)])
def test_the_largest_of_a_window_is_the_pooled_cell(layer):
    plane = RNG.normal(size=(7, 5))
    out = layer.forward(plane[None, None])[0, 0]
    for row, column in np.ndindex(out.shape):
        assert window(layer, plane, row, column, fill=-np.inf).values.max() == out[row, column]


def test_a_dense_unit_and_a_normalised_cell_add_up():
    layer = nn.Linear(9, 3, seed=1)
    x = RNG.normal(size=9)
    assert dense_unit(layer, x, 2).total == pytest.approx(layer.forward(x[None])[0, 2])
    norm = nn.BatchNorm2d(2)
    norm.training = True
    maps = RNG.normal(size=(2, 4, 4))
    wanted = norm.forward(maps[None])[0, 1, 2, 3]
    assert norm_unit(norm, maps, 1, 2, 3).total == pytest.approx(wanted)


def test_what_a_cell_sees_is_what_changes_it():
    """Compare the cells that a layer reads with those whose change alters its output."""
    layers = [
        nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2, seed=1),
        nn.MaxPool2d(2),
        nn.Activation("tanh"),
        nn.Softmax(),
    ]
    x = RNG.normal(size=(4, 6, 6))
    for layer in layers:
        windows, groups = layer.sight(x.shape)
        before = layer.forward(x[None])[0]
        for channel, row, column in np.ndindex(x.shape):
            other = x.copy()
            other[channel, row, column] += 100
            changed = layer.forward(other[None])[0] != before
            for place in np.argwhere(changed):
                assert place[0] // (len(before) // groups) == channel // (len(x) // groups)
                for axis, to, at in zip(windows, place[1:], (row, column), strict=True):
                    kernel, stride, padding, dilation = axis
                    first = to * stride - padding
                    assert first <= at <= first + dilation * (kernel - 1)


def test_the_square_of_a_picture_is_its_middle():
    pixels = RNG.integers(0, 256, (10, 30, 3), np.uint8)
    assert np.array_equal(square(pixels, 10), pixels[:, 10:20])
    assert square(pixels[:1, :1], 8).shape == (8, 8, 3)
    assert np.array_equal(square(pixels[:1, :1], 8)[3, 5], pixels[0, 0])
