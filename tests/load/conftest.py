"""One server for all tests that leave it running, and people who use it."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from scripts.protocol_client import ProtocolClient
from scripts.replica import Replica

collect_ignore = ["watch"]  # importing it switches the watch on


@pytest.fixture(scope="package")
def replica():
    with Replica() as replica:
        yield replica
        assert "Traceback" not in replica.text(), replica.text()


@pytest.fixture
def clients(replica):
    """Return a function that lets people open the Lab and act: `people(3, act)` for three."""

    def meet(number, act, at=replica):
        async def lesson():
            async with AsyncExitStack() as doors:
                here = [
                    await doors.enter_async_context(ProtocolClient(at.address))
                    for _ in range(number)
                ]
                for answer in await asyncio.gather(*(client.open() for client in here)):
                    assert answer.errors == []
                return await act(*here)

        return asyncio.run(lesson())

    return meet
