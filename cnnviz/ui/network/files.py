"""The maps of a network as files, and the network as programs."""

from collections.abc import Callable, Iterator
from importlib import import_module

from cnnviz.images.colour_maps import COLOUR_MAPS, png, symmetric_limits, to_index
from cnnviz.nn import Sequential
from cnnviz.ui.export.dialogs import File, npy
from cnnviz.ui.export.programs.keras_network import keras_program
from cnnviz.ui.export.programs.network_code import network_program
from cnnviz.ui.network.run import NetworkRun

WRITERS: dict[str, Callable[..., str]] = {"PyTorch": network_program, "Keras": keras_program}
FILES = {"PyTorch": "pytorch.py", "Keras": "keras_program.py"}


def network_files(network: Sequential) -> tuple[File, ...]:
    """Return a network in the forms that other programs read."""
    return (
        File("network.onnx", lambda: onnx_file(network), "The network as ONNX"),
        File(
            "network.safetensors",
            lambda: import_module("cnnviz.nn.formats.safetensors_writer").written(network),
            "Its weights as safetensors",
        ),
    )


def onnx_file(network: Sequential) -> bytes:
    """Return a network as an ONNX file; the library for it is loaded with the first one."""
    return import_module("cnnviz.nn.formats.onnx_writer").written(network)


def layer_files(run: NetworkRun) -> Iterator[tuple[str, bytes]]:
    """Yield a folder for each layer: its maps as pictures, and its exact numbers."""
    for number, (row, stage) in enumerate(zip(run.rows, run.stages, strict=False), 1):
        name = f"{number:02}_{row.name}"
        yield f"{name}/{row.name}.npy", npy(stage)
        limit = symmetric_limits(stage, 99.5)
        for channel, plane in enumerate(stage if stage.ndim == 3 else ()):
            colours = png(to_index(plane, -limit, limit), COLOUR_MAPS["diverging"])
            yield f"{name}/{channel:03}.png", colours


def programs(network: Sequential, weights: str) -> dict[str, str]:
    """Return what computes input.npy once more, by library; a comment where one cannot.

    `weights` is the file that they load, or empty.
    """
    training = any(layer.training for layer in network)
    return {library: _written(library, network, weights, training) for library in WRITERS}


def _written(library: str, network: Sequential, weights: str, training: bool) -> str:
    try:
        return WRITERS[library](network, weights, "input.npy", training=training)
    except ValueError as error:
        return f"# There is no {library} program for this network: {error}\n"
