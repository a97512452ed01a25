"""One thread per core: NumPy, BLAS and the FFT release the interpreter lock while they compute."""

import math
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from cnnviz.functional.dtypes import ieee

WORKERS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
# Waking a thread and moving the picture into its core's cache takes time: work of fewer nanoseconds
# than this finishes sooner on one thread.
WORTH_SHARING = 1e6
KEPT = 1 << 22  # bytes of scratch memory that a thread keeps for each use


_pool: ThreadPoolExecutor


def _start() -> None:
    """Create the pool; its threads start with the first job. A forked child needs its own."""
    global _pool
    _pool = ThreadPoolExecutor(max(1, WORKERS - 1), thread_name_prefix="conv2d")


_start()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start)


def run(jobs: Sequence[Callable[[], None]], expected: float = math.inf) -> None:
    """Do all jobs, which should take about `expected` nanoseconds in total.

    They run on this thread and, if that pays, on the free threads of the pool.
    """
    left = iter(jobs)

    def work() -> None:
        # Infinity and NaN in a picture are handled as IEEE 754 says, without a warning.
        with ieee():
            for job in left:
                job()

    wanted = min(WORKERS, len(jobs)) - 1 if expected > WORTH_SHARING else 0
    helpers = [_pool.submit(work) for _ in range(wanted)]
    work()
    for helper in helpers:
        if not helper.cancel():  # it is busy with another call, and no longer needed for this one
            helper.result()


class _Scratch(threading.local):
    """One thread's scratch memory, by use and type."""

    def __init__(self) -> None:
        self.arrays: dict[tuple[str, np.dtype[Any]], NDArray[Any]] = {}


_scratch = _Scratch()


def scratch(use: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an uninitialised array of this thread, valid until the next call for the same use.

    The system clears new memory page by page, one thread after the other, which takes longer than
    most jobs.
    """
    key, size = (use, np.dtype(dtype)), math.prod(shape)
    array = _scratch.arrays.get(key)
    if array is None or array.size < size:
        array = np.empty(size, dtype)
        if array.nbytes <= KEPT:
            _scratch.arrays[key] = array
    return array[:size].reshape(shape)
