"""What the server logs about itself, and what it keeps out of the log."""

import asyncio
import json

import pytest
from websockets.asyncio.client import connect

from scripts.protocol_client import ProtocolClient
from scripts.replica import Replica
from tests.images.pictures import encoded, noise
from tests.load.acts import good

SECRET = "grandmother at the lake"
PHOTO = encoded(noise(40, 60), "PNG")


@pytest.fixture
def replica():
    # a session is forgotten once it has lost its connection and another session has too
    with Replica(environment={"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "0"}) as replica:
        yield replica


async def until(true):
    """Wait for lines: a run is written down after its answer has left, and read in a thread."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


async def visit(replica):
    async with ProtocolClient(replica.address) as client:
        for act in (
            lambda: client.open("pooling", "window=3"),
            lambda: client.upload(PHOTO, f"{SECRET}.png"),
            lambda: client.upload(SECRET.encode(), f"{SECRET}.png"),
        ):
            runs = len(whole_runs(replica))
            good(await act())
            await until(lambda runs=runs: len(whole_runs(replica)) > runs)
        good(await client.change("pooling.measure", "Numbers that changed"))
        return client.session


def whole_runs(replica):
    return [line for line in replica.events() if line["event"] == "run" and not line.get("part")]


def test_a_lesson_is_written_down_without_the_people(replica):
    session = asyncio.run(visit(replica))
    lines = replica.text().splitlines()
    events = [json.loads(line) for line in lines]  # there are no others
    # The first two come from the health check that wakes the server; parts are logged only if slow.
    ours = [line for line in events[2:] if not line.get("part")]
    assert [line["event"] for line in ours] == [
        *("session start", "run", "picture", "run", "picture refused", "run")
    ]
    assert {line["session"] for line in ours} == {ours[0]["session"]}
    assert ours[1]["page"] == "pooling"
    assert 0 < ours[1]["seconds"] < 60
    assert "not a picture" in ours[4]["reason"]
    for word in (SECRET, "127.0.0.1", session, "window=3"):
        assert word not in replica.text()


def test_an_error_is_one_line_with_its_traceback(replica):
    async def act():
        place = replica.address.replace("http", "ws")
        async with connect(f"{place}/_stcore/stream", subprotocols=["streamlit"]) as socket:
            await socket.send(b"no message of the protocol")
            await socket.wait_closed()
        await until(traced)

    def traced():
        return [line for line in replica.events() if "traceback" in line]

    asyncio.run(act())
    (line,) = traced()
    assert line["event"] == "warning"
    assert line["traceback"].startswith("Traceback")
