"""Where a page lies, for code that goes on to it."""

from functools import cache

from cnnviz.resources import ROOT


@cache
def page_file(page: str) -> str:
    """Return the file of a page as `st.switch_page` takes it; raise ValueError if there is none.

    Examples
    --------
    >>> page_file("inside")
    'pages/10_Inside.py'
    """
    for file in (ROOT / "pages").glob("*.py"):
        if file.stem.lstrip("0123456789_").lower() == page:
            return f"pages/{file.name}"
    raise ValueError(f"There is no page “{page}”.")
