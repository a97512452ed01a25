"""What the benchmarks in the browser share: an app as a child process, and Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


class Server:
    """A running app: its address, its process, and what it has cost."""

    def __init__(self, process: subprocess.Popen, url: str) -> None:
        self.process = process
        self.url = url

    @property
    def cpu(self) -> float:
        """Processor time of the process so far, all threads, in seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(app: str, root: Path = ROOT) -> Iterator[Server]:
    """Run a Streamlit app of the checkout `root` on a free port; end it by its process."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", app),
            *("--server.port", str(port), "--server.address", "127.0.0.1"),
            *("--server.headless", "true"),
        ],
        cwd=root,  # where the configuration is
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/_stcore/health", process)
        yield Server(process, url)
    finally:
        process.terminate()
        process.wait()


def _wait(url: str, process: subprocess.Popen, patience: float = 60) -> None:
    """Return as soon as `url` answers."""
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url, timeout=1):
                return
        except (URLError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError(f"{url} did not answer within {patience:g} s.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium that CHROMIUM names, or else the one on the path."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def tab(browser: Browser, script: str = "") -> Page:
    """Open a tab with an empty cache, as large as a laptop's; `script` runs before the page."""
    # waiting for an expression is code in a string
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, bypass_csp=True)
    context.set_default_timeout(120_000)  # a busy machine is measured, not given up
    context.add_init_script(script)
    return context.new_page()
