"""Hand-written browser modules as Streamlit components.

The code lives in ``static/components/NAME.js`` and is served as a file, so that a message to
the browser carries data and no code, and modules can import one another. What Streamlit gets
is a stub that finds the file from wherever the app is mounted.
"""

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from cnnviz.ui.server.browser_modules import VERSION

# Streamlit's own bundle stands at BASE/static/js/; the app's files at BASE/app/static/.
STUB = """
const bundle = document.querySelector('script[src*="/static/js/"]').src
const { load } = await import(new URL("../../app/static/components/load.js?v=VERSION", bundle))
export default await load("NAME")
"""


def component(name: str, html: str = "") -> ComponentRenderer:
    """Register ``static/components/name.js`` and ``.css``, and return what mounts the component.

    Without `html` the module finds an empty element of class `name`.
    """
    return st.components.v2.component(
        f"cnnviz_{name}",
        html=html or f'<div class="{name}"></div>',
        js=STUB.replace("NAME", name).replace("VERSION", VERSION),
    )
