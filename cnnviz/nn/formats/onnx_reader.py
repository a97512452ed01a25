"""Networks as ONNX files, as PyTorch, Keras, tf2onnx and scikit-learn export them.

Operators: https://onnx.ai/onnx/operators/. The file is parsed and never run; weights stored beside
it come from the files that were passed in, never from a path.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from cnnviz.nn.formats.class_names import class_names
from cnnviz.nn.formats.errors import ModelError, Unsupported
from cnnviz.nn.formats.graph import Graph, Value
from cnnviz.nn.formats.model import Model, Wanted, in_a_size_that_fits, modelled
from cnnviz.nn.formats.onnx_constants import fold, tensor
from cnnviz.nn.formats.onnx_inputs import picture_inputs, plain
from cnnviz.nn.formats.onnx_node import Above, Grouped, Node
from cnnviz.nn.formats.onnx_operators import OPERATORS
from cnnviz.nn.formats.picture_input import PictureInput

__all__ = ["read"]

MAX_NODES = 5000
DOMAINS = ("", "ai.onnx")  # of the operators that are read
NAMES = ("names", "classes", "class_names", "labels")  # metadata keys of class names
QUANTISED = "This network rounds its numbers while it computes; here they are not rounded."
IN_WHOLE_NUMBERS = (
    "ConvInteger", "DynamicQuantizeLinear", "MatMulInteger", "QGemm", "QLinearConv", "QLinearMatMul"
)  # fmt: skip
Found = Value | Above | Grouped | NDArray[Any] | None


def read(data: bytes, external: Mapping[str, bytes], wanted: Wanted) -> Model:
    """Return the network of an ONNX file.

    Raises
    ------
    ModelError
        If it is not one, or no part of it can be shown.
    """
    try:
        model = onnx.load_model_from_string(data)
    except (DecodeError, ValueError, RecursionError):
        raise ModelError("This is not a readable ONNX file, or its end is missing.") from None
    graph = model.graph
    if len(graph.node) > MAX_NODES:
        raise ModelError(f"The file has {len(graph.node)} operators; at most {MAX_NODES} are read.")
    arrays = {proto.name: tensor(proto, external) for proto in graph.initializer}
    pictures = picture_inputs(graph, arrays, wanted.size)
    try:
        return in_a_size_that_fits(
            pictures, lambda picture: _Reading(model, arrays).through(picture)
        )
    except ModelError:
        if any(plain(node.op_type) in IN_WHOLE_NUMBERS for node in graph.node):
            raise ModelError(
                "This network is quantised and computes in whole numbers: open it as it was "
                "before, or quantise it in the form with QuantizeLinear and DequantizeLinear (QDQ)."
            ) from None
        raise


class _Reading:
    """One pass over the nodes of a file, for one size of picture."""

    def __init__(self, model: onnx.ModelProto, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.model = model
        self.opset = max(
            (told.version for told in model.opset_import if told.domain in DOMAINS), default=1
        )
        self.found: dict[str, Found] = dict(arrays)
        self.unknown: set[str] = set()
        self.batch = 1

    def through(self, picture: PictureInput) -> Model:
        """Return the network of these nodes for a picture."""
        graph, nodes = Graph(picture.value), self.model.graph.node
        self.found[picture.name], self.batch = picture.value, picture.batch
        for node in nodes:
            self._read(node, graph)
        outputs = [output.name for output in self.model.graph.output]
        ends = [self.found.get(name) for name in outputs]
        end = next((each for each in ends if isinstance(each, Value)), None)
        if end is None and any(isinstance(each, Above | Grouped) for each in ends):
            graph.unsupported["its kind of output"] += 1
        notes = picture.notes
        if any(node.op_type == "QuantizeLinear" for node in nodes):
            notes += (QUANTISED,)
        told = {entry.key: plain(entry.value) for entry in self.model.metadata_props}
        classes = next((class_names(told[key]) for key in NAMES if key in told), ())
        return modelled(
            graph, end, "ONNX", classes=classes, notes=notes, guessed=picture.guessed,
            outputs=len(outputs),
        )  # fmt: skip

    def _read(self, proto: onnx.NodeProto, graph: Graph) -> None:
        operator = plain(proto.op_type)
        inputs = [name for name in proto.input if name]
        if any(name in self.unknown for name in inputs):
            if operator not in OPERATORS:
                graph.unsupported[operator] += 1
            self.unknown.update(proto.output)
            return
        if lost := next((name for name in inputs if name not in self.found), ""):
            raise ModelError(
                f"{operator} needs {lost!r:.60}, which nothing before it makes: the graph "
                "has a cycle, or weights are missing."
            )
        try:
            made = self._made(operator, proto, graph)
        except Unsupported as reason:
            graph.unsupported[str(reason)] += 1
            self.unknown.update(proto.output)
            return
        except ModelError:
            raise
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
            raise ModelError(f"The settings of a {operator} cannot be read.") from None
        self.found.update(zip(proto.output, made, strict=False))
        self.unknown.update(proto.output[len(made) :])  # such as a dropout mask

    def _made(self, operator: str, proto: onnx.NodeProto, graph: Graph) -> Sequence[Found]:
        """Return the outputs of a node, or the first ones."""
        inputs = [self.found[name] if name else None for name in proto.input]
        settings = {entry.name: _setting(entry) for entry in proto.attribute}
        if proto.domain not in DOMAINS:
            raise Unsupported(f"{plain(proto.domain)}.{operator}")
        if operator == "Shape" and isinstance(inputs[0], Value):
            sizes = np.array((1, *inputs[0].filed), np.int64)
            return (sizes[settings.get("start", 0) : settings.get("end")],)
        if not any(isinstance(each, Value | Above | Grouped) for each in inputs):
            arrays = [each for each in inputs if isinstance(each, np.ndarray | np.generic)]
            return (fold(operator, arrays, settings),)
        if operator not in OPERATORS:
            raise Unsupported(operator)
        counts = self.opset, self.batch, len(proto.output)
        made = OPERATORS[operator](Node(operator, inputs, settings, graph, *counts))
        return made if isinstance(made, list) else (made,)


def _setting(entry: onnx.AttributeProto) -> Any:  # any type of ONNX
    if entry.type == onnx.AttributeProto.TENSOR:
        return tensor(entry.t, {})
    if entry.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS):
        return None
    try:
        return onnx.helper.get_attribute_value(entry)
    except (ValueError, TypeError):
        raise ModelError(f"The setting {entry.name!r:.60} cannot be read.") from None
