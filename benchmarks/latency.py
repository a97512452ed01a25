"""How soon the screen follows the hand: the Lab against st.image and Plotly, in Chromium.

Starts the real app and `peers_app.py`, drives both with a real pointer and real keys, and
prints one Markdown table. A measured time ends with the animation frame after the one that paints
the new maps, so the maps may have been on screen for up to 17 ms of it. Everything is measured in
turns, in several rounds; the table shows medians over all of them. Server CPU is read from /proc,
so this needs Linux. A second table has one change on each learning page.

    python benchmarks/latency.py [--rounds 4] [--root another/checkout] [--only lab pages]

Each figure is printed as it is measured; --only selects from lab, image, plotly, start and pages.
"""

import argparse
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from math import nan
from pathlib import Path
from statistics import median, quantiles

import latency_pages
from browser import ROOT, Server, app_of, chromium, serve, tab, visitor
from latency_pages import drag
from playwright.sync_api import Browser, Page
from table import calibration, header, row

WATCH = Path(__file__).with_name("latency.js").read_text()
NAMES = {"lab": "Lab", "image": "st.image", "plotly": "Plotly"}
SIZES = (256, 512)
PAGES = ("pixels", "convolution", "kernels", "geometry", "activations", "pooling")
PRESSES = 10  # keys and clicks per round; even, so that a round ends in its initial state
REST = 0.15  # seconds between these


@dataclass
class Case:
    """A way of showing the maps at a picture size, in its own tab, and its measurements."""

    way: str
    size: int
    server: Server
    page: Page
    figures: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def name(self) -> str:
        """The head of its column."""
        return f"{NAMES[self.way]} {self.size}²"

    def median(self, what: str) -> float | str:
        """Return the median of a figure, or a dash if there is none."""
        return float(median(self.figures[what])) if self.figures[what] else "–"

    def slow(self, what: str) -> float | str:
        """Return the 90th percentile."""
        return quantiles(self.figures[what], n=10)[-1] if self.figures[what] else "–"

    def press(self, what: str, kind: str, act: Callable[[], None]) -> None:
        """Time one key or click."""
        self.page.evaluate(f"void (window.pending = answer('{self.way}', '{kind}'))")
        act()
        self.figures[what].append(self.page.evaluate("pending"))
        time.sleep(REST)

    def count(self, work: Callable[[], None]) -> None:
        """Do some work; record what each of its requests costs."""
        before = self._spent()
        work()
        spent = {name: now - before[name] for name, now in self._spent().items()}
        for name in ("cpu", "bytes", "messages"):
            self.figures[name].append(spent[name] / spent["requests"])

    def _spent(self) -> dict[str, float]:
        time.sleep(0.5)  # let pending work finish
        return {"cpu": 1000 * self.server.cpu, **self.page.evaluate("spent()")}


def open_case(browser: Browser, server: Server, way: str, size: int) -> Case:
    """Open a tab and wait until its maps are on screen and the page is at rest."""
    page = tab(browser, WATCH)
    page.goto(f"{server.url}/?size={size}" + ("" if way == "lab" else f"&way={way}"))
    ready = "window.firstMaps" if way == "lab" else f"ways.{way}.changed([], ways.{way}.shown())"
    page.wait_for_function(ready)
    time.sleep(2)
    if way == "lab":
        page.evaluate("watch()")
    return Case(way, size, server, page)


def measure_lab(case: Case) -> None:
    """Drag the Bias slider, press its arrow keys, click on kernels."""
    page = case.page
    box = page.evaluate("slider().getBoundingClientRect().toJSON()")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y)
    time.sleep(1)
    # The minimum of the features tells which bias is on screen: it changes with it, one for one.
    origin = least(page.evaluate("ways.lab.shown()")) - page.evaluate("Number(slider().value)")
    page.evaluate("moves.length = paints.length = 0")
    case.count(partial(drag, page, x, y))
    moves, paints = page.evaluate("[moves, paints]")
    delays = followed(moves, [(when, round(least(text) - origin)) for when, text in paints])
    case.figures["drag"] += delays
    case.figures["updates"].append(len(delays) / latency_pages.DRAG)

    case.figures["point"] += page.evaluate("pointing(30)")
    page.evaluate("slider().focus()")
    for i in range(PRESSES):
        key = ("ArrowRight", "ArrowLeft")[i % 2]
        case.press("key", "keydown", partial(page.keyboard.press, key))
    for i in range(PRESSES):
        named = page.get_by_text(("Sobel y", "Sobel x")[i % 2], exact=True)
        chip = page.locator("[role=radio], .strip .card", has=named)  # chips, once
        case.press("click", "click", chip.click)


def least(figures: str) -> float:
    """Return the minimum in the line of figures below a map."""
    return float(re.search(r"· ([−\d.]+) …", figures)[1].replace("−", "-"))


def followed(moves: list[tuple[float, float]], paints: list[tuple[float, float]]) -> list[float]:
    """Return, for each new value on screen, the ms since the hand set it."""
    delays, following, last = [], iter(moves), None
    for painted, value in paints:
        if value != last:
            moved = next((when for when, wanted in following if wanted == value), None)
            if moved is None:
                break
            delays.append(painted - moved)
        last = value
    return delays


def measure_peer(case: Case) -> None:
    """Press Enter on the button that changes the bias."""
    case.page.get_by_role("button", name="More").focus()

    def presses() -> None:
        for _ in range(PRESSES):
            case.press("key", "keydown", partial(case.page.keyboard.press, "Enter"))

    case.count(presses)


