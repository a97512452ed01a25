"""A whole class at once: users who open the app, change settings, turn pages, upload photos.

Drives the running server over its own websocket protocol, without browsers, and prints a table:
the time from a change to the last message of its answer, by kind of action. Everyone acts at
random, but in the same way in every run.

    python benchmarks/classroom.py                                  # 60 people, one process
    python benchmarks/classroom.py --people 200 --interval 5 --processes 2      # behind nginx
    python benchmarks/classroom.py --cores 0,1          # as on a machine with only these cores
    python benchmarks/classroom.py --inside 30 --seconds 60    # half of them bring photos Inside
    python benchmarks/classroom.py --curve 10 30 60 90 120      # how many one process can serve
    python benchmarks/classroom.py --curve 60 --root ../before .    # two checkouts, alternating
    python benchmarks/classroom.py --room       # one leads, 200 follow, on two processes with Redis
    python benchmarks/classroom.py --address https://cnnviz.example.org    # a running server

With --cores, the server and the proxy use these cores, and the simulated users all others.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).parents[1]))

import led_class
from simulated_user import HABITS, INSIDE, Figures, SimulatedUser, photo
from table import calibration, header, row

from scripts.proxy import proxy
from scripts.replica import Replica
from scripts.server import ROOT

EVERYTHING = "all changes"
PEOPLE, FOLLOWERS = 60, 200
LONGEST_DRAG = 10.0  # seconds


def main() -> None:
    """Start the servers, let the class in, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, help="60; with --room 200")
    parser.add_argument("--interval", type=float, default=2, help="seconds between two changes")
    parser.add_argument("--seconds", type=float, default=30, help="how long the lesson lasts")
    parser.add_argument("--arrive", type=float, default=10, help="seconds in which all come in")
    parser.add_argument("--processes", type=int, default=1, help="more than one stand behind nginx")
    parser.add_argument("--address", nargs="*", default=[], help="servers that are running already")
    parser.add_argument("--cores", default="", help="those of the servers, as 0,1")
    parser.add_argument("--inside", type=int, default=0, help="of them bring a photo to Inside")
    parser.add_argument("--stay", action="store_true", help="all stay in the Lab")
    parser.add_argument("--curve", type=int, nargs="+", help="a line for each number of people")
    parser.add_argument("--root", type=Path, nargs="+", default=[ROOT], help="whose app is timed")
    parser.add_argument("--room", action="store_true", help="one leads, all others follow")
    parser.add_argument("--rooms", type=int, default=20, help="small classes at once, with --room")
    wanted = parser.parse_args()
    if wanted.room:
        people = wanted.people or FOLLOWERS
        led_class.main(people, wanted.rooms, min(wanted.seconds, LONGEST_DRAG), wanted.interval)
        return
    print(calibration(), end="\n\n", flush=True)
    if wanted.curve:
        for line in curve(wanted):
            print(line, flush=True)
    else:
        people = wanted.people or PEOPLE
        print(told(wanted, people, visit(wanted, people, wanted.root[0])))


@dataclass
class Measured:
    """The measurements of a class.

    `spent` is processor time and `lasted` wall time, both in seconds; `memory` is in MB: before
    anyone has arrived, once everyone has, and at the end. `logs` are the servers' logs, if anything
    failed.
    """

    figures: Figures
    lasted: float
    spent: float
    memory: tuple[float, float, float]
    logs: list[str]

    @property
    def changes(self) -> list[float]:
        """How long each change took, in ms, the fastest first."""
        return sorted(1000 * second for kind in HABITS for second in self.figures.seconds[kind])

    @property
    def failures(self) -> list[str]:
        """The failures."""
        return [error for errors in self.figures.errors.values() for error in errors]


