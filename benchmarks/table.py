"""Shared by the benchmarks: timing peers side by side, and printing Markdown tables."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from random import Random
from statistics import median


def interleaved(
    peers: Mapping[str, Callable[[], object]],
    seconds: float = 1.0,
    least: int = 5,
    summary: Callable[[Sequence[float]], float] = median,
) -> dict[str, float]:
    """Return the median time of each peer in ms, timed in turn, round after round.

    The order changes from round to round, because the previous peer matters: its threads may still
    be waiting for work. To save time, peers that take more than 20 times as long as the fastest run
    only once, after a first call that is not counted.
    """
    order = Random(0)
    times = {name: _ms(call) for name, call in peers.items()}
    fastest = min(times.values())
    quick = {name: call for name, call in peers.items() if times[name] <= 20 * fastest + 5}
    rounds = {name: [] for name in quick}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(next(iter(rounds.values()))) < least:
        for name in order.sample(list(quick), len(quick)):
            rounds[name].append(_ms(quick[name]))
    slow = {name: _ms(peers[name]) for name in peers if name not in quick}
    return {name: summary(rounds[name]) if name in rounds else slow[name] for name in peers}


def alone(
    peers: Mapping[str, Callable[[], object]], seconds: float = 1.0, least: int = 5
) -> dict[str, float]:
    """Return the median time of each peer in ms, each timed in its own tight loop."""
    return {
        name: interleaved({name: call}, seconds / len(peers), least)[name]
        for name, call in peers.items()
    }


def calibration() -> str:
    """Time a fixed piece of Python and name the load, for readers on other machines."""
    wall, cpu = time.perf_counter(), time.process_time()
    sum(i * i for i in range(3_000_000))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return (
        f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; a fixed loop of Python "
        f"takes {1000 * wall:.0f} ms, {1000 * cpu:.0f} ms of them on the processor."
    )


def is_wanted(name: str, only: str) -> bool:
    """Tell whether a line is wanted: its name has every word of `only`, which may be empty."""
    return all(word.casefold() in name.casefold() for word in only.split())


def header(columns: Sequence[str]) -> str:
    """Return the head of a Markdown table: the first column is text, the others are numbers."""
    return f"{row(columns)}\n|---|{'---:|' * (len(columns) - 1)}"


def row(cells: Sequence[object]) -> str:
    """Return one line of a Markdown table; times and ratios get three digits."""
    return "| " + " | ".join(map(_text, cells)) + " |"


def _text(cell: object) -> str:
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.0f}" if cell >= 100 else f"{cell:.{1 if cell >= 10 else 2}f}"


def _ms(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3
