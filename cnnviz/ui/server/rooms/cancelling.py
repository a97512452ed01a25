"""End tasks that run until they are told to stop."""

import asyncio
from typing import Any

AGAIN = 0.5  # seconds after which a task that goes on is told once more


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks, and wait until each of them has ended, even where that is cancelled itself.

    Before Python 3.12, asyncio.wait_for, through which redis-py writes, loses a cancellation that
    comes in the moment in which it is done: its task would go on for ever, and whoever waits for
    its end would, too.
    """
    pending, cancelled = set(tasks), False
    while pending:
        for task in pending:
            task.cancel()
        try:
            _, pending = await asyncio.wait(pending, timeout=AGAIN)
        except asyncio.CancelledError:  # later: nobody else would wait for them any more
            cancelled = True
            pending = {task for task in pending if not task.done()}
    if cancelled:
        raise asyncio.CancelledError
