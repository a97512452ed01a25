"""The address of the live channel: /live, below the base path where there is one."""

from functools import cache, cached_property

from starlette.routing import Match, WebSocketRoute
from starlette.types import Scope
from starlette.websockets import WebSocket
from streamlit import config
from streamlit.url_util import make_url_path

from cnnviz.ui.server import log
from cnnviz.ui.server.live.channel import Channel
from cnnviz.ui.server.live.pool import Pool
from cnnviz.ui.server.streamlit_patches.private import is_origin_allowed

NAME = "live"
FOREIGN = 1008


@cache
def pool() -> Pool:
    """Return the threads in which all channels of this process have their work done."""
    return Pool()


async def talk(websocket: WebSocket) -> None:
    """Let a tab in, if it comes from where Streamlit too would let it in."""
    headers = websocket.headers
    if not is_origin_allowed(headers.get("origin"), headers.get("host")):
        log.event("live channel", ended="foreign origin")
        await websocket.close(FOREIGN)  # before it is accepted: the answer is 403
        return
    await websocket.accept()
    await Channel(websocket, pool()).serve()


class LiveRoute(WebSocketRoute):
    """Leads to `talk`.

    Streamlit puts the base path before its own routes only, and knows it only after the app has
    been made: so this route is worked out when it is first asked for.
    """

    def __init__(self) -> None:
        super().__init__(f"/{NAME}", talk)

    @cached_property
    def _placed(self) -> WebSocketRoute:
        base = config.get_option("server.baseUrlPath") or ""
        return WebSocketRoute(make_url_path(base, NAME), talk)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether this is what is asked for."""
        return self._placed.matches(scope)
