"""A browser tab that shows the app and records every error."""

import time
from base64 import b64decode
from io import BytesIO
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

from scripts.browser import NO_FILM

WAIT = 20_000  # ms; a slow machine must not fail a test
LOOK = 30  # ms between two checks while waiting; checking every frame keeps the page drawing
# Streamlit's warning when two parts of a page change in one task, as a training step and a slider
# may. One run then handles both, which test_training_page.py checks.
BY_CHANCE = "Unexpected state: Multiple different fragmentIds detected"

# Tracks what a page does after a pause: a pin and a link are sent up to 400 ms after the last key.
# `hurry` runs the first of these timers at once. Streamlit warns about changes in the same instant.
RESTS = """(() => {
  const { setTimeout, clearTimeout } = window, waiting = new Map()
  window.setTimeout = (act, time = 0, ...given) => {
    const due = () => { waiting.delete(timer); act(...given) }
    const timer = setTimeout(due, time)
    if (time > 50 && time <= 450) waiting.set(timer, due)
    return timer
  }
  window.clearTimeout = timer => { waiting.delete(timer); clearTimeout(timer) }
  window.isResting = () => waiting.size > 0
  window.hurry = () => {
    for (const [timer, due] of waiting) {
      clearTimeout(timer)
      return due()
    }
  }
})()"""
# Streamlit fades each element while the page runs, which makes a layer of every element and draws
# all of them at each frame. The policy of the pages allows a style sheet that is made by a script.
NO_FADE = """(() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(".stElementContainer { opacity: 1 !important; transition: none !important }")
  document.adoptedStyleSheets.push(sheet)
})()"""
# Clears the page, notices included, and its session (see anew/sitecustomize.py), and resets what
# the modules had on the screen. Streamlit learns of the address as of a step back in the history.
# False if the app is not open or does not answer.
EMPTY = """async wait => {
  const frame = () => new Promise(requestAnimationFrame)
  const isThere = what => document.querySelector(what) !== null
  if (!isThere(".stApp")) return false
  const end = performance.now() + wait
  const leave = document.body.appendChild(document.createElement("a")) // a training hears of it
  leave.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }))
  leave.remove()
  const latest = performance.now() + 450
  for (let still = 0; still < 3 && performance.now() < end; still++) {
    await frame()
    const isBusy = isResting() && performance.now() < latest
    if (isBusy) hurry()
    if (isBusy || !isThere("[data-test-script-state=notRunning]")) still = -1
  }
  history.replaceState({}, "", "?anew")
  dispatchEvent(new PopStateEvent("popstate"))
  while (isThere(".stElementContainer")) {
    await frame()
    if (performance.now() > end) return false
  }
  document.querySelectorAll("[data-testid=stToast] button").forEach(close => close.click())
  await frame() // for what was to be painted of it
  const boards = document.querySelector('[rel=modulepreload][href$="/maps/boards.js"]').href
  for (const file of [boards, new URL("../gallery/gallery.js", boards)]) {
    for (const one of (await import(file)).known()) {
      Object.assign(one, new one.constructor(one.name))
    }
  }
  sessionStorage.clear()
  document.documentElement.dataset.cnnvizPainted = 0
  window.drawn = false
  return true
}"""
FOLLOW = """link => {
  history.replaceState({}, "", link)
  dispatchEvent(new PopStateEvent("popstate"))
}"""

# Whether the run that put something on the page has ended, no map is missing, and nothing was
# painted since the last check. Paint from another page, or the first element alone, says nothing
# about the rest.
IS_DRAWN = """() => {
  const isSeen = one => one.checkVisibility()
  const roots = [...document.querySelectorAll("[data-testid^=stBidiComponent]")]
    .flatMap(({ shadowRoot }) => shadowRoot ?? [])
  const find = what => roots.flatMap(root => [...root.querySelectorAll(what)])
  const { cnnvizPainted: painted } = document.documentElement.dataset, before = window.drawn
  window.drawn = painted > 0
    && find(".figures, .card canvas").some(isSeen)
    && find(".pane").every(pane => !isSeen(pane) || pane.querySelector(".figures"))
    && document.querySelector("[data-test-script-state=notRunning]") !== null
    && painted
  return window.drawn && window.drawn === before
}"""
# Waits until nothing runs, and nothing that could start a run is waiting to be sent.
STILL = """async frames => {
  const isBusy = () => isResting() || !document.querySelector("[data-test-script-state=notRunning]")
  for (let still = 0; still < frames; still++) {
    await new Promise(requestAnimationFrame)
    if (isBusy()) still = -1
  }
}"""
# Whether the address holds some words. It changes after a message and a run of the page.
SAYS = """words => {
  if (location.search.includes(words)) return true
  if (document.querySelector("[data-test-script-state=notRunning]")) hurry()
  return false
}"""


def own_picture(page):
    """Open the menu for an own picture, unless it is open; return the field for files."""
    field = page.locator("[data-testid=stPopoverBody] input[type=file]")
    if not field.count():
        page.get_by_role("button", name="+ Own").click()
    return field


