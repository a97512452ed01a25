"""The layers of a network as Keras code.

The channels are last on every backend, and Keras pads only with zeros: other borders are copied
from the rows and columns of the maps.
"""

from collections.abc import Callable

from cnnviz.functional.padding import PADDING_MODES, Sides
from cnnviz.nn import (
    Activation,
    Affine,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Gated,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    Layer,
    Linear,
    MaxPool2d,
    Pad2d,
    Parallel,
    PReLU,
    Residual,
    Row,
    SelectChannels,
    Sequential,
    Softmax,
    Upsample,
)

ACTIVATIONS = {
    "relu": "layers.ReLU()",
    "leaky_relu": "layers.LeakyReLU(negative_slope={negative_slope})",
    "elu": "layers.ELU({alpha})",
    "hardsigmoid": 'layers.Activation("hard_sigmoid")',
    "hardswish": 'layers.Activation("hard_swish")',
}
Lines = list[str]
Writer = Callable[[Layer, Row, str, str], Lines]  # layer, input shape, name, variable


def layer_lines(network: Sequential, before: Row, prefix: str, x: str) -> Lines:
    """Return the lines of layers, the first of which follows a given row, in the variable `x`."""
    lines: Lines = []
    for number, (layer, row) in enumerate(zip(network, before.through(network), strict=True)):
        lines += WRITERS[type(layer)](layer, before, f"{prefix}{number}", x)
        before = row
    return lines


def _conv(layer: Conv2d, before: Row, name: str, x: str) -> Lines:
    settings, axes = layer.settings, layer.windows(before.output_shape[1:]).axes
    borders, sizes = (axes[0].border, axes[1].border), (axes[0].size, axes[1].size)
    options, lines = "", []
    if settings["padding_mode"] != "zeros":
        lines = _border_taken(borders, sizes, PADDING_MODES[settings["padding_mode"]], x)
    elif settings["stride"] == (1, 1) and all(
        (axis.extent - 1) // 2 == axis.border[0] and axis.extent - 1 == sum(axis.border)
        for axis in axes
    ):
        options = ', padding="same"' if any(map(any, borders)) else ""
    else:
        lines = _zeros(borders, x)
    stride, dilation, groups = (settings[each] for each in ("stride", "dilation", "groups"))
    apart = ""
    if stride != (1, 1) and dilation != (1, 1):  # Keras cannot do this in one call
        apart, stride = f"[:, ::{stride[0]}, ::{stride[1]}]", (1, 1)
    for word, value, plain in (
        ("strides", stride, (1, 1)),
        ("dilation_rate", dilation, (1, 1)),
        ("groups", groups, 1),
    ):
        options += "" if value == plain else f", {word}={_pair(value)}"
    options += "" if settings["bias"] else ", use_bias=False"
    kernel = _pair(settings["kernel_size"])
    call = f'layers.Conv2D({layer.out_channels}, {kernel}{options}, name="{name}")'
    return [*lines, f"{x} = {call}({x}){apart}"]


def _max_pool(layer: MaxPool2d, before: Row, name: str, x: str) -> Lines:
    if layer.settings["dilation"] != (1, 1):
        raise ValueError("Keras has no max pooling with dilation.")
    axes = layer.windows(before.output_shape[1:]).axes
    borders = tuple(axis.border for axis in axes)
    lines = []
    if any(map(any, borders)):  # the padding of a maximum must never win
        sides = f"((0, 0), {borders[0]}, {borders[1]}, (0, 0))"
        lines = [f'{x} = ops.pad({x}, {sides}, constant_values=-float("inf"))']
    return [*lines, f"{x} = layers.MaxPooling2D({_window(layer)})({x})"]