def first_maps(browser: Browser, root: Path) -> tuple[float, float]:
    """Return the seconds from the start of the server to the first maps, and from a new tab."""
    start = time.perf_counter()
    with serve(app_of(root), root) as server:
        page = tab(browser, WATCH)
        page.goto(server.url)
        page.wait_for_function("window.firstMaps")
        cold = time.perf_counter() - start
        time.sleep(1)
        again = page.context.new_page()
        again.goto(server.url)
        again.wait_for_function("window.firstMaps")
        warm = again.evaluate("firstMaps") / 1000
        page.context.close()
    return cold, warm


def opening(browser: Browser, server: Server, name: str) -> float:
    """Return the seconds from a new tab at that page to its first maps; a median of five.

    The browser has seen the page before: Streamlit's bundle of 4 MB and our modules are cached.
    """
    context = visitor(browser, WATCH)

    def once() -> float:
        page = context.new_page()
        page.goto(f"{server.url}/{name}")
        page.wait_for_function("window.firstMaps")
        seconds = page.evaluate("firstMaps") / 1000
        page.close()
        return seconds

    once()
    found = median(once() for _ in range(5))
    context.close()
    return found


def import_time(root: Path) -> float:
    """Return the seconds that `import cnnviz` takes in a new process."""
    code = "import time; t = time.perf_counter(); import cnnviz; print(time.perf_counter() - t)"
    return float(subprocess.check_output([sys.executable, "-c", code], cwd=root))


def report(
    cases: list[Case], cold: float, warm: float, pages: dict[str, float], imports: float
) -> str:
    """Return the table: a column for each case, a line for each figure, targets first."""
    labs = {case.size: case for case in cases if case.way == "lab"}
    cells = {size: 3 * size**2 + (size // 2) ** 2 for size in SIZES}
    most = " / ".join(f"{(1.3 * cells[size] + 8000) / 1000:.0f}" for size in SIZES)

    def line(what: str, target: str, figure: Callable[[Case], float | str]) -> str:
        return row([what, target, *map(figure, cases)])

    def once(what: str, target: str, figure: float) -> str:
        return row([what, target, figure, *"–" * (len(cases) - 1)])

    def ratio(case: Case) -> float:
        return median(case.figures["key"]) / median(labs[case.size].figures["key"])

    def kilobytes(case: Case) -> float:
        return median(case.figures["bytes"]) / 1000

    return "\n".join(
        [
            header(["", "target", *(case.name for case in cases)]),
            line("drag → painted, ms", "≤ 33 / 50", lambda case: case.median("drag")),
            line("… nine in ten, ms", "", lambda case: case.slow("drag")),
            line("updates a second", "≥ 15", lambda case: case.median("updates")),
            line("key → painted, ms", "≤ 100", lambda case: case.median("key")),
            line("… times the Lab", "Plotly ≥ 8", ratio),
            line("click → painted, ms", "≤ 100", lambda case: case.median("click")),
            line("pointing → lit, ms", "≤ 16", lambda case: case.median("point")),
            line("kB a change", f"≤ {most}", kilobytes),
            line("messages a change", "", lambda case: case.median("messages")),
            line("server CPU a change, ms", "≤ 15 at 256²", lambda case: case.median("cpu")),
            once("server start → first maps, s", "≤ 4", cold),
            once("new tab → first maps, s", "", warm),
            *(once(f"open /{page} again, s", "≤ 1.5", seconds) for page, seconds in pages.items()),
            once("import cnnviz, s", "≤ 0.3", imports),
        ]
    )


def said(what: str, figures: list[float]) -> None:
    """Print figures as soon as they are measured."""
    if figures:
        print(f"{what}: {median(figures):.1f} ms ({len(figures)} times)", flush=True)


def measure_cases(cases: list[Case], rounds: int) -> None:
    """Measure the Lab and its peers in turns, and print the results."""
    for number in range(1, rounds + 1):
        for case in cases:
            case.page.bring_to_front()
            (measure_lab if case.way == "lab" else measure_peer)(case)
            for what in ("drag", "key", "click", "point"):
                said(f"round {number}, {case.name}, {what} → painted", case.figures[what])


def main() -> None:
    """Measure in turns; print each figure as it comes, and the tables at the end."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout whose app is timed")
    parser.add_argument(
        "--only", nargs="+", choices=[*NAMES, "start", "pages"], default=[*NAMES, "start", "pages"]
    )
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leaving this stops the apps
    print(calibration(), flush=True)
    ways = [way for way in NAMES if way in wanted.only]
    cold = warm = imports = [nan]
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        if "start" in wanted.only:
            cold, warm = zip(*(first_maps(browser, wanted.root) for _ in range(3)), strict=True)
            imports = [import_time(wanted.root) for _ in range(5)]
            said("server start → first maps", [1000 * second for second in cold])
        app = stack.enter_context(serve(app_of(wanted.root), wanted.root))
        servers = {"lab": app}
        if {"image", "plotly"} & {*ways}:
            peers = stack.enter_context(serve("benchmarks/peers_app.py"))
            servers |= {"image": peers, "plotly": peers}
        cases = [open_case(browser, servers[way], way, size) for way in ways for size in SIZES]
        pages = {}
        if "start" in wanted.only:
            pages = {page: opening(browser, app, page) for page in PAGES}
        measure_cases(cases, wanted.rounds)
        trials = []
        if "pages" in wanted.only:
            trials = latency_pages.open_trials(browser, app, WATCH)
            latency_pages.measure_all(trials, wanted.rounds)
        print(calibration(), end="\n\n")
        if "lab" in ways:
            found = report(cases, median(cold), median(warm), pages, median(imports))
            print(found, end="\n\n")
        if trials:
            print(latency_pages.report(trials))


if __name__ == "__main__":
    main()