class Tab:
    """A page of the app in a tab; stage 0 is the picture."""

    def __init__(self, context, address, theme="light"):
        self.address, self.theme = address, theme
        self.troubles = []
        self.is_empty = False
        self.page = context.new_page()
        self.size = tuple(self.page.viewport_size.values())
        self.page.add_init_script(NO_FILM)
        self.page.add_init_script(RESTS)
        self.page.add_init_script(NO_FADE)
        self.page.set_default_timeout(WAIT)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"uncaught: {error}"))
        self.page.on("requestfailed", self._on_failed)
        self.page.on("response", self._on_response)
        self.page.on("request", lambda request: self._on_address(request.url))
        self.page.on("websocket", lambda socket: self._on_address(socket.url))

    def wears(self, size):
        """Set the window size, (width, height), now and for later loads."""
        self.size = size
        if tuple(self.page.viewport_size.values()) != size:  # setting the same size draws a frame
            self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def load(self, query="", path=""):
        """Follow a link to a page, by default the Lab.

        A tab that already shows the app starts with an empty page and a new session, but does not
        load Streamlit again, which is two thirds of the work of opening a page.
        """
        link = f"{self.address}/{path}?{query}"
        if not self.is_empty and self.page.url != "about:blank":
            self.empty()
        if self.is_empty:
            self.is_empty = False
            self.page.bring_to_front()
            self.page.evaluate(FOLLOW, link)
        else:
            self.page.goto(link)

    def empty(self):
        """Leave an empty page behind: an animation or a training would otherwise go on for ever."""
        self.page.bring_to_front()
        self.page.mouse.move(0, 0)
        self.wears(self.size)
        self.page.emulate_media(color_scheme=self.theme, media="null", reduced_motion="null")
        self.is_empty = self.page.evaluate(EMPTY, WAIT)

    def open(self, query="", path=""):
        """Follow a link to a page, and wait for its maps."""
        self.load(query, path)
        return self.rests()

    def rests(self):
        """Wait until a page that has just been loaded has its maps and is at rest."""
        self.page.wait_for_function(IS_DRAWN, polling=LOOK)
        return self

    def stands_still(self, frames=10):
        """Wait until everything has been sent and answered for this many frames."""
        self.page.evaluate(STILL, frames)

    def figures(self):
        """Return the line below each map, with plain spaces."""
        lines = self.page.locator(".figures").all_inner_texts()
        return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]

    def change(self, act):
        """Do something and wait until a map has other figures; return all figures."""
        before = self.figures()
        act()
        self.page.wait_for_function(
            "before => cnnvizFigures().join() !== before.join() && cnnvizFigures().length > 3",
            arg=before,
            polling=LOOK,
        )
        return self.figures()

    def shows(self, text):
        """Wait until one of the lines below the maps contains the text."""
        self.page.wait_for_function(
            "text => cnnvizFigures().some(line => line.includes(text))", arg=text, polling=LOOK
        )

    def settles(self, read, expected):
        """Wait until `read` returns the expected value.

        One answer may be painted in parts: that one part is there says nothing about the next.
        Checking at every frame would take processor time from the page.
        """
        end = time.monotonic() + WAIT / 1000
        while (found := read()) != expected and time.monotonic() < end:
            self.page.evaluate("() => new Promise(done => setTimeout(done, 30))")
        assert found == expected, found

    def window(self, stage):
        """Return the first map of a stage."""
        return self.page.locator(".pane").nth(stage).locator(".window").first

    def pixels(self, stage):
        """Return the pixels of the first map of a stage, (H, W, 4)."""
        canvas = self.window(stage).locator("canvas")
        png = b64decode(canvas.evaluate("canvas => canvas.toDataURL()").partition(",")[2])
        return np.asarray(Image.open(BytesIO(png)).convert("RGBA"))

    def query(self, words):
        """Wait until the address holds the words, without the usual pause before it changes."""
        self.page.wait_for_function(SAYS, arg=words, polling=LOOK)

    def go(self, title):
        """Go to another page by the top navigation, and wait for its address."""
        link = self.page.locator("[data-testid=stTopNav] a").filter(has_text=title)
        path = urlsplit(link.get_attribute("href")).path
        link.click()
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)

    def kernel(self, title):
        """Return the card of a kernel in the strip beside the maps."""
        named = self.page.get_by_text(title, exact=True)
        return self.page.locator(".strip .card", has=named)

    def slider(self, label):
        return self.page.get_by_role("slider", name=label, exact=True)

    def overflow(self):
        """Return how many pixels the page is wider than its window."""
        return self.page.evaluate(
            """() => Math.max(...["html", "[data-testid=stMain]"]
               .map(name => document.querySelector(name))
               .map(part => part.scrollWidth - part.clientWidth))"""
        )

    def fits(self, sizes=((1600, 1000), (390, 844)), themes=("light", "dark")):
        """Fail if the page is wider than its window, at any of the sizes, in either theme."""
        for theme in themes:
            self.page.emulate_media(color_scheme=theme)
            for width, height in sizes:
                self.page.set_viewport_size({"width": width, "height": height})
                self.settles(lambda: max(0, self.overflow()), 0)

    def _on_console(self, message):
        if BY_CHANCE in message.text:
            return
        if message.type in ("error", "warning") and not self._is_probe(message.location["url"]):
            self.troubles.append(f"console: {message.text}")

    def _on_failed(self, request):
        # leaving a page aborts its loading
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {request.url} {request.failure}")

    def _on_response(self, response):
        if response.status >= 400 and not self._is_probe(response.url):
            self.troubles.append(f"{response.status}: {response.url}")

    def _is_probe(self, address):
        """Say whether Streamlit, opened at /PAGE, is checking whether the app lies below /PAGE/."""
        return address.count("/") > 4 and "/_stcore/h" in address

    def _on_address(self, address):
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self.address).netloc:
            self.troubles.append(f"another host: {address}")
