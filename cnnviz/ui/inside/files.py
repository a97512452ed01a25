"""What a person takes home from the Inside page: maps, evidence, the network, and code."""

import inspect
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from cnnviz.nn import Sequential, grad_cam, rivals, saliency
from cnnviz.nn.inspection.attribution import covered_scores
from cnnviz.nn.inspection.unit import conv_unit
from cnnviz.ui.export.downloads import npy, pane_png, saved
from cnnviz.ui.export.programs.keras_network import keras_program
from cnnviz.ui.export.programs.network_code import network_program
from cnnviz.ui.inside.settings import Inspection
from cnnviz.ui.maps.panes import Look, Pane
from cnnviz.ui.network.files import write_layers
from cnnviz.ui.widgets.settings import Setting, as_json

WEIGHTS = "network.npz"
RAN: tuple[Callable, ...] = (
    Sequential._pass,
    conv_unit,
    saliency,
    covered_scores,
    grad_cam,
    rivals,
)


def buttons(run: Inspection, panes: Sequence[Pane], settings: Sequence[Setting]) -> None:
    """Draw the buttons for downloads and code."""
    if st.button("Download"):
        _downloads(run, panes, as_json(settings))
    if st.button("Code"):
        _code(run)


@st.dialog("Download", width="medium")
def _downloads(run: Inspection, panes: Sequence[Pane], settings: Mapping[str, object]) -> None:
    st.download_button(
        "All maps as ZIP",
        partial(archive, run, panes, settings),
        "inside.zip",
        "application/zip",
        type="primary",
        on_click="ignore",
    )
    st.caption(
        "A folder for each layer with its maps as pictures (PNG) and exact numbers (.npy), what "
        "speaks for the class, the network, settings.json, and the programs that read it in "
        "PyTorch and Keras."
    )


@st.dialog("Code", width="large")
def _code(run: Inspection) -> None:
    ours, *theirs = st.tabs(["What just ran", "PyTorch", "Keras"])
    with ours:
        source = "\n\n".join(inspect.cleandoc(inspect.getsource(each)) for each in RAN)
        st.code(source, language="python")
    for tab, text in zip(theirs, (program(run), keras(run)), strict=True):
        with tab:
            st.caption(f"Gives the shares on this page. {WEIGHTS} and input.npy are in the ZIP.")
            st.code(text, language="python")


def program(run: Inspection) -> str:
    """Return a PyTorch program that loads the network and the input, and prints the shares."""
    try:
        text = network_program(run.stack.network, WEIGHTS)
    except ValueError as error:
        return f"# There is no PyTorch program for this network: {error}\n"
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if line.startswith("x = "):
            lines[i] = 'x = torch.from_numpy(np.load("input.npy"))[None]  # (N, C, H, W)'
    return "\n".join(lines).replace("print(network(x).shape)", "print(network(x))") + "\n"


def keras(run: Inspection) -> str:
    """Return the same as a Keras program."""
    try:
        return keras_program(run.stack.network, WEIGHTS, "input.npy")
    except ValueError as error:
        return f"# There is no Keras program for this network: {error}\n"


def archive(run: Inspection, panes: Sequence[Pane], settings: Mapping[str, object]) -> bytes:
    """Return all maps as a ZIP file: PNG, .npy, the network, the settings, and the programs."""
    file, look = io.BytesIO(), Look()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("input.npy", npy(run.image))
        for pane, limit in zip(panes, look.limits(panes), strict=True):
            folder.writestr(f"{pane.file}.png", pane_png(pane, limit, look))
            if pane.stage:
                folder.writestr(f"{pane.file}.npy", npy(pane.values))
        write_layers(folder, run)
        folder.writestr(WEIGHTS, saved(run.stack.network))
        folder.writestr("settings.json", json.dumps(settings, indent=2, ensure_ascii=False))
        folder.writestr("pytorch.py", program(run))
        folder.writestr("keras_program.py", keras(run))
    return file.getvalue()