def curve(wanted: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of a table: how long a class of each size waits, in new processes."""
    columns = ["p50 ms", "p95 ms", "max ms", "changes a second", "CPU ms a change", "errors"]
    several = len(wanted.root) > 1
    yield header(["people", *columns])
    for people in wanted.curve:
        for root in wanted.root:
            found = visit(wanted, people, root)
            times, middle, slow = found.changes, *shares(found.changes)
            name = f"{people}, {root.resolve().name}" if several else people
            a_second, cost = len(times) / found.lasted, 1000 * found.spent / len(times)
            figures = [middle, slow, times[-1], a_second, cost, len(found.failures)]
            yield row([name, *figures])


def visit(wanted: argparse.Namespace, people: int, root: Path) -> Measured:
    """Let `people` into the app of a checkout, and return the measurements."""
    everywhere = os.sched_getaffinity(0)
    cores = {int(core) for core in wanted.cores.split(",") if core}
    with ExitStack() as stack:
        if cores:
            stack.callback(os.sched_setaffinity, 0, everywhere)
            os.sched_setaffinity(0, cores)  # child processes started from here on stay on them
        replicas = [] if wanted.address else start(stack, wanted.processes, root)
        addresses = wanted.address or [replica.address for replica in replicas]
        if len(replicas) > 1:
            within = [address.removeprefix("http://") for address in addresses]
            quiet = stack.enter_context(Path(os.devnull).open("w"))
            addresses = [stack.enter_context(proxy(within, quiet))]
        if cores:
            os.sched_setaffinity(0, everywhere - cores)
        for number in range(4):
            photo(number)
        return asyncio.run(lesson(wanted, people, addresses, replicas))


def start(stack: ExitStack, processes: int, root: Path) -> list[Replica]:
    """Start the processes of the app."""
    names = [{"CNNVIZ_REPLICA": f"app-{number}"} for number in range(1, processes + 1)]
    if processes == 1:
        names = [{}]
    return [stack.enter_context(Replica(environment=name, root=root)) for name in names]


async def lesson(
    wanted: argparse.Namespace, people: int, addresses: Sequence[str], replicas: Sequence[Replica]
) -> Measured:
    """Let everyone come in and work; return the measurements."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(people))
    figures = Figures()
    users = [
        SimulatedUser(
            number,
            addresses[number % len(addresses)],
            figures,
            stays=wanted.stay,
            inside=number < wanted.inside,
        )
        for number in range(people)
    ]
    empty = sum(replica.memory for replica in replicas)
    step = wanted.arrive / people
    await asyncio.gather(*(user.arrive(number * step) for number, user in enumerate(users)))
    full = sum(replica.memory for replica in replicas)
    spent, began = sum(replica.cpu for replica in replicas), time.perf_counter()
    await asyncio.gather(*(user.work(wanted.interval, wanted.seconds) for user in users))
    spent = sum(replica.cpu for replica in replicas) - spent
    lasted = time.perf_counter() - began
    end = sum(replica.memory for replica in replicas)
    for user in users:
        await user.client.drop()
    found = Measured(figures, lasted, spent, (empty, full, end), [])
    if found.failures:
        found.logs += [replica.text() for replica in replicas]
    return found


def told(wanted: argparse.Namespace, people: int, found: Measured) -> str:
    """Return the table of a class, and its cost."""
    count, (empty, full, end) = len(found.changes), found.memory
    processes = max(1, len(wanted.address) or wanted.processes)
    lines = [
        table(found.figures),
        "",
        f"{people} people, a change every {wanted.interval:g} s, "
        f"{count / found.lasted:.1f} changes a second, {processes} process(es)"
        + (f" on cores {wanted.cores}." if wanted.cores else "."),
    ]
    if not wanted.address:
        lines.append(
            f"CPU {1000 * found.spent / count:.1f} ms a change, "
            f"{found.spent / found.lasted:.0%} of a core. "
            f"Memory {empty:.0f} MB empty, {full:.0f} with everyone in, {end:.0f} at the end: "
            f"{(end - empty) / people:.2f} MB a person."
        )
    lines += [f"Error: {error}" for error in sorted(set(found.failures))]
    return "\n".join([*lines, *found.logs])


def table(figures: Figures) -> str:
    """Return the times in ms, by kind of action."""
    kinds = [kind for kind in ("open", INSIDE, *HABITS) if figures.seconds[kind]]
    for kind in HABITS:
        figures.seconds[EVERYTHING] += figures.seconds[kind]
        figures.bytes[EVERYTHING] += figures.bytes[kind]
    lines = [header(["", "times", "p50 ms", "p95 ms", "max ms", "kB", "errors"])]
    for kind in [*kinds, EVERYTHING]:
        times = sorted(1000 * second for second in figures.seconds[kind])
        kilobytes = sum(figures.bytes[kind]) / len(times) / 1000
        names = HABITS if kind == EVERYTHING else [kind]
        errors = sum(len(figures.errors[name]) for name in names)
        lines.append(row([kind, len(times), *shares(times), times[-1], kilobytes, errors]))
    return "\n".join(lines)


def shares(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile of these times."""
    found = quantiles(times, n=20, method="inclusive") if len(times) > 1 else [*times] * 19
    return found[9], found[18]


if __name__ == "__main__":
    main()
