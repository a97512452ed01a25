"""On paper a page is a handout: nothing to press, nothing that floats, every map whole."""

import re

import numpy as np
import pytest

from cnnviz.kernels import KERNELS
from cnnviz.ui.export.worksheet import benches_from_plane, benches_from_seed
from cnnviz.ui.export.worksheet_page import html
from tests.images.pictures import noise
from tests.test_imports import slugs

PAGES = sorted("" if slug == "first" else slug for _, slug in slugs())
PAPER = {"A4": (703, 1031), "Letter": (725, 965)}  # CSS pixels inside margins of 12 mm
# What is printed of a page, and across shadow roots.
READ = """() => {
  window.dispatchEvent(new Event("beforeprint"))
  const all = root => [...root.querySelectorAll("*")]
    .flatMap(one => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
  const isSeen = one => {
    const { width, height } = one.getBoundingClientRect()
    const far = getComputedStyle(one).clipPath !== "none"
    return width > 2 && height > 2 && !far && one.checkVisibility({ visibilityProperty: true })
  }
  const up = one => one.parentElement ?? one.getRootNode().host
  const isWhole = one => {
    for (; one; one = up(one)) if (getComputedStyle(one).breakInside === "avoid") return true
  }
  const name = one => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`
  const seen = all(document.body).filter(isSeen)
  const controls = "button, input, select, textarea, nav a, [role=slider], [role=switch]"
  const content = ".card, .block, td button, [role=gridcell] input, .division input"
  const kept = seen.filter(one => one.matches("figure, .map, canvas, .js-plotly-plot"))
  return {
    controls: seen.filter(one => one.matches(controls) && !one.matches(content)).map(name),
    floating: seen.filter(one => /fixed|sticky/.test(getComputedStyle(one).position)).map(name),
    cut: kept.filter(one => !isWhole(one)).map(name),
    tallest: Math.max(...kept.map(one => one.getBoundingClientRect().height)),
    maps: kept.filter(one => one.matches("canvas")).length,
    scrolled: seen
      .filter(one => /auto|scroll/.test(getComputedStyle(one).overflowX))
      .filter(one => one.scrollWidth > one.clientWidth + 1).map(name),
    wider: document.documentElement.scrollWidth - innerWidth,
  }
}"""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_on_paper_is_a_handout(read, path):
    for width, height in PAPER.values():
        page = read(path, size=(width, height), media="print").page
        found = page.evaluate(READ)
        page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
        assert found["controls"] == found["floating"] == found["cut"] == found["scrolled"] == []
        assert found["wider"] <= 0
        assert found["tallest"] <= height
        assert found["maps"] > 0


@pytest.mark.parametrize("path", ["", "layers"])
def test_a_page_takes_few_sheets(read, path):
    page = read(path).page
    for format in PAPER:
        pdf = page.pdf(format=format, print_background=True)
        assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 4
    assert page.locator(".paper figure").count() == 0  # what was laid for the printer is gone


BENCHES = 3
PLANE = noise(64, 64, seed=5)[..., 0].astype(np.int64)
WORKSHEETS = {
    "seed": benches_from_seed(1, BENCHES),
    **{name: benches_from_plane(PLANE, KERNELS[name], 1, BENCHES) for name in ("box_3", "unsharp")},
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
