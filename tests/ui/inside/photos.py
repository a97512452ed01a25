"""The Inside page with the network for photos, looking at the cat."""

import io

from tests.ui.apptest import components
from tests.ui.overviews import layer_rows
from tests.ui.pages import open_page

PAGE = "pages/10_Inside.py"
PHOTOS = {"inside.network": "photos", "shared.picture": "cat"}


def inside(settings=None, **more):
    return open_page(PAGE, {**PHOTOS, **(settings or {})}, **more)


def rows(at):
    """Return the rows of the overview by name."""
    return {row["name"]: row for row in layer_rows(components(at, "overview")[-1])}


def png(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
