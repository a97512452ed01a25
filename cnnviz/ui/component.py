"""Hand-written browser modules as Streamlit components.

The code lives in ``static/components/NAME.js`` and is served as a file, so that a message to
the browser carries data and no code, and modules can import one another. What Streamlit gets
is a stub that finds the file from wherever the app is mounted.
"""

from hashlib import blake2b
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parents[2] / "static" / "components"

# Streamlit's own bundle stands at BASE/static/js/; the app's files at BASE/app/static/.
STUB = """
const bundle = document.querySelector('script[src*="/static/js/"]').src
const { load } = await import(new URL("../../app/static/components/load.js?v=VERSION", bundle))
export default await load("NAME")
"""


def _version() -> str:
    """Return a digest of all modules, so that no browser mixes an old file with a new one."""
    digest = blake2b(digest_size=6)
    for file in sorted(FOLDER.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


VERSION = _version()


def component(name: str, html: str = "") -> ComponentRenderer:
    """Register ``static/components/name.js`` and ``.css``, and return what mounts the component.

    Without `html` the module finds an empty element of class `name`.
    """
    return st.components.v2.component(
        f"cnnviz_{name}",
        html=html or f'<div class="{name}"></div>',
        js=STUB.replace("NAME", name).replace("VERSION", VERSION),
    )
