"""The layers of a network as PyTorch code."""

from collections.abc import Callable, Mapping
from textwrap import indent
from typing import Any

from cnnviz.functional.geometry import padding_pairs
from cnnviz.functional.padding import border_sides
from cnnviz.nn import Layer, Row, Sequential

TAB = "    "
ACTIVATIONS = {
    "none": "nn.Identity()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU({negative_slope})",
    "prelu": "nn.PReLU()",
    "elu": "nn.ELU({alpha})",
    "selu": "nn.SELU()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "softplus": "nn.Softplus()",
    "relu6": "nn.ReLU6()",
    "hardsigmoid": "nn.Hardsigmoid()",
    "hardswish": "nn.Hardswish()",
}
PADS = {
    "zeros": "nn.ZeroPad2d",
    "reflect": "nn.ReflectionPad2d",
    "replicate": "nn.ReplicationPad2d",
    "circular": "nn.CircularPad2d",
}


def layer_lines(network: Sequential) -> tuple[list[str], list[tuple[str, str]]]:
    """Return lines for all layers, and (old, new) for weights that PyTorch names differently."""
    if network.input_shape is None:
        raise ValueError("The program needs to know the input shape of the network.")
    lines, moved = _chain(network, Row.of_input(network.input_shape))
    return [TAB + line for line in lines], moved


def _chain(network: Sequential, before: Row) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the lines and renamed weights of layers, the first of which follows a given row."""
    lines, moved = [], []
    for number, (layer, row) in enumerate(zip(network, before.through(network), strict=True)):
        written, renamed = _layer(layer, before)
        lines += [*written[:-1], f"{written[-1]},"]
        moved += [(f"{number}.{old}", f"{number}.{new}") for old, new in renamed]
        before = row
    return lines, moved


def _layer(layer: Layer, before: Row) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the lines of one layer, and its weights with another name in PyTorch."""
    if not layer.branches:
        pads, line = WRITERS[type(layer).__name__](layer.settings, before.output_shape)
        if not pads:
            return [line], []
        # Both together replace one layer, so that the names of the other weights still match.
        return [f"nn.Sequential({pads}, {line})"], [(n, f"1.{n}") for n in layer.parameters()]
    lines, moved = [f"{type(layer).__name__}(["], []
    for number, branch in enumerate(layer.branches):
        inside, renamed = _chain(branch, before)
        lines += indent("\n".join(_sequential(inside)), TAB).splitlines()
        moved += [(f"{number}.{old}", f"{number}.{new}") for old, new in renamed]
    return [*lines, "])"], moved


def _sequential(lines: list[str]) -> list[str]:
    """Return an nn.Sequential of these lines, on one line if there is at most one layer."""
    if len(lines) <= 1:
        return [f"nn.Sequential({''.join(lines).removesuffix(',')}),"]
    return ["nn.Sequential(", *(TAB + line for line in lines), "),"]


