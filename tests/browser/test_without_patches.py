"""The app works on plain Streamlit: the patches only make it quicker and more discreet."""

import pytest

from cnnviz.ui.server.streamlit_patches import VARIABLE
from scripts.server import server


@pytest.fixture
def unpatched(request, tmp_path):
    if request.config.getoption("--no-browser"):
        pytest.skip("--no-browser")
    with (tmp_path / "log").open("w") as log, server(log, {VARIABLE: "off"}) as address:
        yield address
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_maps_are_drawn_and_redrawn_without_any_patch(unpatched, browser):
    page = browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(unpatched)
    page.locator("canvas").nth(3).wait_for()
    assert "message-batching" not in page.content()
    page.goto(f"{unpatched}/pooling")
    page.locator("canvas").nth(2).wait_for()
    page.close()
    assert errors == []
