"""Networks that split, choose and shuffle channels, and blocks that join what they have made."""

import numpy as np
import pytest
from onnx import helper

from cnnviz.nn import ModelError, Parallel, SelectChannels, read_model
from tests.nn.formats.onnx_models import CONV, WEIGHTS, agrees, draw, model, node, tensor

SHAPE = 1, 6, 4, 5


def refused(nodes, weights=(), **options):
    return read_model(model([CONV, *nodes], [*WEIGHTS, *weights], **options)).notes[0]


@pytest.mark.parametrize(
    ("inputs", "weights", "settings"),
    [
        ("x s", [("s", [2, 3, 1])], {"axis": 1}),
        ("x s", [("s", [2, 3, 1])], {"axis": -3}),
        ("x", [], {"axis": 1, "num_outputs": 3}),
    ],
)
def test_a_split_is_that_of_onnx(inputs, weights, settings):
    names = ["a", "b", "c"]
    for name in names:
        parts = node("Split", inputs, "a", **settings)
        parts.output[:] = names
        agrees(model([parts, node("Relu", name, "y")], weights, SHAPE), SHAPE)


def test_a_split_of_before_opset_13_has_its_sizes_in_its_settings():
    parts = node("Split", "x", "a", axis=1, split=[4, 2])
    parts.output.append("b")
    agrees(model([parts, node("Relu", "b", "y")], shape=SHAPE, opset=12), SHAPE)


def test_a_split_whose_last_part_is_smaller_is_that_of_onnx():
    parts = node("Split", "x", "a", axis=1, num_outputs=4)
    parts.output.extend("bcd")
    shape = 1, 7, 8, 9
    read = agrees(model([parts, node("Relu", "d", "y")], shape=shape), shape)
    assert read.network[0].settings["channels"] == (6,)


@pytest.mark.parametrize(
    ("starts", "ends", "axes", "steps"),
    [
        ([1], [4], [1], [1]), ([-2], [2**62], [1], [1]), ([0], [6], [1], [2]),
        ([5], [-7], [1], [-1]), ([0, 2, 0], [1, 5, 99], [0, 1, 3], [1, 1, 1]),
    ],
)  # fmt: skip
def test_a_slice_of_the_channels_is_that_of_onnx(starts, ends, axes, steps):
    weights = [("s", starts), ("e", ends), ("a", axes), ("t", steps)]
    agrees(model([node("Slice", "x s e a t", "y"), node("Relu", "y", "z")], weights, SHAPE), SHAPE)


def test_a_slice_of_before_opset_10_has_its_numbers_in_its_settings():
    nodes = [node("Slice", "x", "y", starts=[1], ends=[3], axes=[1]), node("Relu", "y", "z")]
    agrees(model(nodes, shape=SHAPE, opset=9), SHAPE)


@pytest.mark.parametrize("places", [[3, 0, 0, 5], [-1, 2]])
def test_a_choice_of_channels_is_that_of_onnx(places):
    agrees(model([node("Gather", "x p", "y", axis=1)], [("p", places)], SHAPE), SHAPE)


def test_channels_last_are_split_along_their_own_axis():
    shape = 1, 8, 9, 3
    parts = node("Split", "x s", "a", axis=3)
    parts.output.append("b")
    nodes = [parts, node("Transpose", "b", "t", perm=[0, 3, 1, 2]), node("Conv", "t w", "y")]
    read = agrees(model(nodes, [("w", draw(4, 2, 1, 1)), ("s", [1, 2])], shape), shape)
    assert read.network[0].settings["channels"] == (1, 2)


