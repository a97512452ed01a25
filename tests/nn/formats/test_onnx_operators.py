"""The operators of ONNX, read by us and computed by the evaluator of onnx."""

import numpy as np
import pytest
from onnx import TensorProto, helper

from cnnviz.nn import Parallel, Residual, read_model
from tests.nn.formats.onnx_models import CONV, WEIGHTS, agrees, draw, model, node


def one(operator, shape=(1, 2, 7, 9), **settings):
    return model([node(operator, "x", "y", **settings)], shape=shape)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"pads": [0, 1, 2, 0], "strides": [2, 1]},
        {"dilations": [2, 1], "auto_pad": "SAME_UPPER"},
        {"auto_pad": "SAME_LOWER", "strides": [2, 3]},
        {"auto_pad": "VALID"},
    ],
)
@pytest.mark.parametrize("groups", [1, 2])
def test_a_convolution_is_that_of_onnx(settings, groups):
    weights = ("w", draw(4, 2 // groups, 3, 2)), ("b", draw(4, seed=1))
    made = model([node("Conv", "x w b", "y", group=groups, **settings)], weights, (1, 2, 7, 8))
    agrees(made, (1, 2, 7, 8))


@pytest.mark.parametrize("pads", [{"pads": [1, 0, 0, 1]}, {"auto_pad": "VALID"}])
def test_a_transposed_convolution_is_that_of_onnx(pads):
    settings = {"strides": [2, 2], "output_padding": [1, 0], **pads}
    weights = ("w", draw(4, 3, 3, 3)), ("b", draw(3, seed=1))
    made = model([node("ConvTranspose", "x w b", "y", **settings)], weights, (1, 4, 5, 6))
    agrees(made, (1, 4, 5, 6))


@pytest.mark.parametrize(
    ("operator", "settings"),
    [
        ("Relu", {}), ("LeakyRelu", {"alpha": 0.3}), ("Elu", {"alpha": 0.7}), ("Selu", {}),
        ("Sigmoid", {}), ("HardSigmoid", {}), ("HardSigmoid", {"alpha": 1 / 6}),
        ("HardSigmoid", {"alpha": 0.3, "beta": 0.4}), ("HardSwish", {}), ("Tanh", {}), ("Gelu", {}),
        ("Softplus", {}), ("MaxPool", {"kernel_shape": [2, 3]}),
        ("MaxPool", {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 0, 1, 1]}),
        ("MaxPool", {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1}),
        ("AveragePool", {"kernel_shape": [2, 2], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
        ("AveragePool", {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1}),
        ("AveragePool", {"kernel_shape": [7, 9]}), ("GlobalAveragePool", {}), ("GlobalMaxPool", {}),
        ("Flatten", {}), ("Softmax", {"axis": 1}),
    ],
)  # fmt: skip
def test_an_operator_is_that_of_onnx(operator, settings):
    agrees(one(operator, **settings), (1, 2, 7, 9))


@pytest.mark.parametrize(
    ("inputs", "low", "high"), [("x a b", 0, 6), ("x a b", -1, 1), ("x a", 0, 0), ("x a b", 2, 3)]
)
def test_a_clip_is_that_of_onnx(inputs, low, high):
    limits = ("a", np.float32(low)), ("b", np.float32(high))
    agrees(model([node("Clip", inputs, "y")], limits, (1, 2, 3, 3)), (1, 2, 3, 3))


@pytest.mark.parametrize(
    ("operator", "inputs", "shape"),
    [
        ("Add", "x a", (2, 1, 1)), ("Add", "a x", (1,)), ("Sub", "x a", (1, 2, 1, 1)),
        ("Sub", "a x", ()), ("Mul", "a x", (2, 1, 1)), ("Div", "x a", (2, 1, 1)),
        ("PRelu", "x a", (2, 1, 1)), ("PRelu", "x a", (1,)), ("PRelu", "x a", (1, 2, 1, 1)),
    ],
)  # fmt: skip
def test_arithmetic_with_constants_is_that_of_onnx(operator, inputs, shape):
    agrees(model([node(operator, inputs, "y")], [("a", draw(*shape))], (1, 2, 3, 3)), (1, 2, 3, 3))


def test_slopes_along_another_axis_are_not_taken_for_those_of_the_channels():
    for shape in (3,), (1, 1, 3), (3, 1), (3, 3, 3):
        made = model(
            [CONV, node("PRelu", "y a", "z")], [*WEIGHTS, ("a", draw(*shape))], (1, 1, 3, 3)
        )
        assert read_model(made).notes[0].startswith("Shown up to here")
    for width, opset in (3, 6), (4, 20):  # one per channel, as files of before opset 7 have them
        made = model([CONV, node("PRelu", "y a", "z")], [*WEIGHTS, ("a", draw(3))],
                     (1, 1, 3, width), opset=opset)  # fmt: skip
        np.testing.assert_array_equal(read_model(made).network[-1].weight.value, draw(3))


def test_a_softmax_of_before_opset_13_takes_all_axes_from_its_own_on():
    for settings in {}, {"axis": 1}:
        made = model([CONV, node("Softmax", "y", "z", **settings)], WEIGHTS, opset=12)
        assert read_model(made).notes == (
            "Shown up to here: the app does not support Softmax along another axis (1).",
        )
        pooled = [CONV, node("GlobalAveragePool", "y", "p"), node("Softmax", "p", "z", **settings)]
        names = read_model(model(pooled, WEIGHTS, opset=12)).network.names
        assert names == ("conv1", "pool1", "softmax1")


def test_a_cast_to_whole_numbers_is_named_and_one_to_other_fractions_changes_nothing():
    for kind, whole in (TensorProto.INT32, False), (TensorProto.BOOL, False), (11, True):
        nodes = [CONV, node("Cast", "y", "c", to=kind), node("Cast", "c", "f", to=1)]
        assert read_model(model(nodes, WEIGHTS)).whole == whole


def test_batch_normalisation_is_that_of_onnx():
    numbers = [(name, np.abs(draw(2, seed=i)) + 0.1) for i, name in enumerate("wbmv")]
    made = model(
        [node("BatchNormalization", "x w b m v", "y", epsilon=1e-3)], numbers, (1, 2, 3, 3)
    )
    agrees(made, (1, 2, 3, 3))


@pytest.mark.parametrize("pads", [[0, 0, 1, 2, 0, 0, 0, 1], [0] * 8])
@pytest.mark.parametrize("mode", ["constant", "reflect", "edge", "wrap"])
def test_a_border_is_that_of_onnx(pads, mode):
    made = model([node("Pad", "x p", "y", mode=mode), node("Relu", "y", "z")], [("p", pads)],
                 (1, 2, 4, 5))  # fmt: skip
    agrees(made, (1, 2, 4, 5))


RELU = node("Relu", "x", "r")


def resize(inputs="x  s", **settings):
    """Return a resizing; an input that is left out is an empty word."""
    return helper.make_node("Resize", inputs.split(" "), ["y"], **settings)


HALF = "half_pixel", "pytorch_half_pixel", "half_pixel_symmetric"
READ = [
    {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"},
    *({"coordinate_transformation_mode": each} for each in HALF),
    {"nearest_mode": "round_prefer_ceil"},
    *({"mode": "linear", "coordinate_transformation_mode": each} for each in HALF),
    {"mode": "linear", "coordinate_transformation_mode": "align_corners"},
]


@pytest.mark.parametrize("factors", [(2, 3), (1, 4), (5, 1)])
@pytest.mark.parametrize("settings", READ)
def test_a_resizing_by_whole_factors_is_that_of_onnx(settings, factors):
    scales = np.array([1, 1, *factors], np.float32)
    made = model([resize(**settings)], [("s", scales)], (1, 2, 4, 5))
    agrees(made, (1, 2, 4, 5))


@pytest.mark.parametrize(
    ("inputs", "given", "settings"),
    [
        ("x   s", np.array([1, 2, 8, 15]), {}),
        ("x   s", np.array([8, 15]), {"axes": [2, 3]}),
        ("x  s", np.array([2, 3], np.float32), {"axes": [2, 3]}),
    ],
)
def test_a_resizing_may_name_sizes_or_some_axes_only(inputs, given, settings):
    made = model([resize(inputs, **settings)], [("s", given)], (1, 2, 4, 5))
    assert agrees(made, (1, 2, 4, 5)).network[0].settings["scale_factor"] == (2, 3)


@pytest.mark.parametrize(("operator", "opset"), [("Upsample", 9), ("Resize", 10)])
def test_the_older_operators_repeat_cells_and_go_between_them_in_another_way(operator, opset):
    weights = [("s", np.array([1, 1, 2, 3], np.float32))]
    made = model([node(operator, "x s", "y")], weights, (1, 2, 4, 5), opset=opset)
    x = draw(1, 2, 4, 5)
    wanted = x.repeat(2, 2).repeat(3, 3)
    np.testing.assert_array_equal(read_model(made).network.forward(x), wanted)
    between = node(operator, "r s", "y", mode="linear")
    (note,) = read_model(model([RELU, between], weights, (1, 2, 4, 5), opset=opset)).notes
    assert f"{operator}, linear asymmetric" in note


@pytest.mark.parametrize(
    ("settings", "scales", "said"),
    [
        ({}, [1, 1, 1.5, 2], "Resize by 1 × 1.5 × 2"),
        ({}, [1, 1, 0.5, 0.5], "Resize by 1 × 0.5 × 0.5"),
        ({}, [1, 2, 2, 2], "Resize by 2 × 2 × 2"),
        ({}, [1, 1, np.inf, np.nan], "Resize by 1 × inf × nan"),
        ({"mode": "cubic"}, [1, 1, 2, 2], "Resize, cubic half_pixel"),
        ({"nearest_mode": "ceil"}, [1, 1, 2, 2], "Resize, nearest half_pixel ceil"),
        ({"mode": "linear", "antialias": 1}, [1, 1, 2, 2], "Resize that keeps"),
    ],
)
def test_another_resizing_is_named(settings, scales, said):
    nodes = [RELU, resize("r  s", **settings)]
    read = read_model(model(nodes, [("s", np.array(scales, np.float32))], (1, 2, 4, 5)))
    assert not read.whole
    assert said in read.notes[0]


def test_a_resizing_to_the_size_that_is_there_changes_nothing():
    nodes = [RELU, resize("r  s", mode="cubic")]
    read = read_model(model(nodes, [("s", np.ones(4, np.float32))], (1, 2, 4, 5)))
    assert (read.network.names, read.whole) == (("relu1",), True)


def test_a_dense_layer_is_one_whether_it_is_written_as_gemm_or_as_a_product_and_a_sum():
    weights = [("w", draw(4, 6)), ("b", draw(4, seed=1)), ("t", draw(6, 4))]
    flat = node("Flatten", "x", "f")
    gemm = model([flat, node("Gemm", "f w b", "y", transB=1, alpha=0.5, beta=2.0)], weights,
                 (1, 1, 2, 3))  # fmt: skip
    both = model([flat, node("MatMul", "f t", "m"), node("Add", "m b", "y")], weights, (1, 1, 2, 3))
    for made in gemm, both:
        assert agrees(made, (1, 1, 2, 3)).network.names == ("flatten1", "linear1")


def test_maps_that_are_flattened_with_channels_last_reach_the_right_weights():
    nodes = [
        node("Transpose", "x", "t", perm=[0, 3, 1, 2]), node("Conv", "t w b", "c"),
        node("Transpose", "c", "l", perm=[0, 2, 3, 1]), node("Add", "l a", "s"),
        node("Reshape", "s n", "f"), node("MatMul", "f d", "y"),
    ]  # fmt: skip
    weights = [("w", draw(3, 2, 2, 2)), ("b", draw(3)), ("a", draw(3, seed=3)), ("n", [-1, 60]),
               ("d", draw(60, 4, seed=2))]  # fmt: skip
    read = agrees(model(nodes, weights, (1, 5, 6, 2)), (1, 5, 6, 2))
    assert read.network.input_shape == (2, 5, 6)


def test_a_shape_that_is_computed_is_known():
    nodes = [
        node("Shape", "x", "s"), node("Gather", "s zero", "n"), node("Unsqueeze", "n axes", "u"),
        node("Concat", "u rest", "to", axis=0), node("Reshape", "x to", "f"),
        node("Relu", "f", "y"),
    ]  # fmt: skip
    weights = [("zero", np.int64(0)), ("axes", [0]), ("rest", [-1])]
    assert agrees(model(nodes, weights), (1, 1, 8, 8)).network.names == ("flatten1", "relu1")


def test_branches_that_are_joined_stand_side_by_side_and_those_that_are_added_are_residual():
    nodes = [
        CONV, node("Relu", "y", "a"), node("Sigmoid", "y", "b"),
        node("Concat", "a b y", "c", axis=1), node("Conv", "c w2", "d"), node("Add", "d y", "e"),
        node("Add", "e e", "f"),
    ]  # fmt: skip
    weights = [*WEIGHTS, ("w2", draw(3, 9, 1, 1))]
    layers = agrees(model(nodes, weights), (1, 1, 8, 8)).network.layers
    assert [type(layer) for layer in layers[1:]] == [Residual, Residual]
    assert type(layers[1].branches[0][0]) is Parallel


def test_all_values_so_far_joined_again_and_again_are_branches_within_branches():
    def conv(number, value, channels):
        return node("Conv", f"{value} w{channels}", f"c{number}", pads=[1, 1, 1, 1])

    nodes = [
        conv(0, "x", 1), node("Concat", "x c0", "j1", axis=1), node("Relu", "j1", "r1"),
        conv(1, "r1", 3), node("Concat", "x c0 c1", "j2", axis=1),
        conv(2, "j2", 5), node("Concat", "x c0 c1 c2", "j3", axis=1), node("Relu", "j3", "y"),
    ]  # fmt: skip
    weights = [(f"w{channels}", draw(2, channels, 3, 3)) for channels in (1, 3, 5)]
    read = agrees(model(nodes, weights, (1, 1, 5, 5)), (1, 1, 5, 5))
    assert read.network.names == ("parallel1", "parallel2", "parallel3", "relu1")
    again = [*nodes, node("Concat", "x c0 c1 c2", "j4", axis=1), node("Add", "y j4", "z")]
    read = agrees(model(again, weights, (1, 1, 5, 5)), (1, 1, 5, 5))
    assert read.network.names[-1] == "residual1"


@pytest.mark.parametrize(("gate", "name"), [("Sigmoid", "silu1"), ("HardSigmoid", "hardswish1")])
def test_a_product_with_its_gate_is_an_activation(gate, name):
    settings = {"alpha": 1 / 6} if gate == "HardSigmoid" else {}
    made = model([node(gate, "x", "g", **settings), node("Mul", "x g", "y")])
    assert agrees(made, (1, 1, 8, 8)).network.names == (name,)


@pytest.mark.parametrize("turned", [False, True])
def test_a_squeeze_and_excitation_gate_multiplies_whole_maps(turned):
    nodes = [
        CONV, node("GlobalAveragePool", "y", "p"), node("Conv", "p w2", "s"),
        node("HardSigmoid", "s", "g", alpha=1 / 6), node("Mul", "g y" if turned else "y g", "m"),
        node("Relu", "m", "z"),
    ]  # fmt: skip
    read = agrees(model(nodes, [*WEIGHTS, ("w2", draw(3, 3, 1, 1))]), (1, 1, 8, 8))
    assert read.network.names == ("conv1", "gate1", "relu1")
    gate, rest = read.network[1].branches
    assert [layer.kind for layer in gate] == ["pool", "conv", "hardsigmoid"]
    assert len(rest) == 0


def test_mish_is_a_gate_in_both_forms():
    long = [node("Softplus", "x", "s"), node("Tanh", "s", "t"), node("Mul", "x t", "y")]
    for nodes in long, [node("Mish", "x", "y")]:
        assert agrees(model(nodes), (1, 1, 8, 8)).network.names == ("gate1",)


def test_a_product_of_maps_of_other_sizes_is_named():
    nodes = [CONV, node("MaxPool", "y", "p", kernel_shape=[8, 1]), node("Mul", "y p", "z")]
    assert "Mul of different shapes (1)" in read_model(model(nodes, WEIGHTS)).notes[0]


@pytest.mark.parametrize("first", [True, False])
def test_gelu_by_the_error_function_is_gelu(first):
    nodes = [node("Div", "x root", "d"), node("Erf", "d", "e"), node("Add", "e one", "a")]
    nodes += (
        [node("Mul", "x half", "h"), node("Mul", "h a", "y")]
        if first
        else [node("Mul", "x a", "h"), node("Mul", "h half", "y")]
    )
    made = [("root", np.float32(2**0.5)), ("one", np.float32(1)), ("half", np.float32(0.5))]
    assert agrees(model(nodes, made), (1, 1, 8, 8)).network.names == ("gelu1",)


def test_an_error_function_elsewhere_is_named():
    read = read_model(model([CONV, node("Erf", "y", "z")], WEIGHTS))
    assert not read.whole
    assert read.notes == ("Shown up to here: the app does not support Erf (1).",)
