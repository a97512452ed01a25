"""A printed page takes few sheets; test_every_page.py checks that each is a handout."""

import re

import numpy as np
import pytest

from cnnviz.kernels import KERNELS, laplacian_of_gaussian
from cnnviz.ui.export.worksheet import benches_from_plane, benches_from_seed
from cnnviz.ui.export.worksheet_page import html
from tests.browser.axe import lit
from tests.browser.paper import PAPER, READ
from tests.images.pictures import noise


@pytest.mark.parametrize("path", ["", "layers"])
def test_a_page_takes_few_sheets(read, path):
    page = read(path).page
    for format in PAPER:
        pdf = page.pdf(format=format, print_background=True)
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 4
    assert page.locator(".paper figure").count() == 0  # the layout for the printer has been removed


@pytest.mark.parametrize("path", ["pooling", "kernels"])
def test_nothing_floats_over_a_sheet_that_lies_on_its_side(read, path):
    height, width = PAPER["A4"]
    assert read(path, size=(width, height), media="print").page.evaluate(READ)["floating"] == []


# A browser tells a page before and after it prints it.
TOLD = "event => { dispatchEvent(new Event(event)) }"
# The colours behind the app, and those of its letters.
INK = """() => ({
  grounds: [...document.querySelectorAll("html, body, .stApp, .stMain")]
    .map(one => getComputedStyle(one).backgroundColor),
  letters: [...document.querySelectorAll("h1, .stMain p:not(.subtitle)"), ...[
    ...document.querySelectorAll(".stBidiComponent, .stBidiComponent *")]
    .flatMap(one => [...(one.shadowRoot?.querySelectorAll(".panel .big") ?? [])])]
    .map(one => getComputedStyle(one).color),
})"""


def test_the_dark_theme_is_dark_ink_on_white_paper(tab):
    page = tab("", "pooling", theme="dark").page
    page.evaluate(TOLD, "beforeprint")
    page.emulate_media(media="print")
    found = page.evaluate(INK)
    page.evaluate(TOLD, "afterprint")
    assert {*found["grounds"]} == {"rgb(255, 255, 255)"}
    assert len(found["letters"]) > 3
    assert {*found["letters"]} == {"rgb(28, 34, 48)"}


def test_the_maps_of_the_dark_theme_are_painted_in_light_colours_for_the_print(read):
    shown = read("")
    light = shown.pixels(1)
    shown.page.emulate_media(color_scheme="dark")
    shown.settles(lambda: lit(shown.page), "dark")
    shown.settles(lambda: shown.pixels(1)[..., :3].mean() < 128, True)
    dark = shown.pixels(1)
    shown.page.evaluate(TOLD, "beforeprint")
    printed = shown.pixels(1)
    shown.page.evaluate(TOLD, "afterprint")
    after = shown.pixels(1)
    shown.page.emulate_media(color_scheme="light")
    np.testing.assert_array_equal(printed, light)
    np.testing.assert_array_equal(after, dark)


# The colours of a chart: its ground, its letters, its bars.
CHART = """() => {
  const chart = document.querySelector(".js-plotly-plot")
  const style = (part, name) => getComputedStyle(chart.querySelector(part))[name]
  return [style(".main-svg", "backgroundColor"), style("text", "fill"), style(".bars path", "fill")]
}"""


def test_the_bars_of_the_dark_theme_are_printed_as_those_of_the_light_one(tab):
    page = tab("lesson=depth", "activations", theme="dark").page
    page.locator(".js-plotly-plot .bars path").first.wait_for(state="attached")
    assert page.evaluate(CHART) == ["rgb(20, 23, 28)", "rgb(230, 234, 241)", "rgb(122, 162, 255)"]
    page.emulate_media(media="print")
    assert page.evaluate(CHART) == ["rgba(0, 0, 0, 0)", "rgb(28, 34, 48)", "rgb(47, 91, 234)"]


# Whether the bars of the last layer have letters in the colour of ink.
INKED = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  return [...data.keys()].some(i => i % 4 === 0 && `${data.slice(i, i + 4)}` === "28,34,48,255")
}"""


def test_the_mistakes_of_a_network_are_printed_and_its_answers_in_ink(tab):
    page = tab("part=network", "training", theme="dark").page
    page.locator(".examples canvas").first.wait_for()
    page.evaluate(TOLD, "beforeprint")
    page.emulate_media(media="print")
    assert page.locator(".examples canvas:visible").count() > 3
    assert page.locator(".paper canvas").last.evaluate(INKED)
    page.evaluate(TOLD, "afterprint")


BENCHES = 3
PLANE = noise(64, 64, seed=5)[..., 0].astype(np.int64)
WORKSHEETS = {
    "seed": benches_from_seed(1, BENCHES),
    **{name: benches_from_plane(PLANE, KERNELS[name], 1, BENCHES) for name in ("box_3", "unsharp")},
    "rounded": benches_from_plane(PLANE, laplacian_of_gaussian(5, 0.8), 1, BENCHES),
}


@pytest.mark.parametrize("format", PAPER)
@pytest.mark.parametrize("name", WORKSHEETS)
def test_each_bench_gets_one_sheet_of_paper_and_the_solutions_their_own(browser, name, format):
    page = browser.new_page()
    page.set_content(html(WORKSHEETS[name]))
    pdf = page.pdf(format=format)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == BENCHES + 1
    page.set_viewport_size(dict(zip(("width", "height"), PAPER[format], strict=True)))
    page.emulate_media(media="print")
    sheets = page.locator("main:not(.solutions)").all()
    assert all(sheet.bounding_box()["height"] <= PAPER[format][1] for sheet in sheets)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.close()
