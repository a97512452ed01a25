"""The URLs of the browser modules, with one version for all of them.

The modules import one another by plain relative paths. So the version goes into the path, before
the folders, where relative imports keep it: /app/static/VERSION/components/maps/maps.js. Anything
requested under the current version never changes, so the browser may cache it for good.
"""

import re
from hashlib import blake2b

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from cnnviz.resources import STATIC
from cnnviz.ui.server.routes import below_base

FOLDER = STATIC / "components"
FILES = "/app/static/"  # where Streamlit serves STATIC, below the base path
# The longest path in bytes: with a longer one the system call fails, and the log would quote it.
LONGEST = 255
# Folders whose modules every page with maps loads.
FIRST = ("core", "live", "maps", "slider")


def _version() -> str:
    """Return a digest of all modules, so that no browser mixes old and new files."""
    digest = blake2b(digest_size=6)
    for file in sorted(FOLDER.rglob("*.*")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


VERSION = _version()
VERSIONED = re.compile(re.escape(FILES) + r"[0-9a-f]{12}/")


def address(path: str) -> str:
    """Return the URL of a module or style sheet, as the page requests it."""
    return f"./app/static/{VERSION}/components/{path}"


def inline(path: str) -> str:
    """Return a script as an element with its text, which the page need not request."""
    return f"<script>{(FOLDER / path).read_text(encoding='utf-8')}</script>"


BLANK_PAGE = inline("streamlit/blank-page.js")


def first_modules() -> list[str]:
    """Return the paths of the modules to preload."""
    files = sorted(file for room in FIRST for file in (FOLDER / room).glob("*.js"))
    return [file.relative_to(FOLDER).as_posix() for file in files]


def is_ours_for_good(scope: Scope) -> bool:
    """Return whether a request is for one of our files under its current version."""
    return below_base(scope["path"]).startswith(f"{FILES}{VERSION}/")


class VersionedFiles:
    """Serves requests for versioned paths from the plain folder.

    A page opened before an update requests an older version, and gets the current files.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, without the version in its path."""
        below = below_base(scope["path"]) if scope["type"] == "http" else ""
        if below.startswith(FILES) and len(below.encode()) > LONGEST:
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
            return
        if VERSIONED.match(below):
            path = scope["path"].removesuffix(below) + VERSIONED.sub(FILES, below)
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)
