"""Hand-written browser modules as Streamlit components.

The code lives in ``static/components`` and is served as files, so that a message to the browser
carries data and no code, and modules can import one another. What Streamlit gets is a stub that
finds the files from wherever the app is mounted.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import streamlit as st

from cnnviz.ui.server.browser_modules import FOLDER, VERSION
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.rooms.sessions import recording

# Streamlit's own bundle stands at BASE/static/js/; the app's files at BASE/app/static/. Where the
# page holds a script of ours, the server knows versions; `streamlit run` serves the plain folder.
STUB = """
const bundle = document.querySelector('script[src*="/static/js/"]').src
const version = document.querySelector('script[src*="/app/static/"]') ? "VERSION/" : ""
const folder = new URL(`../../app/static/${version}components/`, bundle)
const { load } = await import(new URL("core/load.js", folder))
export default await load("MODULE", STYLED)
"""


@cache
def component(path: str, html: str = "") -> Callable[..., Any]:
    """Register a module, once, and return what mounts it.

    Parameters
    ----------
    path : str
        The folder and the name of the module, "maps/slot"; the name alone where both are the same.
        A style sheet of that name beside it belongs to it.
    html : str
        What the module finds; without it, an empty element whose class is the module's name.
    """
    room, _, name = path.rpartition("/")
    module = f"{room or name}/{name}"
    styled = (FOLDER / f"{module}.css").exists()
    stub = STUB.replace("VERSION", VERSION).replace("MODULE", module)
    # Marked as not to be translated until the module has loaded, which marks everything.
    html = html or f'<div class="{name}" translate="no"></div>'
    mounted = st.components.v2.component(
        f"cnnviz_{name}",
        html=html,
        js=stub.replace("STYLED", str(styled).lower()),
    )

    def mount(*, key: str, data: Any = None, **how: Any) -> Any:  # noqa: ANN401 - Streamlit's
        if shown := recording():
            shown.component(key, module, html, data)
        if isinstance(data, Packed):
            data = bytes(data)
        heard = {
            name: partial(_hear, key, how[name])
            for name in how
            if name.startswith("on_") and how[name]
        }
        return mounted(key=key, data=data, **{**how, **heard})

    return mount


def _hear(key: str, act: Callable[[], None]) -> None:
    """Call what a component wants to be called, unless a run has taken it off the page since."""
    if key in st.session_state:
        act()
