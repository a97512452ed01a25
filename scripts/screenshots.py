"""Take the pictures of the README from the current app: `python scripts/screenshots.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.browser import NO_FILM, chromium
from scripts.server import server

FOLDER = Path(__file__).parents[1] / "docs"


PICTURES = {  # file → address and theme
    "lab-light": ("?pin=1,83,103,0", "light"),
    "lab-dark": ("?pin=1,83,103,0", "dark"),
    "layers-light": ("layers", "light"),
    "inside-light": ("inside", "light"),
}


def main() -> None:
    """Take each picture as soon as its page is at rest."""
    FOLDER.mkdir(exist_ok=True)
    with server() as address, chromium() as browser:
        for name, (place, theme) in PICTURES.items():
            page = browser.new_page(
                viewport={"width": 1600, "height": 960},
                color_scheme=theme,
                bypass_csp=True,  # Playwright waits by evaluating strings
            )
            page.add_init_script(NO_FILM)  # and no hints of a first visit
            page.goto(f"{address}/{place}")
            page.locator("canvas").first.wait_for()
            page.wait_for_timeout(3000)
            page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
