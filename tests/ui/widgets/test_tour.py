import re

from cnnviz.ui.widgets.tour import TOUR


def test_no_stop_names_a_side_of_the_screen_as_a_phone_has_the_pages_below_one_another():
    for _, _, text in TOUR:
        assert not re.search(r"\b(left|right|above|below|beside)\b", text), text
