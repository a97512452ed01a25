import re
from pathlib import Path

from cnnviz.ui.widgets import slider

SHEET = Path(__file__).parents[3] / "static" / "components" / "slider" / "slider.css"


def test_the_tab_key_goes_over_a_slider_from_left_to_right():
    # The number stands to the right of the range, and had the focus before it.
    assert re.findall(r"type=.(\w+)", slider.HTML) == ["range", "number"]
    assert re.search(r"\border:", SHEET.read_text()) is None
