from itertools import pairwise

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from cnnviz.functional.activations import softmax
from cnnviz.nn import ModelError, load_model, read_model, viewed
from cnnviz.nn.formats import onnx_constants
from cnnviz.nn.formats.model import Wanted
from tests.nn.formats.onnx_models import CONV, WEIGHTS, agrees, beside, draw, model, node


def test_unsupported_operators_are_counted_and_the_rest_is_shown():
    nodes = [CONV, node("Relu", "y", "z"), node("Sin", "z", "s"), node("Cos", "s", "c"),
             node("Sin", "c", "d"), node("Conv", "d w3", "e")]  # fmt: skip
    data = model(nodes, [*WEIGHTS, ("w3", draw(1, 3, 1, 1))])
    read = read_model(data)
    assert read.network.names == ("conv1", "relu1")
    assert read.notes == ("Shown up to here: the app does not support Sin (2), Cos (1).",)
    with pytest.warns(UserWarning, match=r"Sin \(2\), Cos \(1\)"):
        load_model(data)


@pytest.mark.parametrize(
    ("operator", "said"),
    [
        ("Cast", "Cast of a condition"), ("Identity", "Identity of a condition"),
        ("Reshape", "Reshape of a condition"), ("Not", "Not"), ("Where", "Where"),
    ],
)  # fmt: skip
def test_a_condition_in_another_place_than_a_softplus_ends_what_is_shown(operator, said):
    inputs = {"Reshape": "a to", "Where": "a t t"}.get(operator, "a")
    settings = {"to": TensorProto.FLOAT} if operator == "Cast" else {}
    nodes = [CONV, node("Greater", "y t", "a"), node(operator, inputs, "c", **settings),
             node("Mul", "y c", "d")]  # fmt: skip
    read = read_model(model(nodes, [*WEIGHTS, ("t", np.float32(0)), ("to", [1, -1])]))
    assert read.network.names == ("conv1",)
    assert read.notes == (f"Shown up to here: the app does not support {said} (1).",)


def test_a_layer_that_two_branches_share_is_named_and_not_drawn_twice():
    nodes = [CONV, node("Tanh", "y", "a"), node("Sigmoid", "a", "b"),
             node("Concat", "a y b", "c", axis=1)]  # fmt: skip
    read = read_model(model(nodes, WEIGHTS))
    assert read.network.names == ("conv1",)
    assert "Activation that is used in two branches (1)" in read.notes[0]


def test_with_several_outputs_the_first_is_shown_with_a_note():
    made = onnx.load_model_from_string(model([CONV, node("Relu", "y", "z")], WEIGHTS))
    made.graph.output.append(helper.make_tensor_value_info("y", TensorProto.FLOAT, None))
    read = read_model(made.SerializeToString())
    assert read.network.names == ("conv1", "relu1")
    assert read.notes == ("The network has 2 outputs; the first is shown.",)


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
    assert read.notes == ("Shown up to here: the app does not support Fla�xyz (1).",)
    with pytest.raises(ModelError, match="nothing before it makes"):
        load_model(data.replace(b"\n\x01y", b"\n\x01\xff"))
    two = onnx.load_model_from_string(data)
    two.graph.input.add(name="QQQQ")
    with pytest.raises(ModelError, match=r"takes 2 inputs \(x, ����\)"):
        load_model(two.SerializeToString().replace(b"QQQQ", b"\xff" * 4))


def test_a_log_softmax_at_the_end_is_a_softmax_and_the_notes_say_so():
    flat = node("Flatten", "x", "f")
    read = read_model(model([flat, node("LogSoftmax", "f", "y")]))
    assert read.whole
    assert read.notes == (
        "It ends with a log-softmax. Here the softmax is shown: the shares, not their logarithms.",
    )
    x = draw(1, 1, 8, 8)
    np.testing.assert_allclose(read.network.forward(x)[0], softmax(x.ravel()), rtol=1e-5)
    more = [flat, node("LogSoftmax", "f", "l"), node("Relu", "l", "y")]
    assert read_model(model(more)).notes == (
        "Shown up to here: the app does not support Activation of logarithms (1).",
    )


@pytest.mark.parametrize("last", ["Softmax", "Sigmoid", "LogSoftmax"])
def test_shares_that_are_flattened_are_still_shares(last):
    nodes = [node("GlobalAveragePool", "x", "p"), node(last, "p", "s", axis=1)]
    if last == "Sigmoid":
        nodes[1] = node(last, "p", "s")
    read = read_model(model([*nodes, node("Flatten", "s", "y")], shape=(1, 3, 8, 8)))
    x = draw(1, 3, 8, 8)
    scores = x.mean((0, 2, 3))
    shares = 1 / (1 + np.exp(-scores)) if last == "Sigmoid" else softmax(scores)
    np.testing.assert_allclose(viewed(read.network).network.forward(x)[0], shares, rtol=1e-5)


