"""ONNX files as bytes, written by hand, and their networks beside those of onnx."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from cnnviz.nn import read_model


def model(nodes, weights=(), shape=(1, 1, 8, 8), *, kind=TensorProto.FLOAT, opset=20, **metadata):
    """Return a file with the input "x" and the output of the last node."""
    proto = helper.make_model(
        helper.make_graph(
            list(nodes),
            "graph",
            [helper.make_tensor_value_info("x", kind, shape)],
            [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, None)],
            [each if isinstance(each, TensorProto) else tensor(*each) for each in weights],
        ),
        opset_imports=[helper.make_opsetid("", opset)],
        ir_version=9,
    )
    for key, value in metadata.items():
        entry = proto.metadata_props.add()
        entry.key, entry.value = key, value
    return proto.SerializeToString()


def node(operator, inputs, output, **settings):
    return helper.make_node(operator, inputs.split(), [output], **settings)


def tensor(name, values):
    return numpy_helper.from_array(np.asarray(values), name)


def beside(name, shape, location, offset=0, length=None):
    """Return a weight whose numbers are in another file."""
    proto = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
    proto.data_location = TensorProto.EXTERNAL
    length = 4 * int(np.prod(shape)) if length is None else length
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        entry = proto.external_data.add()
        entry.key, entry.value = key, str(value)
    return proto


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


CONV = node("Conv", "x w b", "y", pads=[1, 1, 1, 1])
WEIGHTS = ("w", draw(3, 1, 3, 3)), ("b", draw(3, seed=1))


def agrees(data, shape):
    """Compare a file's network with the evaluator of onnx; return what was read."""
    read, x = read_model(data), draw(*shape, seed=9)
    (wanted,) = ReferenceEvaluator(onnx.load_from_string(data)).run(None, {"x": x})
    if read.channels_last:
        x = x.transpose(0, 3, 1, 2)
    np.testing.assert_allclose(read.network.forward(x), wanted, rtol=1e-4, atol=1e-5)
    assert read.whole
    return read
