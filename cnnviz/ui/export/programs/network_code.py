"""A network as a PyTorch program: the same layers, with the weights of its npz file."""

from collections.abc import Callable, Mapping
from typing import Any

from cnnviz.functional.shapes import padding_pairs
from cnnviz.nn import Layer, Sequential

PROGRAM = """\
import numpy as np
import torch
from torch import nn

network = nn.Sequential(
{layers}
)
with np.load("{file}") as arrays:
    state = {{name: torch.from_numpy(arrays[name]) for name in arrays if name != "network"}}
{renamed}network.load_state_dict(state, strict={strict})
network.eval()

x = torch.zeros(1, {shape})  # (N, C, H, W), float32
with torch.no_grad():
    print(network(x).shape)
"""
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
}
PADS = {
    "zeros": "nn.ZeroPad2d",
    "reflect": "nn.ReflectionPad2d",
    "replicate": "nn.ReplicationPad2d",
    "circular": "nn.CircularPad2d",
}
Sides = tuple[tuple[int, int], tuple[int, int]]


def network_program(network: Sequential, file: str = "network.npz") -> str:
    r"""Write a program that defines `network` in PyTorch and loads the arrays of `file`.

    Parameters
    ----------
    network : Sequential
        With an input shape.
    file : str
        What `Sequential.save` wrote.

    Raises
    ------
    ValueError
        If the network has no input shape, or an average pooling that PyTorch does not have.

    Examples
    --------
    >>> from cnnviz.nn import small_cnn
    >>> program = network_program(small_cnn((1, 8, 8), "0123456789"))
    >>> print(*program.splitlines()[4:8], sep="\n")
    network = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
    """
    lines, moved = layer_lines(network)
    shape = ", ".join(map(str, network.input_shape))
    renamed = "".join(f'state["{new}"] = state.pop("{old}")\n' for old, new in moved)
    return PROGRAM.format(
        layers="\n".join(lines),
        file=file,
        renamed=renamed,
        # Of batch normalisation PyTorch also counts the batches, and does not use the count.
        strict=not any(layer.buffers() for layer in network),
        shape=shape,
    )


def layer_lines(network: Sequential) -> tuple[list[str], list[tuple[str, str]]]:
    """Return a line for each layer, and which weights PyTorch calls by another name: old, new."""
    if network.input_shape is None:
        raise ValueError("The program needs to know the input shape of the network.")
    shapes = [network.input_shape, *(row.output_shape for row in network.summary())]
    lines, moved = [], []
    for number, layer in enumerate(network):
        pads, line = _line(layer, shapes[number])
        if pads:  # both stand in the place of one, so that the names of the weights still count
            line = f"nn.Sequential({pads}, {line})"
            moved += [(f"{number}.{name}", f"{number}.1.{name}") for name in layer.parameters()]
        lines.append(f"    {line},")
    return lines, moved


def _line(layer: Layer, shape: tuple[int, ...]) -> tuple[str, str]:
    """Return what pads the input first, or nothing, and the layer, as PyTorch writes them."""
    return WRITERS[type(layer).__name__](layer.settings, shape)


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


def _pool(kind: str) -> Callable[[Mapping[str, Any], tuple[int, ...]], tuple[str, str]]:
    def write(settings: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[str, str]:
        counted = settings.get("count_include_pad", True)
        # What a maximum is padded with must never win.
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
    """Return what pads each side by itself, or the option that pads all alike."""
    rows, columns = padding_pairs(
        settings["padding"],
        shape[1:],
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


WRITERS: dict[str, Callable[[Mapping[str, Any], tuple[int, ...]], tuple[str, str]]] = {
    "Conv2d": _conv,
    "MaxPool2d": _pool("Max"),
    "AvgPool2d": _pool("Avg"),
    "Activation": _activation,
    "BatchNorm2d": _norm,
    "Linear": _linear,
    "Flatten": lambda *_: ("", "nn.Flatten()"),
    "Softmax": lambda *_: ("", "nn.Softmax(1)"),
}
