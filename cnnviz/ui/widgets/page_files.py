"""The file of a page, for code that switches to it."""

from functools import cache

from cnnviz.resources import ROOT


@cache
def page_file(page: str) -> str:
    """Return the file of a page for `st.switch_page`; raise ValueError if there is none.

    Examples
    --------
    >>> page_file("inside")
    'pages/10_Inside.py'
    """
    for file in (ROOT / "pages").glob("*.py"):
        if file.stem.lstrip("0123456789_").lower() == page:
            return f"pages/{file.name}"
    raise ValueError(f"There is no page “{page}”.")
