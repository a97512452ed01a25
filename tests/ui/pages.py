"""Any page without a browser: open it with settings and a picture, read its boards."""

from functools import cache
from urllib.parse import parse_qs

from streamlit.testing.v1 import AppTest

from cnnviz.images.loading import Picture
from tests.ui.apptest import APP, board, components, spaced


def open_page(path, settings=None, *, link="", photo=None):
    """Open "pages/2_Pixels.py" with settings by their keys, a link; photo is uint8 (H, W, 3).

    The page is the first one that the visitor sees.
    """
    at = AppTest.from_file(str(APP), default_timeout=120)
    at._registered_pages = _registered_pages()
    at.switch_page(path)
    for name, words in parse_qs(link, keep_blank_values=True).items():
        at.query_params[name] = words
    if photo is not None:
        at.session_state["cnnviz.photo"] = Picture.from_pixels(photo, "photo")
        at.session_state["shared.photo"] = True
    for key, value in (settings or {}).items():
        at.session_state[key] = value
    return run_again(at)


@cache
def _registered_pages():
    """Return what Streamlit knows of the pages after a run, which would be a third of each test."""
    return AppTest.from_file(str(APP), default_timeout=120).run()._registered_pages


def run_again(at, settings=None):
    """Run the page again with other settings; no page may ever end in a traceback."""
    for key, value in (settings or {}).items():
        at.session_state[key] = value
    at.run()
    assert not at.exception, at.exception[0].stack_trace
    return at


def boards(at):
    """Return the maps of each board on the page, by its name."""
    return {header["board"]: found for header, found in map(board, components(at, "maps"))}


def headers(at):
    """Return the header of each board on the page, by its name."""
    return {header["board"]: header for header, _ in map(board, components(at, "maps"))}


def html(at):
    """Return all HTML that the page writes, as one text with plain spaces."""
    text = " ".join(element.proto.body for element in at.get("html"))
    return spaced(text.replace("\N{NARROW NO-BREAK SPACE}", " "))
