"""One process's copy of a room: its fields, parsed once for all of its connections here."""

import asyncio
import hmac
import json
import time
import weakref
from collections.abc import Collection, Iterable
from hashlib import blake2b, sha256
from secrets import token_bytes, token_hex
from typing import Any, Protocol

from cnnviz.ui.server.rooms.incoming import Here, Lead
from cnnviz.ui.server.rooms.limits import LASTS
from cnnviz.ui.server.rooms.protocol import FOLLOW
from cnnviz.ui.server.rooms.store import OPEN, Change, KeptRoom
from cnnviz.ui.server.rooms.wire import Put

KEY, SECRET, MODE, SCREEN, CELL = "key", "secret", "mode", "screen", "cell"
QUESTION, TRUTH, ASKED, RESULT, RIGHTS = "question", "truth", "asked", "result", "rights"
MARK = "mark"  # the cell that is asked about
LIFT, LIFTED = "lift", "lifted"
PUT, ANSWER, MEMBERS, HERE = "put:", "answer:", "members:", "here:"  # prefixes; the name follows
IN_JSON = {MODE, SCREEN, CELL, QUESTION, TRUTH, MARK, RESULT, RIGHTS, LIFT, LIFTED}
ALIVE = 12.0  # seconds for which a process's count of its people is valid
DIGITS = 32  # hexadecimal digits that name a person; the same number again signs the name
SHORT = 12  # the first of these digits, which tell the people of one room apart


class Member(Protocol):
    """A connection, as a room sees it."""

    free: bool
    leads: bool
    person: str
    here: Here | None

    def wake(self, names: Collection[str]) -> None:
        """Note that these fields have changed; if there are none, the room is over."""


