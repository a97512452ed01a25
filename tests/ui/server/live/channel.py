"""A scene to talk with over the channel, and what its answers are."""

import asyncio

import numpy as np

from cnnviz.ui.server.live.parts import Packed

PLANE = np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)


def scene(request):
    """Answer with two messages, of which one follows from the settings."""
    if request.changes.get("wrong"):
        raise ValueError("The kernel (9) is larger than the input (4).")
    if request.changes.get("broken"):
        raise KeyError("a mistake of ours")
    yield "maps", Packed((np.frombuffer(repr(request.changes).encode(), np.uint8), PLANE))
    yield "others", Packed((PLANE,))


def run(test):
    """Have a test run on an event loop of its own."""
    return lambda *args, **kwargs: asyncio.run(test(*args, **kwargs))


def maps(**changes):
    texts = {key: str(value) for key, value in changes.items()}
    return repr(texts).encode() + PLANE.tobytes()
