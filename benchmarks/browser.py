"""Shared by the browser benchmarks: the app as a child process, and its tabs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

sys.path.insert(0, str(Path(__file__).parents[1]))

from cnnviz.cli import wake
from scripts.browser import NO_FILM, chromium
from scripts.server import ROOT, free_port

__all__ = ["ROOT", "Server", "app_of", "chromium", "serve", "tab", "visitor"]


class Server:
    """A running app: its address, its process, and the processor time it has used."""

    def __init__(self, process: subprocess.Popen, url: str) -> None:
        self.process = process
        self.url = url

    @property
    def cpu(self) -> float:
        """Processor time of the process so far, all threads, in seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def app_of(root: Path) -> str:
    """Return the file that a checkout serves; older ones have no asgi.py."""
    return "asgi.py" if (root / "asgi.py").exists() else "app.py"


@contextmanager
def serve(app: str, root: Path = ROOT) -> Iterator[Server]:
    """Run a Streamlit app of the checkout `root` on a free port, and end its process afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", app),
            *("--server.port", str(port), "--server.address", "127.0.0.1"),
            *("--server.headless", "true"),
        ],
        cwd=root,  # where the configuration is
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # the log of the app
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wake(process, f"{url}/_stcore/health")
        yield Server(process, url)
    finally:
        process.terminate()
        process.wait()


def visitor(browser: Browser, script: str = "") -> BrowserContext:
    """Return a browser with an empty cache and the window of a laptop; `script` runs first."""
    context = browser.new_context(
        viewport={"width": 1600, "height": 1000},
        bypass_csp=True,  # Playwright waits by evaluating strings
    )
    context.set_default_timeout(120_000)  # a busy machine is slow, not broken
    context.add_init_script(f"{NO_FILM};{script}")
    return context


def tab(browser: Browser, script: str = "") -> Page:
    """Open a tab in its own browser."""
    return visitor(browser, script).new_page()
