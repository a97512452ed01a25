"""Tasks end even if a cancellation is lost, or the wait for them is cancelled too."""

import asyncio
from contextlib import suppress

import pytest

from cnnviz.ui.server.rooms import cancelling
from cnnviz.ui.server.rooms.cancelling import ended
from tests.ui.server.rooms.classroom import LONG, run


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(cancelling, "AGAIN", 0.02)


async def deaf(times):
    """Go on until the last of `times` cancellations."""
    for _ in range(times - 1):
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
    await asyncio.sleep(60)


async def begun(*tasks):
    """Start tasks, and return them once they wait."""
    made = [asyncio.create_task(task) for task in tasks]
    await asyncio.sleep(0)
    return made


@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_task_that_loses_cancellations_ends_with_the_first_that_it_hears(times):
    @run
    async def lesson():
        async with asyncio.timeout(LONG):
            tasks = await begun(deaf(times), deaf(1))
            await ended(*tasks)
            assert all(task.cancelled() for task in tasks)

    lesson()


def test_finished_tasks_and_no_tasks_are_not_waited_for():
    @run
    async def lesson():
        async with asyncio.timeout(LONG):
            (over,) = await begun(asyncio.sleep(0))
            await over
            await ended(over)
            await ended()

    lesson()


def test_a_cancelled_wait_ends_only_after_the_tasks():
    @run
    async def lesson():
        async with asyncio.timeout(LONG):
            (inner,) = await begun(deaf(5))
            (outer,) = await begun(ended(inner))
            outer.cancel()
            await asyncio.wait([outer])
            assert outer.cancelled()
            assert inner.cancelled()

    lesson()
