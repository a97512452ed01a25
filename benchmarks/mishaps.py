"""The mishaps of a classroom, caused on purpose, and what they cost everyone in it.

Prints one table. Each line starts its own server, with people but without browsers; tests/load has
the same faults as tests, with fewer people.

    python benchmarks/mishaps.py [--only uploads]
"""

import argparse
import asyncio
import io
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from table import header, row

from scripts.page_messages import Answer
from scripts.protocol_client import ProtocolClient
from scripts.proxy import MISSING, find_nginx, proxy
from scripts.replica import Replica

WAVE = 10  # people who arrive at the same time


def main() -> None:
    """Cause one fault after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=FAULTS, help="one fault instead of all")
    wanted = parser.parse_args().only
    print(header(["fault", "figure", "target"]))
    for name, (what, target, fault) in FAULTS.items():
        if wanted in (None, name):
            print(row([what, asyncio.run(fault()), target]), flush=True)


async def dropped() -> str:
    """Cut 120 connections at once, and let everyone back in."""
    with Replica() as replica:
        async with clients(replica.address, 120) as here:
            await all_of(slide(client, number) for number, client in enumerate(here, 1))
            before = [(client.session, client.link) for client in here]
            await all_of(client.drop() for client in here)
            start = time.perf_counter()
            check(await all_of(client.back() for client in here))
            seconds = time.perf_counter() - start
            same = sum(
                (client.session, client.link) == old
                for client, old in zip(here, before, strict=True)
            )
    return f"{same} of 120 as before, the last after {seconds:.1f} s"


async def restarted() -> str:
    """Kill the server under 60 people who are changing settings, and start it again."""
    with Replica() as replica:
        async with clients(replica.address, 60) as here:
            await all_of(slide(client, number) for number, client in enumerate(here, 1))
            links = [client.link for client in here]
            work = [asyncio.create_task(slide(client, 99)) for client in here]
            replica.kill()
            await asyncio.gather(*work, return_exceptions=True)
            start = time.perf_counter()
            await asyncio.to_thread(replica.restart)
            up = time.perf_counter() - start
            for client, link in zip(here, links, strict=True):
                client.link = link  # as in the address bar
            check(await all_of(client.back() for client in here))
            seconds = time.perf_counter() - start
            same = sum(client.link == link for client, link in zip(here, links, strict=True))
    return f"up after {up:.1f} s; {same} of 60 with their settings after {seconds:.1f} s"


async def one_of_two() -> str:
    """Kill one of two replicas behind nginx under 60 people."""
    if find_nginx() is None:
        return MISSING
    with ExitStack() as stack:
        names = [{"CNNVIZ_REPLICA": f"app-{number}"} for number in (1, 2)]
        replicas = [stack.enter_context(Replica(environment=name)) for name in names]
        places = [replica.address.removeprefix("http://") for replica in replicas]
        quiet = stack.enter_context(Path(os.devnull).open("w"))
        door = stack.enter_context(proxy(places, quiet))
        async with clients(door, 60) as here:
            await all_of(slide(client, number) for number, client in enumerate(here, 1))
            links = [client.link for client in here]
            replicas[0].kill()
            lost = [client for client in here if client.cookies["cnnviz_replica"] == "app-1"]
            start = time.perf_counter()
            check(await all_of(client.back() for client in lost))
            seconds = time.perf_counter() - start
            check(await all_of(slide(client, 77) for client in here if client not in lost))
            same = sum(client.link in links for client in lost)
    return f"{same} of {len(lost)} moved with their settings in {seconds:.1f} s, unnoticed"


async def come_and_go() -> str:
    """Open and close 500 sessions."""
    with Replica() as replica:
        figures = []

        async def visit() -> None:
            async with ProtocolClient(replica.address) as client:
                check([await client.open(), await slide(client, 3)])

        for wave in range(65):
            await all_of(visit() for _ in range(WAVE))
            if wave in (14, 64):  # the server keeps the last 128 on purpose
                figures.append(replica.memory)
    return f"{figures[1] - figures[0]:+.0f} MB from the 150th to the 650th session"


async def uploads() -> str:
    """Upload 50 photos of 5 MB at once."""
    photo = noisy(5_000_000)
    with Replica() as replica:
        async with clients(replica.address, 50) as here:
            before = replica.memory
            start = time.perf_counter()
            check(await all_of(client.upload(photo) for client in here))
            seconds = time.perf_counter() - start
            memory = (replica.memory - before) / 50
            shown = sum("photo=on" in client.link for client in here)
    return f"{shown} of 50 shown, the last after {seconds:.1f} s, {memory:.1f} MB each"


async def bombs() -> str:
    """Upload the ten most expensive pictures at once while another user drags a slider."""
    file = io.BytesIO()
    Image.new("RGBA", (3700, 3700), (9, 9, 9, 99)).save(file, "WEBP", lossless=True, method=0)
    with Replica() as replica:
        async with clients(replica.address, 11) as (visitor, *attackers):
            quiet = [(await slide(visitor, turn)).seconds for turn in range(20)]
            work = [asyncio.create_task(client.upload(file.getvalue())) for client in attackers]
            times, most = [], 0
            while not all(task.done() for task in work):
                times.append((await slide(visitor, len(times) % 99)).seconds)
                most = max(most, len(replica.children()))
            check([task.result() for task in work])
    slow, before = (1000 * np.percentile(some, 95) for some in (times, quiet))
    return f"at most {most} decoders; a slider answers in {slow:.0f} ms at p95, {before:.0f} before"


async def slow_phone() -> str:
    """Let one user keep asking without reading the answers while another drags a slider."""
    with Replica() as replica:
        async with clients(replica.address, 2) as (phone, visitor):
            phone.stop_reading()
            memory, times = replica.memory, []
            for turn in range(200):
                state = {"moved": {"value": turn % 99, "turn": turn}}
                await phone.send(phone.request("lab.bias:slider", state))
                times.append((await slide(visitor, turn % 99)).seconds)
            grown = replica.memory - memory
    return f"p95 {1000 * np.percentile(times, 95):.0f} ms for the other; {grown:+.0f} MB"


FAULTS = {
    "dropped": ("120 people dropped and back", "all as before", dropped),
    "restarted": ("server killed under 60 people", "all settings back", restarted),
    "replica": ("one of two replicas killed, 60 people", "all settings back", one_of_two),
    "sessions": ("500 sessions opened and closed", "within 50 MB", come_and_go),
    "uploads": ("50 uploads of 5 MB at once", "all shown", uploads),
    "bombs": ("ten bombs at once", "two decoders, page quick", bombs),
    "phone": ("a phone that reads nothing", "no one waits for it", slow_phone),
}


@asynccontextmanager
async def clients(address: str, number: int) -> AsyncIterator[list[ProtocolClient]]:
    """Let `number` people open the Lab, a few at a time."""
    async with AsyncExitStack() as doors:
        here = []
        for _ in range(0, number, WAVE):
            wave = [ProtocolClient(address) for _ in range(min(WAVE, number - len(here)))]
            await all_of(doors.enter_async_context(client) for client in wave)
            check(await all_of(client.open() for client in wave))
            here += wave
        yield here


async def all_of(things: Iterable[Awaitable]) -> list:
    """Do everything at once."""
    return await asyncio.gather(*things)


async def slide(client: ProtocolClient, value: float) -> Answer:
    """Release the Bias slider."""
    state = {"moved": {"value": value, "turn": time.monotonic_ns()}}
    return await client.change("lab.bias:slider", state)


def check(answers: list[Answer]) -> None:
    """Raise RuntimeError if any user saw an error."""
    if errors := [error for answer in answers for error in answer.errors]:
        raise RuntimeError(errors[0])


def noisy(size: int) -> bytes:
    """Return a JPEG of noise with about `size` bytes."""
    pixels = np.random.default_rng(0).integers(0, 256, (2200, 2900, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=70)
    return file.getvalue() + bytes(max(0, size - file.tell()))


if __name__ == "__main__":
    main()
