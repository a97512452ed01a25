"""A tab whose line to the server is lost for a moment."""

from tests.browser.line import line
from tests.browser.tab import Tab


def test_what_is_pressed_without_a_line_is_answered_when_it_is_back(contexts, address):
    with line(address) as way:
        tab = Tab(contexts(), way.address).open("size=64")
        way.cut()
        tab.page.locator("[data-test-connection-state=CONNECTED]").wait_for(state="detached")
        tab.slider("Bias").press("ArrowRight")
        way.mend()
        tab.query("bias=1")
        tab.page.close()  # the errors in its console about the lost connection are expected
