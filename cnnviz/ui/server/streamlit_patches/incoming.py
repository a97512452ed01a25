"""Limit how much a browser may send: messages that are too large are refused, not received.

Uploads stay in memory until a run of the page takes them, so their total size is limited, too.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from starlette.exceptions import HTTPException

from cnnviz.images.loading import MAX_BYTES
from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.ui.server.live.requests import MAX_FRAME
from cnnviz.ui.server.rooms.limits import MAX_TEXT
from cnnviz.ui.server.routes import below_base

OURS = {"/live": MAX_FRAME, "/room": 4 * MAX_TEXT}  # bytes; a character takes at most four
PAGES = 3 * MAX_BYTES // 2  # bytes; base64 makes a pasted photo 4/3 as large

MOST_UPLOADED = 12 * MAX_FILE  # bytes of files that no run has taken yet


def bounded(connect: Callable[..., None]) -> Callable[..., None]:
    """Limit the messages of a connection, depending on its path; Streamlit's only limit is 200 MB.

    The setting server.maxMessageSize would also limit what the server sends.
    """

    def connect_bounded(protocol: Any, request: Any) -> None:  # uvicorn's own
        path = below_base(unquote(request.path.partition("?")[0]))
        protocol.conn.max_message_size = OURS.get(path, PAGES)
        connect(protocol, request)

    return connect_bounded


def within_room(add_file: Callable[..., None]) -> Callable[..., None]:
    """Refuse a file if its session would exceed the limit alone; else drop the oldest of others.

    A run takes a file within seconds, so the oldest files are mostly those that no run will take.
    """

    def add_within_room(manager: Any, session_id: str, file: Any) -> None:  # Streamlit's
        mine = list(manager.file_storage.get(session_id, {}).values())
        if sum(len(one.data) for one in (*mine, file)) > MOST_UPLOADED:
            raise HTTPException(413, "There is no room for more files.")
        add_file(manager, session_id, file)
        for other in list(manager.file_storage):
            if manager._total_bytes > MOST_UPLOADED and other != session_id:
                manager.remove_session_files(other)

    return add_within_room
