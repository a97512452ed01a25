"""Every file that a page offers for download can be made, and has the type that its name says."""

import io
import json
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
import safetensors.numpy
from PIL import Image

from cnnviz.nn import load_model
from cnnviz.ui.export import dialogs
from tests.test_imports import slugs
from tests.ui.pages import open_page

READ = {
    "json": json.loads,
    "npz": lambda data: np.load(io.BytesIO(data)).files,
    "onnx": load_model,
    "safetensors": safetensors.numpy.load,
    "png": lambda data: Image.open(io.BytesIO(data)).load(),
    "py": lambda text: compile(text, "program", "exec"),
    "svg": ElementTree.fromstring,
    "zip": lambda data: zipfile.ZipFile(io.BytesIO(data)).namelist(),
}


@pytest.mark.parametrize("path", sorted(file for file, _ in slugs()))
def test_every_file_of_a_page_is_made_and_can_be_read(path, monkeypatch):
    offered = []
    monkeypatch.setattr(dialogs, "_downloads", offered.append)
    at = open_page(path)
    (button,) = [button for button in at.button if button.label == "Download"]
    button.click().run()
    assert not at.exception
    for file in offered[0].files:
        for one in filter(None, (file, file.beside)):
            assert READ[one.name.rpartition(".")[2]](one.make())
