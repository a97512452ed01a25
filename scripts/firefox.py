"""Drive Firefox through every page, and a class: `python -m scripts.firefox`, or `make firefox`.

Firefox is Debian's firefox-esr or any on PATH; Puppeteer speaks WebDriver BiDi to it, so no driver
or patched browser is needed. It is a check for maintainers, who need Node and npm for it.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from scripts.install import install
from scripts.server import ROOT, server
from tests.test_imports import slugs

FOLDER = ROOT / "tests" / "firefox"
PICTURE = ROOT / "assets" / "samples" / "coins.webp"
NAMES = ("firefox", "firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox")


def find_firefox() -> str | None:
    """Return the path of $FIREFOX, or of a Firefox on PATH."""
    names = (os.environ["FIREFOX"],) if "FIREFOX" in os.environ else NAMES
    return next((path for path in map(shutil.which, names) if path), None)


def main() -> None:
    """Install what is missing, and visit every page."""
    if find_firefox() is None and shutil.which("apt-get"):
        install("firefox-esr")
    firefox, npm = find_firefox(), shutil.which("npm")
    if firefox is None or npm is None:
        sys.exit("There is no Firefox or no npm: install both, or name a Firefox in FIREFOX.")
    subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)
    pages = ["", *sorted(slug for file, slug in slugs() if file != "pages/1_Lab.py")]
    with tempfile.TemporaryFile("w") as log, server(log) as address:
        visits = ["smoke.mjs", firefox, address, PICTURE, *pages]
        checks = (visits, ["lesson.mjs", firefox, address])
        runs = [subprocess.run(["node", *map(str, one)], cwd=FOLDER, check=False) for one in checks]
    sys.exit(any(run.returncode for run in runs))


if __name__ == "__main__":
    main()
