import pickle
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.nn import (
    PRESETS,
    Activation,
    Affine,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Linear,
    MaxPool2d,
    PReLU,
    Residual,
    Row,
    Sequential,
    Softmax,
    alexnet,
    lenet5,
    small_cnn,
    vgg16,
)


@pytest.mark.parametrize(
    ("build", "parameters"), [(vgg16, 138_357_544), (alexnet, 61_100_840), (lenet5, 61_706)]
)
def test_the_known_networks_have_their_known_parameters(build, parameters):
    assert sum(row.parameters for row in build().summary()) == parameters


def test_a_cell_of_the_last_maps_of_vgg16_sees_212_pixels():
    last = [row for row in vgg16().summary() if row.name.startswith("pool")][-1]
    assert (last.receptive_field, last.jump, last.output_shape) == (212, 32, (512, 7, 7))


def test_vgg16_takes_15_billion_multiply_adds():
    rows = {row.name: row.multiply_adds for row in vgg16().summary()}
    assert rows["conv1"] == 64 * 27 * 224**2
    assert sum(rows.values()) == 15_470_264_320


def test_a_summary_of_138_million_parameters_takes_no_memory_for_them():
    tracemalloc.start()
    vgg16().summary()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_fits_its_own_input(preset):
    network = preset.build(0)
    assert network.summary()[0].output_shape[0] == network[0].settings["out_channels"]


def test_the_factors_of_a_count_of_parameters_multiply_to_it():
    network = Sequential(
        [Conv2d(3, 64, 3), BatchNorm2d(64), Conv2d(64, 8, (1, 5), groups=4, bias=False),
         Activation("prelu"), Flatten(), Linear(8, 10)],
        input_shape=(3, 3, 7),
    )  # fmt: skip
    factors = {row.factors: row.parameters for row in network.summary() if row.parameters}
    assert list(factors) == ["64 × 3 × 3 × 3 + 64", "2 × 64", "8 × 16 × 1 × 5", "1", "10 × 8 + 10"]
    for text, count in factors.items():
        assert eval(text.replace("×", "*")) == count


def test_a_dense_layer_sees_what_all_cells_see_together():
    network = Sequential([Conv2d(1, 2, 3), MaxPool2d(2), Flatten(), Linear(18, 5), Softmax()])
    rows = network.summary((1, 8, 8))
    assert [row.receptive_field for row in rows] == [3, 4, 4, 8, 8]
    assert [row.jump for row in rows] == [1, 2, 2, 0, 0]
    assert [row.grid for row in rows] == [(6, 6), (3, 3), (3, 3), (1, 1), (1, 1)]


def test_receptive_fields_that_differ_between_the_axes_are_pairs():
    (row,) = Sequential([Conv2d(1, 1, (3, 5), stride=(1, 2))]).summary((1, 9, 9))
    assert (row.receptive_field, row.jump) == ((3, 5), (1, 2))


STACKS = st.lists(
    st.sampled_from(
        [
            lambda: Conv2d(1, 1, 3, padding=1, init=1.0),
            lambda: Conv2d(1, 1, (2, 3), stride=(2, 1), init=1.0),
            lambda: Conv2d(1, 1, 3, dilation=2, padding=((2, 1), (0, 3)), init=1.0),
            lambda: AvgPool2d(2),
            lambda: AvgPool2d(3, stride=2, padding=1),
            lambda: Activation("sigmoid"),
        ]
    ),
    min_size=1,
    max_size=4,
)


@given(STACKS, st.data())
def test_the_receptive_field_is_the_footprint_of_the_gradient(makers, data):
    network, size = Sequential([make() for make in makers]), (33, 35)
    row = network.summary((1, *size))[-1]
    cell = tuple(data.draw(st.integers(0, cells - 1)) for cells in row.output_shape[1:])
    grad = np.zeros((1, *row.output_shape))
    grad[0, 0, *cell] = 1
    network.forward(np.random.default_rng(0).uniform(0.5, 1, (1, 1, *size)), remember=True)
    touched = network.backward(grad)[0, 0] != 0
    for axis, (field, index, cells) in enumerate(zip(row.fields, cell, size, strict=True)):
        first, last = field.window(index)
        where = np.flatnonzero(touched.any(axis=1 - axis))
        if first >= 0 and last < cells:
            assert (where[0], where[-1]) == (first, last)
        assert where[0] >= first
        assert where[-1] <= last


def test_stages_gives_what_each_layer_makes():
    network = small_cnn((1, 8, 8), "abc")
    x = np.random.default_rng(0).standard_normal((2, 1, 8, 8))
    stages = network.stages(x)
    assert [stage.shape[1:] for stage in stages] == [r.output_shape for r in network.summary()]
    np.testing.assert_array_equal(stages[-1], network.forward(x))
    np.testing.assert_array_equal(stages[3], network[3:4].forward(stages[2]))


def test_a_forward_pass_is_the_same_each_time_and_leaves_no_trace():
    network = small_cnn((1, 8, 8), "abc", batch_norm=True)
    before = {name: each.value.copy() for name, each in network.parameters().items()}
    x = np.random.default_rng(0).standard_normal((3, 1, 8, 8))
    np.testing.assert_array_equal(network.forward(x), network.forward(x))
    for name, each in network.parameters().items():
        np.testing.assert_array_equal(before[name], each.value)
    with pytest.raises(ValueError, match="nothing remembered"):
        network.backward(np.ones((3, 3)))


