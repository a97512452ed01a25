from itertools import pairwise

import numpy as np
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from cnnviz.nn import ModelError, Parallel, Residual, load_model, read_model
from cnnviz.nn.formats import onnx_constants
from cnnviz.nn.formats.model import Wanted
from tests.nn.formats.onnx_models import beside, draw, model, node, onnx

CONV = node("Conv", "x w b", "y", pads=[1, 1, 1, 1])
WEIGHTS = ("w", draw(3, 1, 3, 3)), ("b", draw(3, seed=1))


def agrees(data, shape, tolerance=1e-5):
    """Compare a file's network with the evaluator of onnx; return what was read."""
    read, x = read_model(data), draw(*shape, seed=9)
    (wanted,) = ReferenceEvaluator(onnx.load_from_string(data)).run(None, {"x": x})
    if read.channels_last:
        x = x.transpose(0, 3, 1, 2)
    np.testing.assert_allclose(read.network.forward(x), wanted, rtol=1e-4, atol=tolerance)
    assert read.whole
    return read


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
            "Shown up to here: not known here are Softmax along another axis (1).",
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


@pytest.mark.parametrize(("gate", "name"), [("Sigmoid", "silu1"), ("HardSigmoid", "hardswish1")])
def test_a_product_with_its_gate_is_an_activation(gate, name):
    settings = {"alpha": 1 / 6} if gate == "HardSigmoid" else {}
    made = model([node(gate, "x", "g", **settings), node("Mul", "x g", "y")])
    assert agrees(made, (1, 1, 8, 8)).network.names == (name,)


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
    assert read.notes == ("Shown up to here: not known here are Erf (1).",)


def test_what_is_not_known_is_named_with_its_count_and_the_rest_is_shown():
    nodes = [CONV, node("Relu", "y", "z"), node("Sin", "z", "s"), node("Cos", "s", "c"),
             node("Sin", "c", "d"), node("Conv", "d w3", "e")]  # fmt: skip
    data = model(nodes, [*WEIGHTS, ("w3", draw(1, 3, 1, 1))])
    read = read_model(data)
    assert read.network.names == ("conv1", "relu1")
    assert read.notes == ("Shown up to here: not known here are Sin (2), Cos (1).",)
    with pytest.warns(UserWarning, match=r"Sin \(2\), Cos \(1\)"):
        load_model(data)


def test_a_layer_that_two_branches_share_is_named_and_not_drawn_twice():
    nodes = [CONV, node("Tanh", "y", "a"), node("Sigmoid", "a", "b"),
             node("Concat", "y a b", "c", axis=1)]  # fmt: skip
    read = read_model(model(nodes, WEIGHTS))
    assert read.network.names == ("conv1",)
    assert "Activation that is used in two branches (1)" in read.notes[0]


def test_class_names_come_from_the_metadata():
    nodes = [CONV, node("GlobalAveragePool", "y", "g"), node("Flatten", "g", "f")]
    read = read_model(model(nodes, WEIGHTS, names="{0: 'cat', 1: 'dog', 2: 'owl'}"))
    assert read.network.classes == ("cat", "dog", "owl")


def test_text_that_is_not_utf_8_is_shown_as_far_as_it_can_be():
    nodes = [CONV, node("GlobalAveragePool", "y", "g"), node("Flatten", "g", "f")]
    data = model(nodes, WEIGHTS, names="RRRR, dog, owl")
    for old, classes in (b"RRRR", ("����", "dog", "owl")), (b"names", ()):
        read = read_model(data.replace(old, b"\xff" * len(old)))
        assert (read.whole, read.network.classes) == (True, classes)
    read = read_model(data.replace(b"Flatten", b"Fla\xffxyz"))
    assert read.notes == ("Shown up to here: not known here are Fla�xyz (1).",)
    with pytest.raises(ModelError, match="nothing before it makes"):
        load_model(data.replace(b"\n\x01y", b"\n\x01\xff"))
    two = onnx.load_model_from_string(data)
    two.graph.input.add(name="QQQQ")
    with pytest.raises(ModelError, match=r"takes 2 inputs \(x, ����\)"):
        load_model(two.SerializeToString().replace(b"QQQQ", b"\xff" * 4))


def test_a_size_that_is_not_said_is_one_that_fits():
    nodes = [node("Flatten", "x", "f"), node("MatMul", "f w", "y")]
    read = read_model(model(nodes, [("w", draw(3 * 32 * 32, 4))], (None, 3, None, None)))
    assert read.network.input_shape == (3, 32, 32)
    assert read.notes == ("The file does not say how large its pictures are; 32 × 32 fits.",)


def test_weights_beside_the_file_are_taken_from_what_came_with_it():
    weights = [beside("w", (3, 1, 3, 3), "m.onnx.data", 12), beside("b", (3,), "m.onnx.data", 0)]
    numbers = draw(30)
    network = load_model(model([CONV], weights), external={"m.onnx.data": numbers.tobytes()})
    np.testing.assert_array_equal(network[0].bias.value, numbers[:3])
    np.testing.assert_array_equal(network[0].weight.value.ravel(), numbers[3:])


@pytest.mark.parametrize("place", ["/etc/passwd", "../m.data", "a/m.data", "..", "C:\\m.data", ""])
def test_a_path_to_another_folder_is_refused(place):
    weights = [beside("w", (3, 1, 3, 3), place), WEIGHTS[1]]
    with pytest.raises(ModelError, match="only a file beside the model is read"):
        load_model(model([CONV], weights), external={place: bytes(200)})


