"""A class is asked about a map by its name, so no two maps on a page have the same one."""

import pytest

from cnnviz.ui.activations.settings import LESSONS
from tests.ui.pages import headers, open_page
from tests.ui.scenes import sent

SCREENS = [
    ("1_Lab", {"shared.colour": "colour", "lab.channels": True}),
    ("2_Pixels", {"pixels.part": "planes"}),
    ("2_Pixels", {"pixels.part": "shift"}),
    ("3_Convolution", {"convolution.lesson": "features"}),
    ("5_Geometry", {"geometry.part": "sizes"}),
    ("5_Geometry", {"geometry.part": "back"}),
    *(("6_Activations", {"activations.lesson": lesson}) for lesson in LESSONS),
    ("7_Pooling", {}),
    ("9_Training", {"training.part": "kernel"}),
]


@pytest.mark.parametrize(("page", "chosen"), SCREENS)
def test_no_two_maps_have_one_name(page, chosen):
    at = open_page(f"pages/{page}.py", {"shared.size": 40, **chosen})
    told = [data for data in sent(at).values() if isinstance(data, dict)]
    blocks = [data["block"] for data in told if "block" in data]
    names = {(one["board"], one["stage"]): one["name"] for block in blocks for one in block}
    found = [
        pane["title"] or names.get((board, pane["slot"])) or pane["alt"].split(",")[0]
        for board, header in headers(at).items()
        for pane in header["panes"]
        if pane["stage"]
    ]
    assert found
    assert len(set(found)) == len(found), found