def shuffle(groups, shape, name="y"):
    """Return the nodes of a shuffle, from "x", and their weights."""
    _, channels, *plane = shape
    return [
        node("Reshape", "x g", "x1"),
        node("Transpose", "x1", "x2", perm=[0, 2, 1, 3, 4]),
        node("Reshape", "x2 s", name),
    ], [("g", [1, groups, channels // groups, *plane]), ("s", [0, -1, *plane])]


@pytest.mark.parametrize("groups", [2, 3])
def test_a_shuffle_is_that_of_onnx(groups):
    read = agrees(model(*shuffle(groups, SHAPE), SHAPE), SHAPE)
    assert read.network[0].settings == SelectChannels.shuffle(6, groups).settings


def test_a_table_of_channels_that_is_not_turned_changes_nothing():
    nodes, weights = shuffle(2, SHAPE)
    nodes[1] = node("Transpose", "x1", "x1b", perm=[0, 2, 1, 3, 4])
    nodes.insert(2, node("Transpose", "x1b", "x2", perm=[0, 2, 1, 3, 4]))
    read = agrees(model([*nodes, node("Relu", "y", "z")], weights, SHAPE), SHAPE)
    assert read.network.names == ("relu1",)


def test_a_unit_of_shufflenet_halves_its_maps_and_mixes_them():
    halves = node("Split", "x", "a", axis=1, num_outputs=2)
    halves.output.append("b")
    nodes = [halves, node("Conv", "b w", "c", pads=[1] * 4), node("Relu", "c", "d"),
             node("Concat", "a d", "x0", axis=1)]  # fmt: skip
    mixed, weights = shuffle(2, SHAPE)
    mixed[0].input[0] = "x0"
    made = model([*nodes, *mixed], [("w", draw(3, 3, 3, 3)), *weights], SHAPE)
    assert agrees(made, SHAPE).network.names == ("parallel1", "select1")


def test_what_a_block_makes_from_itself_is_joined_as_branches_within_branches():
    shape = 1, 4, 6, 6
    nodes = [
        node("Conv", "x v", "a"),
        node("MaxPool", "a", "b", kernel_shape=[3, 3], pads=[1] * 4),
        node("MaxPool", "b", "c", kernel_shape=[3, 3], pads=[1] * 4),
        node("Sigmoid", "x", "s"),
        node("Concat", "s a b c x", "y", axis=1),
    ]
    read = agrees(model(nodes, [("v", draw(2, 4, 1, 1))], shape), shape)
    (joined,) = read.network
    assert [len(branch) for branch in joined.branches] == [1, 2, 0]
    assert isinstance(joined.branches[1][-1], Parallel)
    assert read.network.summary()[0].receptive_field == 5


def test_branches_may_be_nested_sixteen_deep_and_more_are_named():
    for depth, whole in (16, True), (17, False), (900, False):
        names = [f"r{i}" for i in range(depth)]
        nodes = [
            CONV,
            *(node("Relu", of, to) for of, to in zip(["y", *names], names, strict=False)),
        ]
        nodes.append(node("Concat", " ".join(["y", *names]), "z", axis=1))
        read = read_model(model(nodes, WEIGHTS))
        assert read.whole == whole
        if not whole:
            assert "branches nested more than 16 deep" in read.notes[0]


@pytest.mark.parametrize(
    ("nodes", "weights", "reason"),
    [
        ([node("Slice", "y s e a", "z")], [("s", [1]), ("e", [4]), ("a", [2])],
         "Slice along another axis"),
        ([node("Split", "y", "z", axis=2, num_outputs=1)], [], "Split along another axis"),
        ([node("Gather", "y p", "z", axis=1)], [("p", 2)], "Gather that drops an axis"),
        ([node("Reshape", "y g", "z")], [("g", [1, 3, 1, 8, 8])], "its kind of output"),
        ([node("Reshape", "y g", "t"), node("Relu", "t", "z")], [("g", [1, 3, 1, 8, 8])],
         "Relu of maps in groups"),
        ([node("Reshape", "y g", "t"), node("Reshape", "t h", "z")],
         [("g", [1, 3, 1, 8, 8]), ("h", [1, 192])], "Reshape to"),
        ([node("Reshape", "y g", "t"), node("Transpose", "t", "z", perm=[0, 1, 2, 4, 3])],
         [("g", [1, 3, 1, 8, 8])], "Transpose by"),
    ],
)  # fmt: skip
def test_what_is_no_choice_of_channels_is_named(nodes, weights, reason):
    assert reason in refused(nodes, weights)


def test_a_channel_that_is_repeated_a_million_times_is_refused():
    repeated = helper.make_node("ConstantOfShape", ["n"], ["p"], value=tensor("", np.int64([2])))
    with pytest.raises(ModelError, match="Gather passes on 2,000,000 channels; at most 1,048,576"):
        refused([repeated, node("Gather", "y p", "z", axis=1)], [("n", [2_000_000])])


@pytest.mark.parametrize("sizes", [[2, 2], [3, 0], [4, -1], []])
def test_parts_that_are_not_all_channels_are_refused(sizes):
    parts = node("Split", "y s", "a", axis=1)
    parts.output.append("b")
    with pytest.raises(ModelError, match=r"do not fit together|cannot be read"):
        refused([parts], [("s", np.array(sizes, np.int64))])
