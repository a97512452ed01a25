"""A class is asked about a map by its name, so no two maps on a page have the same one."""

import re

import pytest

from cnnviz.ui.activations.settings import LESSONS
from tests.ui.pages import headers, open_page
from tests.ui.scenes import sent

SCREENS = [
    ("1_Lab", {"shared.colour": "colour", "lab.channels": True}),
    ("1_Lab", {"lab.kernels": ("box_3", "sobel_x")}),
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
    maps = [(board, pane) for board, header in headers(at).items() for pane in header["panes"]]
    titles = [(board, pane["title"]) for board, pane in maps]

    def name(board, pane):  # as in askable.js
        if titles.count((board, pane["title"])) > 1 and pane["title"]:
            return re.split(r", \d", pane["alt"])[0]
        return pane["title"] or names.get((board, pane["slot"])) or pane["alt"].split(",")[0]

    found = [name(board, pane) for board, pane in maps if pane["stage"]]
    assert found
    assert len(set(found)) == len(found), found
