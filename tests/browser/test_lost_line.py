"""A tab whose connection to the server is lost for a moment."""

from tests.browser.alone import MOUNT, SITE, serve
from tests.browser.line import line
from tests.browser.tab import Tab


def test_presses_while_disconnected_are_answered_after_reconnecting(contexts, address):
    with line(address) as way:
        tab = Tab(contexts(), way.address).open("size=64")
        tab.kernel("Sobel y").wait_for()
        way.cut()
        tab.page.locator("[data-test-connection-state=CONNECTED]").wait_for(state="detached")
        tab.slider("Bias").press("ArrowRight")
        tab.kernel("Sobel y").click()
        way.mend()
        tab.query("bias=1")
        tab.query("kernels=sobel_y")
        tab.page.close()  # the errors in its console about the lost connection are expected


def test_a_component_that_could_not_load_appears_after_reconnecting(plain):
    page, lost = plain.new_page(), ["drawing-pad.js", "drawing-pad.css", "everyone.css"]

    def serve_what_is_not_lost(route):
        name = route.request.url.rpartition("/")[2]
        if name in lost:
            lost.remove(name)
            route.abort()
        else:
            serve(route)

    page.route(f"{SITE}/**", serve_what_is_not_lost)
    page.goto(SITE)
    page.evaluate(MOUNT, "drawing-pad")  # fails where a file does not come
    assert lost == []
    page.close()


def test_a_page_whose_script_meets_a_lost_line_says_so_and_opens_when_it_is_back(browser, address):
    page = browser.new_page()
    page.route("**/join.js", lambda route: route.abort(), times=1)
    page.goto(f"{address}/join")
    page.get_by_text("Connection lost. Trying again …").wait_for()
    page.get_by_text("Type the five letters").wait_for()
    page.close()
