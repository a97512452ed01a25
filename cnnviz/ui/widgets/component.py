"""Hand-written browser modules as Streamlit components.

The code lives in ``static/components`` and is served as files, so that a message to the browser
carries data and no code, and modules can import one another. Streamlit gets only a stub that finds
the files wherever the app is mounted.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import streamlit as st

from cnnviz.ui.server.browser_modules import FOLDER, VERSION
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.server.rooms.sessions import recording

# Streamlit's own bundle is at BASE/static/js/, the app's files are at BASE/app/static/. If the page
# contains a script of ours, the server supports versions; `streamlit run` serves the plain folder.
STUB = """
const bundle = document.querySelector('script[src*="/static/js/"]').src
const version = document.querySelector('script[src*="/app/static/"]') ? "VERSION/" : ""
const folder = new URL(`../../app/static/${version}components/`, bundle)
const { load } = await import(new URL("core/load.js", folder))
export default await load("MODULE", STYLED)
"""


@cache
def component(path: str, html: str = "") -> Callable[..., Any]:
    """Register a module, once, and return the function that mounts it.

    Parameters
    ----------
    path : str
        The folder and the name of the module, "maps/slot"; only the name if both are the same. A
        style sheet of the same name beside it belongs to it.
    html : str
        The module's initial HTML; by default, an empty element whose class is the module's name.

    Notes
    -----
    A component must not name a state "value": if that is its only state, Streamlit compares what is
    inside, and does not call back for a value that the component has sent before.
    """
    room, _, name = path.rpartition("/")
    module = f"{room or name}/{name}"
    styled = (FOLDER / f"{module}.css").exists()
    stub = STUB.replace("VERSION", VERSION).replace("MODULE", module)
    # Not to be translated; once the module has loaded, it marks everything itself.
    html = html or f'<div class="{name}" translate="no"></div>'
    mounted = st.components.v2.component(
        f"cnnviz_{name}",
        html=html,
        js=stub.replace("STYLED", str(styled).lower()),
    )

    def mount(*, key: str, data: Any = None, **how: Any) -> Any:  # Streamlit's
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


def turn_of(key: str, name: str) -> Any:  # a count from the browser
    """Return the number of the request in a component's last change; 0 if there is no valid one."""
    said = st.session_state.get(key, {}).get(name)
    return said.get("turn", 0) if isinstance(said, dict) else 0


def _hear(key: str, act: Callable[[], None]) -> None:
    """Call a component's callback, unless a run has removed the component from the page since."""
    if key in st.session_state:
        act()
