"""A class that follows a teacher: how soon, at what cost, and whether all end in the same state.

Two processes of the app behind nginx, as deploy/ sets it up, with rooms in Redis. The teacher is a
session of the app with its live channel; the followers receive what a browser would. They share the
machine with the servers, which makes the results worse. Called by classroom.py --room.
"""

import asyncio
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Self

from scripts.protocol_client import ProtocolClient
from scripts.proxy import proxy
from scripts.redis_server import RedisServer
from scripts.replica import Replica
from scripts.room_client import RoomClient

STEPS = 12  # timed changes
EVERY = 1 / 30  # seconds between two changes during a drag
IN_EACH = 10  # people in a small class
ARRIVE = 0.05  # seconds from one arrival to the next
MAPS = ("live:lab", "mount:lab:maps")


class Teacher:
    """A leading session, and the teacher's connection to the room."""

    def __init__(self, address: str) -> None:
        self.app = ProtocolClient(address)
        self.code = ""
        self.bias = 0

    async def begin(self) -> Self:
        """Open the app, and a room."""
        await self.app.connect()
        await self.app.open()
        await self.app.tell("class:lead", "open", self.app.address)
        self.room = RoomClient(self.app.address, self.app.cookies)
        lead = self.lead()
        self.code = lead["code"]
        await self.room.lead(lead["code"], lead["key"])
        self.live = await self.app.live()
        return self

    def lead(self) -> dict[str, str]:
        """Return what the page tells the teacher's browser about the room."""
        told = json.loads(self.app.widgets["class:lead"].bidi_component.json)
        return told["room"]

    async def step(self) -> float:
        """Change something; return the time."""
        self.bias = (self.bias + 7) % 250
        now = time.perf_counter()
        await self.live.ask(**{"lab.bias": self.bias})
        return now

    async def rest(self) -> None:
        """Let go: the page runs with the values that the hand has set."""
        await self.app.change("lab.bias:slider", {"moved": {"value": self.bias}})

    async def end(self) -> None:
        """Leave."""
        await self.room.leave()
        await self.app.drop()


@contextmanager
def site() -> Iterator[tuple[str, list[Replica]]]:
    """Start everything; yield the address and the processes of the app."""
    with ExitStack() as stack:
        redis = stack.enter_context(RedisServer())
        replicas = [
            stack.enter_context(
                Replica(environment={"CNNVIZ_REPLICA": name, "CNNVIZ_ROOMS": redis.address})
            )
            for name in ("app-1", "app-2")
        ]
        quiet = stack.enter_context(Path(os.devnull).open("w"))
        within = [replica.address.removeprefix("http://") for replica in replicas]
        yield stack.enter_context(proxy(within, quiet)), replicas


def main(people: int, rooms: int, seconds: float, pause: float) -> None:
    """Measure, and print each line as it is known, with `pause` seconds between two steps."""
    with site() as (address, replicas):
        asyncio.run(one_room(address, replicas, people, seconds, pause))
        asyncio.run(many_rooms(address, rooms, pause))
        errors = [line for replica in replicas for line in replica.lines if '"error"' in line]
        print(f"Errors in the logs: {len(errors)}", *errors[:3], sep="\n")


async def one_room(
    address: str, replicas: Sequence[Replica], people: int, seconds: float, pause: float
) -> None:
    """Let a class of `people` follow one teacher."""
    teacher = await Teacher(address).begin()
    empty = sum(replica.memory for replica in replicas)
    tabs = await class_of(address, teacher.code, people)
    await asyncio.gather(*(tab.until(lambda tab: tab.screen) for tab in tabs))
    full = sum(replica.memory for replica in replicas)
    print(f"{people} followers on two processes: {(full - empty) / people:.2f} MB a follower")
    spent = sum(replica.cpu for replica in replicas)
    times = await steps(teacher, tabs, STEPS, pause)
    spent = sum(replica.cpu for replica in replicas) - spent
    print(f"A step, {len(times)} arrivals: {told(times)}; {1000 * spent / STEPS:.0f} ms CPU a step")
    print(f"Answers, sent at once by all: {await answers(teacher, tabs)}")
    print(f"A drag of {seconds:g} s: {await drag(teacher, tabs, seconds)}")
    print(errors_of([teacher.room, *tabs]))
    await leave([teacher], tabs)


