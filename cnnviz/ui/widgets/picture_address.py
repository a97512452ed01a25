"""Pictures as addresses that hold them, which needs no other request."""

from base64 import b64encode
from collections.abc import Callable, Hashable

import streamlit as st

__all__ = ["address", "kept_address"]


def address(file: bytes, kind: str = "webp") -> str:
    """Return the address that holds a file of that kind.

    >>> address(b"RIFF")
    'data:image/webp;base64,UklGRg=='
    """
    return f"data:image/{kind};base64,{b64encode(file).decode()}"


def kept_address(name: str, key: Hashable, make: Callable[[], bytes], kind: str = "webp") -> str:
    """Return the address of a picture that a session shows in every run, made once.

    Parameters
    ----------
    name : str
        Under which the session keeps it.
    key : hashable
        Tells the picture from others.
    make : callable
        Returns the file.
    """
    kept = st.session_state.get(name)
    if kept is None or kept[0] != key:
        kept = key, address(make(), kind)
        st.session_state[name] = kept
    return kept[1]
