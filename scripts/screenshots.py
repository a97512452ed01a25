"""Take the pictures of the README from the present app: `python scripts/screenshots.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.browser import chromium
from scripts.server import server

FOLDER = Path(__file__).parents[1] / "docs"
PAINTED = "Number(document.documentElement.dataset.cnnvizPainted ?? 0) > 0"


def main() -> None:
    """Take the Lab in both themes."""
    FOLDER.mkdir(exist_ok=True)
    with server() as address, chromium() as browser:
        for theme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": 1600, "height": 960},
                color_scheme=theme,
                bypass_csp=True,  # waiting for an expression is code in a string
            )
            page.goto(f"{address}/?pin=1,83,103,0")
            page.wait_for_function(PAINTED)
            page.wait_for_timeout(1500)
            page.screenshot(path=FOLDER / f"lab-{theme}.png")


if __name__ == "__main__":
    main()
