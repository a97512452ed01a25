"""Security headers for every response, and the name of the replica that sent it.

Everything the app shows comes from its own server, so the browser is told to load nothing else:
whatever a link or a file name contains, it cannot make the browser contact another site. No other
site may show the app in a frame, unless CNNVIZ_EMBED_IN names it.
"""

import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cnnviz.ui.server.browser_modules import BLANK_PAGE, FILES, is_ours_for_good
from cnnviz.ui.server.routes import below_base
from cnnviz.ui.server.streamlit_patches.private import inline_scripts, page

FOREVER = "public, immutable, max-age=31536000"
COOKIE = "cnnviz_replica"
# The name with which this process marks its responses, for a proxy with several replicas.
REPLICA = re.compile(r"app-\d{1,4}")


# What the page may load, with the reason for each exception to "own server only".
POLICY = {
    "default-src": "'self'",
    "script-src": f"'self' blob: 'wasm-unsafe-eval' {inline_scripts(page() + BLANK_PAGE)}",
    # components are mounted from a blob; Streamlit compiles its own WebAssembly at the start
    "style-src": "'self' 'unsafe-inline'",  # scripts write styles
    "img-src": "'self' data: blob:",  # icons, thumbnails, the photo just taken
    "font-src": "'self' data:",
    "connect-src": "'self' data:",  # includes the WebSocket; the camera's still is a data: URL
    "media-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",  # and the sites of CNNVIZ_EMBED_IN
}
EMBED_IN = "CNNVIZ_EMBED_IN"
ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")


def embedding_sites(text: str) -> tuple[str, ...]:
    """Return the space-separated origins that may show the app in a frame.

    Raises
    ------
    ValueError
        If one is not an origin such as "https://moodle.example.org" or "https://*.example.org".

    Examples
    --------
    >>> embedding_sites("https://moodle.example.org https://*.example.com:8443")
    ('https://moodle.example.org', 'https://*.example.com:8443')
    """
    found = text.split()
    for site in found:
        if not ORIGIN.fullmatch(site) or ".." in site or not _has_port(site):
            raise ValueError(
                f"{EMBED_IN} holds {site!r}; it takes origins separated by spaces, such as "
                "https://moodle.example.org, in lower case and without a path."
            )
    return tuple(found)


def _has_port(site: str) -> bool:
    """Return whether the port of an origin is valid; an origin without a port is too."""
    try:
        return urlsplit(site).port != 0
    except ValueError:
        return False


def headers_for(sites: tuple[str, ...] = ()) -> Mapping[str, str]:
    """Return the headers of every response, when these sites may show the app in a frame."""
    policy = {**POLICY, "frame-ancestors": " ".join((POLICY["frame-ancestors"], *sites))}
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",  # a link holds the settings
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        # For browsers without frame-ancestors; this header cannot name other sites.
        **({} if sites else {"X-Frame-Options": "SAMEORIGIN"}),
    }


# Inside another site's frame, a browser keeps only cookies with these attributes, and only over
# HTTPS; "Partitioned" is for browsers that keep a separate cookie jar per embedding site.
IN_FRAMES = "SameSite=None; Secure; Partitioned"


def misconfigured() -> str:
    """Say what is wrong with the environment variables; empty if nothing is."""
    try:
        AnswerHeaders(app=None)
    except ValueError as error:
        return str(error)
    return ""


class AnswerHeaders:
    """Adds our headers to every response, and the replica's name so that a proxy returns to it.

    Pages and websockets decide which replica a user belongs to; files may come from any replica.
    The environment variable CNNVIZ_REPLICA holds the name, for instance "app-1". One of our files,
    requested under its current version, never changes, so the browser may cache it for good. If
    CNNVIZ_EMBED_IN names sites that show the app in a frame, our cookies work there too.

    Raises
    ------
    ValueError
        If CNNVIZ_REPLICA is not such a name, or CNNVIZ_EMBED_IN holds something that is not an
        origin.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.replica = os.environ.get("CNNVIZ_REPLICA", "")
        if self.replica and not REPLICA.fullmatch(self.replica):
            raise ValueError(
                f"CNNVIZ_REPLICA is {self.replica!r}; names are app-1, app-2 and so on"
            )

        sites = embedding_sites(os.environ.get(EMBED_IN, ""))
        self.headers = headers_for(sites)
        self.framed = bool(sites)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add our headers to its response."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        async def send_complete(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                self.complete(scope, message)
            await send(message)

        await self.app(scope, receive, send_complete)

    def complete(self, scope: Scope, message: Message) -> None:
        """Add the headers to the message that starts a response."""
        message.setdefault("headers", [])
        headers = MutableHeaders(scope=message)
        headers.update(self.headers)
        if below_base(scope["path"]).startswith(FILES) and message.get("status") == 200:
            headers["Cache-Control"] = FOREVER if is_ours_for_good(scope) else "no-cache"
        opens = message["type"] == "websocket.accept"
        opens = opens or headers.get("content-type", "").startswith("text/html")
        known = cookie_parser(Headers(scope=scope).get("cookie", "")).get(COOKIE)
        if self.replica and opens and known != self.replica:
            headers.append("Set-Cookie", f"{COOKIE}={self.replica}; Path=/; HttpOnly; SameSite=Lax")
        if self.framed:
            message["headers"] = [
                (name, _in_frames(value) if name.lower() == b"set-cookie" else value)
                for name, value in message["headers"]
            ]


def _in_frames(cookie: bytes) -> bytes:
    """Return a cookie, ours or Streamlit's, with the attributes that a browser requires in a frame.

    >>> _in_frames(b"a=b; Path=/; SameSite=Lax")
    b'a=b; Path=/; SameSite=None; Secure; Partitioned'
    """
    name, *attributes = cookie.decode("latin-1").split("; ")
    ours = ("samesite", "secure", "partitioned")
    kept = [one for one in attributes if one.partition("=")[0].lower() not in ours]
    return "; ".join((name, *kept, IN_FRAMES)).encode("latin-1")
