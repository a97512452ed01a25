"""What a change costs on each learning page; `latency.py` prints it as its second table.

A drag, or a stroke of the pen, is timed from each value that the hand sets to the frame that shows
its whole effect, as in the Lab; a click or a key, until the last effect of the change is painted.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import sin, tau
from statistics import median, quantiles

from browser import Server, tab
from playwright.sync_api import Browser, Locator, Page
from table import header, row

DRAG = 3.0  # seconds of dragging per round
REACH = 60  # pixels to either side
MOUSE = 0.008  # seconds between mouse movements
STROKES = 4  # per round
STROKE = 70  # mouse movements in one
PRESSES = 8  # clicks per round; even, so that a round ends in its initial state
REST = 0.3  # seconds between them


@dataclass(frozen=True)
class Change:
    """Something to do on a page, again and again: drag a slider, draw, or act in turns."""

    page: str  # as in the address
    name: str
    drags: str = ""  # the label of a slider
    draws: bool = False  # on the sheet
    turn: Callable[[Page, int], Locator] | None = None  # the element to click the i-th time
    target: int = 100  # ms


def button(*names: str, role: str = "button") -> Callable[[Page, int], Locator]:
    """Return a function that picks these buttons in turn."""
    return lambda page, i: page.get_by_role(role, name=names[i % len(names)], exact=True)


def stepper(label: str) -> Callable[[Page, int], Locator]:
    """Return a function that picks the + and − of a number in turn."""

    def part(page: Page, i: int) -> Locator:
        number = page.get_by_test_id("stNumberInput").filter(has_text=label).first
        return number.get_by_test_id(f"stNumberInputStep{('Up', 'Down')[i % 2]}")

    return part


def card(page: Page, i: int) -> Locator:
    """Return, in turn, a card of the kernel gallery, and the link back to the gallery."""
    if i % 2:
        return page.get_by_role("radio", name="All kernels")
    return page.locator(".card").filter(has_text="Prewitt x")


picture = button("Cat", "Astronaut", role="radio")
PHOTOS = "inside?network=photos&picture=cat"

CHANGES = (
    Change("pixels?part=shift", "drag the shift", drags="To the right"),
    Change("pixels", "drag the size", drags="Working size"),
    Change("pixels", "switch red", turn=lambda page, i: page.get_by_text("Red on")),
    Change("convolution", "step the padding", turn=stepper("Padding")),
    Change("kernels?kernel=gaussian", "drag σ", drags="σ"),
    Change("kernels", "choose a kernel of the gallery, and back", turn=card, target=250),
    Change("kernels", "another picture, all kernels", turn=picture, target=250),
    Change("geometry", "step the stride", turn=stepper("Stride")),
    Change("geometry?part=border", "drag the border", drags="Cells of border"),
    Change("activations", "drag the bias, the family", drags="Bias"),
    Change("activations", "choose a kernel", turn=button("Laplacian 4", "Sobel x", role="radio")),
    Change("activations?lesson=dying", "drag the bias, dying ReLU", drags="Bias"),
    Change("pooling", "drag the window", drags="Window"),
    Change("pooling", "choose what is pooled", turn=button("Picture", "Feature map", role="radio")),
    Change("layers", "drag the size, all maps", drags="Size of the picture", target=150),
    Change("layers", "another seed, all maps", turn=stepper("Seed"), target=150),
    Change("inside?show=drawing", "one stroke", draws=True, target=150),
    Change(f"{PHOTOS}", "another part of the photo, all rows", drags="Size", target=400),
    Change(
        f"{PHOTOS}&view=what_if&channels=0,3,9",
        "drag the channels",
        drags="Multiply by",
        target=150,
    ),
    Change(f"{PHOTOS}&view=what_if", "paint over the photo", draws=True, target=250),
    Change(f"{PHOTOS}&view=fool", "drag the noise", drags="Noise", target=250),
    Change("training?part=own", "another picture, own classes", turn=picture, target=400),
)


@dataclass
class Trial:
    """A change in its own tab, and its measurements."""

    change: Change
    server: Server
    page: Page
    figures: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def measure(self) -> None:
        """Do the change for a while."""
        before = self._spent()
        if self.change.drags:
            box = self._follow("label => follow(label)", self.change.drags)
            drag(self.page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        elif self.change.draws:
            box = self._follow("followPen()")
            for _ in range(STROKES):
                draw(self.page, box)
            self.page.get_by_role("button", name="Clear").click()
        else:
            for i in range(PRESSES):
                self._press(i)
        spent = {name: now - before[name] for name, now in self._spent().items()}
        if self.change.turn is None:
            self.figures["ms"] += self.page.evaluate("delays()")
        for name in ("cpu", "bytes", "messages"):
            self.figures[name].append(spent[name] / spent["requests"])

    def _follow(self, script: str, label: str = "") -> dict[str, float]:
        """Have the page record what the hand does there; return the place."""
        self.page.evaluate(script, label)
        time.sleep(0.3)
        return self.page.evaluate("followed.getBoundingClientRect().toJSON()")

    def _press(self, i: int) -> None:
        target = self.change.turn(self.page, i)
        target.scroll_into_view_if_needed()
        self.page.evaluate("void (window.pending = settled('click'))")
        target.click()
        self.figures["ms"].append(self.page.evaluate("pending"))
        time.sleep(REST)

    def _spent(self) -> dict[str, float]:
        time.sleep(0.7)  # let running work end
        return {"cpu": 1000 * self.server.cpu, **self.page.evaluate("spent()")}

    def line(self) -> str:
        """Return the line of the table."""
        found = self.figures
        return row(
            [
                f"{self.change.page.partition('?')[0].capitalize()}: {self.change.name}",
                f"≤ {self.change.target}",
                float(median(found["ms"])),
                float(quantiles(found["ms"], n=10)[-1]),
                median(found["bytes"]) / 1000,
                float(median(found["messages"])),
                float(median(found["cpu"])),
            ]
        )


def drag(page: Page, x: float, y: float) -> None:
    """Drag from (x, y) back and forth, and return there."""
    page.mouse.move(x, y)
    page.mouse.down()
    end, step = time.perf_counter() + DRAG, 0
    while (now := time.perf_counter()) < end:
        step += 1
        page.mouse.move(x + REACH - abs((step + REACH) % (4 * REACH) - 2 * REACH), y)
        time.sleep(max(0, now + MOUSE - time.perf_counter()))
    page.mouse.move(x, y)
    page.mouse.up()


def draw(page: Page, box: dict[str, float]) -> None:
    """Draw an S on a sheet, from the top to the bottom, and lift the pen."""
    for i in range(STROKE):
        now, way = time.perf_counter(), i / STROKE
        x, y = 0.5 - 0.3 * sin(tau * way), 0.15 + 0.7 * way
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if not i:
            page.mouse.down()
        time.sleep(max(0, now + MOUSE - time.perf_counter()))
    page.mouse.up()
    time.sleep(REST)


def open_trials(browser: Browser, server: Server, script: str) -> list[Trial]:
    """Open a tab for each change, and wait until its maps are on screen."""
    _opened(
        browser, server, script, Change("", "")
    ).context.close()  # only then are the other pages known
    return [Trial(change, server, _opened(browser, server, script, change)) for change in CHANGES]


def _opened(browser: Browser, server: Server, script: str, change: Change) -> Page:
    page = tab(browser, script)
    page.goto(f"{server.url}/{change.page}")
    page.wait_for_function("window.firstMaps")
    time.sleep(2)
    return page


def report(trials: list[Trial]) -> str:
    """Return the table."""
    columns = ["a change, 256²", "target", "ms", "nine in ten", "kB", "messages", "server CPU, ms"]
    return "\n".join([header(columns), *map(Trial.line, trials)])


def measure_all(trials: list[Trial], rounds: int) -> None:
    """Measure in turns."""
    for _ in range(rounds):
        for trial in trials:
            trial.page.bring_to_front()
            trial.measure()
            print(trial.line(), flush=True)