def test_two_that_share_weights_remember_each_for_itself():
    network = small_cnn((1, 8, 8), "abc").without_softmax()
    one, two = network.with_own_memory(), network.with_own_memory()
    x, y = np.random.default_rng(0).standard_normal((2, 1, 1, 8, 8))
    grad = np.ones((1, 3))
    one.forward(x, remember=True)
    alone = one.backward(grad)
    two.forward(y, remember=True)
    np.testing.assert_array_equal(one.backward(grad), alone)
    assert one.layers[0].weight is two.layers[0].weight


def test_layers_that_do_not_fit_each_other_are_named():
    with pytest.raises(ValueError, match="In conv2: Conv2d takes 4 channels, got 3"):
        Sequential([Conv2d(1, 3, 3), Conv2d(4, 3, 3)], input_shape=(1, 8, 8))
    network = Sequential([Conv2d(1, 3, 3), MaxPool2d(9)])
    with pytest.raises(ValueError, match="In pool1: In height: a kernel of 9 spans 9 cells"):
        network.forward(np.ones((1, 1, 8, 8)))
    network = Sequential([Conv2d(1, 3, 3), Conv2d(4, 3, 3)])
    with pytest.raises(ValueError, match="In conv2: Conv2d takes 4 channels, got 3"):
        network.stages(np.ones((1, 1, 8, 8)))


def test_a_row_can_still_be_followed_by_another_layer_after_a_misfit():
    row = Row.of_input((1, 8, 8)).after(Conv2d(1, 3, 3), "conv1")
    with pytest.raises(ValueError, match="takes 4 channels"):
        row.after(Conv2d(4, 3, 3), "conv2")
    assert row.after(MaxPool2d(2), "pool1").output_shape == (3, 3, 3)


def test_layers_can_have_names_of_their_own_and_keep_them():
    layers = [Conv2d(1, 2, 3), Activation("relu"), Flatten(), Linear(8, 2), Softmax()]
    names = ("edges", "edges ReLU", "row", "scores", "shares")
    network = Sequential(layers, input_shape=(1, 4, 4), names=names)
    assert [row.name for row in network.summary()] == list(names)
    assert network[1:3].names == names[1:3]
    assert network.without_softmax().names == names[:-1]
    assert network.with_own_memory().names == names
    with pytest.raises(ValueError, match="In scores: Linear takes"):
        network.forward(np.ones((1, 1, 5, 5)))


@pytest.mark.parametrize("names", [["a"], ["a", "a"]])
def test_each_layer_needs_a_name_of_its_own(names):
    with pytest.raises(ValueError, match="2 layers need 2 different names, got 1 in"):
        Sequential([Flatten(), Softmax()], names=names)


def test_the_number_of_relu6_is_told_from_its_six():
    assert Sequential([Activation("relu6"), Activation("relu6")]).names == ("relu6_1", "relu6_2")


def test_a_network_is_made_of_layers():
    with pytest.raises(TypeError, match="made of layers, got 'relu'"):
        Sequential(["relu"])


def test_one_layer_cannot_stand_in_two_places():
    relu = Activation("relu")
    with pytest.raises(ValueError, match="One layer is used twice"):
        Sequential([relu, Conv2d(1, 1, 3), relu])


def test_a_summary_without_an_input_shape_asks_for_one():
    with pytest.raises(ValueError, match="needs an input shape"):
        Sequential([Flatten()]).summary()


def test_a_summary_of_no_input_is_not_that_of_its_own():
    network = Sequential([Flatten(), Linear(4, 2)], input_shape=(1, 2, 2))
    with pytest.raises(ValueError, match="takes a vector of 4 numbers"):
        network.summary(())


@pytest.mark.parametrize("shape", [5, "abc", (1, 8.5, 8), (True, 8, 8)])
def test_an_input_shape_is_made_of_whole_numbers(shape):
    with pytest.raises(TypeError, match="input_shape must be"):
        Sequential([Flatten()]).summary(shape)
    with pytest.raises(TypeError, match="input_shape must be"):
        Sequential([Flatten()], input_shape=shape)


def test_a_network_can_be_pickled_before_its_weights_are_made_and_after():
    layers = [
        Conv2d(1, 2, 3),
        BatchNorm2d(2),
        PReLU(2),
        Activation("prelu"),
        Affine(2),
        Residual(ConvTranspose2d(2, 2, 1)),
        Flatten(),
        Linear(72, 2),
    ]
    network = Sequential(layers, input_shape=(1, 8, 8), classes="ab")
    unmade = pickle.dumps(network)
    x = np.random.default_rng(0).random((2, 1, 8, 8))
    expected = network.forward(x)
    assert len(unmade) < len(pickle.dumps(network))
    for packed in unmade, pickle.dumps(network):
        again = pickle.loads(packed)
        assert (repr(again), again.classes) == (repr(network), ("a", "b"))
        np.testing.assert_array_equal(again.forward(x), expected)


def test_forgetting_frees_memory_and_keeps_the_weights():
    network = small_cnn((1, 8, 8), "0123456789", batch_norm=True)
    images = np.random.default_rng(0).random((32, 1, 8, 8), np.float32)
    before = network.forward(images)
    tracemalloc.start()
    out = network.forward(images, remember=True)
    network.backward(out)
    held = tracemalloc.get_traced_memory()[0]
    network.forget()
    assert tracemalloc.get_traced_memory()[0] < held / 10
    tracemalloc.stop()
    np.testing.assert_array_equal(network.forward(images), before)
    with pytest.raises(ValueError, match="nothing remembered"):
        network.backward(out)
