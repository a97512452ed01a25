"""How large a message from a browser may be: a larger one is refused before it is received."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from cnnviz.images.loading import MAX_BYTES
from cnnviz.ui.server.live.requests import MAX_FRAME
from cnnviz.ui.server.rooms.limits import MAX_TEXT
from cnnviz.ui.server.routes import below_base

OURS = {"/live": MAX_FRAME, "/room": 4 * MAX_TEXT}  # bytes; a character has at most four
PAGES = 3 * MAX_BYTES // 2  # bytes; a pasted photo in base64 takes 4/3, and the widgets the rest


def bounded(connect: Callable[..., None]) -> Callable[..., None]:
    """Bound the messages of a connection by its path; Streamlit's bound is 200 MB for all.

    Its setting, server.maxMessageSize, would bound what the server sends, too.
    """

    def connect_bounded(protocol: Any, request: Any) -> None:  # noqa: ANN401 - uvicorn's own
        path = below_base(unquote(request.path.partition("?")[0]))
        protocol.conn.max_message_size = OURS.get(path, PAGES)
        connect(protocol, request)

    return connect_bounded