async def many_rooms(address: str, rooms: int, pause: float) -> None:
    """Let many teachers lead a small class each."""
    teachers = [await Teacher(address).begin() for _ in range(rooms)]
    groups = [await class_of(address, teacher.code, IN_EACH) for teacher in teachers]

    async def lesson(number: int) -> list[float]:
        await asyncio.sleep(number * pause / rooms)
        return await steps(teachers[number], groups[number], STEPS // 2, pause)

    times = [time for each in await asyncio.gather(*map(lesson, range(rooms))) for time in each]
    print(f"{rooms} rooms of {IN_EACH}, a step every {pause:g} s in each: {told(times)}")
    tabs = [tab for group in groups for tab in group]
    print(errors_of([*(teacher.room for teacher in teachers), *tabs]))
    await leave(teachers, tabs)


async def class_of(address: str, code: str, people: int) -> list[RoomClient]:
    """Let people join one after another."""
    tabs = [RoomClient(address) for _ in range(people)]

    async def come(number: int, tab: RoomClient) -> None:
        await asyncio.sleep(number * ARRIVE)
        await tab.join(code)

    await asyncio.gather(*(come(number, tab) for number, tab in enumerate(tabs)))
    return tabs


async def steps(
    teacher: Teacher, tabs: Sequence[RoomClient], count: int, pause: float
) -> list[float]:
    """Change something every now and then; return how long each tab took to get it."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        since = await teacher.step()
        arrivals = [tab.until(partial(came, since=since)) for tab in tabs]
        times += [at - since for at in await asyncio.gather(*arrivals)]
        await asyncio.sleep(max(0.0, pause - (time.perf_counter() - began)))
    return times


def came(tab: RoomClient, since: float, maps: Sequence[str] = MAPS) -> float | None:
    """Return when the first maps after a time arrived."""
    late = tab.steps[-40:]  # the last seconds
    return next((at for at, to in late if at > since and to & set(maps)), None)


async def answers(teacher: Teacher, tabs: Sequence[RoomClient]) -> str:
    """Ask, let everyone answer, and show it."""
    question = {"kind": "number", "board": "lab", "pane": 1, "row": 40, "column": 40}
    await teacher.room.say({"ask": question})
    await asyncio.gather(*(tab.until(lambda tab: tab.said.get("question")) for tab in tabs))
    n = tabs[0].said["question"]["n"]
    began = time.perf_counter()
    await asyncio.gather(*(tab.say({"answer": n, "value": i % 9}) for i, tab in enumerate(tabs)))
    sent = time.perf_counter()
    await teacher.room.until(lambda tab: tab.said.get("answers") == {"n": n, "count": len(tabs)})
    counted = time.perf_counter()
    await teacher.room.say({"show": n})
    await asyncio.gather(*(tab.until(lambda tab: tab.said.get("result")) for tab in tabs))
    shown = time.perf_counter()
    return (
        f"sent in {1000 * (sent - began):.0f} ms, all counted {1000 * (counted - sent):.0f} ms "
        f"after the last, shown to all {1000 * (shown - counted):.0f} ms after it was requested"
    )


async def drag(teacher: Teacher, tabs: Sequence[RoomClient], seconds: float) -> str:
    """Drag and let go; say how far behind the class was, and whether all end in the same state."""
    before = sum(len(tab.steps) for tab in tabs)
    end, asked = time.perf_counter() + seconds, 0
    while (now := time.perf_counter()) < end:
        await teacher.step()
        asked += 1
        await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - now)))
    let_go = time.perf_counter()
    await teacher.rest()
    maps = teacher.app.maps["lab"]

    def has_the_run(tab: RoomClient) -> bool:
        return came(tab, let_go, MAPS[1:]) is not None

    await asyncio.gather(*(tab.until(has_the_run) for tab in tabs))
    seen = (sum(len(tab.steps) for tab in tabs) - before) / len(tabs) / seconds
    behind = 1000 * (time.perf_counter() - let_go)
    shown = [tab.shown() for tab in tabs]
    alike = sum(one.get(MAPS[1]) == maps and MAPS[0] not in one for one in shown)
    return (
        f"{asked / seconds:.0f} changes a second, {seen:.1f} steps a second at each follower, "
        f"{alike} of {len(tabs)} at the teacher's state {behind:.0f} ms after it"
    )


def told(times: Sequence[float]) -> str:
    """Return times in words: the median, the 95th percentile, the maximum."""
    shares = quantiles(sorted(times), n=20, method="inclusive")
    return (
        f"p50 {1000 * shares[9]:.0f} ms, p95 {1000 * shares[18]:.0f} ms, "
        f"max {1000 * max(times):.0f} ms"
    )


def errors_of(tabs: Sequence[RoomClient]) -> str:
    """State the number of errors and of lost connections."""
    errors = [error for tab in tabs for error in tab.errors]
    lost = sum(tab.lost for tab in tabs)
    first = "".join(f"\n{one}" for one in errors[:3])
    return f"{len(errors)} errors, {lost} lost connections{first}"


async def leave(teachers: Sequence[Teacher], tabs: Sequence[RoomClient]) -> None:
    """Disconnect everyone."""
    await asyncio.gather(*(tab.leave() for tab in tabs))
    for teacher in teachers:
        await teacher.end()
