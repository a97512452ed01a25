import asyncio
import json

import pytest
from websockets.asyncio.server import serve

from scripts.live_channel import LiveChannel


async def repeat(socket):
    """Answer every request twice, as the server does with maps that were sent at half size."""
    await socket.recv()  # the token
    await socket.send(json.dumps({"k": 0}))
    await socket.recv()
    async for text in socket:
        n = json.loads(text)["n"]
        for _ in range(2):
            await socket.send(json.dumps({"n": n, "error": f"Answer {n}."}))


def test_an_answer_that_is_repeated_is_not_taken_for_the_next_one():
    async def talk():
        async with serve(repeat, "127.0.0.1", 0) as server:
            channel = LiveChannel(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "token")
            await channel.open()
            for n in (1, 2, 3):
                with pytest.raises(RuntimeError, match=rf"Answer {n}\."):
                    await channel.ask(bias=1)
            await channel.close()

    asyncio.run(talk())
