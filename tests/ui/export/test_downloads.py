import io
import json
import zipfile
from base64 import b64decode
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from cnnviz import nn
from cnnviz.experiments.chain import STAGES, Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.images.colour_maps import COLOUR_MAPS, to_index
from cnnviz.kernels import KERNELS, Kernel
from cnnviz.ui.chain.panes import panes
from cnnviz.ui.chain.run import run
from cnnviz.ui.export import dialogs
from cnnviz.ui.export.downloads import file_names, pane_svg
from cnnviz.ui.export.programs import DIALECTS
from cnnviz.ui.maps.panes import Colouring
from tests.peers.chains import run as execute
from tests.ui.apptest import lab, maps, spaced, value
from tests.ui.pages import headers

PHOTO = np.random.default_rng(0).integers(0, 256, (12, 17, 3), np.uint8)
COLOUR = {
    "kernels": ("sobel_x", "own", "gaussian"),
    "own": "1,-1",
    "colour": "colour",
    "channels": True,
    "stride": 2,
    "table": "grey",
    "scale": "each",
}
PICTURES = {"grey": {"values": "1"}, "in colour, three kernels": COLOUR}
SVG = "{http://www.w3.org/2000/svg}"
each_picture = pytest.mark.parametrize("settings", PICTURES.values(), ids=PICTURES)


@pytest.fixture
def taken(settings, monkeypatch):
    """Press Download; return the page and the files of its ZIP."""
    archives = []
    monkeypatch.setattr(
        dialogs, "_downloads", lambda offered: archives.append(offered.files[0].make())
    )
    at = lab(settings, photo=PHOTO)
    press(at, "Download")
    with zipfile.ZipFile(io.BytesIO(archives[0])) as folder:
        assert folder.testzip() is None
        assert len(set(folder.namelist())) == len(folder.namelist())
        return at, {name: folder.read(name) for name in folder.namelist()}


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    button.click().run()
    assert not at.exception


def matrix_of(pane, at):
    """Return the matrix of the kernel that made a map, as sent to the browser."""
    return headers(at)["lab"]["chains"][pane.header["chain"]]["matrices"][0]


def array(data):
    return np.load(io.BytesIO(data))


@each_picture
def test_the_zip_holds_each_map_three_times_the_input_the_settings_and_the_programs(taken):
    at, files = taken
    endings = [name.rpartition(".")[2] for name in files]
    assert endings.count("png") == len(maps(at))
    assert endings.count("svg") == len(maps(at))
    assert endings.count("npy") == len(maps(at)) + 1
    assert endings.count("py") == len(DIALECTS)
    assert {"input.npy", "settings.json"} < set(files)


@each_picture
def test_the_numbers_in_the_zip_are_those_of_the_maps(taken, settings):
    at, files = taken
    white = float(settings.get("values", 255))
    arrays = [array(data) for name, data in files.items() if name[0].isdigit() and "npy" in name]
    for values, pane in zip(arrays, maps(at), strict=True):
        assert values.shape == pane.plane.shape
        if pane.header["picture"]:
            np.testing.assert_allclose(values, pane.plane * white / 255)
            continue
        low, _, high = (value(end.strip("≤≥ ") or "0") for end in pane.header["legend"])
        levels = to_index(values, low, high).astype(int)
        assert np.abs(levels - pane.plane).max() <= 1  # the legend has four digits


@each_picture
def test_the_pictures_in_the_zip_have_the_colours_of_the_screen(taken, settings):
    at, files = taken
    table = COLOUR_MAPS[settings.get("table", "diverging")]
    pictures = [data for name, data in files.items() if name.endswith("png")]
    for data, pane in zip(pictures, maps(at), strict=True):
        pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        plane = pane.plane
        drawn = plane.transpose(1, 2, 0) if plane.ndim == 3 else np.stack([plane] * 3, axis=-1)
        expected = drawn if pane.header["grey"] else table[plane]
        np.testing.assert_array_equal(pixels, expected)


@each_picture
def test_the_figures_in_the_zip_carry_title_scale_and_kernel(taken, settings):
    at, files = taken
    figures = {name: data for name, data in files.items() if name.endswith("svg")}
    for (name, data), pane in zip(figures.items(), maps(at), strict=True):
        drawn = ElementTree.fromstring(data)
        texts = [one.text for one in drawn.iter(f"{SVG}text")]
        alt = (
            spaced(pane.header["alt"]).partition(f", {len(pane.plane)} ×")[0].partition(", 3 ×")[0]
        )
        assert alt in texts[0]
        assert pane.header["figures"] == texts[1]
        assert set(pane.header["legend"]) - {""} <= set(texts)
        picture, bar = [one.get("href") for one in drawn.iter(f"{SVG}image")]
        assert b64decode(picture.partition(",")[2]) == files[name.replace("svg", "png")]
        assert bar.startswith("data:image/png;base64,")
        kernels = [text for text in texts if (text or "").startswith(("Kernel ", "Your kernel"))]
        assert len(kernels) == (pane.header["stage"] > 0)
        if kernels:
            weights = len(list(drawn.iter(f"{SVG}rect"))) - 1
            assert weights == np.prod(np.shape(matrix_of(pane, at)))


