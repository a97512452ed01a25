"""The route of the live channel: /live, below the base path if there is one."""

from functools import cache

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from cnnviz.ui.server import log
from cnnviz.ui.server.live.connection import Connection
from cnnviz.ui.server.live.pool import Pool
from cnnviz.ui.server.routes import PlacedRoute
from cnnviz.ui.server.streamlit_patches.private import is_origin_allowed

NAME = "live"
FOREIGN = 1008


@cache
def pool() -> Pool:
    """Return the thread pool that all channels of this process share."""
    return Pool()


async def talk(websocket: WebSocket) -> None:
    """Accept a tab, if Streamlit would accept its origin too."""
    headers = websocket.headers
    if not is_origin_allowed(headers.get("origin"), headers.get("host")):
        log.event("live channel", ended="foreign origin")
        await websocket.close(FOREIGN)  # closing before accepting answers with 403
        return
    await websocket.accept()
    await Connection(websocket, pool()).serve()


class LiveRoute(PlacedRoute):
    """Routes to `talk`."""

    def __init__(self) -> None:
        super().__init__(WebSocketRoute, NAME, talk)
