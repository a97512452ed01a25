"""Steps, typing, choices and clicks: maps through the live channel first, then the page."""

import pytest

from tests.browser.tab import Tab

OPEN = "document.documentElement.dataset.cnnvizLive === 'open'"


@pytest.fixture(scope="module")
def listened(contexts, address):
    """Return a tab, and the list of messages that it sends on the live channel."""
    tab, said = Tab(contexts(), address), []
    tab.page.on("websocket", lambda socket: socket.on("framesent", note(socket, said)))
    yield tab, said
    assert tab.troubles == []


@pytest.fixture
def heard(listened):
    """Return a function that opens a page and returns its tab, and what the tab then sends."""

    def opened(query="", path=""):
        tab, said = listened
        tab.open(query, path).page.wait_for_function(OPEN)
        tab.page.locator("[data-test-script-state=notRunning]").wait_for()
        said.clear()
        return tab, said

    return opened


def note(socket, said):
    return lambda frame: said.append(frame) if socket.url.endswith("/live") else None


def asked(said):
    """Return the requests that the tab has sent."""
    return [frame for frame in said if isinstance(frame, str) and '"set"' in frame]


# An action on a page, the request it sends on the channel, and what the link then contains.
ACTS = {
    "": [
        (lambda page: step(page, "Stride"), '"lab.stride":"2"', "stride=2"),
        (lambda page: page.locator(".strip .card").nth(1).click(), "sobel_y", "sobel_y"),
        (lambda page: page.get_by_role("radio", name="Average").click(), "average", "pooling=av"),
        (lambda page: page.get_by_role("radio", name="Coffee").click(), "coffee", "picture=coffee"),
    ],
    "pixels": [(lambda page: page.get_by_text("Red on").click(), '"pixels.red":"off"', "red=off")],
    "geometry": [(lambda page: step(page, "Stride"), '"geometry.stride":"3"', "stride=3")],
    "layers": [(lambda page: step(page, "Random seed"), '"layers.seed":"6"', "seed=6")],
}


def step(page, label):
    number = page.get_by_test_id("stNumberInput").filter(has_text=label).first
    number.get_by_test_id("stNumberInputStepUp").click()


@pytest.mark.parametrize("path", ACTS)
def test_a_click_asks_the_channel_and_the_page_follows(heard, path):
    opened, said = heard("", path)
    for act, words, link in ACTS[path]:
        said.clear()
        act(opened.page)
        opened.query(link)
        opened.page.locator("[data-test-script-state=notRunning]").wait_for()
        assert any(words in frame for frame in asked(said))


def test_a_kernel_that_is_typed_moves_the_maps(heard):
    opened, said = heard("kernels=own")
    before = opened.figures()
    opened.page.get_by_role("button", name="Numbers …").click()
    cell = opened.page.get_by_role("gridcell").nth(4)
    cell.click()
    opened.page.keyboard.type("9")
    opened.page.keyboard.press("Enter")
    opened.query("own=")
    assert any('"lab.own":"0,-1,0;-1,9,-1;0,-1,0"' in frame for frame in asked(said))
    assert opened.figures() != before
