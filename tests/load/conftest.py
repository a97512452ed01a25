"""One server for all tests in which it stays whole, and people at it."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from scripts.protocol_client import ProtocolClient
from scripts.replica import Replica

collect_ignore = ["watch"]  # whatever imports that is watched


@pytest.fixture(scope="package")
def replica():
    with Replica() as replica:
        yield replica
        assert "Traceback" not in replica.text(), replica.text()


@pytest.fixture
def clients(replica):
    """Return what lets so many people open the Lab and do something: `people(3, act)`."""

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
