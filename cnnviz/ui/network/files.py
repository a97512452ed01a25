"""The maps of a network as files, and the network as programs."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

from numpy.typing import NDArray

from cnnviz.images.colour_maps import COLOUR_MAPS, png, symmetric_limits, to_index
from cnnviz.nn import Conv2d, Layer, Row, Sequential
from cnnviz.nn.stacks.filters import strongest
from cnnviz.ui.export.dialogs import File, npy
from cnnviz.ui.export.figures import Scale, Tile, sheet
from cnnviz.ui.export.programs.keras_network import keras_program
from cnnviz.ui.export.programs.torch_network import torch_program
from cnnviz.ui.network.run import NetworkRun
from cnnviz.ui.widgets.formatting import number

WRITERS: dict[str, Callable[..., str]] = {"PyTorch": torch_program, "Keras": keras_program}
MOST_TILES = 64  # maps in one figure of a layer
FILES = {"PyTorch": "pytorch.py", "Keras": "keras_program.py"}


def network_files(network: Sequential) -> tuple[File, ...]:
    """Return a network in the file formats that other programs read."""
    return (
        File("network.onnx", lambda: onnx_file(network), "The network as ONNX"),
        File(
            "network.safetensors",
            lambda: import_module("cnnviz.nn.formats.safetensors_writer").written(network),
            "Its weights as safetensors",
        ),
    )


def onnx_file(network: Sequential) -> bytes:
    """Return a network as an ONNX file; the library is imported on the first call."""
    return import_module("cnnviz.nn.formats.onnx_writer").written(network)


def layer_files(run: NetworkRun) -> Iterator[tuple[str, bytes | str]]:
    """Yield the files of each layer's folder: its maps as pictures, and its exact numbers."""
    for place, (row, stage) in enumerate(zip(run.rows, run.stages, strict=False), 1):
        name = f"{place:02}_{row.name}"
        yield f"{name}/{row.name}.npy", npy(stage)
        limit = symmetric_limits(stage, 99.5)
        planes = stage if stage.ndim == 3 else ()
        pictures = [
            png(to_index(plane, -limit, limit), COLOUR_MAPS["diverging"]) for plane in planes
        ]
        for channel, picture in enumerate(pictures):
            yield f"{name}/{channel:03}.png", picture
        if pictures:
            layer = run.network[place - 1]
            yield f"{name}/{row.name}.svg", _sheet(row, layer, stage, pictures[:MOST_TILES], limit)


def _sheet(row: Row, layer: Layer, stage: NDArray, pictures: Sequence[bytes], limit: float) -> str:
    """Return the maps of a layer as one figure, with the filters of a convolution."""
    kernels = strongest(layer) if isinstance(layer, Conv2d) else [None] * len(pictures)
    cut = f", the first {len(pictures)} of {len(stage)}" if len(pictures) < len(stage) else ""
    lines = [f"{' × '.join(map(str, stage.shape))}{cut}"]
    if isinstance(layer, Conv2d):
        of = " (the channel that it weighs most)" if layer.weight.shape[1] > 1 else ""
        lines.append(f"Below each map its filter{of}: brown below zero, teal above.")
    low, high = float(stage.min()), float(stage.max())
    legend = (
        ("≤ " if low < -limit else "") + number(-limit),
        "0",
        ("≥ " if high > limit else "") + number(limit),
    )
    tiles = [Tile(*each) for each in zip(pictures, kernels, strict=False)]
    return sheet(row.name, lines, tiles, Scale("diverging", legend))


def programs(network: Sequential, weights: str) -> dict[str, str]:
    """Return programs that run the network on input.npy, by library; a comment if a library cannot.

    `weights` is the file that they load, or empty.
    """
    training = any(layer.training for layer in network)
    return {library: _written(library, network, weights, training) for library in WRITERS}


def _written(library: str, network: Sequential, weights: str, training: bool) -> str:
    try:
        return WRITERS[library](network, weights, "input.npy", training=training)
    except ValueError as error:
        return f"# There is no {library} program for this network: {error}\n"
