"""Open the parts of the Geometry page."""

from tests.ui.apptest import figures
from tests.ui.pages import boards, open_page

PAGE = "pages/5_Geometry.py"


def opened(settings=None, photo=None):
    named = {f"geometry.{name}": value for name, value in (settings or {}).items()}
    return open_page(PAGE, named, photo=photo)


def shapes(at, board):
    return [figures(pane)[0] for pane in boards(at)[board]]
