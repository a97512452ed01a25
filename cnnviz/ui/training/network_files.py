"""The downloads of the Training page: the network as a file, and code that reads it."""

import io
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import streamlit as st

from cnnviz.nn import Dataset, Sequential, Trainer, cross_entropy, small_cnn
from cnnviz.nn.training.optimisers import Optimiser
from cnnviz.ui.export import dialogs
from cnnviz.ui.export.dialogs import Code, Downloads, File, saved, settings_file, zipped
from cnnviz.ui.export.programs.keras_network import keras_program
from cnnviz.ui.export.programs.torch_network import torch_program
from cnnviz.ui.export.programs.torch_training import learning_program
from cnnviz.ui.network.choice import NETWORK
from cnnviz.ui.network.files import network_files
from cnnviz.ui.training import network as network_settings
from cnnviz.ui.training.network import INITS, NetworkSession
from cnnviz.ui.widgets.page_files import page_file
from cnnviz.ui.widgets.settings import Setting, as_json

FILE = "network.npz"


def network_buttons(made: NetworkSession, everything: Sequence[Setting]) -> None:
    """Draw the buttons for downloads, code, and the Inside page."""
    if st.button("Look inside", help="Draw for this network, and see what it bases its answer on."):
        made.hand_over()
        NETWORK.set("own")
        st.switch_page(page_file("inside"))
    dialogs.buttons(
        lambda: Files.of(made, as_json(everything)).downloads(),
        lambda: Files.of(made, {}).code(type(made.trainer.optimiser)),
    )


@dataclass(frozen=True)
class Files:
    """A snapshot of a training as files; further training does not change it."""

    network: Sequential
    reads: str
    reads_keras: str
    trains: str
    learn: Dataset
    test: Dataset
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, made: NetworkSession, settings: Mapping[str, Any]) -> Self:
        """Take a snapshot of a training."""
        network = deepcopy(made.trainer.network.forget())
        reads = torch_program(network, FILE)
        values = made.made_of
        init, first = INITS[values[network_settings.init.name]], values[network_settings.seed.name]
        trains = learning_program(made.trainer, init=init, seed=first)
        return cls(
            network, reads, keras_program(network, FILE), trains, made.learn, made.test, settings
        )

    def npz(self) -> bytes:
        """Return the network as an npz file."""
        return saved(self.network)

    def data(self) -> bytes:
        """Return the training and the held-out pictures as an npz file."""
        file = io.BytesIO()
        learn, test = self.learn, self.test
        np.savez_compressed(
            file, images=learn.images, labels=learn.labels, held_out=test.images, truth=test.labels
        )
        return file.getvalue()

    def archive(self) -> bytes:
        """Return a ZIP file of everything."""
        return zipped(
            [
                (FILE, self.npz()),
                ("network.py", self.reads),
                ("keras_program.py", self.reads_keras),
                ("data.npz", self.data()),
                ("training.py", self.trains),
                settings_file(self.settings),
            ]
        )

    def downloads(self) -> Downloads:
        """Return the files for download."""
        return Downloads(
            (
                File("cnnviz.zip", self.archive, "Everything as ZIP"),
                File(FILE, self.npz, "The network, as NumPy arrays"),
                *network_files(self.network),
                File("network.py", lambda: self.reads, "PyTorch code that reads it"),
                File("keras_program.py", lambda: self.reads_keras, "Keras code that reads it"),
                File("training.py", lambda: self.trains, "PyTorch code that trains it"),
                File("data.npz", self.data, "The pictures that this learns from"),
            ),
            f"{FILE} holds every weight by its name in PyTorch. The Inside page opens it again.",
        )

    def code(self, optimiser: type[Optimiser]) -> Code:
        """Return the functions that just ran, and programs that train and read the network."""
        train, read, keras = "Train it in PyTorch", "Read it in PyTorch", "Read it in Keras"
        loads = f"The network as it is now, for pictures from 0 to 1. {FILE} is under Download."
        return Code(
            (small_cnn, Trainer.step, cross_entropy, optimiser.step),
            {train: self.trains, read: self.reads, keras: self.reads_keras},
            notes={
                train: "The same network, data and settings. data.npz is under Download.",
                read: loads,
                keras: loads,
            },
        )
