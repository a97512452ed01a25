"""Layers that contain layers: side by side, and added together."""

import copy

import numpy as np
import pytest

from cnnviz.nn import (
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    Parallel,
    Residual,
    Sequential,
)
from tests.nn.numeric import assert_gradients_are_right


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def fire(channels=4, squeezed=2, expanded=3):
    return [
        Conv2d(channels, squeezed, 1),
        Activation("relu"),
        Parallel([Conv2d(squeezed, expanded, 1), Conv2d(squeezed, expanded, 3, padding=1)]),
    ]


@pytest.mark.parametrize("remember", [False, True])
def test_the_maps_of_the_branches_stand_one_after_the_other(remember):
    one, three, x = Conv2d(2, 3, 1, seed=1), Conv2d(2, 4, 3, padding=1, seed=2), noise(2, 2, 5, 6)
    out = Parallel([one, [three, Activation("tanh")]]).forward(x, remember=remember)
    np.testing.assert_allclose(out[:, :3], one.forward(x), rtol=1e-12)
    np.testing.assert_allclose(out[:, 3:], np.tanh(three.forward(x)), rtol=1e-12)


@pytest.mark.parametrize("remember", [False, True])
def test_an_empty_branch_hands_the_input_on(remember):
    x = noise(1, 2, 3, 3)
    out = Parallel([[], MaxPool2d(3, 1, 1)]).forward(x, remember=remember)
    np.testing.assert_array_equal(out[:, :2], x)


@pytest.mark.parametrize("remember", [False, True])
def test_a_residual_adds_its_input_or_what_the_shortcut_makes_of_it(remember):
    conv, narrow, x = Conv2d(3, 3, 3, padding=1), Conv2d(3, 5, 1, seed=4), noise(2, 3, 4, 4)
    wide = Conv2d(3, 5, 3, padding=1, seed=5)
    np.testing.assert_allclose(
        Residual(conv).forward(x, remember=remember), x + conv.forward(x), atol=1e-12
    )
    np.testing.assert_allclose(
        Residual([wide], narrow).forward(x, remember=remember),
        wide.forward(x) + narrow.forward(x),
        atol=1e-12,
    )


@pytest.mark.parametrize(
    "layer",
    [
        Parallel([Conv2d(3, 2, 1), [Conv2d(3, 4, 3, padding=1), Activation("elu")], []]),
        Parallel([[AvgPool2d(2), Conv2d(3, 2, 1)], Conv2d(3, 2, 2, 2, seed=3)]),
        Residual([Conv2d(3, 3, 3, padding=1), BatchNorm2d(3), Activation("sigmoid")]),
        Residual(Conv2d(3, 5, 3, 2, padding=1), Conv2d(3, 5, 1, 2, seed=9)),
        Residual([Parallel([Conv2d(3, 2, 1), Conv2d(3, 1, 3, padding=1)]), Activation("tanh")]),
    ],
)
def test_the_gradients_of_branches_are_those_of_central_differences(layer):
    assert_gradients_are_right(layer, (2, 3, 4, 4))


@pytest.mark.parametrize("branches", [Flatten(), 3])
def test_branches_are_a_sequence(branches):
    with pytest.raises(TypeError, match="Parallel is made of a sequence of branches, got"):
        Parallel(branches)


def test_layers_inside_keep_their_names():
    def named():
        return Sequential([Conv2d(1, 1, 1)], names=["foo"])

    assert Parallel([named()]).branches[0].names == ("foo",)
    assert [branch.names for branch in Residual(named(), named()).branches] == [("foo",)] * 2
    (row,) = Sequential([Parallel([named()])]).summary((1, 4, 4))
    assert row.branches[0][0].name == "foo"
    assert copy.copy(Parallel([named()])).branches[0].names == ("foo",)


def test_branches_join_and_add_rows_of_numbers_too():
    assert Parallel([Linear(3, 2), []]).output_shape((3,)) == (5,)
    assert_gradients_are_right(Parallel([Linear(3, 2), Linear(3, 1)]), (2, 3))
    assert_gradients_are_right(Residual(Linear(3, 3)), (2, 3))


