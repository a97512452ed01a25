"""A scene to talk to over the channel, and its answers."""

import asyncio

import numpy as np

from cnnviz.ui.server.live.parts import Packed

PLANE = np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)


def scene(request):
    """Answer with two messages, one of which depends on the settings."""
    if request.changes.get("wrong"):
        raise ValueError("The kernel (9) is larger than the input (4).")
    if request.changes.get("broken"):
        raise KeyError("a mistake of ours")
    yield "maps", Packed((np.frombuffer(repr(request.changes).encode(), np.uint8), PLANE))
    yield "others", Packed((PLANE,))


def run(test):
    """Run a test on its own event loop."""
    return lambda *args, **kwargs: asyncio.run(test(*args, **kwargs))


def maps(**changes):
    texts = {key: str(value) for key, value in changes.items()}
    return repr(texts).encode() + PLANE.tobytes()
