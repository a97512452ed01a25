"""Two implementations, one truth: the numbers that the browser shows against those of cnnviz."""

import math
from base64 import b64encode

import numpy as np
import pytest

from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.maps.message import message
from cnnviz.ui.maps.panes import Colouring
from tests.browser.chains import random_run
from tests.browser.tab import Tab
from tests.thorough import THOROUGH

# Mounts the panel of a board with the test's message, points, and reads what is written.
READ = """async ([bytes, points]) => {
  const base = document.querySelector('script[src*="/static/js/"]').src
  const load = name => import(new URL(`../../app/static/components/maps/${name}.js`, base))
  const [{ default: mount }, { board }] = await Promise.all([load("maps"), load("boards")])
  const host = document.body.appendChild(document.createElement("div"))
  const root = host.attachShadow({ mode: "open" })
  root.innerHTML =
    '<div class="sheet"><div class="player"></div><div class="panel"></div></div>'
  const free = mount({
    data: Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0)),
    parentElement: root, setStateValue() {},
  })
  const texts = (element, selector) =>
    [...element.querySelectorAll(selector)].map(e => e.textContent.replaceAll("\u00a0", " "))
  const read = points.map(point => {
    board("test").point(point, { always: true })
    const panel = root.querySelector(".panel")
    return {
      ...JSON.parse(panel.dataset.reading),
      lines: [...panel.querySelectorAll(".channel")].map(line => ({
        products: texts(line.querySelectorAll(".block")[2], ".cell"),
        part: line.querySelector(".part").textContent,
      })),
      terms: texts(panel, ".small div"),
    }
  })
  free()
  host.remove()
  return read
}"""


@pytest.fixture(scope="module")
def page(contexts, address):
    """Return a separate tab: it loads the modules of the maps, with their keys, a second time."""
    one = Tab(contexts(), address).open()
    yield one.page
    one.page.close()
    assert one.troubles == []


def written(text: str) -> float:
    """Return the number that a text shows."""
    plain = text.replace("\N{NARROW NO-BREAK SPACE}", "").replace("−", "-")
    return float(plain.replace("+", "").replace("=", "").strip())


def readings(page, run, points):
    data = message("test", panes(run), Colouring(), arithmetic(run))
    return page.evaluate(READ, [b64encode(bytes(data)).decode(), points])


def cell(rng, size):
    row, column = (int(rng.integers(length)) for length in size)
    return {"row": row, "column": column, "chain": 0}


@pytest.mark.parametrize("seed", range(40 if THOROUGH else 3))
def test_the_browser_computes_what_cnnviz_computes(page, seed):
    rng = np.random.default_rng(seed)
    for _ in range(20):
        run = random_run(rng)
        maps, recipe = run.maps[0], run.recipes[0]
        features = {"stage": 1, **cell(rng, maps.features.shape)}
        pooled = {"stage": 3, **cell(rng, maps.pooled.shape)}
        first, second = readings(page, run, [features, pooled])

        place = features["row"], features["column"]
        assert first["cell"] == list(place)
        assert math.isclose(first["features"], maps.features[place], rel_tol=1e-9, abs_tol=1e-9)
        assert math.isclose(first["activated"], maps.activated[place], rel_tol=1e-9, abs_tol=1e-12)
        place = pooled["row"], pooled["column"]
        if recipe.pooling != "none":
            assert second["pooledCell"] == list(place)
            assert math.isclose(second["pooled"], maps.pooled[place], rel_tol=1e-9, abs_tol=1e-9)
        else:
            assert math.isclose(
                second["activated"], maps.pooled[place], rel_tol=1e-9, abs_tol=1e-12
            )


@pytest.mark.parametrize("seed", range(20 if THOROUGH else 2))
def test_the_products_as_written_add_up_to_the_sum_as_written(page, seed):
    rng = np.random.default_rng(100 + seed)
    for _ in range(12):
        run = random_run(rng)
        (reading,) = readings(page, run, [{"stage": 1, **cell(rng, run.maps[0].features.shape)}])
        totals = []
        for line, exact in zip(reading["lines"], reading["sums"], strict=True):
            products = [written(text) for text in line["products"]]
            decimals = max(len(text.partition(".")[2]) for text in line["products"])
            total = round(sum(products), decimals)
            assert math.isclose(total, exact, abs_tol=0.51 * 10**-decimals)
            if line["part"]:
                assert written(line["part"]) == pytest.approx(total, abs=1e-9)
            totals.append(total)
        if len(totals) > 1:
            parts, _, whole = reading["terms"][0].partition(" = ")
            signs = {"−": "-", "- ": "-", "+ ": ""}
            for sign, plain in signs.items():
                parts = parts.replace(sign, plain)
            added = sum(map(float, parts.split()))
            assert added == pytest.approx(written(whole), abs=1e-9)


def test_the_products_of_three_channels_are_whole_beside_their_kernel(read):
    query = "kernels=oriented_edge&oriented_edge.angle=30&colour=colour"
    page = read("", query, size=(1440, 900)).page
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("*")]
           .flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll(".channel .cell") ?? [])])
           .map(cell => [cell, cell.closest(".panel")])
           .map(pair => pair.map(one => one.getBoundingClientRect().right))
           .map(([cell, panel]) => cell - panel)"""
    )
    assert len(beyond) == 3 * 3 * 9
    assert max(beyond) < 0
