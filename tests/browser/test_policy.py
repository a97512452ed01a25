"""The pages in a browser that keeps to the policy of their answers: a breach is an error.

Playwright waits for expressions by code in a string, which the policy forbids: here everything
waits for what can be seen.
"""

import pytest

from scripts.browser import NO_FILM
from tests.browser.tab import Tab, own_picture
from tests.images.pictures import FILES
from tests.test_imports import slugs

PAGES = sorted(slug for file, slug in slugs() if file != "pages/1_Lab.py")
PLAYING = """async film => {
  while (!film.videoWidth || film.readyState < 3) await new Promise(requestAnimationFrame)
}"""
INJECT = """text => {
  const script = document.createElement("script")
  script.textContent = text
  document.body.append(script)
}"""


@pytest.fixture(scope="module")
def strict(browser):
    options = {
        "viewport": {"width": 1600, "height": 1000},
        "permissions": ["clipboard-write", "camera"],
    }
    with browser.new_context(**options) as context:
        context.add_init_script(NO_FILM)
        yield context


@pytest.fixture
def visit(strict, address):
    """Return what opens a page; whatever the browser refuses or misses afterwards is trouble."""
    opened = []

    def make(path=""):
        opened.append(Tab(strict, address))
        page = opened[-1].page
        page.goto(f"{address}/{path}")
        page.locator("canvas").first.wait_for()
        rest(page)
        return page

    yield make
    for tab in opened:
        tab.page.close()
    troubles = [trouble for tab in opened for trouble in tab.troubles]
    # Plotly draws without a graphics card here, and the browser says that this is slow.
    assert [one for one in troubles if "GL Driver" not in one and "Canvas2D" not in one] == []


def rest(page):
    page.locator("[data-test-script-state=notRunning]").wait_for()


def test_the_policy_is_in_force(strict, address):
    page = strict.new_page()
    page.goto(address)
    ask = "address => fetch(address).then(answer => answer.text(), () => 'refused')"
    assert page.evaluate(ask, "/_stcore/health") == "ok"
    assert page.evaluate(ask, address.replace("127.0.0.1", "localhost")) == "refused"
    page.evaluate(INJECT, "window.injected = true")
    assert page.evaluate("() => window.injected") is None
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_to_the_policy_with_its_dialogs(visit, path):
    page = visit(path)
    for name in ("Download", "Code"):
        page.get_by_role("button", name=name, exact=True).first.click()
        page.get_by_role("dialog").wait_for()
        rest(page)
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")


def test_the_lab_keeps_to_the_policy_with_a_photo_the_camera_and_a_film(visit):
    page = visit()
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": FILES["PNG"]}
    own_picture(page).set_input_files(photo)
    page.get_by_text("20 × 24").first.wait_for()
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Copied").wait_for()
    page.get_by_role("button", name="Play").click()
    own_picture(page)
    page.get_by_text("Use the camera").click()
    film = page.locator("[data-testid=stCameraInput] video")
    film.wait_for()
    film.evaluate(PLAYING)
    page.get_by_role("button", name="Take photo").click()
    own = page.get_by_role("radiogroup", name="Picture").get_by_role("radio").first
    page.get_by_role("button", name="Back to “photo.png”").wait_for()  # the still has arrived
    assert own.get_attribute("aria-checked") == "true"
    rest(page)


def test_the_landscape_keeps_to_the_policy(visit):
    page = visit("kernels?part=one")
    page.get_by_role("button", name="See it as a landscape").click()
    page.locator(".js-plotly-plot canvas").first.wait_for()
    rest(page)
