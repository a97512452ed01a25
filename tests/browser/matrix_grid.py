"""The grid of numbers on a page of its own, without a server."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cnnviz.colour import KERNEL

STATIC = Path(__file__).parents[2] / "static"
SITE = "http://localhost"  # nothing listens there: every request is answered from STATIC
PAGE = '<!doctype html><meta name="viewport" content="width=device-width">'
SHARPEN = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]

# Stands in for Streamlit: mounts the component, keeps what it sends, and can answer.
MOUNT = """async () => {
  const { load } = await import("/components/load.js")
  const component = await load("matrix")
  const host = document.body.appendChild(document.createElement("div"))
  const parentElement = host.attachShadow({ mode: "open" })
  parentElement.innerHTML = '<div class="matrix"></div>'
  const sent = []
  const setStateValue = (name, state) => sent.push(state)
  window.sent = sent
  window.answer = data => component({ data, parentElement, setStateValue })
}"""


# Has an event of the clipboard reach the cell in hand, as the browser would after a key.
CLIPBOARD = """([name, text]) => {
  const clipboardData = new DataTransfer()
  if (text) clipboardData.setData("text/plain", text)
  const event = new ClipboardEvent(name, { clipboardData, bubbles: true, cancelable: true })
  document.activeElement.shadowRoot.activeElement.dispatchEvent(event)
  return clipboardData.getData("text/plain")
}"""


def serve(route):
    """Answer with a file of the app, or with an empty page."""
    file = STATIC / route.request.url.removeprefix(SITE).split("?")[0].lstrip("/")
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(body=PAGE, content_type="text/html")


class Grid:
    """The component on a page of its own."""

    def __init__(self, page, **data):
        self.page, self.errors = page, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route(f"{SITE}/**", serve)
        page.goto(SITE)
        page.evaluate(MOUNT)
        self.data = {
            "label": "Own kernel",
            "help": None,
            "rows": SHARPEN,
            "divisor": 1,
            "highest": 15,
            "largest": 10**6,
            "low": None,
            "high": None,
            "table": b64encode(KERNEL.tobytes()).decode(),
            "turn": 0,
            **data,
        }
        self.answer()

    def answer(self, **data):
        """Have the server answer."""
        self.data |= data
        self.page.evaluate("data => answer(data)", self.data)

    def cell(self, row, column):
        return self.page.get_by_label(f"row {row}, column {column}", exact=True)

    def button(self, name):
        return self.page.get_by_role("button", name=name)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def paste(self, text):
        self.page.evaluate(CLIPBOARD, ["paste", text])

    def copy(self):
        """Return what Ctrl+C would copy."""
        return self.page.evaluate(CLIPBOARD, ["copy", ""])

    @property
    def sent(self):
        return self.page.evaluate("sent")

    @property
    def last(self):
        return self.sent[-1]["matrix"]

    @property
    def shown(self):
        rows = self.page.get_by_role("row").all()
        return [[cell.input_value() for cell in row.get_by_role("textbox").all()] for row in rows]

    @property
    def focused(self):
        return self.page.evaluate("document.activeElement?.shadowRoot?.activeElement?.ariaLabel")

    @property
    def said(self):
        return self.page.get_by_role("status").inner_text()


@contextmanager
def grids(browser, **options) -> Iterator[Callable[..., Grid]]:
    """Give a function that mounts grids; in the end none of them may have thrown an error."""
    with browser.new_context(**options) as context:
        mounted = []

        def mount(**data):
            mounted.append(Grid(context.new_page(), **data))
            return mounted[-1]

        yield mount
        assert [error for grid in mounted for error in grid.errors] == []
