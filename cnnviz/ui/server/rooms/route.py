"""The routes of rooms, below the base path: /room is the WebSocket, /join the page for people."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from cnnviz.resources import STATIC
from cnnviz.ui.server import log
from cnnviz.ui.server.browser_modules import VERSION
from cnnviz.ui.server.rooms.connection import Connection
from cnnviz.ui.server.rooms.guesses import GuessLimit, address_of
from cnnviz.ui.server.rooms.rooms import rooms
from cnnviz.ui.server.routes import PlacedRoute, base_path
from cnnviz.ui.server.streamlit_patches.private import is_origin_allowed

FOREIGN = 1008
PAGE = STATIC / "class" / "join.html"


async def talk(websocket: WebSocket) -> None:
    """Accept a tab, if Streamlit would accept its origin too."""
    headers = websocket.headers
    if not is_origin_allowed(headers.get("origin"), headers.get("host")):
        log.event("room", what="tab", ended="foreign origin")
        await websocket.close(FOREIGN)  # closing before accepting answers with 403
        return
    await websocket.accept()
    address = address_of(headers, websocket.client.host if websocket.client else "")
    here = rooms()
    await Connection(websocket, here, GuessLimit(here.store), address).serve()


async def join(_: Request) -> Response:
    """Serve the follower's page, which is the same for every code."""
    base = base_path()
    modules = f"{base}app/static/{VERSION}/components/"
    page = PAGE.read_text(encoding="utf-8").replace("@modules/", modules).replace("@base/", base)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


def room_routes() -> list[PlacedRoute]:
    """Return the routes of rooms."""
    return [
        PlacedRoute(WebSocketRoute, "room", talk),
        PlacedRoute(Route, "join", join),
        PlacedRoute(Route, "join/{code}", join),
    ]