def _conv(settings: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[str, str]:
    mode = settings["padding_mode"]
    pads, options = _padding(settings, shape, PADS[mode])
    kernel = _pair(settings["kernel_size"])
    text = f"nn.Conv2d({settings['in_channels']}, {settings['out_channels']}, {kernel}"
    for name, plain in (("stride", (1, 1)), ("dilation", (1, 1))):
        if settings[name] != plain:
            options += f", {name}={_pair(settings[name])}"
    if settings["groups"] > 1:
        options += f", groups={settings['groups']}"
    if mode != "zeros" and "padding" in options:
        options += f', padding_mode="{mode}"'
    if not settings["bias"]:
        options += ", bias=False"
    return pads, f"{text}{options})"


def _conv_transposed(settings: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[str, str]:
    rows, columns = border_sides(settings["padding"])
    if rows[0] != rows[1] or columns[0] != columns[1]:
        raise ValueError(
            "PyTorch has no transposed convolution with a padding that differs from side to side."
        )
    kernel = _pair(settings["kernel_size"])
    text = f"nn.ConvTranspose2d({settings['in_channels']}, {settings['out_channels']}, {kernel}"
    for name, value, plain in (
        ("stride", settings["stride"], (1, 1)),
        ("padding", (rows[0], columns[0]), (0, 0)),
        ("output_padding", settings["output_padding"], (0, 0)),
        ("dilation", settings["dilation"], (1, 1)),
    ):
        text += "" if value == plain else f", {name}={_pair(value)}"
    text += f", groups={settings['groups']}" if settings["groups"] > 1 else ""
    return "", text + ("" if settings["bias"] else ", bias=False") + ")"


def _border(settings: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[str, str]:
    rows, columns = border_sides(settings["padding"])
    sides = ", ".join(map(str, (*columns, *rows)))
    return "", f"{PADS[settings['padding_mode']]}(({sides}))"


def _pool(kind: str) -> Callable[[Mapping[str, Any], tuple[int, ...]], tuple[str, str]]:
    def write(settings: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[str, str]:
        counted = settings.get("count_include_pad", True)
        # The padding of a maximum must never win.
        pads, options = _padding(
            settings, shape, "nn.ConstantPad2d" if kind == "Max" else PADS["zeros"]
        )
        if pads and kind == "Max":
            pads = pads.removesuffix(")") + ', float("-inf"))'
        if pads and not counted:
            raise ValueError(
                "PyTorch has no average pooling that leaves out a padding which differs from "
                "side to side."
            )
        if settings["stride"] != settings["kernel_size"]:
            options += f", stride={_pair(settings['stride'])}"
        if settings.get("dilation", (1, 1)) != (1, 1):
            options += f", dilation={_pair(settings['dilation'])}"
        if settings.get("ceil_mode"):
            options += ", ceil_mode=True"
        if not counted:
            options += ", count_include_pad=False"
        return pads, f"nn.{kind}Pool2d({_pair(settings['kernel_size'])}{options})"

    return write


def _padding(settings: Mapping[str, Any], shape: tuple[int, ...], pad: str) -> tuple[str, str]:
    """Return a layer that pads each side separately, or the option that pads all sides equally."""
    _, height, width = shape
    rows, columns = padding_pairs(
        settings["padding"],
        (height, width),
        settings["kernel_size"],
        stride=settings["stride"],
        dilation=settings.get("dilation", (1, 1)),
    )
    if rows[0] == rows[1] and columns[0] == columns[1]:
        both = rows[0], columns[0]
        return "", f", padding={_pair(both)}" if any(both) else ""
    return f"{pad}(({', '.join(map(str, (*columns, *rows)))}))", ""


def _pair(numbers: tuple[int, int]) -> str:
    return str(numbers[0]) if numbers[0] == numbers[1] else str(tuple(numbers))


def _upsample(settings: Mapping[str, Any], _: tuple[int, ...]) -> tuple[str, str]:
    text = f"nn.Upsample(scale_factor={_pair(settings['scale_factor'])}"
    text += "" if settings["mode"] == "nearest" else f', mode="{settings["mode"]}"'
    return "", text + (", align_corners=True" if settings["align_corners"] else "") + ")"


def _activation(settings: Mapping[str, Any], _: tuple[int, ...]) -> tuple[str, str]:
    return "", ACTIVATIONS[settings["name"]].format_map(settings)


def _norm(settings: Mapping[str, Any], _: tuple[int, ...]) -> tuple[str, str]:
    text = f"nn.BatchNorm2d({settings['num_features']}"
    for name, plain in (("eps", 1e-5), ("momentum", 0.1)):
        if settings[name] != plain:
            text += f", {name}={settings[name]}"
    return "", f"{text})"


def _linear(settings: Mapping[str, Any], _: tuple[int, ...]) -> tuple[str, str]:
    bias = "" if settings["bias"] else ", bias=False"
    return "", f"nn.Linear({settings['in_features']}, {settings['out_features']}{bias})"


def _select(settings: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[str, str]:
    return "", f"SelectChannels({list(settings['channels'])})"


WRITERS: dict[str, Callable[[Mapping[str, Any], tuple[int, ...]], tuple[str, str]]] = {
    "Conv2d": _conv,
    "MaxPool2d": _pool("Max"),
    "AvgPool2d": _pool("Avg"),
    "Activation": _activation,
    "BatchNorm2d": _norm,
    "Linear": _linear,
    "Flatten": lambda *_: ("", "nn.Flatten()"),
    "Softmax": lambda *_: ("", "nn.Softmax(1)"),
    "ConvTranspose2d": _conv_transposed,
    "Pad2d": _border,
    "PReLU": lambda settings, _: ("", f"nn.PReLU({settings['num_parameters']})"),
    "Affine": lambda settings, _: ("", f"Affine({settings['num_features']})"),
    "Dropout": lambda settings, _: ("", f"nn.Dropout({settings['p']})"),
    "GlobalMaxPool2d": lambda *_: ("", "nn.AdaptiveMaxPool2d(1)"),
    "GlobalAvgPool2d": lambda *_: ("", "nn.AdaptiveAvgPool2d(1)"),
    "Upsample": _upsample,
    "SelectChannels": _select,
}
