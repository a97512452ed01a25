"""Chromium, for the tests and the pictures of the README: find it, install it, start it.

`python -m scripts.browser` prints the browser's path, and installs one first where there is none.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from scripts.install import install, run

NAMES = (
    "chromium-headless-shell",  # the same engine, without windows: a third less work to open a page
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Root has no sandbox, a test machine no graphics card, and nothing may leave the machine.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    # a film of its own instead of a camera, for those who are allowed to look
    "--use-fake-device-for-media-stream",
)
# The first visit to the Lab begins with a film; most who drive a browser have seen it.
NO_FILM = 'try { localStorage["cnnviz.seen"] ??= "film" } catch {}'
MISSING = "There is no Chromium: run `make test`, which installs one, or name one in CHROMIUM."


def find_browser() -> str | None:
    """Return the path of $CHROMIUM, of a Chromium on PATH, or of Playwright's own download."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return next((path for path in map(shutil.which, (*NAMES, own)) if path), None)


def install_browser() -> None:
    """Install Debian's package; where that cannot be, let Playwright download its own."""
    if not (shutil.which("apt-get") and install("chromium-headless-shell")):
        run(sys.executable, "-m", "playwright", "install", "chromium")


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Run a headless Chromium, with more flags if need be; raise RuntimeError without one."""
    path = find_browser()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


def main() -> None:
    """Print the path of the browser."""
    if find_browser() is None and "CHROMIUM" not in os.environ:
        install_browser()
    sys.exit(MISSING) if (path := find_browser()) is None else print(path)


if __name__ == "__main__":
    main()
