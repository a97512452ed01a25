"""Security headers for every response, and the name of the replica that sent it.

Everything the app shows comes from its own server, so the browser is told to load nothing else:
whatever untrusted input in a link or a file name might contain, it cannot call home.
"""

import os
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cnnviz.ui.server.browser_modules import FILES, is_ours_for_good
from cnnviz.ui.server.streamlit_patches.private import inline_scripts

FOREVER = "public, immutable, max-age=31536000"
COOKIE = "cnnviz_replica"
# The name with which this process marks its responses, for a proxy with several replicas.
REPLICA = re.compile(r"app-\d{1,4}")


# What the page needs beyond files from its own server, each with the reason.
POLICY = {
    "default-src": "'self'",
    "script-src": f"'self' blob: 'wasm-unsafe-eval' {inline_scripts()}",
    # components are mounted from a blob; Streamlit compiles WebAssembly of its own at the start
    "style-src": "'self' 'unsafe-inline'",  # styles are written by script
    "img-src": "'self' data: blob:",  # icons, thumbnails, the photo just taken
    "font-src": "'self' data:",
    "connect-src": "'self' data:",  # the websocket included; the camera's still is a data: address
    "media-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",  # a site that shows the app in a frame has to be named here
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # a link holds the settings
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


class AnswerHeaders:
    """Adds `HEADERS` to every answer, and the name of the replica for a proxy to come back to.

    Pages and websockets decide which replica a user belongs to; files may come from any replica.
    The name is what the environment variable CNNVIZ_REPLICA says, "app-1" for instance. A file of
    ours asked for by its present version never changes, so the browser keeps it.

    Raises
    ------
    ValueError
        When CNNVIZ_REPLICA is no such name.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.replica = os.environ.get("CNNVIZ_REPLICA", "")
        if self.replica and not REPLICA.fullmatch(self.replica):
            raise ValueError(
                f"CNNVIZ_REPLICA is {self.replica!r}; names are app-1, app-2 and so on"
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and complete the start of its answer."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        async def send_complete(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                self.complete(scope, message)
            await send(message)

        await self.app(scope, receive, send_complete)

    def complete(self, scope: Scope, message: Message) -> None:
        """Add the headers to the message that starts an answer."""
        message.setdefault("headers", [])
        headers = MutableHeaders(scope=message)
        headers.update(HEADERS)
        if scope["path"].startswith(FILES) and message.get("status") == 200:
            headers["Cache-Control"] = FOREVER if is_ours_for_good(scope) else "no-cache"
        opens = message["type"] == "websocket.accept"
        opens = opens or headers.get("content-type", "").startswith("text/html")
        known = cookie_parser(Headers(scope=scope).get("cookie", "")).get(COOKIE)
        if self.replica and opens and known != self.replica:
            headers.append("Set-Cookie", f"{COOKIE}={self.replica}; Path=/; HttpOnly; SameSite=Lax")
