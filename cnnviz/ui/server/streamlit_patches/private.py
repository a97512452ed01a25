"""Private parts of Streamlit that cnnviz reads, each with a fallback in case it is gone."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.delta_generator_singletons import context_dg_stack
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.runtime.uploaded_file_manager import UploadedFile


def page() -> str:
    """Return the page that Streamlit serves; empty if it is not found."""
    file = Path(st.__file__).with_name("static") / "index.html"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def inline_scripts(text: str) -> str:
    """Return the policy's source hashes for the inline scripts in a page.

    Examples
    --------
    >>> inline_scripts("<script></script>")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digests = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def is_origin_allowed(origin: str | None, host: str | None) -> bool:
    """Return whether Streamlit would accept that origin; if that is unknown, whether it is our own.

    Examples
    --------
    >>> is_origin_allowed("http://localhost:8501", "localhost:8501")
    True
    """
    try:
        from streamlit.web.server.starlette import starlette_websocket

        allowed = starlette_websocket._is_origin_allowed
    except (ImportError, AttributeError):
        return origin is None or urlsplit(origin).netloc == host
    return bool(allowed(origin, host))


def place(container: Any = None) -> tuple[int, ...]:  # one of Streamlit's
    """Return the place of the next element on the page, in a container or in that of a `with`.

    Places sort in page order; a place inside a container starts with the container's place. Empty
    if the place is unknown.
    """
    inner = context_dg_stack.get()[-1] if container is None else container
    cursor = getattr(inner, "_cursor", None)
    if cursor is None and (run := get_script_run_ctx()):
        cursor = run.cursors.get(getattr(inner, "_root_container", None))
    return tuple(getattr(cursor, "delta_path", ()))


def fragment_place() -> tuple[str, tuple[int, ...]] | None:
    """Return the name and place of the part of the page being drawn; None outside any part."""
    state = ThreadState.get()
    name, path = getattr(state, "fragment_id", None), getattr(state, "delta_path", None)
    return (name, tuple(path)) if name and path is not None else None


def uploads(key: str) -> list[UploadedFile]:
    """Return the files of an uploader, in a callback, without those that the server has lost."""
    value = st.session_state[key]
    files = value if isinstance(value, list) else [value]
    return [file for file in files if isinstance(file, UploadedFile)]


def drop_upload(file_id: str) -> None:
    """Drop an uploaded file now; Streamlit keeps it until the session ends."""
    run = get_script_run_ctx()
    remove = getattr(getattr(run, "uploaded_file_mgr", None), "remove_file", None)
    if run and remove:
        remove(run.session_id, file_id)
