"""The strip over the page of one who works alone for a while, with the way back to the class."""

import re

import streamlit as st

from cnnviz.images.loading import PictureError
from cnnviz.ui.server.rooms import leading
from cnnviz.ui.widgets import picture_picker
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.settings import notice

_CODE = "cnnviz.class.code"
PICTURE = "Picture of the class"

_strip = component("classroom/strip")


def enter() -> None:
    """Take the class from the link that opened this session, and its picture where that is asked.

    To be called before the picture is looked up.
    """
    if _CODE in st.session_state:
        return
    code = st.query_params.get("room", "").strip().upper()
    st.session_state[_CODE] = code if re.fullmatch("[A-Z]{5}", code) else ""
    if st.session_state[_CODE] and st.query_params.get(picture_picker.PHOTO.name) == "on":
        _bring_picture(code)


def _bring_picture(code: str) -> None:
    """Make the teacher's own photo the picture, through the same checks as any upload."""
    data = leading.picture(code)
    if data is None:
        return
    try:
        picture_picker.bring(data, PICTURE)
    except PictureError as error:
        notice(str(error))


def strip(page: str) -> None:
    """Draw the strip, if this session came from a class; `page` is the address of the page."""
    if code := st.session_state.get(_CODE):
        with st.container(key="class-strip"):
            _strip(key="class:strip", data={"code": code, "page": page or "lab"})
