"""Lines over one number, drawn by the browser: see static/components/curves."""

from typing import Any

from cnnviz.ui.widgets.component import component

_curves = component("curves")


def curves(key: str, data: dict[str, Any]) -> None:
    """Show the lines of a message; `key` is that of the element."""
    _curves(key=key, data=data)
