"""The frame of cnnviz: page set-up, and a row of pages and pictures above each page."""

import streamlit as st

from cnnviz.resources import ASSETS
from cnnviz.ui.classroom import class_bar
from cnnviz.ui.classroom.lead import lead
from cnnviz.ui.server import startup
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.picture_picker import picker
from cnnviz.ui.widgets.seen_pages import seen_pages
from cnnviz.ui.widgets.settings import enter

# A page's address must differ from the name Streamlit infers from its file ("Lab"), or a deep link
# runs into Streamlit's old multipage mode, which a folder named "pages" switches on. That is the
# only reason the first page, served at /, needs one.
LAB = st.Page("pages/1_Lab.py", title="Lab", url_path="first", default=True)


def lab() -> None:
    """Answer /lab, which users type by hand."""
    st.switch_page(LAB, query_params=st.query_params.to_dict())


PAGES = [  # in teaching order; the Lab is the place to try everything
    LAB,
    st.Page(lab, url_path="lab", visibility="hidden"),
    st.Page("pages/2_Pixels.py", title="Pixels", url_path="pixels"),
    st.Page("pages/3_Convolution.py", title="Convolution", url_path="convolution"),
    st.Page("pages/4_Kernels.py", title="Kernels", url_path="kernels"),
    st.Page("pages/5_Geometry.py", title="Geometry", url_path="geometry"),
    st.Page("pages/6_Activations.py", title="Activations", url_path="activations"),
    st.Page("pages/7_Pooling.py", title="Pooling", url_path="pooling"),
    st.Page("pages/8_Layers.py", title="Layers", url_path="layers"),
    st.Page("pages/9_Training.py", title="Training", url_path="training"),
    st.Page("pages/10_Inside.py", title="Inside", url_path="inside"),
]

startup.warn_if_alone()
st.set_page_config(page_title="cnnviz", page_icon=ASSETS / "icon.svg", layout="wide")
st.logo(ASSETS / "logo.svg", size="large")
frame.style()
embedded = bool(st.context.is_embedded)  # in a frame of another site: one page, nothing around it
page = st.navigation(PAGES, position="hidden" if embedded else "top")
enter(page.url_path)
class_bar.enter()
picker()
lead(page.url_path)
class_bar.draw(page.url_path)
page.run()
if not embedded:
    seen_pages([one for one in PAGES if one.visibility == "visible"], page)
