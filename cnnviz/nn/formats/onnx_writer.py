"""Write our networks as ONNX files, which every framework's runtime can read.

Operators: https://onnx.ai/onnx/operators/, in the version of opset 20.
"""

import json
from collections.abc import Sequence

import onnx
from onnx import TensorProto, helper

from cnnviz.nn.formats.onnx_layers import OPSET, Nodes
from cnnviz.nn.network import Sequential
from cnnviz.nn.summary import Row

__all__ = ["written"]

IR_VERSION = 9  # the one of opset 20


def written(network: Sequential) -> bytes:
    """Return a network as an ONNX file, checked by `onnx.checker`.

    Its input "image" is (N, C, H, W); class names are in the metadata as "names".

    Raises
    ------
    ValueError
        If the network has no input shape.

    Examples
    --------
    >>> from cnnviz.nn import load_model, small_cnn
    >>> network = small_cnn((1, 8, 8), "0123456789")
    >>> load_model(written(network)).names == network.names
    True
    """
    if network.input_shape is None:
        raise ValueError("An ONNX file says how large its pictures are; give an input shape.")
    writer = Nodes()
    before = Row.of_input(network.input_shape)
    end = writer.chain(network, before, "image")
    shape = network.summary()[-1].output_shape if len(network) else network.input_shape
    writer.node("Identity", [end], output="output")
    graph = helper.make_graph(
        writer.nodes,
        "network",
        [_info("image", network.input_shape)],
        [_info("output", shape)],
        writer.weights,
    )
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(
        graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="cnnviz"
    )
    if network.classes:
        helper.set_model_props(model, {"names": json.dumps(network.classes)})
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def _info(name: str, shape: Sequence[int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])
