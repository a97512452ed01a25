"""Chromium, for the tests and the pictures of the README: find it, install it, start it.

`python -m scripts.browser` prints the browser's path, and installs one first if there is none.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, sync_playwright

from scripts.install import BROWSERS, SHELL, install, missing, run

# Root cannot use the sandbox, a test machine has no graphics card, and nothing may leave it.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    # a built-in film instead of a camera, for pages that may use one
    "--use-fake-device-for-media-stream",
)
# The first visit to the Lab begins with a film; most tests start as if it had been seen.
NO_FILM = 'try { localStorage["cnnviz.seen"] ??= "film" } catch {}'
MISSING = missing("Chromium", "chromium", "CHROMIUM")


def find_browser(own: str = "", *, camera: bool = False) -> str | None:
    """Return the path of $CHROMIUM, of a Chromium on PATH, or `own`, Playwright's download."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    names = (*BROWSERS, own) if camera else (SHELL, *BROWSERS, own)
    return next((path for path in map(shutil.which, filter(None, names)) if path), None)


def install_browser() -> None:
    """Install Debian's packages; if that fails, let Playwright download its own."""
    if not (shutil.which("apt-get") and install("chromium", SHELL)):
        run(sys.executable, "-m", "playwright", "install", "chromium")


def launch(kind: BrowserType, *flags: str, camera: bool = False) -> Browser:
    """Start a headless Chromium, with more flags or a camera, or raise RuntimeError."""
    path = find_browser(kind.executable_path, camera=camera)
    if path is None:
        raise RuntimeError(MISSING)
    return kind.launch(executable_path=path, args=[*FLAGS, *flags])


@contextmanager
def chromium(*flags: str, camera: bool = False) -> Iterator[Browser]:
    """Run a headless Chromium; see `launch`."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium, *flags, camera=camera)
        try:
            yield browser
        finally:
            browser.close()


def main() -> None:
    """Print the path of the browser that has a camera."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if find_browser(own, camera=True) is None and "CHROMIUM" not in os.environ:
        install_browser()
    path = find_browser(own, camera=True)
    sys.exit(MISSING) if path is None else print(path)


if __name__ == "__main__":
    main()
