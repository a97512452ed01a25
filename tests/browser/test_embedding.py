"""The app in a frame of another site: if that site is allowed, everything works as outside."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import expect

from scripts.browser import NO_FILM
from scripts.server import server
from tests.browser.tab import WAIT
from tests.images.pictures import encoded, noise

AROUND = '<!doctype html><title>Course</title><iframe src="{}" width="1200" height="900"></iframe>'
REFUSED = "frame-ancestors"
PHOTO = {"name": "a.png", "mimeType": "image/png", "buffer": encoded(noise(40, 30, seed=1), "PNG")}


class Course(BaseHTTPRequestHandler):
    """A page of another site that frames the address in its query."""

    def do_GET(self):
        address = unquote(urlsplit(self.path).query)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(AROUND.format(address).encode() if address else b"")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def sites():
    """Return two addresses of one server; to a browser they and the app are three sites."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Course) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield [f"http://{name}.localhost:{site.server_port}" for name in ("school", "other")]
        site.shutdown()


@pytest.fixture(scope="module")
def embeddable(tmp_path_factory, request, sites):
    if request.config.getoption("--no-browser"):
        pytest.skip("--no-browser")
    path = tmp_path_factory.mktemp("embeddable") / "log"
    with path.open("w") as log, server(log, {"CNNVIZ_EMBED_IN": sites[0]}) as address:
        yield address
    assert "Traceback" not in path.read_text(), path.read_text()


@pytest.fixture
def course(browser):
    """Return a function that frames an address on a site; it returns the page and its errors.

    The browser enforces the policy, so everything waits for visible changes.
    """
    with browser.new_context(viewport={"width": 1300, "height": 1000}) as context:
        context.add_init_script(NO_FILM)

        def opened(site, address):
            page, said = context.new_page(), []
            page.set_default_timeout(WAIT)
            page.on(
                "console",
                lambda one: said.append(one.text) if one.type in ("error", "warning") else None,
            )
            page.goto(f"{site}/?{quote(address)}")
            return page, said

        yield opened


def test_a_named_site_shows_a_page_without_its_bars_and_all_of_it_works(course, embeddable, sites):
    page, said = course(sites[0], f"{embeddable}/?embed&picture=x")
    sockets = []
    page.on("websocket", lambda one: sockets.append(urlsplit(one.url).path))
    frame, inside = page.frame_locator("iframe"), page.frames[1]
    figures = frame.locator(".figures")
    expect(figures).to_have_count(4, timeout=WAIT)
    expect(figures.first).to_contain_text("9 × 9")
    frame.get_by_role("button", name="Copy link").wait_for()
    for bar in ("stTopNav", "stPageLink-NavLink"):
        assert frame.get_by_test_id(bar).locator("visible=true").count() == 0
    assert frame.get_by_role("button", name="Tour").count() == 0

    # Maps that follow a slider come through the live channel.
    shown = figures.nth(1)
    before = shown.inner_text()
    frame.get_by_role("slider", name="Bias", exact=True).press("ArrowRight")
    expect(shown).not_to_have_text(before, timeout=WAIT)
    assert "/live" in sockets
    rest = frame.locator("[data-test-script-state=notRunning]")
    rest.wait_for()

    # An upload needs a cookie, which a browser keeps in a frame only if the cookie says so.
    frame.get_by_role("button", name="+ Own").click()
    frame.locator("[data-testid=stPopoverBody] input[type=file]").set_input_files(PHOTO)
    expect(figures.first).to_contain_text("40 × 30", timeout=WAIT)
    cookies = page.context.cookies(embeddable)
    assert [(one["name"], one["sameSite"], one["secure"]) for one in cookies] == [
        ("_streamlit_xsrf", "None", True)
    ]
    # The address holds the settings, and still says that the page is embedded.
    rest.wait_for()
    assert "bias=1" in inside.url
    assert inside.url.endswith("embed=true")
    assert said == []


def test_any_other_site_shows_nothing_of_it(course, embeddable, sites):
    page, said = course(sites[1], f"{embeddable}/?embed")
    assert page.frames[1].url.startswith("chrome-error:")
    assert any(REFUSED in one and sites[0] in one for one in said)


def test_as_it_comes_the_app_is_shown_in_no_frame(course, address, sites):
    page, said = course(sites[0], f"{address}/?embed")
    assert page.frames[1].url.startswith("chrome-error:")
    assert any(REFUSED in one for one in said)