def _avg_pool(layer: AvgPool2d, before: Row, name: str, x: str) -> Lines:
    axes = layer.windows(before.output_shape[1:]).axes
    lines = _zeros((axes[0].border, axes[1].border), x)
    lines.append(f"{x} = layers.AveragePooling2D({_window(layer)})({x})")
    counted = [axis.cells_counted(layer.settings["count_include_pad"]).tolist() for axis in axes]
    cells = [axis.kernel_size for axis in axes]
    if any(set(each) != {full} for each, full in zip(counted, cells, strict=True)):
        outer = f"np.outer({counted[0]}, {counted[1]})"  # cells that a mean runs over
        lines.append(f"{x} = {x} * ({cells[0] * cells[1]} / {outer})[None, ..., None]")
    return lines


def _activation(layer: Activation, before: Row, name: str, x: str) -> Lines:
    kind = layer.kind
    if kind == "none":
        return []
    if kind == "prelu":
        shared = "shared_axes=[1, 2], " if len(before.output_shape) == 3 else ""
        return [f'{x} = layers.PReLU({shared}name="{name}")({x})']
    call = ACTIVATIONS.get(kind, f'layers.Activation("{kind}")').format_map(layer.settings)
    return [f"{x} = {call}({x})"]


def _norm(layer: BatchNorm2d, before: Row, name: str, x: str) -> Lines:
    options = f"epsilon={layer.settings['eps']}"
    if layer.settings["momentum"] != 0.01:
        options += f", momentum={round(1 - layer.settings['momentum'], 12)}"
    return [f'{x} = layers.BatchNormalization({options}, name="{name}")({x})']


def _linear(layer: Linear, before: Row, name: str, x: str) -> Lines:
    bias = "" if layer.settings["bias"] else ", use_bias=False"
    call = f'layers.Dense({layer.settings["out_features"]}{bias}, name="{name}")'
    return [f"{x} = {call}({x})"]


def _prelu(layer: PReLU, before: Row, name: str, x: str) -> Lines:
    shared = "shared_axes=[1, 2], " if len(before.output_shape) == 3 else ""
    return [f'{x} = layers.PReLU({shared}name="{name}")({x})']


def _affine(layer: Affine, before: Row, name: str, x: str) -> Lines:
    """Return a normalisation whose mean and variance stay at 0 and 1."""
    return [f'{x} = layers.BatchNormalization(epsilon=0, name="{name}")({x}, training=False)']


def _pad(layer: Pad2d, before: Row, name: str, x: str) -> Lines:
    _, height, width = before.output_shape
    rows, columns = layer.windows((height, width)).axes
    borders, mode = (rows.padding, columns.padding), layer.settings["padding_mode"]
    if mode == "zeros":
        return _zeros(borders, x)
    return _border_taken(borders, (height, width), PADDING_MODES[mode], x)


def _conv_transposed(layer: ConvTranspose2d, before: Row, name: str, x: str) -> Lines:
    """Return the full transposed convolution, and the cropping or padding of its result."""
    settings, made = layer.settings, layer.output_shape(before.output_shape)[1:]
    if settings["groups"] > 1:
        raise ValueError("Keras has no transposed convolution in groups.")
    stride, dilation = settings["stride"], settings["dilation"]
    cut, put = [], []
    for axis, ((first, _), cells) in enumerate(
        zip(layer._sides(), before.output_shape[1:], strict=True)
    ):
        whole = cells * stride[axis] + max(layer._extent(axis) - stride[axis], 0)
        rest = whole - first - made[axis]
        cut.append((first, max(rest, 0)))
        put.append((0, max(-rest, 0)))
    options = "" if stride == (1, 1) else f", strides={_pair(stride)}"
    options += "" if dilation == (1, 1) else f", dilation_rate={_pair(dilation)}"
    kernel, bias = _pair(settings["kernel_size"]), settings["bias"]
    if bias and any(map(any, put)):
        raise ValueError("Keras adds no bias to the output padding of a transposed convolution.")
    options += "" if bias else ", use_bias=False"
    call = f'layers.Conv2DTranspose({settings["out_channels"]}, {kernel}{options}, name="{name}")'
    lines = [f"{x} = {call}({x})"]
    if any(map(any, cut)):
        lines.append(f"{x} = layers.Cropping2D({tuple(cut)})({x})")
    return [*lines, *_zeros((put[0], put[1]), x)]


