"""One server and one Chromium for all browser tests; no test may leave an error behind."""

import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from scripts.browser import chromium

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds for the server to answer
# On a deep link Streamlit first asks for these beside the page, then at the root.
TRIED = ("_stcore/health", "_stcore/host-config")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--no-browser"):
        skip = pytest.mark.skip(reason="--no-browser was asked for")
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def server():
    """Start the app on a free port; return its address."""
    with closing(socket.socket()) as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = ["--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        wake(process, f"{address}/_stcore/script-health-check")
        yield address
    finally:
        process.terminate()
        process.wait()


def wake(process, address):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, "the server has ended"
        try:
            with urlopen(address):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {address}")


@pytest.fixture
def visit(browser, server):
    """Open pages of the app, each as a person of its own; fail on whatever went wrong in one."""
    contexts, troubles = [], []

    def watch(page):
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("console", lambda said: note(said.type, said.text, said.location["url"]))
        page.on("requestfailed", lambda request: troubles.append(f"failed: {request.url}"))
        page.on("request", lambda request: leaves(request.url))

    def note(kind, text, url):
        if kind == "error" and not url.endswith(TRIED):
            troubles.append(f"console: {text} {url}")

    def leaves(url):
        if not url.startswith((server, "data:", "blob:")):
            troubles.append(f"leaves the machine: {url}")

    def open_page(path="/", *, width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(server + path)
        painted(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(visit):
    """The Lab, as it is first seen."""
    return visit()


def painted(page, after=0):
    """Wait until the maps have been painted more than `after` times; return how often."""
    count = "Number(document.documentElement.dataset.cnnvizPainted ?? 0)"
    page.wait_for_function(f"{count} > {after}", timeout=60_000)
    return page.evaluate(count)
