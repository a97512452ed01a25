"""The downloads of the Layers page: maps, weights, settings and code."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from cnnviz.images.loading import encode_png
from cnnviz.nn import Block, Sequential, Stack
from cnnviz.nn.inspection.unit import conv_unit
from cnnviz.nn.stacks.stack import MOST
from cnnviz.ui.export import dialogs
from cnnviz.ui.export.dialogs import Code, Downloads, File, npy, saved, settings_file, zipped
from cnnviz.ui.layers.settings import StackRun
from cnnviz.ui.network.files import FILES, layer_files, network_files, programs
from cnnviz.ui.widgets.settings import Setting, as_json

WEIGHTS = "weights.npz"
SAVED = MOST._replace(cells=8 * 2**20, weights=16 * 2**20)  # 32 and 64 MB


def buttons(run: StackRun, settings: Sequence[Setting]) -> None:
    """Draw the buttons for downloads and code."""
    dialogs.buttons(lambda: downloads(run, as_json(settings)), lambda: code(run))


def downloads(run: StackRun, settings: Mapping[str, object]) -> Downloads:
    """Return a ZIP of everything, and the settings."""
    name, text = settings_file(settings)
    held = _small_enough(run).stages
    weights = "the weights, " if can_save(run) else ""
    end = f" The maps are those down to {run.rows[len(held) - 1].name}." if held else ""
    return Downloads(
        (
            File("layers.zip", lambda: archive(run, settings), "All maps as ZIP"),
            File(name, lambda: text),
            *_network_files(run),
        ),
        "A folder for each layer with its maps as pictures (PNG), as one figure with scale and "
        f"filters (SVG), and as exact numbers (.npy), {weights}settings.json, and the programs for "
        "PyTorch and Keras." + (end if len(held) < len(run.stages) else ""),
    )


def _network_files(run: StackRun) -> tuple[File, ...]:
    """Return the stack as files for other programs, if its weights are small enough."""
    if not can_save(run):
        return ()
    network = run.stack.network
    return File(WEIGHTS, lambda: saved(network), "The weights, as NumPy arrays"), *network_files(
        network
    )


def code(run: StackRun) -> Code:
    """Return the functions that just ran, and the stack in other libraries."""
    ran = (Block.layer, Stack.each_stage, Sequential.each_stage, conv_unit)
    note = f"Gives the numbers on this page. {WEIGHTS}, input.npy: in the ZIP."
    return Code(ran, stack_programs(run), note if can_save(run) else "")


def can_save(run: StackRun) -> bool:
    """Return whether all layers are small enough for the ZIP to contain their weights."""
    return run.stack.within(SAVED) == len(run.stack.rows)


def _small_enough(run: StackRun) -> StackRun:
    """Return the run up to the last map that is small enough for the ZIP."""
    return replace(run, stages=run.stages[: run.stack.within(SAVED)])


def stack_programs(run: StackRun) -> dict[str, str]:
    """Return the stack as programs, by library; they load the weights if these are small enough."""
    return programs(run.stack.network, WEIGHTS if can_save(run) else "")


def archive(run: StackRun, settings: Mapping[str, object]) -> bytes:
    """Return a ZIP file of all maps (PNG, .npy), the weights, the settings, and the programs."""
    return zipped(_files(run, settings))


def _files(run: StackRun, settings: Mapping[str, object]) -> Iterator[tuple[str, bytes | str]]:
    yield "input.npy", npy(run.image)
    whole = np.rint(run.image * 255).astype(np.uint8)
    picture = whole[0] if len(whole) == 1 else whole.transpose(1, 2, 0)
    yield "input.png", encode_png(picture)
    yield from layer_files(_small_enough(run))
    if can_save(run):
        yield WEIGHTS, saved(run.stack.network)
    yield settings_file(settings)
    for library, text in stack_programs(run).items():
        yield FILES[library], text
