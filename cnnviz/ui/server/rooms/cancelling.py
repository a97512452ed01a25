"""Cancel tasks that would otherwise run forever."""

import asyncio
from typing import Any

AGAIN = 0.5  # seconds after which a task that is still running is cancelled again


async def ended(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks, and wait until all of them have ended, even if this wait is cancelled.

    Before Python 3.12, asyncio.wait_for, through which redis-py writes, swallows a cancellation
    that arrives just as it finishes. Without a second attempt, that task would never end, nor would
    the wait for it.
    """
    pending, cancelled = set(tasks), False
    while pending:
        for task in pending:
            task.cancel()
        try:
            _, pending = await asyncio.wait(pending, timeout=AGAIN)
        except asyncio.CancelledError:
            cancelled = True  # re-raised once they have ended: nothing else waits for them
            pending = {task for task in pending if not task.done()}
    if cancelled:
        raise asyncio.CancelledError
