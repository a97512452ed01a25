"""Untrusted input in a link does no harm."""

from urllib.parse import quote

import numpy as np
import pytest

from tests.ui.apptest import SETTINGS, figures, lab, maps, said


@pytest.mark.parametrize("text", ["![](http://a.b/x)", "[a](http://b.cd)", "<b>0", "$x$", "_a_"])
def test_untrusted_text_is_shown_verbatim(text):
    (sentence,) = said(lab(link=f"stride={quote(text)}"))
    for sign in set(text) & set("![]()<>$_"):
        assert sentence.count(sign) == sentence.count(f"\\{sign}")


def test_many_maps_of_a_large_picture_are_made_smaller_and_say_so():
    photo = np.random.default_rng(0).integers(0, 256, (1024, 1024, 3), np.uint8)
    kernels = tuple(SETTINGS["kernels"].options)[:8]
    at = lab({"kernels": kernels, "size": 1024}, photo=photo)
    assert figures(maps(at)[0])[0] == (409, 409)
    assert any("409 px" in caption.value for caption in at.caption)
    assert figures(maps(lab({"size": 1024}, photo=photo))[0])[0] == (1024, 1024)
