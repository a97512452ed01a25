"""What is read of Streamlit that it does not promise, each with what happens where it is gone."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx


def page() -> str:
    """Return the page that Streamlit serves; empty where it lies somewhere else."""
    file = Path(st.__file__).with_name("static") / "index.html"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def inline_scripts() -> str:
    """Return the sources under which a policy lets the scripts inside Streamlit's page run."""
    scripts = re.findall(r"<script>(.*?)</script>", page(), re.DOTALL)
    digests = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def is_origin_allowed(origin: str | None, host: str | None) -> bool:
    """Tell whether Streamlit would let a tab of that origin in; else, whether it is our own page.

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


def drop_upload(file_id: str) -> None:
    """Drop an uploaded file now; Streamlit keeps it until the session ends."""
    run = get_script_run_ctx()
    remove = getattr(getattr(run, "uploaded_file_mgr", None), "remove_file", None)
    if run and remove:
        remove(run.session_id, file_id)
