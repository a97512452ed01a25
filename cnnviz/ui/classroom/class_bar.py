"""The bar above the page of a learner who works alone, with the way back to the class."""

import streamlit as st

from cnnviz.images.loading import PictureError
from cnnviz.ui.server.rooms import leading, sessions
from cnnviz.ui.server.rooms.protocol import CODE
from cnnviz.ui.widgets import picture_picker, working_picture
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.settings import notice

_CODE = "cnnviz.class.code"
_LENT = "cnnviz.class.lent"  # the last request to show this screen that its photo was sent for
PICTURE = "Picture of the class"

_bar = component("classroom/class-bar")


def enter() -> None:
    """Read the class from the link that opened this session, and take its picture if the link asks.

    Call this before looking up the picture. A teacher's link can also name a photo: that of a
    learner's screen that is being shown, or, on the way back from it, the teacher's own.
    """
    if _CODE in st.session_state:
        return
    code = _code("room")
    st.session_state[_CODE] = code
    if st.query_params.get(working_picture.PHOTO.name) == "on":
        word = st.query_params.get("lifted", "")
        if word:
            _bring(leading.lifted(word), word)
        elif code := code or _code("ours"):
            _bring(leading.picture(code))


def _code(name: str) -> str:
    code = st.query_params.get(name, "").strip().upper()
    return code if CODE.fullmatch(code) else ""


def _bring(data: bytes | None, lifted: str = "") -> None:
    """Use a photo of the class as the picture, after the same checks as for an upload."""
    if data is None:
        return
    try:
        picture = picture_picker.bring(data, PICTURE)
    except PictureError as error:
        notice(str(error))
        return
    if lifted:
        sessions.keep_lifted(picture.digest, lifted)


def draw(page: str) -> None:
    """Draw the bar if this session came from a class; `page` is the page's path."""
    if code := st.session_state.get(_CODE):
        data = {"code": code, "page": page or "lab", "lent": st.session_state.get(_LENT, 0)}
        with st.container(key="class-bar"):
            _bar(key="class:bar", data=data, on_lend_change=_lend)


def _lend() -> None:
    """Send this screen's photo to the class when the teacher has asked to show the screen."""
    said = st.session_state["class:bar"].lend
    if isinstance(said, dict):
        if png := working_picture.own_file():
            leading.lend(st.session_state[_CODE], str(said.get("me", "")), png)
        st.session_state[_LENT] = said.get("n", 0)
