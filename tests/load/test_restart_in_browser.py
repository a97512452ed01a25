"""A tab that was opened with a link, and whose server is killed and restarted."""

import pytest

from scripts.browser import chromium
from scripts.replica import Replica

LIVE = "state => document.documentElement.dataset.cnnvizLive === state"
SHOWN = "words => location.search.includes(words)"


def brings_back(message):
    """Return whether the tab says that it is in a new session, and what it has lost."""
    return isinstance(message, bytes) and b"bias=1" in message and b"lost" in message


def wait(page, holds):
    """Wait for a condition that the page cannot see."""
    for _ in range(400):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"waited in vain for: {holds.__name__}")


@pytest.fixture
def opened(request):
    """Return a server of its own, and a page that was opened with a link."""
    if request.config.getoption("--no-browser"):
        pytest.skip("--no-browser")
    with Replica() as replica, chromium() as browser:
        page = browser.new_context(bypass_csp=True).new_page()  # conditions are evaluated strings
        page.goto(f"{replica.address}/?size=64&stride=2")
        yield replica, page


def test_a_tab_brings_its_settings_to_a_restarted_server(opened):
    replica, page = opened
    slider = page.get_by_role("slider", name="Bias", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(SHOWN, arg="bias=1")
    sent, heard = [], []

    def the_settings_were_brought_back():
        return any(map(brings_back, sent))

    def ran():
        return {event["session"] for event in replica.events() if event["event"] == "run"}

    def the_check_of_the_server_and_the_tab_have_run():
        return len(ran()) == 2

    def both_have_run_once_more():
        return len(ran()) == 4

    def the_tab_has_heard_of_them():
        return any(isinstance(data, bytes) and b"bias=1" in data for data in heard)

    def watch(socket):
        socket.on("framesent", lambda data: sent.append(data))
        socket.on("framereceived", lambda data: heard.append(data))

    page.on("websocket", watch)
    wait(page, the_check_of_the_server_and_the_tab_have_run)
    kernel = page.locator(".strip .card", has=page.get_by_text("Sobel y", exact=True))
    kernel.wait_for()
    replica.kill()
    page.locator("[data-test-connection-state=CONNECTED]").wait_for(state="detached")
    kernel.click()
    replica.restart()
    wait(page, the_settings_were_brought_back)
    wait(page, both_have_run_once_more)
    wait(page, the_tab_has_heard_of_them)
    page.wait_for_function(SHOWN, arg="kernels=sobel_y")  # pressed while there was no server
    page.wait_for_function(LIVE, arg="open")
    page.locator("[data-test-script-state=notRunning]").wait_for()
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(SHOWN, arg="bias=2")
    for words in ("size=64", "stride=2"):
        assert words in page.url


def test_a_page_that_was_only_opened_answers_after_a_restart(opened):
    replica, page = opened
    page.wait_for_function(LIVE, arg="open")
    replica.kill()
    page.wait_for_function(LIVE, arg="lost")
    replica.restart()
    page.wait_for_function(LIVE, arg="open")
    page.get_by_role("slider", name="Bias", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(SHOWN, arg="bias=1")
    for words in ("size=64", "stride=2"):
        assert words in page.url