def test_a_summary_counts_what_is_inside_and_shows_it_as_it_is():
    network = Sequential(fire(), input_shape=(4, 8, 8))
    squeeze, _, expand = network.summary()
    assert (expand.name, expand.output_shape) == ("parallel1", (6, 8, 8))
    assert (squeeze.parameters, expand.parameters) == (4 * 2 + 2, 2 * 3 + 3 + 2 * 3 * 9 + 3)
    assert expand.multiply_adds == 64 * (2 * 3 + 2 * 3 * 9)
    assert (expand.receptive_field, expand.jump) == (3, 1)
    one, three = (branch[0] for branch in expand.branches)
    assert (one.name, one.parameters, one.receptive_field) == ("conv1", 9, 1)
    assert (three.name, three.output_shape, three.receptive_field) == ("conv1", (3, 8, 8), 3)
    assert squeeze.branches == ()


def test_the_factors_of_branches_multiply_and_add_to_their_count():
    layer = Residual(
        [Conv2d(3, 4, 3), BatchNorm2d(4)], [Parallel([Conv2d(3, 2, 1), Conv2d(3, 2, 1)])]
    )
    counted = eval(layer.factors.replace("×", "*"))
    assert counted == sum(each.size for each in layer.parameters().values()) == 112 + 8 + 16


def test_the_field_behind_branches_is_that_of_the_largest():
    layers = [
        Conv2d(1, 2, 3, 2),
        Parallel(
            [[], [Conv2d(2, 2, 3, padding=1), Conv2d(2, 2, 3, padding=1)], MaxPool2d(3, 1, 1)]
        ),
        MaxPool2d(2),
    ]
    _, inside, pooled = Sequential(layers).summary((1, 41, 41))
    # Two convolutions with a step of 2 add 4 each; the pooling adds one step.
    assert (inside.receptive_field, inside.jump) == (3 + 4 + 4, 2)
    assert (pooled.receptive_field, pooled.jump) == (11 + 2, 4)
    deepest = inside.branches[1][-1]
    assert deepest.fields == inside.fields


def test_a_cell_sees_the_window_of_the_widest_branch():
    layer = Parallel([Conv2d(2, 2, 1), Conv2d(2, 2, (3, 5), padding=(1, 2))])
    assert layer.sight((2, 9, 9)).windows == ((3, 1, 1, 1), (5, 1, 2, 1))


def test_a_cell_is_not_changed_by_cells_it_does_not_see():
    layer, x = Parallel([Conv2d(2, 2, 1), Conv2d(2, 3, 3, padding=1)]), noise(1, 2, 7, 7)
    (tall, _, before, _), _ = layer.sight(x.shape[1:]).windows
    changed = x.copy()
    changed[:, :, : 3 - before] += 1
    changed[:, :, 3 - before + tall :] += 1
    np.testing.assert_array_equal(layer.forward(x)[:, :, 3], layer.forward(changed)[:, :, 3])


def test_a_channel_knows_its_branch():
    layer = Parallel([Conv2d(1, 2, 1), [], Conv2d(1, 3, 1)])
    found = [layer.branch_of(channel, (1, 4, 4)) for channel in range(6)]
    assert found == [(0, 0), (0, 1), (1, 0), (2, 0), (2, 1), (2, 2)]
    for channel in (-1, 6):
        with pytest.raises(ValueError, match=f"from 0 to 5, got {channel}"):
            layer.branch_of(channel, (1, 4, 4))


def test_training_and_memory_reach_the_layers_inside():
    inside = BatchNorm2d(2), Dropout(0.5)
    network = Sequential([Residual(inside)])
    network.train()
    assert all(layer.training for layer in inside)
    network.forward(noise(2, 2, 3, 3), remember=True)
    network.backward(np.ones((2, 2, 3, 3)))
    network.eval().forget()
    assert not any(layer.training for layer in inside)
    assert inside[0].weight.grad is None
    with pytest.raises(ValueError, match="nothing remembered"):
        network.backward(np.ones((2, 2, 3, 3)))
    with pytest.raises(ValueError, match="nothing remembered"):
        inside[0].backward(np.ones((2, 2, 3, 3)))


def test_a_copy_with_its_own_memory_shares_the_weights_and_nothing_else():
    network = Sequential(fire(), input_shape=(4, 5, 5))
    twin = network.with_own_memory()
    twin.train().forward(noise(1, 4, 5, 5), remember=True)
    assert not network[2].branches[0][0].training
    with pytest.raises(ValueError, match="nothing remembered"):
        network.backward(noise(1, 6, 5, 5))
    for name, parameter in network.parameters().items():
        assert twin.parameters()[name] is parameter


