"""Record, for the room, what a leading session sends to its browser.

A session that does not lead records nothing, see `sessions`. Each element that a run draws is
recorded with its place on the page; at the end of the run, the room gets the changes. A run of a
part of the page replaces the elements of that part.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from secrets import token_hex
from typing import Any

from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.rooms import acts, sessions
from cnnviz.ui.server.rooms.incoming import Lead
from cnnviz.ui.server.rooms.outbox import PACE, Outbox
from cnnviz.ui.server.rooms.protocol import LIVE, MOUNT
from cnnviz.ui.server.rooms.room import PUT, SCREEN, Room, as_json
from cnnviz.ui.server.rooms.rooms import RoomError, Rooms
from cnnviz.ui.server.rooms.store import LEADER, Change, StoreGone
from cnnviz.ui.server.rooms.wire import Part, Put, in_parts
from cnnviz.ui.server.streamlit_patches.private import fragment_place, place

# Components that only display something. The others are left out: either their data concerns only
# the teacher's browser (the live channel's token, thumbnails of photos), or they change settings.
SHOWN = {
    "confusion/confusion",
    "curves/curves",
    "gallery/gallery",
    "kernel-cells/kernel-cells",
    "maps/maps",
    "maps/profile",
    "maps/slot",
    "overview/overview",
    "labelled-pictures/labelled-pictures",
    "output-sizes/output-sizes",
    "unit/unit",
}
STRIP = ":strip"  # suffix of the keys of galleries that choose a kernel, and so a setting
FIRST = "lab"  # the page at the base path
MOST_KNOWN = 64  # deflated parts that are kept
TAKEN = "Another device leads this class now."  # as in lead.js

Place = tuple[int, ...]


@dataclass
class PageAbout:
    """The page as a whole: its name, heading, link and photo."""

    page: str = ""
    title: str = ""
    subtitle: str = ""
    link: str = ""
    photo: str = ""


@dataclass(eq=False)
class Recording:
    """The screen of one leading session, as its room has it."""

    rooms: Rooms
    room: Room
    lead: Lead
    about: PageAbout = field(default_factory=PageAbout)

    def __post_init__(self) -> None:
        self.lead = replace(self.lead, session=token_hex(8))
        self.id = self.lead.session.encode()
        guard = LEADER, self.id
        compare = partial(acts.compare, self.rooms, self.room)
        self._outbox = Outbox(self.rooms, self.room, guard, self.end, compare)
        self._lock = threading.Lock()
        self._items: dict[Place, dict[str, Any]] = {}
        self._noted: set[Place] = set()
        self._mounts: dict[str, Packed] = {}  # in this run, by key
        # What the room has: mounts by key, and receivers of the live channel since the last run.
        self._sent = {to.removeprefix(MOUNT) for to in self.room.puts if to.startswith(MOUNT)}
        self._live = {to.removeprefix(LIVE) for to in self.room.puts if to.startswith(LIVE)}
        self._known: dict[str, Part] = {}
        self._regions: dict[str, Place] = {}
        self._parts: dict[str, Place] = {}  # the place of each fragment on the page
        self._digest = ""  # of the photo
        self._png: Callable[[], bytes] | None = None  # makes a PNG file of the photo
        self._begun = self.ended = False
        self.room.recordings.add(self)

    # What a run draws

    def heading(self, page: str, title: str, subtitle: str) -> None:
        """Record the name, title and subtitle of the page."""
        self.about.page, self.about.title, self.about.subtitle = page or FIRST, title, subtitle

    def regions(self, places: Mapping[str, Any]) -> None:
        """Record the place of each region of the page by name."""
        self._regions = {name: place(container)[:-1] for name, container in places.items()}

    def component(self, key: str, module: str, html: str, data: Any) -> None:
        """Record a component that is mounted here."""
        if module not in SHOWN or key.endswith(STRIP):
            return
        self._mounts[key] = in_parts(data)
        json = not isinstance(data, bytes | Packed)
        self._note({"kind": "component", "key": key, "module": module, "html": html, "json": json})

    def stage(self, number: int | str, text: str) -> None:
        """Record the heading of a stage."""
        self._note({"kind": "stage", "number": str(number), "text": text})

    def sentence(self, text: str) -> None:
        """Record a paragraph about what the page shows."""
        self._note({"kind": "sentence", "text": text})

    def _note(self, item: dict[str, Any]) -> None:
        at = place()
        if fragment := fragment_place():
            self._parts[fragment[0]] = fragment[1]
        self._items[at] = item
        self._noted.add(at)

    def finish(self, parts: Iterable[str]) -> None:
        """End a run, of the whole page or of some parts; send what has changed."""
        self._drop_undrawn(parts)
        self._begun = self._begun or not parts
        if self.ended or not self._begun:
            return
        shown = [self._items[at] | {"region": self._region(at)} for at in sorted(self._items)]
        keys = {item["key"] for item in shown if item["kind"] == "component"}
        screen = as_json({**vars(self.about), "items": shown})
        fields: dict[str, Callable[[], bytes]] = {SCREEN: lambda: screen}
        for key, data in self._mounts.items():
            if key in keys:
                fields[f"{PUT}{MOUNT}{key}"] = partial(self._written, data)
        self._mounts = {}
        # Locked until the change is queued: a later answer of the live channel must come after it.
        with self._lock:
            gone = {f"{PUT}{MOUNT}{key}" for key in self._sent - keys}
            gone |= {f"{PUT}{LIVE}{name}" for name in self._live}
            self._live.clear()
            self._sent = keys
            self._outbox.put(fields, gone)

    def _drop_undrawn(self, parts: Iterable[str]) -> None:
        """Drop the elements that the run of these parts, or of the whole page, has not drawn."""
        within = [self._parts[part] for part in parts if part in self._parts] if parts else [()]
        for at in [at for at in self._items if at not in self._noted]:
            if any(at[: len(start)] == start for start in within):
                del self._items[at]
        self._noted.clear()

    def live(self, name: str, answer: Packed) -> None:
        """Pass on an answer of the live channel; callable from any thread."""
        with self._lock:
            self._live.add(name)
            self._outbox.put({f"{PUT}{LIVE}{name}": partial(self._written, answer)})

    def photo(self, digest: str, png: Callable[[], bytes]) -> None:
        """Store the teacher's own photo for people who work alone; `digest` is "" for a sample.

        The photo of a lifted screen is stored already, and does not replace the teacher's.
        """
        self.about.photo = sessions.lifted(digest) or ("own" if digest else "")
        if self.about.photo == "own" and digest != self._digest:
            self._digest, self._png = digest, png
            self.rooms.loop.call_soon_threadsafe(self.keep_photo)

    def keep_photo(self) -> None:
        """Store the photo, again if the store has lost it; call on the event loop."""
        if self._png and not self.ended:
            self.rooms.spawn(self._store_photo(self._png))

    def end(self) -> None:
        """Stop recording: the session is over, or another one leads."""
        if not self.ended:
            self.ended = True
            self.room.recordings.discard(self)
            self._outbox.end()

    async def _store_photo(self, png: Callable[[], bytes]) -> None:
        photo = await asyncio.to_thread(png)
        while png is self._png and not self.ended:
            with suppress(StoreGone):
                return await self.rooms.store.keep_photo(self.room.code, photo)
            await asyncio.sleep(PACE)
            await self.rooms.back()

    def _written(self, data: Packed) -> bytes:
        put = Put.of(data, self._known)
        for part in put.parts:
            if part.digest:
                self._known.pop(part.digest, None)
                self._known[part.digest] = part
        while len(self._known) > MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return put.written

    def _region(self, at: Place) -> str:
        """Return the innermost region that contains a place."""
        around = [(len(start), name) for name, start in self._regions.items()
                  if at[: len(start)] == start]  # fmt: skip
        return max(around, default=(0, ""))[1]


async def begin(rooms: Rooms, lead: Lead, after: str = "") -> Recording | None:
    """Start recording for a room, replacing an earlier recording; None if the key is wrong.

    With `after`, only the session of that name is replaced: if another one leads, raise RoomError.
    """
    room = await rooms.find(lead.code)
    if room is None or not room.opens_with(lead.key):
        return None
    made = Recording(rooms, room, lead)
    guard = (LEADER, after.encode(errors="replace")) if after else None
    if not await rooms.change(room, Change({LEADER: made.id}, guard=guard, sign=True)):
        made.end()
        if room.over or not after:
            return None
        raise RoomError(TAKEN)
    return made
