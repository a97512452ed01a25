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
from tests.ui.apptest import figures
from tests.ui.pages import boards, open_page

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


@pytest.mark.parametrize(
    ("page", "settings"),
    [
        ("2_Pixels", {"pixels.part": "shift", "pixels.right": 3}),
        ("4_Kernels", {"kernels.part": "passes"}),
        ("4_Kernels", {"kernels.part": "row"}),
        ("5_Geometry", {"geometry.part": "border"}),
        ("5_Geometry", {"geometry.part": "back", "geometry.complete": True}),
    ],
)
def test_the_zip_holds_the_maps_that_are_on_the_screen(page, settings, monkeypatch):
    offered = []
    monkeypatch.setattr(dialogs, "_downloads", offered.append)
    at = open_page(f"pages/{page}.py", {**settings, "shared.picture": "cat"})
    shown = [figures(pane)[:3] for panes in boards(at).values() for pane in panes]
    next(button for button in at.button if button.label == "Download").click().run()
    maps = np.load(io.BytesIO(zip_of(offered[0], "npy")), allow_pickle=False)
    found = [(each.shape, each.min(), each.max()) for name, each in maps.items() if name != "input"]
    assert len(found) == len(shown)
    for (shape, low, high), wanted in zip(sorted(found), sorted(shown), strict=True):
        assert shape == wanted[0]
        assert (low, high) == pytest.approx(wanted[1:], rel=1e-2, abs=1e-2)


def zip_of(downloads, ending):
    """Return the files with an ending as a ZIP of their own, as numpy reads it."""
    (everything,) = (file for file in downloads.files if file.name.endswith(".zip"))
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(everything.make())) as given,
        zipfile.ZipFile(made, "w") as kept,
    ):
        for name in given.namelist():
            if name.endswith(ending):
                kept.writestr(name, given.read(name))
    return made.getvalue()
