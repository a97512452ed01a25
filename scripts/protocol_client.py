"""A visitor without a browser: it speaks the websocket protocol of Streamlit's page.

Against a running server, from a coroutine:

    async with ProtocolClient("http://localhost:8501") as client:
        answer = await client.open("pooling")
        answer = await client.change("pooling.stride", 2)
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from scripts.cookies import XSRF, Http
from scripts.live_channel import LiveChannel
from scripts.page_messages import Answer, MessageCache, state_of

EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # the events of a component, by its id
PATIENCE = 60  # seconds to wait for an answer


class ProtocolClient:
    """One tab. Widgets are identified by the keys that the app gives them.

    After `open`, `widgets` holds the elements on the screen by key, `maps` the latest maps by
    board, `link` the query in the address bar, `settings` the settings that a reload would restore.
    """

    def __init__(self, address: str, *, cookies: dict[str, str] | None = None) -> None:
        self.address = address
        self.http = Http(address, cookies)
        self.session = ""
        self.link = ""
        self.page = ""
        self.pages: dict[str, str] = {}  # their hashes, by address
        self.widgets: dict[str, Element] = {}
        self.maps: dict[str, bytes] = {}
        self._fragments: dict[str, str] = {}  # the part of the page that a widget is in
        self._inner: dict[str, set[str]] = defaultdict(set)  # the parts inside a part
        self._cache = MessageCache()
        self._links: dict[str, str] = {}  # the latest link of each page
        self._opened = ""  # the query of the address that was opened
        self._visit = ""  # the server's name for this session, in the link's component
        self._socket: ClientConnection | None = None
        self._live: LiveChannel | None = None

    async def __aenter__(self) -> Self:
        """Connect."""
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the tab."""
        await self.drop()

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of this browser, by their names."""
        return self.http.cookies

    async def connect(self, **options: Any) -> None:  # those of websockets
        """Open the websocket; a dropped session is resumed."""
        if XSRF not in self.http.cookies:
            await asyncio.to_thread(self.http.request, "GET", "/_stcore/health")
        words = ["streamlit", self.http.cookies.get(XSRF, "none"), *filter(None, [self.session])]
        parts = urlsplit(self.address)
        self._socket = await connect(
            f"ws://{parts.netloc}/_stcore/stream",
            **{"max_size": None, "compression": None, "open_timeout": PATIENCE, **options},
            subprotocols=words,
            origin=self.address,
            additional_headers={"Cookie": self.http.header()},
        )
        self.http.take(self._socket.response.headers.get_all("Set-Cookie"))

    async def drop(self) -> None:
        """Lose the connection as a phone does, without closing it."""
        if self._socket:
            self._socket.transport.abort()
            await self._socket.wait_closed()
        if self._live:
            await self._live.close()
            self._live = None

    async def open(self, page: str = "", query: str = "") -> Answer:
        """Open an address, as in `open("pooling", "pool=avg")`, and wait for the whole page."""
        self.page, self.link, self._opened = page, query, query
        return await self.run(ClientState(page_name=page, query_string=query))

    async def live(self) -> LiveChannel:
        """Return the live channel of the page that is open."""
        token = json.loads(self.widgets["live"].bidi_component.json)["token"]
        if self._live and self._live.token != token:
            await self._live.close()
            self._live = None
        if self._live is None:
            self._live = LiveChannel(self.address, token, self.http.header())
            await self._live.open()
        return self._live

    async def go(self, page: str) -> Answer:
        """Choose another page from the navigation."""
        self.page, self.link, self._opened = page, "", ""
        return await self.run(ClientState(page_script_hash=self.pages[page]))

    async def back(self) -> Answer:
        """Connect again after a drop, and have the page drawn as it was."""
        lost, visit = dict(self._links), self._visit
        await self.connect()
        answer = await self.run(self._asked(page_name=self.page))
        if visit != self._visit and lost != self._links:
            answer += await self.change("link", {"lost": {"queries": lost, "time": time.time()}})
        return answer

    async def change(self, key: str, value: Any) -> Answer:  # as the widget has it
        """Give a widget a value: a number, the names of chips, the state of a component."""
        return await self.run(self.request(key, value))

    async def tell(self, key: str, event: str, value: Any) -> Answer:  # any JSON
        """Trigger an event in a component, as `setTriggerValue` does; the app runs."""
        state = WidgetState(id=EVENTS.format(self.widgets[key].bidi_component.id))
        state.json_trigger_value = json.dumps([{"event": event, "value": value}])
        return await self.run(self._now(key, state))

    def request(self, key: str, value: Any) -> ClientState:  # as the widget has it
        """Return what a page sends when a widget changes."""
        return self._now(key, state_of(self.widgets[key], value))

    def part(self, key: str) -> str:
        """Return the part of the page that a widget is in."""
        return self._fragments[key]

    async def upload(self, data: bytes, name: str = "photo.jpg") -> Answer:
        """Drop a picture on the page."""
        key = next(key for key in self.widgets if key.startswith("picker:file:"))
        asked = BackMsg()
        asked.file_urls_request.request_id = uuid4().hex
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self.session
        started = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        while (message := await self.receive()).WhichOneof("type") != "file_urls_response":
            pass
        urls = message.file_urls_response.file_urls[0]
        await asyncio.to_thread(self.http.put, urls.upload_url, name, data)
        state = WidgetState(id=self.widgets[key].file_uploader.id)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, len(data), urls.file_id
        info.file_urls.CopyFrom(urls)
        answer = await self.run(self._now(key, state))
        answer.seconds = time.perf_counter() - started
        return answer

    async def run(self, state: ClientState) -> Answer:
        """Have the app run, and wait until it has finished."""
        before, self.widgets = self.widgets, {}
        answer, started = Answer(), time.perf_counter()
        await self.send(state)
        while True:
            message = await self.receive(answer)
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                answer.parts.append(message.delta.new_element)
                if message.delta.new_element.WhichOneof("type") == "exception":
                    answer.errors.append(message.delta.new_element.exception.message)
            elif kind == "page_not_found":
                answer.errors.append(f"There is no page {self.page!r}.")
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    answer.errors.append("The page does not compile.")
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    answer.seconds = time.perf_counter() - started
                    self._cache.forget()
                    self._keep(before, state.fragment_id)
                    return answer

    async def send(self, state: ClientState) -> None:
        """Have the app run, without waiting."""
        state.context_info.url = f"{self.address}/{self.page}"
        state.context_info.timezone = "UTC"
        state.cached_message_hashes.extend(self._cache.hashes)
        await self._socket.send(BackMsg(rerun_script=state).SerializeToString())

    def stop_reading(self) -> None:
        """Stop reading what arrives, like a phone without a network."""
        self._socket.transport.pause_reading()

    async def receive(self, answer: Answer | None = None) -> ForwardMsg:
        """Receive the next message, and remember what a browser would."""
        async with asyncio.timeout(PATIENCE):
            data = await self._socket.recv()
        message = ForwardMsg.FromString(data)
        if answer:
            answer.bytes += len(data)
            answer.messages += 1
        message = self._cache.whole(message)
        self._remember(message)
        return message

    def _remember(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
        elif kind == "navigation":
            pages = message.navigation.app_pages
            self.pages = {page.url_pathname: page.page_script_hash for page in pages}
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            widget = getattr(element, element.WhichOneof("type"))
            key = getattr(widget, "id", "").partition("-")[2].partition("-")[2]
            if key:
                self.widgets[key], self._fragments[key] = element, message.delta.fragment_id
            if key == "link":
                data = json.loads(widget.json)
                self.link, self._visit = data["query"], data["visit"]
                self._links[data["page"]] = self.link
            elif key.endswith(":maps"):
                self.maps[key.removesuffix(":maps")] = widget.bytes

    def _keep(self, before: Mapping[str, Element], part: str) -> None:
        """Restore the widgets of the parts of the page that were not redrawn."""
        if part:
            drawn = self._inner[part]
            drawn |= {part, *(self._fragments[key] for key in self.widgets)}
            kept = {key: before[key] for key in before if self._fragments[key] not in drawn}
            self.widgets = {**kept, **self.widgets}

    def _now(self, key: str, state: WidgetState) -> ClientState:
        """Return the request that a changed widget makes: for its own fragment, on this page."""
        now = self._asked(fragment_id=self._fragments[key])
        now.widget_states.widgets.append(state)
        return now

    def _asked(self, **fields: str) -> ClientState:
        """Return a request as Streamlit's page makes it: with the query that opened it, if any."""
        query = self._opened or self.link
        page = self.pages[self.page]
        return ClientState(page_script_hash=page, query_string=query, **fields)
