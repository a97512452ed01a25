"""A message that is too large is refused by its first bytes, and never received."""

import asyncio

import pytest
from starlette.exceptions import HTTPException
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from uvicorn import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from cnnviz.images.loading import MAX_BYTES
from cnnviz.ui.server.live.requests import MAX_FRAME
from cnnviz.ui.server.rooms.limits import MAX_TEXT
from cnnviz.ui.server.streamlit_patches import incoming
from tests.ui.server.patched import used

PAGE = "/_stcore/stream"
TOO_BIG = 1009


class Wire(asyncio.Transport):
    """The server's end of a connection."""

    def __init__(self):
        super().__init__()
        self.sent = b""

    def write(self, data):
        self.sent += data

    def pause_reading(self):
        pass

    def resume_reading(self):
        pass

    def is_closing(self):
        return False

    def close(self):
        pass


async def echo_nothing(scope, receive, send):
    """Accept a connection, and take what comes."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


def close_code(path, size):
    """Return the code that a server closes with once a message of `size` bytes begins, or None."""

    async def talk():
        config = Config(echo_nothing, ws_max_size=200_000_000, lifespan="off", log_config=None)
        config.load()
        server = WebSocketsSansIOProtocol(config, ServerState(), {})
        wire, client = Wire(), ClientProtocol(parse_uri(f"ws://testserver{path}"))
        server.connection_made(wire)
        client.send_request(client.connect())
        server.data_received(b"".join(client.data_to_send()))
        while not wire.sent:  # the app has not yet accepted
            await asyncio.sleep(0)
        masked_length_of_eight_bytes = b"\x81\xff" + size.to_bytes(8, "big") + bytes(4)
        server.data_received(masked_length_of_eight_bytes)
        client.receive_data(wire.sent)
        server.connection_lost(None)
        return client.close_rcvd and client.close_rcvd.code

    return asyncio.run(talk())


@pytest.mark.parametrize(
    ("path", "most"),
    [("/live", MAX_FRAME), ("/room", 4 * MAX_TEXT), ("/room?x=1", 4 * MAX_TEXT)],
)
def test_our_own_routes_receive_no_more_than_our_own_tabs_send(path, most, monkeypatch):
    used("incoming", monkeypatch, WebSocketsSansIOProtocol.handle_connect)
    assert close_code(path, most + 1) == TOO_BIG
    assert close_code(path, most) is None


def test_below_a_base_path_they_do_not_either(below, monkeypatch):
    used("incoming", monkeypatch, WebSocketsSansIOProtocol.handle_connect)
    assert close_code("/cnn/room", 4 * MAX_TEXT + 1) == TOO_BIG


def test_a_page_receives_a_pasted_photo_and_not_much_more(monkeypatch):
    used("incoming", monkeypatch, WebSocketsSansIOProtocol.handle_connect)
    assert close_code(PAGE, 4 * MAX_BYTES // 3 + 2**20) is None
    assert close_code(PAGE, 2 * MAX_BYTES) == TOO_BIG


def test_there_is_room_for_so_many_uploads_and_the_oldest_of_others_go(monkeypatch):
    used("uploads", monkeypatch, MemoryUploadedFileManager.add_file)
    monkeypatch.setattr(incoming, "MOST_UPLOADED", 100)
    manager = MemoryUploadedFileManager("/upload")

    def kept(session, size, number):
        manager.add_file(session, UploadedFileRec(f"{number}", "x", "", bytes(size)))
        return {name: list(files) for name, files in manager.file_storage.items() if files}

    assert kept("first", 40, 1) == {"first": ["1"]}
    assert kept("second", 60, 2) == {"first": ["1"], "second": ["2"]}
    assert kept("third", 40, 3) == {"second": ["2"], "third": ["3"]}
    with pytest.raises(HTTPException, match="413"):
        kept("third", 61, 4)
    assert kept("third", 60, 5) == {"third": ["3", "5"]}
