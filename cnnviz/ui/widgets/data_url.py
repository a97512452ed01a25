"""Pictures as data URLs, which contain them, so that no other request is needed."""

from base64 import b64encode
from collections.abc import Callable, Hashable

import streamlit as st

__all__ = ["data_url", "kept_data_url"]


def data_url(file: bytes, kind: str = "webp") -> str:
    """Return the data URL of a picture of the given type.

    >>> data_url(b"RIFF")
    'data:image/webp;base64,UklGRg=='
    """
    return f"data:image/{kind};base64,{b64encode(file).decode()}"


def kept_data_url(name: str, key: Hashable, make: Callable[[], bytes], kind: str = "webp") -> str:
    """Return the data URL, made once, of a picture that a session shows in every run.

    Parameters
    ----------
    name : str
        The name under which the session keeps it.
    key : hashable
        Identifies the picture.
    make : callable
        Returns the image file.
    """
    kept = st.session_state.get(name)
    if kept is None or kept[0] != key:
        kept = key, data_url(make(), kind)
        st.session_state[name] = kept
    return kept[1]
