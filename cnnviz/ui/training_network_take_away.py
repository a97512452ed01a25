"""What a person takes home from a training: the network as a file, and the code that reads it."""

import inspect
import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import streamlit as st

from cnnviz.nn import Sequential, Trainer, cross_entropy, small_cnn
from cnnviz.ui.snippets.network_code import network_program
from cnnviz.ui.training_network import NetworkCourse

FILE = "network.npz"
INSIDE = "pages/10_Inside.py"


def network_buttons(made: NetworkCourse, everything: Callable[[], dict[str, Any]]) -> None:
    """Draw the buttons for downloads and code."""
    if st.button("Download"):
        _downloads(made, everything())
    if st.button("Code"):
        _code(made)


@st.dialog("Download", width="medium")
def _downloads(made: NetworkCourse, settings: Mapping[str, Any]) -> None:
    network = made.trainer.network
    for label, name, kind, make in (
        ("Everything as ZIP", "cnnviz.zip", "application/zip", partial(archive, network, settings)),
        ("The network, as NumPy arrays", FILE, "application/octet-stream", partial(npz, network)),
        ("Code that reads it in PyTorch", "network.py", "text/x-python",
         partial(network_program, network)),
    ):  # fmt: skip
        st.download_button(
            label,
            make,
            name,
            kind,
            type="primary" if name.endswith("zip") else "secondary",
            on_click="ignore",
            key=f"download:{name}",
        )
    st.caption(f"{FILE} holds every weight by its name in PyTorch. The page Inside opens it again.")


@st.dialog("Code", width="large")
def _code(made: NetworkCourse) -> None:
    ran, pytorch = st.tabs(["What just ran", "PyTorch"])
    with ran:
        functions = (small_cnn, Trainer.step, cross_entropy, type(made.trainer.optimiser).step)
        source = "\n\n".join(inspect.cleandoc(inspect.getsource(each)) for each in functions)
        st.code(source, language="python")
    with pytorch:
        st.caption(f"The same network. {FILE} is under Download.")
        st.code(network_program(made.trainer.network), language="python")


def npz(network: Sequential) -> bytes:
    """Return the network as the bytes of an npz file."""
    file = io.BytesIO()
    network.save(file)
    return file.getvalue()


def archive(network: Sequential, settings: Mapping[str, Any]) -> bytes:
    """Return a ZIP file of the network, the program that reads it, and the settings."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as folder:
        folder.writestr(FILE, npz(network))
        folder.writestr("network.py", network_program(network))
        folder.writestr("settings.json", json.dumps(settings, indent=2, ensure_ascii=False))
    return file.getvalue()
