"""What people do in these tests."""

import numpy as np

from scripts.page_messages import Answer
from tests.message import unpacked


async def slide(client, key, value, turn=1):
    """Move a slider and let go."""
    return good(await client.change(f"{key}:slider", {"moved": {"value": value, "turn": turn}}))


async def drag(client, key, value):
    """Drag a slider without letting go: the maps follow through the live channel."""
    channel = await client.live()
    await channel.ask(**{key: value})
    return channel


def good(answer: Answer) -> Answer:
    """Return an answer, if it shows the page without errors."""
    assert answer.errors == []
    assert answer.messages > 3
    return answer


def alerts(answer):
    """Return the messages in coloured boxes."""
    return [part.alert.body for part in answer.parts if part.WhichOneof("type") == "alert"]


def shapes(client, board="lab"):
    """Return the heights and widths of the maps on the screen."""
    header, _ = unpacked(client.maps[board])
    return [(pane["height"], pane["width"]) for pane in header["panes"]]


def picture_of(client, board="lab"):
    """Return the first map on the screen, which is the picture."""
    header, data = unpacked(client.maps[board])
    pane = header["panes"][0]
    plane = np.frombuffer(data, np.uint8)[pane["offset"] :]
    return plane[: pane["height"] * pane["width"]].reshape(pane["height"], pane["width"])
