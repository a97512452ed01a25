"""ONNX files as bytes, written by hand."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


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


__all__ = ["beside", "draw", "model", "node", "onnx", "tensor"]
