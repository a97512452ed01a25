"""The routes of rooms, below the base path: /room is the WebSocket, /join the page for people."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from cnnviz.resources import STATIC
from cnnviz.ui.server import log
from cnnviz.ui.server.browser_modules import BLANK_PAGE, VERSION
from cnnviz.ui.server.rooms.connection import Connection
from cnnviz.ui.server.rooms.guesses import GuessLimit, address_of
from cnnviz.ui.server.rooms.rooms import rooms
from cnnviz.ui.server.routes import PlacedRoute, base_path
from cnnviz.ui.server.sockets import accepted

PAGE = STATIC / "class" / "join.html"


async def talk(websocket: WebSocket) -> None:
    """Accept a tab of ours, and let it into its room."""
    if not await accepted(websocket):
        log.event("room", what="tab", ended="foreign origin")
        return
    address = address_of(websocket.headers, websocket.client.host if websocket.client else "")
    here = rooms()
    await Connection(websocket, here, GuessLimit(here.store), address).serve()


async def join(_: Request) -> Response:
    """Serve the follower's page, which is the same for every code."""
    base = base_path()
    modules = f"{base}app/static/{VERSION}/components/"
    page = PAGE.read_text(encoding="utf-8").replace("@blank", BLANK_PAGE)
    page = page.replace("@modules/", modules).replace("@base/", base)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


async def ask(_: Request) -> Response:
    """Redirect longer paths to the form for a code; Streamlit would show a blank page."""
    return RedirectResponse(f"{base_path()}join")


def room_routes() -> list[PlacedRoute]:
    """Return the routes of rooms."""
    return [
        PlacedRoute(WebSocketRoute, "room", talk),
        PlacedRoute(Route, "join", join),
        PlacedRoute(Route, "join/{code}", join),
        PlacedRoute(Route, "join/{more:path}", ask),
    ]
