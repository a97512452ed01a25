"""Processes of the app that share their rooms."""

from contextlib import AsyncExitStack, asynccontextmanager

from cnnviz.ui.server.rooms.redis_store import RedisStore
from tests.ui.server.rooms.classroom import process


@asynccontextmanager
async def processes(server, count=2):
    """Run several processes that share their rooms."""
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(count):
            made.append(await stack.enter_async_context(process(RedisStore(server.address))))
            await made[-1].rooms.back()
        yield made
