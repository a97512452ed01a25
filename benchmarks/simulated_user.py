"""What a user in a class does with the app, at random but the same in every run."""

import asyncio
import io
import json
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from scripts.page_messages import Answer
from scripts.protocol_client import ProtocolClient

# What people do, in per cent: mostly drag sliders and click chips.
HABITS = {"drag": 40, "slider": 22, "chip": 30, "page": 6, "photo": 1, "drop": 1}
# A drag changes the value this many times, at this interval in seconds, and then ends.
EVERY, CHANGES = 0.1, 20
# The size of the picture and its channels stay, so that all runs handle as many cells.
LEFT_ALONE = ("shared.", "picker:")

# Each uploaded photo is also shown to the photo network on the page Inside.
INSIDE = "photo → answer, Inside"
LINKS = {"": ["", "kernels=sobel_y&stride=2", "pool=avg"], "pooling": [""], "geometry": [""]}


@dataclass
class Figures:
    """The measurements, by kind of action."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    bytes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, seconds: float, answer: Answer) -> None:
        """Record how one request went."""
        self.seconds[kind].append(seconds)
        self.bytes[kind].append(answer.bytes)
        self.errors[kind] += answer.errors


@cache
def photo(number: int) -> bytes:
    """Return a picture like a phone's: 12 megapixels, about 3 MB of JPEG."""
    noise = np.random.default_rng(number).normal(0, 9, (3000, 4000, 1))
    slope = np.linspace(0, 255, 4000)[None, :, None] * [1, 0.7, 0.4]
    file = io.BytesIO()
    Image.fromarray(np.clip(slope + noise, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


class SimulatedUser:
    """A user who opens the app and changes something every `interval` seconds.

    A user who `stays` turns no pages, and does everything in the Lab. A user who is `inside` shows
    one photo to the photo network, and waits for its answer.
    """

    def __init__(
        self,
        number: int,
        address: str,
        figures: Figures,
        *,
        stays: bool = False,
        inside: bool = False,
    ) -> None:
        self.client = ProtocolClient(address)
        self.figures = figures
        self.random = Random(number)
        self.turn = 0
        self.let_go = 0.0  # when the last drag ended, if there was one
        self.stays, self.inside, self.number = stays, inside, number
        self.habits = {kind: HABITS[kind] for kind in HABITS if not (stays and kind == "page")}

    async def arrive(self, wait: float) -> None:
        """Open the Lab, or the page of a link, after `wait` seconds."""
        await asyncio.sleep(wait)
        page = "" if self.stays else self.random.choice(["", "", "", "", "pooling", "geometry"])
        link = self.random.choice(LINKS[page])
        if self.inside:  # everyone has a different square, so that no answer is shared
            page, link = "inside", f"network=photos&picture=cat&across={self.number % 101}"

        async def come() -> Answer:
            await self.client.connect()
            return await self.client.open(page, link)

        await self._timed("open", come, time.perf_counter())

    async def work(self, interval: float, seconds: float) -> None:
        """Change something every now and then until the time is up."""
        start = time.perf_counter()
        if self.inside:
            return await self._bring(start + self.random.uniform(0, seconds))
        due = start + self.random.uniform(0, interval)
        while due < start + seconds:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            kind = self.random.choices([*self.habits], [*self.habits.values()])[0]
            # A late answer is timed from the movement of the hand, not from when we could send it.
            await self._timed(*self._choose(kind), max(due, time.perf_counter() - 0.5))
            due = max(due + interval * self.random.uniform(0.7, 1.3), time.perf_counter())

    async def _bring(self, due: float) -> None:
        """Upload a photo at that time."""
        await asyncio.sleep(due - time.perf_counter())
        await self._timed(INSIDE, lambda: self.client.upload(photo(self.number % 4)), due)

    def _choose(self, kind: str) -> tuple[str, Any]:
        """Return an action for this page; if it has none of that kind, the next best."""
        client, ours = self.client, self._widgets()
        self.turn += 1
        if kind == "photo":
            return kind, lambda: client.upload(photo(self.random.randrange(4)))
        if kind == "drop":
            return kind, self._drop
        if kind in ("drag", "slider") and (
            keys := [key for key in ours if _is(ours[key], "slider")]
        ):
            key = self.random.choice(keys)
            if kind == "drag":
                return "slider", lambda: self._drag(key, ours[key])
            return "slider", lambda: client.change(key, {"moved": self._slid(ours[key])})
        if kind != "page" and (keys := [key for key in ours if _is_chips(ours[key])]):
            key = self.random.choice(keys)
            names = [option.content for option in ours[key].button_group.options]
            return "chip", lambda: client.change(key, self.random.choice(names))
        page = self.random.choice([page for page in client.pages if page != "lab"])
        return "page", lambda: client.go(page)

    def _widgets(self) -> dict[str, Any]:
        widgets = self.client.widgets
        return {key: widgets[key] for key in widgets if not key.startswith(LEFT_ALONE)}

    def _slid(self, element: Any) -> dict[str, float]:
        """Return the new position of a slider."""
        data = json.loads(element.bidi_component.json)
        steps = round((data["high"] - data["low"]) / data["step"])
        value = data["low"] + data["step"] * self.random.randint(0, steps)
        return {"value": value, "turn": self.turn}

    async def _drag(self, key: str, element: Any) -> Answer:
        """Hold a slider for a while, sending each change through the live channel, and release it.

        As in the browser, a change made during a request waits, and replaces one already waiting.
        """
        channel = await self.client.live()
        for _ in range(CHANGES):
            where = self._slid(element)
            answer = Answer()
            start = time.perf_counter()
            with suppress(RuntimeError):  # the answer to settings that do not fit is a message
                await channel.ask(**{key.removesuffix(":slider"): where["value"]})
            answer.bytes = channel.bytes
            taken = time.perf_counter() - start
            self.figures.note("drag", taken, answer)
            await asyncio.sleep(max(0, EVERY - taken))
        self.let_go = time.perf_counter()
        return await self.client.change(key, {"moved": where})

    async def _drop(self) -> Answer:
        await self.client.drop()
        return await self.client.back()

    async def _timed(self, kind: str, act: Any, since: float) -> None:
        try:
            answer = await act()
        except Exception as error:  # every failure is counted in the table
            where = self.client.page or "lab"
            answer = Answer(errors=[f"{kind} on {where}: {type(error).__name__} {error}"])
        since, self.let_go = max(since, self.let_go), 0.0
        self.figures.note(kind, time.perf_counter() - since, answer)


def _is(element: Any, component: str) -> bool:
    return element.bidi_component.component_name == f"cnnviz_{component}"


def _is_chips(element: Any) -> bool:
    return element.WhichOneof("type") == "button_group"
