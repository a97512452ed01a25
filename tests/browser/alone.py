"""A component on a page of its own, without a server: what it shows and what it sends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"
SITE = "http://localhost"  # nothing listens there: every request is answered from STATIC
PAGE = '<!doctype html><meta name="viewport" content="width=device-width">'

# Stands in for Streamlit: mounts the component, keeps what it sends, and can answer.
MOUNT = """async name => {
  const { load } = await import("/components/core/load.js")
  const component = await load(`${name}/${name}`, true)
  const host = document.body.appendChild(document.createElement("div"))
  const parentElement = host.attachShadow({ mode: "open" })
  parentElement.innerHTML = `<div class="${name}"></div>`
  const sent = []
  const setStateValue = (name, state) => sent.push(state)
  window.sent = sent
  window.answer = data => component({ data, parentElement, setStateValue })
}"""


def serve(route):
    """Answer with one of the app's files, or with an empty page."""
    file = STATIC / route.request.url.removeprefix(SITE).split("?")[0].lstrip("/")
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(body=PAGE, content_type="text/html")


class Alone:
    """One component, found by name and mounted with its first data."""

    def __init__(self, page, name, data):
        self.page, self.errors, self.data = page, [], data
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route(f"{SITE}/**", serve)
        page.goto(SITE)
        page.evaluate(MOUNT, name)
        self.answer()

    def answer(self, **data):
        """Answer as the server would."""
        self.data |= data
        self.page.evaluate("data => answer(data)", self.data)

    def button(self, name):
        return self.page.get_by_role("button", name=name)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def sent(self):
        return self.page.evaluate("sent")

    @property
    def said(self):
        return self.page.get_by_role("status").inner_text()


@contextmanager
def mounting(context, kind) -> Iterator[Callable[..., Alone]]:
    """Yield a function that mounts components in pages of a context; none may throw an error."""
    mounted = []

    def mount(**data):
        mounted.append(kind(context.new_page(), **data))
        return mounted[-1]

    yield mount
    errors = [error for one in mounted for error in one.errors]
    for one in mounted:
        one.page.close()
    assert errors == []
