"""What a person takes home from a training: the network as a file, and the code that reads it."""

import inspect
import io
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from textwrap import dedent
from typing import Any, Self
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import streamlit as st

from cnnviz.nn import Dataset, Sequential, Trainer, cross_entropy, small_cnn
from cnnviz.ui.export.downloads import saved
from cnnviz.ui.export.programs.learning_code import learning_program
from cnnviz.ui.export.programs.network_code import network_program
from cnnviz.ui.network.choice import NETWORK
from cnnviz.ui.training import network as network_settings
from cnnviz.ui.training.network import INITS, NetworkSession
from cnnviz.ui.widgets.settings import Setting, as_json

FILE = "network.npz"
INSIDE = "pages/10_Inside.py"
KINDS = {
    "zip": "application/zip",
    "npz": "application/octet-stream",
    "py": "text/x-python",
}


def network_buttons(made: NetworkSession, everything: Sequence[Setting]) -> None:
    """Draw the buttons for downloads, code, and the page that looks into the network."""
    if st.button("Look inside", help="Draw for this network, and see what it goes by."):
        made.hand_over()
        NETWORK.set("own")
        st.switch_page(INSIDE)
    if st.button("Download"):
        _downloads(Files.of(made, as_json(everything)))
    if st.button("Code"):
        _code(Files.of(made, {}), type(made.trainer.optimiser))


@dataclass(frozen=True)
class Files:
    """A training as files; training goes on beside, and changes nothing here."""

    network: Sequential
    reads: str
    trains: str
    learn: Dataset
    test: Dataset
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, made: NetworkSession, settings: Mapping[str, Any]) -> Self:
        """Take the state of a training."""
        network = deepcopy(made.trainer.network.forget())
        reads = network_program(network, FILE)
        values = made.made_of
        init, first = INITS[values[network_settings.init.name]], values[network_settings.seed.name]
        trains = learning_program(made.trainer, init=init, seed=first)
        return cls(network, reads, trains, made.learn, made.test, settings)

    def npz(self) -> bytes:
        """Return the network as an npz file."""
        return saved(self.network)

    def data(self) -> bytes:
        """Return the pictures as an npz file, those to learn from and those held out."""
        file = io.BytesIO()
        learn, test = self.learn, self.test
        np.savez_compressed(
            file, images=learn.images, labels=learn.labels, held_out=test.images, truth=test.labels
        )
        return file.getvalue()

    def archive(self) -> bytes:
        """Return a ZIP file of all of it."""
        file = io.BytesIO()
        with ZipFile(file, "w", ZIP_DEFLATED) as folder:
            folder.writestr(FILE, self.npz())
            folder.writestr("network.py", self.reads)
            folder.writestr("data.npz", self.data())
            folder.writestr("training.py", self.trains)
            text = json.dumps(self.settings, indent=2, ensure_ascii=False)
            folder.writestr("settings.json", text)
        return file.getvalue()


@st.dialog("Download", width="medium")
def _downloads(files: Files) -> None:
    for label, name, make in (
        ("Everything as ZIP", "cnnviz.zip", files.archive),
        ("The network, as NumPy arrays", FILE, files.npz),
        ("PyTorch code that reads it", "network.py", lambda: files.reads),
        ("PyTorch code that trains it", "training.py", lambda: files.trains),
        ("The pictures that this learns from", "data.npz", files.data),
    ):
        st.download_button(
            label,
            make,
            name,
            KINDS[name.rpartition(".")[2]],
            type="primary" if name.endswith("zip") else "secondary",
            on_click="ignore",
            key=f"download:{name}",
        )
    st.caption(f"{FILE} holds every weight by its name in PyTorch. The page Inside opens it again.")


@st.dialog("Code", width="large")
def _code(files: Files, optimiser: type) -> None:
    ran, trains, reads = st.tabs(["What just ran", "Train it in PyTorch", "Read it in PyTorch"])
    with ran:
        functions = (small_cnn, Trainer.step, cross_entropy, optimiser.step)
        source = "\n\n".join(dedent(inspect.getsource(each)) for each in functions)
        st.code(source, language="python")
    with trains:
        st.caption("The same network, data and settings. data.npz is under Download.")
        st.code(files.trains, language="python")
    with reads:
        st.caption(f"The network as it is now, for pictures from 0 to 1. {FILE} is under Download.")
        st.code(files.reads, language="python")