class Room:
    """The current state of a room; it changes only by changes from the store, in their order."""

    def __init__(self, code: str, kept: KeptRoom) -> None:
        self.code = code
        self.members: set[Member] = set()
        self.recordings: weakref.WeakSet[Any] = weakref.WeakSet()  # by sessions in this process
        self.over = False
        self.idle_since = time.monotonic()
        self._awaited: dict[int, asyncio.Event] = {}  # versions that callers wait for
        self._heard: dict[str, float] = {}  # when the counts of people arrived, by our own clock
        self.take_whole(kept)

    def take_whole(self, kept: KeptRoom) -> None:
        """Replace the whole state, and wake every connection for all fields."""
        self.version, self.ends = kept.version, time.monotonic() + kept.lasts
        self.fields = dict(kept.fields)
        self.puts: dict[str, Put] = {}
        self.answers: dict[tuple[int, str], Any] = {}
        self.said: dict[str, Any] = {MODE: FOLLOW}
        for name in self.fields:
            self._read(name)
        self._tell(self.fields)

    def take(self, version: int, change: Change) -> bool:
        """Apply a change; return False if an earlier one was missed."""
        if version <= self.version:
            return True  # the state already includes this change
        if version != self.version + 1:
            return False
        self.version = version
        if change.sign:
            self.ends = time.monotonic() + LASTS
        for name in change.gone:
            if self.fields.pop(name, None) is not None:
                self._forget(name)
        for name, body in change.put.items():
            self.fields[name] = body
            self._read(name)
            if name.startswith(MEMBERS):
                self._heard[name] = time.monotonic()
        self.over = self.over or change.end
        self._tell([*change.gone, *change.put])
        return True

    def finish(self) -> None:
        """End the room, or note that its time is over."""
        self.over = True
        self._tell(())

    async def reached(self, version: int, patience: float = 5.0) -> None:
        """Wait until this version, or a later one, has arrived."""
        if self.version < version and not self.over:
            async with asyncio.timeout(patience):
                await self._awaited.setdefault(version, asyncio.Event()).wait()

    # People

    def opens_with(self, key: str) -> bool:
        """Return whether a key is the teacher's."""
        return hmac.compare_digest(self.fields.get(KEY, b""), key_digest(key))

    def identity(self, me: str) -> str:
        """Return the identity `me` if it belongs to this room, else a new one."""
        person = me[:DIGITS]
        if me and hmac.compare_digest(me, self._signed(person)):
            return me
        return self._signed(token_hex(DIGITS // 2))

    def screen_of(self, person: str) -> str:
        """Return the name under which the teacher sees a person's screen."""
        return blake2b(person.encode(), key=self.fields[SECRET], digest_size=6).hexdigest()

    def _signed(self, person: str) -> str:
        signature = hmac.digest(self.fields[SECRET], person.encode(), "sha256").hex()
        return person + signature[:DIGITS]

    # State

    @property
    def mode(self) -> str:
        """The mode: "follow" the teacher, or "free", in which everyone works alone."""
        return self.said[MODE]

    @property
    def question(self) -> dict[str, Any] | None:
        """The current question with the fields that only the server may see, or None."""
        return self.said.get(QUESTION)

    @property
    def open(self) -> int | None:
        """The number of the open question; None if none is open."""
        text = self.fields.get(OPEN)
        return int(text) if text else None

    @property
    def cell(self) -> dict[str, Any] | None:
        """The cell that the class sees marked: while one is asked about, that one."""
        asked = self.said.get(MARK) if self.open else None
        return asked or self.said.get(CELL)

    def answers_to(self, n: int) -> dict[str, Any]:
        """Return all answers to a question, by person."""
        return {person: value for (asked, person), value in self.answers.items() if asked == n}

    def people(self) -> dict[str, int]:
        """Return how many people are in the room, and how many of them work alone."""
        return {name: len(self._who(name)) for name in ("inside", "free")}

    def expected(self) -> int:
        """Return how many people have answered the question or still can."""
        answered = self.answers_to(self.question["n"]) if self.question else ()
        return len(self._who("inside").union(person[:SHORT] for person in answered))

    def _who(self, name: str) -> set[str]:
        """Return the people whom the processes have counted; a person may have several tabs."""
        here = [told for told in self.said if told.startswith(MEMBERS) and self._is_alive(told)]
        return {person for told in here for person in self.said[told]["who"][name]}

    def _is_alive(self, counted: str) -> bool:
        """Return whether the process that has counted these people still runs.

        The clocks of processes may differ, so the time that a process wrote is used only for counts
        from before this process listened.
        """
        if counted in self._heard:
            return time.monotonic() - self._heard[counted] < ALIVE
        return time.time() - self.said.get(counted, {"at": 0})["at"] < ALIVE

    def screens(self) -> dict[str, dict[str, str]]:
        """Return the page that each free person is on."""
        found = {}
        for name, told in self.said.items():
            if name.startswith(HERE):
                _, process, person = name.split(":")
                if self._is_alive(MEMBERS + process):
                    found[person] = told
        return found

    def _read(self, name: str) -> None:
        body = self.fields[name]
        if name.startswith(PUT):
            self.puts[name.removeprefix(PUT)] = Put.read(body)
        elif name.startswith(ANSWER):
            _, n, person = name.split(":")
            self.answers[int(n), person] = json.loads(body)
        elif name in IN_JSON or name.startswith((MEMBERS, HERE)):
            self.said[name] = json.loads(body)

    def _forget(self, name: str) -> None:
        if name.startswith(PUT):
            self.puts.pop(name.removeprefix(PUT), None)
        elif name.startswith(ANSWER):
            _, n, person = name.split(":")
            self.answers.pop((int(n), person), None)
        else:
            self.said.pop(name, None)
            self.said.setdefault(MODE, FOLLOW)

    def _tell(self, names: Iterable[str]) -> None:
        names = set(names)
        for member in tuple(self.members):
            member.wake(names)
        for version in [one for one in self._awaited if one <= self.version or self.over]:
            self._awaited.pop(version).set()


def new_fields(lead: Lead) -> dict[str, bytes]:
    """Return the fields of a new room."""
    return {KEY: key_digest(lead.key), SECRET: token_bytes(16), MODE: as_json(FOLLOW)}


def key_digest(key: str) -> bytes:
    """Return the digest of a key; the store keeps only this."""
    return sha256(key.encode()).digest()


def as_json(value: Any) -> bytes:  # whatever JSON can hold
    """Return a value as the bytes of a field."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