def test_a_size_that_is_not_said_is_one_that_fits():
    nodes = [node("Flatten", "x", "f"), node("MatMul", "f w", "y")]
    read = read_model(model(nodes, [("w", draw(3 * 32 * 32, 4))], (None, 3, None, None)))
    assert read.network.input_shape == (3, 32, 32)
    assert read.notes == ("The file does not say how large its pictures are; 32 × 32 fits.",)
    nodes[0] = node("Reshape", "x s", "f")  # x.view(-1, 3072) in PyTorch
    weights = [("s", [-1, 3 * 32 * 32]), ("w", draw(3 * 32 * 32, 4))]
    assert read_model(model(nodes, weights, (None, 3, None, None))).notes == read.notes
    oblong = [("s", [-1, 3 * 20 * 30]), ("w", draw(3 * 20 * 30, 4))]
    nodes[0] = node("Flatten", "x", "f")
    with pytest.raises(ModelError, match="no usual size fits"):
        read_model(model(nodes, oblong, (None, 3, None, None)))


@pytest.mark.parametrize("batch", [1, 64, None])
def test_pictures_without_an_axis_of_channels_are_grey(batch):
    """PyTorch's first tutorial tries its network out on torch.rand(1, 28, 28)."""
    nodes = [node("Flatten", "x", "f"), node("MatMul", "f w", "y")]
    weight = draw(28 * 28, 4)
    read = read_model(model(nodes, [("w", weight)], (batch, 28, 28)))
    assert (read.whole, read.notes, read.network.input_shape) == (True, (), (1, 28, 28))
    x = draw(2, 1, 28, 28, seed=1)
    np.testing.assert_allclose(read.network.forward(x), x.reshape(2, -1) @ weight, atol=1e-4)


@pytest.mark.parametrize(("batch", "to"), [(4, (4, -1)), (64, (64, 48))])
def test_a_file_for_several_pictures_at_once_is_read_for_one(batch, to):
    nodes = [CONV, node("MaxPool", "y", "p", kernel_shape=[2, 2], strides=[2, 2]),
             node("Reshape", "p s", "f"), node("MatMul", "f w2", "z")]  # fmt: skip
    weights = [*WEIGHTS, ("s", list(to)), ("w2", draw(48, 2, seed=2))]
    read = read_model(model(nodes, weights, (batch, 1, 8, 8)))
    one = read_model(model(nodes, [*weights[:2], ("s", [1, 48]), weights[3]]))
    assert read.whole
    x = draw(1, 1, 8, 8, seed=3)
    np.testing.assert_array_equal(read.network.forward(x), one.network.forward(x))


@pytest.mark.parametrize("side", [28, 32, 96])
def test_a_reshape_finds_the_size_in_which_it_has_what_it_needs(side):
    nodes = [CONV, node("Reshape", "y s", "f"), node("MatMul", "f w2", "z")]
    kept = 3 * side * side
    weights = [*WEIGHTS, ("s", [-1, kept]), ("w2", draw(kept, 2, seed=2))]
    read = read_model(model(nodes, weights, (None, 1, None, None)))
    assert (read.whole, read.network.input_shape) == (True, (1, side, side))


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
    with pytest.raises(ModelError, match="do not fit together"):
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


def test_whole_numbers_are_divided_towards_0_as_the_standard_says():
    whole = [np.array([-7, 7, -8]), np.array([2, -2, 4])]
    assert onnx_constants.fold("Div", whole, {}).tolist() == [-3, -3, -2]


def test_a_cycle_is_refused():
    with pytest.raises(ModelError, match="has a cycle"):
        load_model(model([node("Relu", "b", "a"), node("Relu", "a", "b")]))


@pytest.mark.parametrize(
    ("shape", "kind", "words"),
    [
        ((1, 128), TensorProto.INT64, "for text"),
        ((None, None), TensorProto.STRING, "for text"),
        ((1, 16000), TensorProto.FLOAT, "a table or a sound"),
        ((1, 784), TensorProto.FLOAT, "export it together with what flattens them"),
        ((1, 1, 16000), TensorProto.FLOAT, "a sound or another sequence"),
        ((3, 32, 32), TensorProto.FLOAT, r"for an input of shape \(1, 3, 32, 32\)"),
        (None, TensorProto.FLOAT, "has no shape"),
    ],
)
def test_a_network_that_takes_no_picture_is_refused_with_what_it_takes(shape, kind, words):
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
