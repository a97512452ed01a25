"""How many maps per second from a live camera: the Lab with four panes, in grey and in colour.

Starts the app and Chromium with its fake camera, lets it film, and prints a Markdown table, line by
line: frames sent, computed and painted per second, the bytes of a frame each way, and the processor
time of the server.

    python benchmarks/camera.py [--size 256 512] [--only "grey, 256"] [--seconds 5]
"""

import argparse
import time
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

from browser import ROOT, Server, app_of, chromium, serve, visitor
from playwright.sync_api import BrowserContext
from table import calibration, header, is_wanted, row

WATCH = Path(__file__).with_name("camera.js").read_text()
WARM = 20  # frames before measuring starts
COLUMNS = (
    *("maps of a camera", "target", "a second", "ms a frame", "nine in ten"),
    *("kB up", "kB down", "messages", "server CPU, ms"),
)


def main() -> None:
    """Print a line for each size, in grey and in colour."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", nargs="*", type=int, default=[256, 512])
    parser.add_argument("--seconds", type=float, default=5.0, help="of each film")
    parser.add_argument("--only", default="", help='lines whose name has this: "grey", "256"')
    parser.add_argument("--rounds", type=int, default=2, help="films of each kind, in turns")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout whose app is timed")
    wanted = parser.parse_args()
    print(calibration(), end="\n\n", flush=True)
    print(header(COLUMNS), flush=True)
    kinds = [
        (size, colour)
        for size in wanted.size
        for colour in ("grey", "colour")
        if is_wanted(name(size, colour), wanted.only)
    ]
    with chromium(camera=True) as browser, serve(app_of(wanted.root), wanted.root) as server:
        context = visitor(browser, WATCH)
        context.grant_permissions(["camera"])
        for _ in range(wanted.rounds):
            for size, colour in kinds:
                print(film(context, server, size, colour, wanted.seconds), flush=True)


def name(size: int, colour: str) -> str:
    """Return the name of a line."""
    return f"{colour}, {size}²"


def film(context: BrowserContext, server: Server, size: int, colour: str, seconds: float) -> str:
    """Let the camera run for `seconds`; return the line of the table."""
    page = context.new_page()
    page.goto(f"{server.url}/?size={size}&colour={colour}")
    page.wait_for_function("window.firstMaps")
    page.get_by_role("button", name="Live camera", exact=True).click()
    page.wait_for_function(f"film.answers > {WARM}")
    page.evaluate("film.painted.length = 0")
    spent, before = server.cpu, page.evaluate("film")
    time.sleep(seconds)
    after, spent = page.evaluate("film"), server.cpu - spent
    times = after["painted"]
    page.close()
    frames = after["answers"] - before["answers"]
    each = [later - earlier for earlier, later in pairwise(times)]

    def a_frame(what: str) -> float:
        return float(after[what] - before[what]) / frames

    return row(
        [
            name(size, colour),
            "≥ 15" if size == 256 else "",
            1000 * len(each) / (times[-1] - times[0]),
            float(median(each)),
            float(quantiles(each, n=10)[-1]),
            a_frame("up") / 1000,
            a_frame("down") / 1000,
            a_frame("messages"),
            1000 * spent / frames,
        ]
    )


if __name__ == "__main__":
    main()
