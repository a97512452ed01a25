"""Measure how much of the first screen shows maps: `python -m benchmarks.first_screen`.

A grid of points is laid over the window as a page opens, before anything is scrolled. A point
counts if the topmost element there is the canvas of a map or of its thumbnail, so anything that
covers a map costs points. Each page's line is printed as soon as it is measured.

    python -m benchmarks.first_screen --only lab --only pooling
    python -m benchmarks.first_screen --root ../before
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.browser import ROOT, app_of, chromium, serve
from cnnviz.cli import wake

PAGES = (
    *("lab", "pixels", "convolution", "kernels", "geometry"),
    *("activations", "pooling", "layers", "training", "inside"),
)
SIZES = ((1280, 720), (1366, 768), (1440, 900), (1920, 1080), (390, 844))
APART = 8  # CSS pixels between points

# Canvases are in shadow roots, so each root in turn is asked for its topmost element.
MEASURE = """apart => {
  const topmost = (x, y) => {
    let found = document.elementFromPoint(x, y)
    while (found?.shadowRoot) {
      const inner = found.shadowRoot.elementFromPoint(x, y)
      if (!inner || inner === found) break
      found = inner
    }
    return found
  }
  let [hits, points, first] = [0, 0, null]
  for (let y = apart / 2; y < innerHeight; y += apart)
    for (let x = apart / 2; x < innerWidth; x += apart) {
      points += 1
      if (topmost(x, y)?.tagName !== "CANVAS") continue
      hits += 1
      first ??= y
    }
  return [hits / points, first === null ? null : first / innerHeight]
}"""

# Maps are painted as their messages arrive; a page is at rest when nothing was painted lately.
STILL = """() => {
  const now = document.documentElement.dataset.cnnvizPainted ?? "0"
  const busy = document.querySelector('[data-testid="stStatusWidget"], [data-testid="stSkeleton"]')
  if (window.lastPainted !== now || busy) {
    [window.lastPainted, window.stillSince] = [now, performance.now()]
  }
  return now !== "0" && performance.now() - window.stillSince > 700
}"""


def opened(browser: Browser, address: str, size: tuple[int, int]) -> Page:
    """Open an address in a window of that size, and wait until its maps are painted."""
    width, height = size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        reduced_motion="reduce",  # without this, the first visit begins with a film
        bypass_csp=True,  # Playwright waits by evaluating strings
    )
    page.goto(address, timeout=120_000)
    page.wait_for_function(STILL, timeout=120_000)
    return page


def share_of_maps(page: Page) -> tuple[float, float | None]:
    """Return the share of the window that shows maps, and how far down they begin, from 0 to 1."""
    share, begin = page.evaluate(MEASURE, APART)
    return share, begin


def measured(browser: Browser, address: str, name: str) -> Iterator[tuple[float, float | None]]:
    """Yield the share and the start of the maps of one page, for each size."""
    for size in SIZES:
        page = opened(browser, f"{address}/{name}", size)
        yield share_of_maps(page)
        page.close()


def main() -> None:
    """Print a line per page: the share at each size, and where the maps begin on the phone."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout that is measured")
    parser.add_argument("--only", action="append", choices=PAGES, help="a page, once or more")
    asked = parser.parse_args()
    print("".join(["page".ljust(14), *(f"{w} × {h}".rjust(13) for w, h in SIZES), "  begins"]))
    with serve(app_of(asked.root), asked.root.resolve()) as server, chromium() as browser:
        # A server that has run no page yet answers its first link with "page not found".
        wake(server.process, f"{server.url}/_stcore/script-health-check")
        for name in asked.only or PAGES:
            print(name.ljust(14), end="", flush=True)
            begins: list[float | None] = []
            for share, begin in measured(browser, server.url, name):
                print(f"{share:.0%}".rjust(13), end="", flush=True)
                begins.append(begin)
            print("       –" if begins[-1] is None else f"{begins[-1]:.0%}".rjust(8), flush=True)


if __name__ == "__main__":
    main()
