import asyncio
import json

from websockets.asyncio.server import serve

from scripts.live_channel import LiveChannel


async def repeat(socket):
    """Answer every request twice, as the server does with maps that were sent at half size."""
    await socket.recv()  # the token
    await socket.send(json.dumps({"k": 0}))
    await socket.recv()
    async for text in socket:
        for _ in range(2):
            await socket.send(json.dumps({"n": json.loads(text)["n"], "ms": 1.0}))


def test_an_answer_that_is_repeated_is_not_taken_for_the_next_one():
    async def talk():
        async with serve(repeat, "127.0.0.1", 0) as server:
            channel = LiveChannel(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "token")
            await channel.open()
            heard = []
            channel._answer, answer = lambda: noted(heard, answer()), channel._answer
            for _ in range(3):
                await channel.ask(bias=1)
            await channel.close()
            return heard

    async def noted(heard, answer):
        heard.append((await answer)["n"])
        return {"n": heard[-1]}

    assert asyncio.run(talk()) == [1, 1, 2, 2, 3]