def test_a_deep_copy_has_weights_of_its_own():
    layer = Parallel([Conv2d(1, 1, 1), []])
    twin = copy.deepcopy(layer)
    twin.parameters()["0.0.weight"].value[:] = 0
    assert layer.parameters()["0.0.weight"].value.any()


def test_parameters_are_named_by_branch_and_place():
    layer = Residual([Activation("prelu"), Conv2d(2, 2, 1)], Conv2d(2, 2, 1, bias=False))
    assert list(layer.parameters()) == ["0.0.weight", "0.1.weight", "0.1.bias", "1.0.weight"]


def test_the_work_for_the_input_can_be_saved_inside_branches():
    layer, x = Parallel([Conv2d(2, 2, 1), [Activation("tanh"), Conv2d(2, 2, 1)]]), noise(2, 2, 3, 3)
    grad = noise(*layer.forward(x, remember=True).shape, seed=1)
    layer.backward(grad)
    full = [each.grad for each in layer.parameters().values()]
    assert layer.backward(grad, to_input=False) is None
    for before, each in zip(full, layer.parameters().values(), strict=True):
        np.testing.assert_array_equal(before, each.grad)


def test_a_learning_layer_behind_branches_leaves_the_work_in_front_out():
    network = Sequential(
        [Parallel([[], Activation("relu")]), GlobalAvgPool2d(), Flatten(), Linear(4, 2)]
    )
    network.forward(noise(3, 2, 4, 4), remember=True)
    assert network.backward(noise(3, 2), to_input=False) is None
    assert network[3].weight.grad.shape == (2, 4)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Parallel([]), ValueError, "at least 1 branch, got 0"),
        (lambda: Parallel([[Activation("relu"), 3]]), TypeError, "made of layers, got 3"),
    ],
)
def test_branches_that_cannot_be_made_say_why(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (
            Parallel([Conv2d(2, 4, 1), Conv2d(2, 4, 3)]),
            r"branches give \(4, 8, 8\) and \(4, 6, 6\)",
        ),
        (
            Parallel([Conv2d(2, 4, 1), [Activation("relu"), Conv2d(3, 4, 1)]]),
            "In parallel1: In branch 2: In conv1: Conv2d takes 3 channels, got 2",
        ),
        (Parallel([Flatten(), []]), r"\(128,\) and \(2, 8, 8\)"),
        (Residual(Conv2d(2, 4, 1)), r"branch gives \(4, 8, 8\), the input \(2, 8, 8\)"),
        (
            Residual(Conv2d(2, 4, 1), Conv2d(2, 4, 1, 2)),
            r"branch gives \(4, 8, 8\), the shortcut \(4, 4, 4\)",
        ),
    ],
)
def test_branches_that_do_not_fit_are_told_the_numbers(layer, words):
    with pytest.raises(ValueError, match=words):
        Sequential([layer], input_shape=(2, 8, 8))
    with pytest.raises(ValueError, match=words):
        Sequential([layer]).forward(np.ones((1, 2, 8, 8)))


def test_one_layer_cannot_stand_in_two_branches():
    conv = Conv2d(2, 2, 1)
    with pytest.raises(ValueError, match="is used twice"):
        Sequential([Parallel([conv, conv])])
    with pytest.raises(ValueError, match="is used twice"):
        Sequential([conv, Residual([Activation("relu"), conv])])


def test_branches_in_branches_are_summarised_a_few_times_and_not_thousands(monkeypatch):
    asked = []
    shape_of = Activation.output_shape
    monkeypatch.setattr(
        Activation, "output_shape", lambda self, shape: asked.append(1) or shape_of(self, shape)
    )
    nested = Activation("relu")
    for _ in range(16):
        nested = Residual([nested])
    rows = Sequential([nested]).summary((2, 5, 5))
    assert rows[-1].output_shape == (2, 5, 5)
    assert len(asked) < 100  # twice as many for each level would be 65 000 at least


def test_the_shapes_are_those_asked_for_although_another_thread_asks_for_others_meanwhile():
    layer = Parallel([Conv2d(1, 2, 1)])

    class Meanwhile(tuple):
        __slots__ = ()
        __hash__ = tuple.__hash__

        def __eq__(self, other):
            layer.output_shape((1, 4, 4))
            return tuple(self) == other

    layer.output_shape((1, 8, 8))
    assert layer.output_shape(Meanwhile((1, 8, 8))) == (2, 8, 8)
