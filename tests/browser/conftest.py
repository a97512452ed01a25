"""One server and one Chromium for all tests; a tab that saw an error fails its test."""

from collections import defaultdict
from pathlib import Path

import pytest

from scripts.browser import chromium, launch
from scripts.server import server
from tests.browser.alone import SITE, serve
from tests.browser.lesson import Lesson
from tests.browser.projector import PROJECTOR, opened
from tests.browser.tab import Tab

collect_ignore = ["anew"]  # importing it changes how Streamlit runs

DESKTOP = (1600, 1000)
# A tab that joins a process which has already run the scripts opens with a third less work, and a
# 20th less again if their code is kept and not compiled anew while it is read from the cache. The
# optimising compiler's code would be ready only when the page is gone (a 15th less without it).
# Most garbage is freed with its page, and the window is drawn as one tile (together a 12th less).
OFTEN_OPENED = (
    "--process-per-site",
    "--js-flags=--no-turbofan --no-script-streaming --no-flush-bytecode"
    " --single-threaded-gc --initial-heap-size=200 --min-semi-space-size=8",
    f"--default-tile-width={DESKTOP[0]}",
    f"--default-tile-height={DESKTOP[1]}",
)
ANEW = {"PYTHONPATH": str(Path(__file__).with_name("anew"))}

# The lines below the maps are in shadow roots.
FIGURES = """
  window.cnnvizFigures = () => [...document.querySelectorAll("*")]
    .flatMap(({ shadowRoot }) => shadowRoot ? [...shadowRoot.querySelectorAll(".figures")] : [])
    .map(line => line.textContent.replaceAll("\u00a0", " "))
"""


@pytest.fixture(scope="package")
def address(request, tmp_path_factory):
    if request.config.getoption("--no-browser"):
        pytest.skip("--no-browser")
    path = tmp_path_factory.mktemp("server") / "log"
    with path.open("w") as log, server(log, ANEW) as address:
        yield address
    assert "Traceback" not in path.read_text(), path.read_text()


@pytest.fixture(scope="package")
def browser(address):
    with chromium(*OFTEN_OPENED) as browser:
        yield browser


@pytest.fixture(scope="package")
def filming_browser(browser):
    """Return a Chromium with a camera."""
    with launch(browser.browser_type, *OFTEN_OPENED, camera=True) as browser:
        yield browser


@pytest.fixture(scope="package")
def plain(browser):
    """Return the context of the components that are mounted by themselves; they share a process."""
    with browser.new_context() as context:
        first = context.new_page()  # keeps the process alive
        first.route(f"{SITE}/**", serve)
        first.goto(SITE)
        yield context


@pytest.fixture(scope="package")
def contexts(browser, address):
    """Return a context for each theme; its tabs share the cached files and the stored data.

    Another window size gets another context, like another person.
    """
    made = {}

    def context(theme="light", size=DESKTOP, **options):
        key = theme, size, *options
        if key not in made:
            made[key] = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                color_scheme=theme,
                bypass_csp=True,  # Playwright waits by evaluating strings; not so test_policy.py
                **options,
            )
            made[key].new_page().goto(f"{address}/favicon.png")  # keeps the process alive
            made[key].add_init_script(FIGURES)
        return made[key]

    return context


@pytest.fixture(scope="package")
def idle():
    """Return the tabs that no test is using, by their context."""
    return defaultdict(list)


@pytest.fixture
def lend(idle, address):
    """Return a function that lends a tab of a context: one that a test has returned, or a new one.

    A test that changes the browser itself asks for a `fresh` tab, which is closed afterwards.
    """
    lent = []

    def lend(context, theme="light", *, size=DESKTOP, fresh=False):
        spare = idle[context]
        tab = spare.pop() if spare and not fresh else Tab(context, address, theme)
        tab.wears(size)
        lent.append((tab, fresh))
        return tab

    yield lend
    troubles = [trouble for tab, _ in lent for trouble in tab.troubles]
    for tab, fresh in lent:
        if fresh or tab.troubles:
            tab.page.close()
        elif not tab.page.is_closed():
            tab.empty()
            idle[tab.page.context].append(tab)
    assert troubles == []


@pytest.fixture
def tab(lend, contexts):
    """Return a function that opens a page as a `Tab`: `tab(query, path="", size=…, theme=…)`."""

    def make(query="", path="", *, size=DESKTOP, theme="light", fresh=False):
        return lend(contexts(theme), theme, size=size, fresh=fresh).open(query, path)

    return make


@pytest.fixture(scope="package")
def read(contexts, address):
    """Return a function that opens a page to look at or point at: one `Tab` for all tests.

    It reloads only if the link differs from the last one.
    """
    tab = Tab(contexts(), address)
    last = []

    def make(path="", query="", *, size=DESKTOP, media="screen"):
        if last != [path, query]:
            tab.open(query, path)
            last[:] = path, query
        tab.page.bring_to_front()
        tab.page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, 0)")
        tab.page.emulate_media(media=media)
        is_resized = tuple(tab.page.viewport_size.values()) != size
        tab.wears(size)
        if is_resized:
            tab.stands_still()  # the maps are painted anew, in their new size
        assert tab.troubles == []
        return tab

    yield make
    assert tab.troubles == []


@pytest.fixture
def presented(read):
    """Return a function that opens a page and presents it; presenting ends after the test."""
    shown = []

    def present(path, query=""):
        shown.append(opened(read, path, PROJECTOR, query))
        shown[-1].keyboard.press("p")
        shown[-1].locator("[data-testid=stHeader]").wait_for(state="hidden")
        return shown[-1]

    yield present
    for page in shown:
        page.keyboard.press("p")
        page.locator("[data-testid=stHeader]").wait_for()


@pytest.fixture(scope="module")
def lesson(contexts, address):
    """Return a class that all tests of a file share."""
    made = Lesson(contexts, address)
    yield made
    made.end()


@pytest.fixture(scope="module")
def desk(lesson):
    """Return a follower of that class with a large screen."""
    return lesson.join(DESKTOP, "dark")


@pytest.fixture
def page(tab):
    """Return the Lab as it opens, as a Playwright page."""
    return tab().page
