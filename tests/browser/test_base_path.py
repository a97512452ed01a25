"""The app below a base path, where a site has others beside it."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from scripts.browser import NO_FILM
from scripts.server import server
from tests.browser.tab import WAIT


@pytest.fixture(scope="module")
def below(tmp_path_factory, request):
    if request.config.getoption("--no-browser"):
        pytest.skip("--no-browser")
    path = tmp_path_factory.mktemp("below") / "log"
    with path.open("w") as log, server(log, base="cnn") as address:
        yield address
    assert "Traceback" not in path.read_text(), path.read_text()


@pytest.mark.parametrize(("page", "maps"), [("", 4), ("/pooling", 6)])
def test_below_a_base_path_maps_are_drawn_and_follow_a_slider(browser, below, page, maps):
    missing, sockets = [], []
    with browser.new_context() as context:
        context.add_init_script(NO_FILM)
        tab = context.new_page()
        tab.on("response", lambda one: missing.append(one.url) if one.status == 404 else None)
        tab.on("websocket", lambda one: sockets.append(urlsplit(one.url).path))
        tab.goto(f"{below}{page}")
        figures = tab.locator(".figures")
        expect(figures).to_have_count(maps, timeout=WAIT)
        before = figures.nth(1).inner_text()
        tab.get_by_role("slider").first.press("ArrowRight")
        expect(figures.nth(1)).not_to_have_text(before, timeout=WAIT)
    assert "/cnn/live" in sockets
    # Streamlit asks for its own addresses below the page first, and then below the base path.
    assert [address for address in missing if "/_stcore/h" not in address] == []
