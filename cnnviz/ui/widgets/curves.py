"""Line charts over one variable, drawn by the browser: see static/components/curves."""

from typing import Any

from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets.component import component

_curves = component("curves")


def curves(key: str, data: dict[str, Any]) -> None:
    """Show the lines of a message; `key` is the element's key."""
    _curves(key=key, data={"name": key, **data})


def curves_message(key: str, data: dict[str, Any]) -> tuple[str, Packed]:
    """Return the key and the lines as a message for the live channel."""
    return key, Packed.text({"name": key, **data})
