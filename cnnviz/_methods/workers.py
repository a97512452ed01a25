"""One thread for each core: NumPy, BLAS and the FFT release the interpreter when they compute."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

WORKERS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
# To wake a thread costs about 30 µs: below so many multiplications it is quicker to work alone.
WORTH_SHARING = 4_000_000


def _start() -> None:
    """Make the pool; its threads start with the first job. A forked child needs its own."""
    global _pool
    _pool = ThreadPoolExecutor(max(1, WORKERS - 1), thread_name_prefix="conv2d")


_start()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start)


def run(jobs: Sequence[Callable[[], None]]) -> None:
    """Do all jobs, on this thread and on those of the pool that are free."""
    left = iter(jobs)

    def work() -> None:
        # Infinity and NaN in a picture are answered as IEEE says, without a word.
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            for job in left:
                job()

    helpers = [_pool.submit(work) for _ in range(min(WORKERS, len(jobs)) - 1)]
    work()
    for helper in helpers:
        if not helper.cancel():  # busy with another call and not needed any more
            helper.result()
