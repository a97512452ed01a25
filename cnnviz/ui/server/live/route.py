"""The route of the live channel: /live, below the base path if there is one."""

from functools import cache

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from cnnviz.ui.server import log
from cnnviz.ui.server.live.connection import Connection
from cnnviz.ui.server.live.pool import Pool
from cnnviz.ui.server.routes import PlacedRoute
from cnnviz.ui.server.sockets import accepted

NAME = "live"


@cache
def pool() -> Pool:
    """Return the thread pool that all channels of this process share."""
    return Pool()


async def talk(websocket: WebSocket) -> None:
    """Accept a tab of ours, and talk to it."""
    if not await accepted(websocket):
        log.event("live channel", ended="foreign origin")
        return
    await Connection(websocket, pool()).serve()


class LiveRoute(PlacedRoute):
    """Routes to `talk`."""

    def __init__(self) -> None:
        super().__init__(WebSocketRoute, NAME, talk)
