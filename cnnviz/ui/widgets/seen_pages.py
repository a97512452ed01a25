"""The order of the pages: those already seen, and the next one."""

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from cnnviz.ui.widgets.component import component

_seen = component("page/seen-pages")


def seen_pages(pages: Sequence[StreamlitPage], here: StreamlitPage) -> None:
    """Mark the pages that this browser has seen, and end the page with a link to the next one."""
    _seen(key="path", data={"pages": [page.url_path for page in pages], "here": here.url_path})
    if here in pages:
        after = pages[(pages.index(here) + 1) % len(pages)]
        st.page_link(after, label=f"Next: {after.title}", icon=":material/arrow_forward:")
