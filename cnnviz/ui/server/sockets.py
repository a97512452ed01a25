"""How our WebSockets begin and end: whose tabs are let in, and how a connection is closed."""

from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketState

from cnnviz.ui.server.streamlit_patches.private import is_origin_allowed

FOREIGN = 1008  # close code "policy violation", from RFC 6455


async def accepted(websocket: WebSocket) -> bool:
    """Accept a tab if Streamlit would accept its origin too; return whether it was."""
    headers = websocket.headers
    if is_origin_allowed(headers.get("origin"), headers.get("host")):
        await websocket.accept()
        return True
    await websocket.close(FOREIGN)  # closing before accepting answers with 403
    return False


async def close(websocket: WebSocket, code: int) -> None:
    """Close a connection, unless this side has closed it already."""
    if websocket.application_state is not WebSocketState.DISCONNECTED:
        with suppress(RuntimeError, OSError):  # the tab may have closed it already
            await websocket.close(code)
