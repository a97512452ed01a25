"""Every file that a page offers for download can be made, and has the type that its name says."""

import io
import json
import runpy
import zipfile
from functools import reduce
from operator import getitem
from xml.etree import ElementTree

import numpy as np
import pytest
import safetensors.numpy
from PIL import Image

from cnnviz.functional.padding import PADDING_MODES
from cnnviz.images.colour_maps import COLOUR_MAPS
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
CASCADE = {name: (name,) for name in ("first", "then", "all_at_once", "difference")}


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
        ("4_Kernels", {"kernels.part": "one"}),
        ("4_Kernels", {"kernels.part": "passes"}),
        ("4_Kernels", {"kernels.part": "row"}),
        ("5_Geometry", {}),
        ("5_Geometry", {"geometry.part": "border"}),
        ("5_Geometry", {"geometry.part": "back", "geometry.complete": True}),
        ("6_Activations", {"activations.lesson": "depth"}),
        ("9_Training", {}),
    ],
)
def test_the_zip_holds_the_maps_that_are_on_the_screen_and_what_its_programs_load(
    page, settings, monkeypatch
):
    offered = []
    monkeypatch.setattr(dialogs, "_downloads", offered.append)
    at = open_page(f"pages/{page}.py", {**settings, "shared.picture": "cat"})
    shown = [figures(pane)[:3] for panes in boards(at).values() for pane in panes]
    next(button for button in at.button if button.label == "Download").click().run()
    maps = np.load(io.BytesIO(zip_of(offered[0], "npy")), allow_pickle=False)
    programs = np.load(io.BytesIO(zip_of(offered[0], "py")))
    assert ("input" in maps) == any(b"input.npy" in programs[name] for name in programs)
    found = [(each.shape, each.min(), each.max()) for name, each in maps.items() if name != "input"]
    assert len(found) == len(shown)
    for (shape, low, high), wanted in zip(sorted(found), sorted(shown), strict=True):
        assert shape == wanted[0]
        assert (low, high) == pytest.approx(wanted[1:], rel=1e-2, abs=1e-2)


@pytest.mark.parametrize(
    ("page", "settings", "file"),
    [
        ("4_Kernels", {"kernels.part": "one"}, "weights.png"),
        ("9_Training", {}, "target_kernel.png"),
    ],
)
def test_weights_have_the_colours_of_weights_in_their_file_too(page, settings, file, monkeypatch):
    offered = []
    monkeypatch.setattr(dialogs, "_downloads", offered.append)
    at = open_page(f"pages/{page}.py", settings)
    next(button for button in at.button if button.label == "Download").click().run()
    (weights,) = (each.make() for each in offered[0].files if each.name == file)
    painted = np.asarray(Image.open(io.BytesIO(weights)).convert("RGB"))
    ends = painted[0, 0].tolist(), painted[0, -1].tolist()  # of Sobel x, −1 and 1 of at most 2
    assert ends == tuple(COLOUR_MAPS["kernel"][level].tolist() for level in (64, 191))


@pytest.mark.parametrize(
    ("page", "settings", "maps"),
    [
        ("4_Kernels", {"kernels.part": "passes", "kernels.kernel": "emboss"}, CASCADE),
        ("4_Kernels", {"kernels.part": "row", "kernels.then": "gaussian_5"}, CASCADE),
        (
            "5_Geometry",
            {"geometry.part": "border", "geometry.border": 3},
            {f"border_{mode}": ("border", mode) for mode in PADDING_MODES},
        ),
        (
            "5_Geometry",
            {"geometry.part": "back", "geometry.padding": "same", "geometry.complete": True},
            {"photo_there": ("there",), "photo_back": ("back",)},
        ),
    ],
)
def test_the_program_in_the_zip_gives_the_maps_beside_it(
    page, settings, maps, tmp_path, monkeypatch
):
    offered = []
    monkeypatch.setattr(dialogs, "_downloads", offered.append)
    shared = {"shared.colour": "colour", "shared.values": "1", "shared.size": 64}
    at = open_page(f"pages/{page}.py", settings | shared)
    next(button for button in at.button if button.label == "Download").click().run()
    (everything,) = (file for file in offered[0].files if file.name.endswith(".zip"))
    zipfile.ZipFile(io.BytesIO(everything.make())).extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    left = runpy.run_path("numpy_and_scipy.py")
    for file, names in maps.items():
        found = reduce(getitem, names, left)
        np.testing.assert_allclose(found, np.load(f"{file}.npy"), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("lesson", "names"),
    [
        ("norm", {"3_batch_norm.png", "4_relu.png"}),
        ("dying", {"3_activation_elu.png", "slope_elu.png"}),
        ("linear", {"one_kernel.png", "two_kernels.png", "relu_between.png"}),
    ],
)
def test_a_file_is_named_after_its_map_in_every_lesson(lesson, names, monkeypatch):
    offered = []
    monkeypatch.setattr(dialogs, "_downloads", offered.append)
    at = open_page("pages/6_Activations.py", {"activations.lesson": lesson})
    next(button for button in at.button if button.label == "Download").click().run()
    found = {file.name for file in offered[0].files}
    assert names <= found
    assert not any("pooling" in name or "again" in name for name in found)


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
