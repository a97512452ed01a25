"""One server and one Chromium for all tests; a tab that saw trouble fails its test."""

import pytest

from scripts.browser import chromium, launch
from scripts.server import server
from tests.browser.tab import Tab

DESKTOP = (1600, 1000)

# The lines below the maps stand in shadow roots.
FIGURES = """
  window.cnnvizFigures = () => [...document.querySelectorAll("*")]
    .flatMap(({ shadowRoot }) => shadowRoot ? [...shadowRoot.querySelectorAll(".figures")] : [])
    .map(line => line.textContent)
"""


@pytest.fixture(scope="package")
def address(request, tmp_path_factory):
    if request.config.getoption("--no-browser"):
        pytest.skip("--no-browser")
    path = tmp_path_factory.mktemp("server") / "log"
    with path.open("w") as log, server(log) as address:
        yield address
    assert "Traceback" not in path.read_text(), path.read_text()


@pytest.fixture(scope="package")
def browser(address):
    # A tab that finds a process which has run the scripts before opens with a third less work.
    with chromium("--process-per-site") as browser:
        yield browser


@pytest.fixture(scope="package")
def filming_browser(browser):
    """Return a Chromium that has a camera."""
    with launch(browser.browser_type, "--process-per-site", camera=True) as browser:
        yield browser


@pytest.fixture(scope="package")
def contexts(browser, address):
    """Return a context for each size and theme; tabs of one share the cached files."""
    made = {}

    def context(size, theme, **options):
        if (size, theme) not in made:
            width, height = size
            made[size, theme] = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,
                bypass_csp=True,  # Playwright waits by code in a string; not so test_policy.py
                **options,
            )
            made[size, theme].new_page().goto(f"{address}/favicon.png")  # keeps the process
            made[size, theme].add_init_script(FIGURES)
        return made[size, theme]

    return context


@pytest.fixture
def tab(contexts, address):
    """Return what opens a page in a tab: `tab(query, path="", size=…, theme=…)`, a `Tab`."""
    opened = []

    def make(query="", path="", *, size=DESKTOP, theme="light"):
        opened.append(Tab(contexts(size, theme), address))
        return opened[-1].open(query, path)

    yield make
    troubles = [trouble for one in opened for trouble in one.troubles]
    for one in opened:
        one.page.close()
    assert troubles == []


@pytest.fixture(scope="package")
def read(contexts, address):
    """Return what opens a page only to look at it, or to point: one `Tab` for all tests."""
    opened = {}

    def make(path="", query="", *, size=DESKTOP, media="screen"):
        if (path, query) not in opened:
            opened[path, query] = Tab(contexts(DESKTOP, "light"), address).open(query, path)
        tab = opened[path, query]
        tab.page.bring_to_front()
        tab.page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, 0)")
        tab.page.emulate_media(media=media)
        tab.page.set_viewport_size({"width": size[0], "height": size[1]})
        assert tab.troubles == []
        return tab

    yield make
    assert [trouble for one in opened.values() for trouble in one.troubles] == []


@pytest.fixture
def page(tab):
    """Return the Lab as it opens, as a page of Playwright."""
    return tab().page
