"""Where the milliseconds of a drag go, stage by stage: the Lab's bias, from the hand to the screen.

Starts the app, drags in Chromium, and prints a Markdown table of the median of each leg. "Server"
is the time from the message that leaves the browser to the first one back; the processor time of
the server per change shows how much of it is computing.

    python benchmarks/legs.py [--size 256 512]
"""

import argparse
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

from browser import ROOT, app_of, chromium, serve, tab
from latency_pages import drag
from table import calibration, header, row

WATCH = Path(__file__).with_name("latency.js").read_text()
LEGS = Path(__file__).with_name("legs.js").read_text()
PLACES = {
    "hand": "",
    "sent": "the hand moves → the browser has sent it",
    "heard": "→ the first map has come back (server and line)",
    "drawn": "→ all four maps are drawn",
    "seen": "→ the next frame shows them",
}


def main() -> None:
    """Print one table for each size."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", nargs="*", type=int, default=[256, 512])
    print(calibration(), flush=True)
    with chromium() as browser, serve(app_of(ROOT)) as server:
        for size in parser.parse_args().size:
            page = tab(browser, WATCH + LEGS)
            page.goto(f"{server.url}/?size={size}")
            page.wait_for_function("window.firstMaps")
            time.sleep(2)
            box = page.evaluate("slider().getBoundingClientRect().toJSON()")
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            drag(page, x, y)
            page.evaluate("legs.length = 0")
            before = server.cpu
            drag(page, x, y)
            spent = server.cpu - before
            changes = page.evaluate("legs")
            print(f"\n{len(changes)} changes at {size} × {size}\n")
            print(header(["leg", "ms"]))
            names = list(PLACES)
            for start, end in pairwise(names):
                print(row([PLACES[end], median(one[end] - one[start] for one in changes)]))
            print(row(["in all", median(one["seen"] - one["hand"] for one in changes)]))
            print(row(["of the server's processor", 1000 * spent / len(changes)]), flush=True)
            page.context.close()


if __name__ == "__main__":
    main()