def _upsample(layer: Upsample, before: Row, name: str, x: str) -> Lines:
    if layer.settings["align_corners"]:
        raise ValueError("Keras has no upsampling that aligns the corners.")
    mode = layer.settings["mode"]
    options = "" if mode == "nearest" else f', interpolation="{mode}"'
    factor = _pair(layer.settings["scale_factor"])
    return [f"{x} = layers.UpSampling2D({factor}{options})({x})"]


def _select(layer: SelectChannels, before: Row, name: str, x: str) -> Lines:
    return [f"{x} = ops.take({x}, {list(layer.settings['channels'])}, axis=-1)"]


def _flatten(layer: Flatten, before: Row, name: str, x: str) -> Lines:
    maps = len(before.output_shape) == 3 and before.output_shape[1:] != (1, 1)
    first = [f"{x} = layers.Permute((3, 1, 2))({x})  # channel by channel"] if maps else []
    return [*first, f"{x} = layers.Flatten()({x})"]


def _branches(layer: Parallel | Residual | Gated, before: Row, name: str, x: str) -> Lines:
    lines, ends = [], []
    for number, branch in enumerate(layer.branches):
        end = f"{x}_{number}"
        lines += [f"{end} = {x}", *layer_lines(branch, before, f"{name}_{number}_", end)]
        ends.append(end)
    together = {Parallel: "Concatenate", Residual: "Add", Gated: "Multiply"}[type(layer)]
    if len(ends) == 1:
        return [*lines, f"{x} = {ends[0]}"]
    return [*lines, f"{x} = layers.{together}()([{', '.join(ends)}])"]


def _plain(call: str) -> Writer:
    return lambda layer, before, name, x: [f"{x} = {call.format_map(layer.settings)}({x})"]


def _zeros(borders: tuple[Sides, Sides], x: str) -> Lines:
    return [f"{x} = layers.ZeroPadding2D({borders})({x})"] if any(map(any, borders)) else []


def _border_taken(borders: tuple[Sides, Sides], sizes: tuple[int, int], mode: str, x: str) -> Lines:
    """Return the lines that pad the maps with copies of other rows and columns."""
    return [
        f'{x} = ops.take({x}, np.pad(np.arange({size}), {border}, "{mode}"), axis={axis})'
        for axis, (size, border) in enumerate(zip(sizes, borders, strict=True), 1)
        if any(border)
    ]


def _window(layer: MaxPool2d | AvgPool2d) -> str:
    kernel, stride = layer.settings["kernel_size"], layer.settings["stride"]
    return _pair(kernel) if stride == kernel else f"{_pair(kernel)}, strides={_pair(stride)}"


def _pair(numbers: int | tuple[int, int]) -> str:
    if isinstance(numbers, tuple) and numbers[0] == numbers[1]:
        return str(numbers[0])
    return str(numbers)


WRITERS: dict[type[Layer], Callable[..., Lines]] = {
    Conv2d: _conv,
    MaxPool2d: _max_pool,
    AvgPool2d: _avg_pool,
    GlobalMaxPool2d: _plain("layers.GlobalMaxPooling2D(keepdims=True)"),
    GlobalAvgPool2d: _plain("layers.GlobalAveragePooling2D(keepdims=True)"),
    Activation: _activation,
    BatchNorm2d: _norm,
    ConvTranspose2d: _conv_transposed,
    Pad2d: _pad,
    PReLU: _prelu,
    Affine: _affine,
    Dropout: _plain("layers.Dropout({p})"),
    Linear: _linear,
    Flatten: _flatten,
    Softmax: _plain("layers.Softmax()"),
    Parallel: _branches,
    Residual: _branches,
    Gated: _branches,
    Upsample: _upsample,
    SelectChannels: _select,
}
