"""What a person takes home from the Layers page: maps, weights, settings and code."""

import inspect
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import streamlit as st

from cnnviz.images.loading import encode_png
from cnnviz.nn import Block, Sequential, Stack
from cnnviz.nn.inspection.unit import conv_unit
from cnnviz.ui.export.downloads import npy, saved
from cnnviz.ui.export.programs.keras_network import keras_program
from cnnviz.ui.export.programs.network_code import network_program
from cnnviz.ui.layers.settings import StackRun
from cnnviz.ui.network.files import write_layers
from cnnviz.ui.widgets.settings import Setting, as_json

WEIGHTS = "weights.npz"


def buttons(run: StackRun, settings: Sequence[Setting]) -> None:
    """Draw the buttons for downloads and code."""
    if st.button("Download"):
        _downloads(run, as_json(settings))
    if st.button("Code"):
        _code(run)


@st.dialog("Download", width="medium")
def _downloads(run: StackRun, settings: Mapping[str, object]) -> None:
    st.download_button(
        "All maps as ZIP",
        partial(archive, run, settings),
        "layers.zip",
        "application/zip",
        type="primary",
        on_click="ignore",
    )
    st.caption(
        "A folder for each layer with its maps as pictures (PNG) and exact numbers (.npy), the "
        "weights, settings.json, and the programs that read them in PyTorch and Keras."
    )
    st.download_button(
        "settings.json",
        json.dumps(settings, indent=2, ensure_ascii=False),
        "settings.json",
        "application/json",
        on_click="ignore",
    )


@st.dialog("Code", width="large")
def _code(run: StackRun) -> None:
    ours, *theirs = st.tabs(["What just ran", "PyTorch", "Keras"])
    with ours:
        ran: tuple[Callable, ...] = (Block.layer, Stack.stages, Sequential._pass, conv_unit)
        st.code("\n\n".join(map(inspect.getsource, ran)), language="python")
    for tab, text in zip(theirs, (program(run), keras(run)), strict=True):
        with tab:
            if can_save(run):
                st.caption(f"Gives the numbers on this page. {WEIGHTS}, input.npy: in the ZIP.")
            st.code(text, language="python")


def can_save(run: StackRun) -> bool:
    """Whether all layers are small enough for their weights to be in the ZIP."""
    return len(run.stages) == len(run.stack.rows)


def program(run: StackRun) -> str:
    """Return the stack as a PyTorch program; it loads the weights where they are small enough."""
    text = network_program(run.stack.network, WEIGHTS)
    shape = ", ".join(map(str, run.stack.input_shape))
    example = f"torch.zeros(1, {shape})"
    text = text.replace(example, 'torch.from_numpy(np.load("input.npy"))[None]')
    text = text if can_save(run) else _without_weights(text)
    if any(layer.training for layer in run.stack.network):
        statistics = "network.train()  # batch normalisation by the numbers of this picture"
        text = text.replace("network.eval()", statistics)
    return text


def keras(run: StackRun) -> str:
    """Return the stack as a Keras program, which loads the weights too if they are small enough."""
    training = any(layer.training for layer in run.stack.network)
    weights = WEIGHTS if can_save(run) else ""
    return keras_program(run.stack.network, weights, "input.npy", training=training)


def _without_weights(text: str) -> str:
    """Leave out what loads the weights: PyTorch then draws its own."""
    head, _, rest = text.partition("with np.load(")
    return head + rest[rest.index("network.eval()") :]


def archive(run: StackRun, settings: Mapping[str, object]) -> bytes:
    """Return all maps as a ZIP file: PNG, .npy, the weights, the settings, and the program."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("input.npy", npy(run.image))
        whole = np.rint(run.image * 255).astype(np.uint8)
        picture = whole[0] if len(whole) == 1 else whole.transpose(1, 2, 0)
        folder.writestr("input.png", encode_png(picture))
        write_layers(folder, run)
        if can_save(run):
            folder.writestr(WEIGHTS, saved(run.stack.network))
        folder.writestr("settings.json", json.dumps(settings, indent=2, ensure_ascii=False))
        folder.writestr("pytorch.py", program(run))
        folder.writestr("keras_program.py", keras(run))
    return file.getvalue()
