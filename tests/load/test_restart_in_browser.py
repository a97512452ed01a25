"""A tab that was opened with a link, and whose server is killed and started again."""

import pytest

from scripts.browser import chromium
from scripts.replica import Replica

SHOWN = "words => location.search.includes(words)"


def brings_back(message):
    """Return whether the tab has found itself in another session, and says what it has lost."""
    return b"bias=1" in message and b"lost" in message


def until_it_has_run(replica, page):
    """Wait until the session that came last has run twice: as it was opened, and as it was."""
    for _ in range(200):
        events = replica.events()
        last = [event["session"] for event in events if event["event"] == "session start"][-1]
        if sum(event["event"] == "run" and event["session"] == last for event in events) > 1:
            break
        page.wait_for_timeout(50)
    page.locator("[data-test-script-state=notRunning]").wait_for()


def test_a_tab_brings_its_settings_to_a_restarted_server(request):
    if request.config.getoption("--no-browser"):
        pytest.skip("--no-browser")
    with Replica() as replica, chromium() as browser:
        page = browser.new_context(bypass_csp=True).new_page()  # conditions are evaluated
        page.goto(f"{replica.address}/?size=64&stride=2")
        slider = page.get_by_role("slider", name="Bias", exact=True)
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(SHOWN, arg="bias=1")
        sent = []
        page.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))
        replica.kill()
        with page.expect_websocket() as socket:
            replica.restart()
        if not any(map(brings_back, sent)):
            socket.value.wait_for_event("framesent", brings_back)
        until_it_has_run(replica, page)
        # the address tells nothing yet: it has been right all the time
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(SHOWN, arg="bias=2")
        for words in ("size=64", "stride=2"):
            assert words in page.url
