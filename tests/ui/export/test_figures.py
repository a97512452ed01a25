"""Maps as figures: their labels can be read, and a title is never taken for markup."""

from xml.etree import ElementTree

import numpy as np
import pytest

from cnnviz.images.colour_maps import COLOUR_MAPS, png, to_index
from cnnviz.ui.export.figures import Laid, Scale, Tile, figure, sheet

SVG = "{http://www.w3.org/2000/svg}"
MAP = png(to_index([[-1, 0, 1], [1, 0, -1]], -1, 1), COLOUR_MAPS["diverging"])
SCALE = Scale("diverging", ("−1", "0", "1"))


def texts(svg):
    return [one.text for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a \"b\" & 'c'", "]]>", "Größe ╲"])
def test_a_name_is_text_and_nothing_else(name):
    drawn = figure(name, [name], MAP, (2, 3), SCALE, [Laid(name, np.eye(3))])
    assert texts(drawn)[:2] == [name, name]
    assert {one.tag for one in ElementTree.fromstring(drawn).iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "rect", "text", "image")
    }


def test_a_map_keeps_its_shape():
    (image, _) = ElementTree.fromstring(figure("", [], MAP, (2, 3), SCALE)).iter(f"{SVG}image")
    assert float(image.get("width")) == 512
    assert float(image.get("height")) == round(512 * 2 / 3)


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (31, 31), (1, 15)])
def test_every_weight_of_a_kernel_is_a_cell_within_the_figure(shape):
    weights = np.random.default_rng(0).normal(size=shape)
    drawn = ElementTree.fromstring(figure("", [], MAP, (2, 3), SCALE, [Laid("k", weights)]))
    _, *cells = drawn.iter(f"{SVG}rect")
    assert len(cells) == weights.size
    for cell in cells:
        right = float(cell.get("x")) + float(cell.get("width"))
        bottom = float(cell.get("y")) + float(cell.get("height"))
        assert right <= float(drawn.get("width"))
        assert bottom <= float(drawn.get("height"))


def test_a_weight_is_written_where_there_is_room():
    assert "−2" in texts(figure("", [], MAP, (2, 3), SCALE, [Laid("", np.diag([1.0, -2.0]))]))
    large = texts(figure("", [], MAP, (2, 3), SCALE, [Laid("", np.full((31, 31), -0.123))]))
    assert "−0.123" not in large


def test_a_long_title_is_smaller_and_a_long_line_goes_on_below():
    line = "stride 2 down, 3 across · padding 1, 2, 3, 4 (top, bottom, left, right) · ReLU"
    drawn = ElementTree.fromstring(figure("Two words " * 7, [line], MAP, (2, 3), SCALE))
    title, *lines = list(drawn.iter(f"{SVG}text"))[:3]
    assert float(title.get("font-size")) * len(title.text) < 1.7 * 512
    assert " ".join(one.text for one in lines) == line
    assert lines[0].get("y") < lines[1].get("y")


def test_a_sheet_numbers_its_maps_and_lays_the_filters_below_them():
    tiles = [Tile(MAP, np.ones((3, 3)))] * 11
    drawn = sheet("conv1", ["11 × 2 × 3"], tiles, SCALE)
    assert texts(drawn) == ["conv1", "11 × 2 × 3", *map(str, range(11)), "−1", "0", "1"]
    places = [
        (one.get("x"), one.get("y")) for one in ElementTree.fromstring(drawn).iter(f"{SVG}image")
    ]
    assert len(set(places)) == 12
