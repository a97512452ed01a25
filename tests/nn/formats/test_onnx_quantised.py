import numpy as np
import onnx
import pytest
from onnx import TensorProto
from onnx.reference import ReferenceEvaluator

from cnnviz.nn import ModelError, read_model
from tests.nn.formats.onnx_models import draw, model, node

SCALE = 3 / 255


def rounded(*between, zero=None, scale=SCALE, **settings):
    """Return a file that rounds after a convolution, and again after the nodes `between`."""
    nodes, value = [node("Conv", "x w", "c0")], "c0"
    for number, operator in enumerate([None, *between]):
        if operator:
            nodes.append(node(operator, value, f"o{number}", **settings))
            value, settings = f"o{number}", {}
        limits = "s z" if zero is not None else "s"
        nodes.append(node("QuantizeLinear", f"{value} {limits}", f"q{number}"))
        nodes.append(node("DequantizeLinear", f"q{number} {limits}", f"d{number}"))
        value = f"d{number}"
    weights = [("w", draw(2, 1, 3, 3) / 4), ("s", np.float32(scale))]
    return model(nodes, weights if zero is None else [*weights, ("z", zero)])


@pytest.mark.parametrize(
    ("zero", "scale", "names"),
    [
        (None, SCALE, ("conv1", "relu1")), (np.uint8(0), SCALE, ("conv1", "relu1")),
        (np.int8(-128), SCALE, ("conv1", "relu1")), (np.uint8(0), 6 / 255, ("conv1", "relu6_1")),
        (np.uint8(128), 8 / 255, ("conv1",)), (np.int8(0), 8 / 255, ("conv1",)),
    ],
)  # fmt: skip
def test_a_rounding_that_cuts_off_at_zero_is_the_relu_that_was_left_out(zero, scale, names):
    data, x = rounded(zero=zero, scale=scale), draw(1, 1, 8, 8, seed=9)
    read = read_model(data)
    (wanted,) = ReferenceEvaluator(onnx.load_from_string(data)).run(None, {"x": x})
    np.testing.assert_allclose(read.network.forward(x), wanted, atol=scale)
    assert read.network.names == names
    assert read.notes == (
        "This network rounds its numbers while it computes; here they are not rounded.",
    )


def test_a_relu_is_not_put_where_nothing_is_negative():
    names = read_model(rounded("MaxPool", "Flatten", kernel_shape=[2, 2])).network.names
    assert names == ("conv1", "relu1", "pool1", "flatten1")
    nodes = [node("QuantizeLinear", "x s", "q"), node("DequantizeLinear", "q s", "d"),
             node("Conv", "d w", "y")]  # fmt: skip
    first = model(nodes, [("w", draw(2, 1, 3, 3)), ("s", np.float32(SCALE))])
    assert read_model(first).network.names == ("conv1",)


def test_the_type_of_a_rounding_without_a_zero_may_be_a_setting():
    nodes = [
        node("Conv", "x w", "c"),
        node("QuantizeLinear", "c s", "q", output_dtype=TensorProto.INT8),
    ]
    made = model(nodes, [("w", draw(2, 1, 3, 3)), ("s", np.float32(SCALE))], opset=21)
    assert read_model(made).network.names == ("conv1",)


def test_a_network_in_whole_numbers_says_what_can_be_opened():
    nodes = [node("ConvInteger", "x w", "y"), node("Cast", "y", "z", to=TensorProto.FLOAT)]
    data = model(nodes, [("w", np.ones((2, 1, 3, 3), np.int8))], kind=TensorProto.UINT8)
    with pytest.raises(ModelError, match=r"quantised and computes in whole numbers: .* \(QDQ\)"):
        read_model(data)