@each_picture
def test_the_settings_in_the_zip_are_those_that_were_set(taken, settings):
    _, files = taken
    written = json.loads(files["settings.json"])
    assert {name: written[name] for name in settings} == json.loads(json.dumps(settings))


@each_picture
def test_the_numpy_program_in_the_zip_gives_the_numbers_in_the_zip(
    taken, settings, tmp_path, monkeypatch
):
    _, files = taken
    (program,) = [data.decode() for name, data in files.items() if name.startswith("numpy")]
    left = execute(program, array(files["input.npy"]), tmp_path, monkeypatch)["pooled"]
    kernels = left if isinstance(left, dict) else {None: left}
    pooled = [
        array(data) for name, data in files.items() if name.startswith("4_") and "npy" in name
    ]
    for result, values in zip(kernels.values(), pooled, strict=True):
        np.testing.assert_allclose(np.squeeze(result), np.squeeze(values), atol=1e-10)


def test_the_download_dialog_offers_the_zip_and_each_map():
    at = lab()
    press(at, "Download")
    everything, *each = [button.label for button in at.get("download_button")]
    assert everything == "All maps as ZIP"
    for label, figure, stage in zip(each[::2], each[1::2], STAGES, strict=True):
        assert stage in label
        assert label.endswith(".png")
        assert figure == "with title and scale"


def test_the_code_dialog_shows_what_ran_and_the_same_in_each_library():
    at = lab()
    press(at, "Code")
    ours, *others = [code.value for code in at.code]
    assert ours.startswith("def feature_maps(")
    assert len(others) == len(DIALECTS)
    assert [tab.label for tab in at.tabs] == ["What just ran", *DIALECTS]
    for program in others:
        compile(program, "program", "exec")


def parts(*recipes):
    """Return a run on a colour picture, and its panes with the channels."""
    done = run(Input.picture(PHOTO.transpose(2, 0, 1)), recipes)
    return done, panes(done, channels=True)


def figure_texts(done, pane):
    drawn = ElementTree.fromstring(pane_svg(done, pane, (-1, 1), Colouring()))
    return [text.text for text in drawn.iter(f"{SVG}text")]


def test_the_file_of_a_part_names_its_kernel_and_its_channel():
    _, shown = parts(Recipe(KERNELS["sobel_x"]), Recipe(KERNELS["emboss"]))
    names = file_names(shown)
    assert {"2_convolution_sobel_x_red", "2_convolution_emboss_blue"} < set(names)
    assert not any("again" in name for name in names)


def test_the_figure_of_a_part_says_only_what_made_it():
    kernels = [Kernel("filter", "own", [[weight]]) for weight in (2, 3, 4)]
    done, shown = parts(Recipe(kernels[0], filter=tuple(kernels), bias=7, activation="none"))
    whole = figure_texts(done, shown[1])
    assert whole[2].endswith("bias 7")
    assert whole.count("Kernels of the filter") == 1
    assert whole[-3:] == ["2", "3", "4"]
    green = figure_texts(done, shown[-2])
    assert not any("bias" in text for text in filter(None, green))
    assert [green[-1], green.count("2")] == ["3", 0]
    assert "None" not in figure_texts(done, shown[2])[2]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"padding": ((1, 1), (1, 1)), "padding_mode": "reflect"}, "padding 1 (reflect) · ReLU"),
        ({"padding": "same", "padding_mode": "circular"}, "padding same (circular) · ReLU"),
        ({"padding": "valid", "padding_mode": "reflect"}, "padding valid · ReLU"),
        ({"padding": ((0, 0), (0, 0)), "padding_mode": "reflect"}, "padding 0 · ReLU"),
        ({"window": (3, 3), "pool_padding": (1, 0)}, "stride 2, padding 1 down, 0 across"),
        ({"window": (3, 3), "pool_padding": (1, 1)}, "max of 3 × 3, stride 2, padding 1"),
        (
            {"pooling": "average", "pool_padding": (1, 1), "count_include_pad": False},
            "average of 2 × 2, stride 2, padding 1 (not counted)",
        ),
        ({"window": (3, 3), "ceil_mode": True}, "stride 2, partial windows kept"),
    ],
)
def test_a_figure_says_what_the_padding_holds_and_how_much_pooling_adds(settings, words):
    done, shown = parts(Recipe(KERNELS["sobel_x"], **settings))
    pooled = next(pane for pane in shown if pane.stage == 3)
    assert words in " ".join(filter(None, figure_texts(done, pooled)))


def test_a_map_that_is_not_pooled_is_not_said_to_be():
    _, shown = parts(Recipe(KERNELS["sobel_x"], pooling="none"))
    assert shown[3].alt == "Sobel x, then ReLU"


def test_a_network_whose_training_has_diverged_is_a_file_too():
    network = nn.Sequential([nn.Flatten(), nn.Linear(1, 1)])
    network[1].weight.value = [[np.nan]]
    assert np.isnan(np.load(io.BytesIO(dialogs.saved(network)))["1.weight"])
