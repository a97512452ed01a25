"""Insert our scripts into Streamlit's page before its own, and preload our first modules.

Streamlit offers no hook for either. A component would load the scripts too late, after the
connection is open; and modules that wait for one another would delay the first maps.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from cnnviz.ui.server import streamlit_patches
from cnnviz.ui.server.browser_modules import BLANK_PAGE, address, first_modules
from cnnviz.ui.server.whole_response import whole_response

# Streamlit's own script; scripts run in document order. Our own pages do not contain it.
OWN = b'<script type="module" crossorigin'
AHEAD = "".join(f'<link rel="modulepreload" href="{address(path)}">' for path in first_modules())
SCRIPTS = {  # by patch
    "embed": "streamlit/embed.js",
    "page": "streamlit/message-batching.js",
    "names": "streamlit/kept-messages.js",
    "answers": "streamlit/lost-line.js",
    "translation": "streamlit/translation.js",
    "popovers": "streamlit/popover-focus.js",
    "focus": "streamlit/kept-focus.js",
    "menu": "streamlit/closed-menu.js",
}
FIRST = "".join(
    f'<script type="module" src="{address(path)}"></script>'
    for patch, path in SCRIPTS.items()
    if patch in streamlit_patches.chosen()
)
BLANK = BLANK_PAGE if "blank" in streamlit_patches.chosen() else ""
OURS = f"{BLANK}{FIRST}{AHEAD}".encode()
# Our part of the page changes with our version. Streamlit compares only its own file, so it would
# wrongly answer "not modified"; these request headers are removed.
UNASKED = (b"accept-encoding", b"if-none-match", b"if-modified-since")


class FirstPage:
    """Inserts `OURS` into the page that every browser loads first."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; insert our scripts if the response is the page."""
        if not _may_be_for_the_page(scope):
            await self.app(scope, receive, send)
            return
        asked = [(name, text) for name, text in scope["headers"] if name not in UNASKED]
        whole = await whole_response(self.app, {**scope, "headers": asked}, receive)
        if whole is None:
            return
        start, body = whole
        headers = MutableHeaders(scope=start)
        if OWN in body and headers.get("content-type", "").startswith("text/html"):
            body = body.replace(OWN, OURS + OWN, 1)
            headers["Content-Length"] = str(len(body))
            for name in ("ETag", "Last-Modified"):
                del headers[name]
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _may_be_for_the_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")