def test_weights_that_are_not_there_are_missed():
    with pytest.raises(ModelError, match=r"'m\.onnx\.data', which is missing"):
        load_model(model([CONV], [beside("w", (3, 1, 3, 3), "m.onnx.data"), WEIGHTS[1]]))
    with pytest.raises(ModelError, match="has 100"):
        load_model(
            model([CONV], [beside("w", (3, 1, 3, 3), "m.data"), WEIGHTS[1]]),
            external={"m.data": bytes(100)},
        )
    with pytest.raises(ModelError, match="'b', which nothing before it makes"):
        load_model(model([CONV], WEIGHTS[:1]))


def test_shapes_that_lie_are_refused_before_memory_is_taken():
    huge = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1000, 1000, 1000], raw_data=b"")
    with pytest.raises(ModelError, match="at most 67,108,864 numbers"):
        load_model(model([CONV], [huge, WEIGHTS[1]]))
    lie = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[3, 1, 3, 3], raw_data=bytes(8))
    with pytest.raises(ModelError, match="needs 108 bytes, and 8 are there"):
        load_model(model([CONV], [lie, WEIGHTS[1]]))
    with pytest.raises(ModelError, match="do not go together"):
        load_model(model([CONV], WEIGHTS, (1, 2, 8, 8)))
    border = [0, 0, 200, 200, 0, 0, 200, 200]
    with pytest.raises(ModelError, match="more than 16,777,216 cells"):
        load_model(model([node("Pad", "x p", "y")], [("p", border)], (1, 64, 512, 512)))


def test_weights_that_multiply_themselves_are_refused_before_memory_is_taken(monkeypatch):
    monkeypatch.setattr(onnx_constants, "MAX_NUMBERS", 10_000)
    names = "abcdefghi"
    grown = [
        node("Concat", " ".join([before] * 8), after, axis=0) for before, after in pairwise(names)
    ]
    for more in (
        grown,
        [node("Mul", "a row", "p")],
        [node("Gather", "a places", "p", axis=1)],
    ):
        weights = [
            ("a", draw(200, 1, 1, 1)), ("row", draw(1, 1, 1, 200)), ("places", np.zeros(99, int))
        ]  # fmt: skip
        flat = node("Conv", f"x {more[-1].output[0]}", "y")
        with pytest.raises(ModelError, match="of weights makes more than 10,000 numbers"):
            load_model(model([*more, flat], weights))


def test_a_cycle_is_refused():
    with pytest.raises(ModelError, match="has a cycle"):
        load_model(model([node("Relu", "b", "a"), node("Relu", "a", "b")]))


@pytest.mark.parametrize(
    ("shape", "kind", "words"),
    [
        ((1, 128), TensorProto.INT64, "for text"),
        ((None, None), TensorProto.STRING, "for text"),
        ((1, 16000), TensorProto.FLOAT, "a table or a sound"),
        ((1, 1, 16000), TensorProto.FLOAT, "a sound or another sequence"),
    ],
)
def test_what_takes_no_picture_says_what_it_takes(shape, kind, words):
    with pytest.raises(ModelError, match=words):
        load_model(model([node("Relu", "x", "y")], shape=shape, kind=kind))


def test_weights_that_are_no_numbers_are_opened_and_told():
    weight = draw(3, 1, 3, 3)
    weight[0, 0, 0, :2] = np.nan, np.inf
    read = read_model(model([CONV], [("w", weight), WEIGHTS[1]]))
    assert read.notes[0].startswith("2 of its weights are not finite")


def test_weights_of_other_types_are_read_as_numbers():
    weight = (10 * draw(3, 1, 3, 3)).astype(np.int8)
    nodes = [node("DequantizeLinear", "q s z", "w", axis=0), CONV]
    scale = [("q", weight), ("s", np.float32([0.5, 1, 2])), ("z", np.int8([1, 0, 2])), WEIGHTS[1]]
    agrees(model(nodes, scale), (1, 1, 8, 8))
    for kind in np.float16, np.float64, "bfloat16":
        if kind == "bfloat16":
            given = helper.make_tensor("w", TensorProto.BFLOAT16, (3, 1, 3, 3), draw(27).tolist())
        else:
            given = ("w", draw(3, 1, 3, 3).astype(kind))
        loaded = load_model(model([CONV], [given, WEIGHTS[1]]))[0].weight.value
        np.testing.assert_allclose(loaded.ravel(), draw(27), rtol=1e-2)


def test_an_empty_file_and_one_that_ends_too_soon_are_refused():
    with pytest.raises(ModelError, match="empty"):
        load_model(b"")
    with pytest.raises(ModelError, match=r"not a readable ONNX|end is missing"):
        load_model(model([CONV], WEIGHTS)[:-7])
    with pytest.raises(ModelError, match="not a network file"):
        load_model(b"GIF89a")


def test_a_size_that_an_onnx_file_leaves_open_can_be_said():
    open_size = model([CONV, node("GlobalAveragePool", "y", "z")], WEIGHTS, shape=(1, 1, "h", "w"))
    assert read_model(open_size).guessed
    told = read_model(open_size, wanted=Wanted((10, 12)))
    assert (told.guessed, told.notes, told.network.input_shape) == (False, (), (1, 10, 12))
