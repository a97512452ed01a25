"""The taught classes as a file: it is written, and can be opened again."""

import io

import numpy as np
import pytest

from cnnviz.nn.formats.taught import Taught
from cnnviz.ui.training import own_files
from cnnviz.ui.training.own_things import (
    as_file,
    from_file,
)
from tests.ui.apptest import said
from tests.ui.training.own import opened, own, press, things


def test_the_words_of_a_refused_file_are_shown_verbatim():
    named = np.zeros(2, [("![x](http://a.example/b.png)", "f4")])
    data = own_files.taught(own().session_state["training:learned"][1])
    with np.load(io.BytesIO(data)) as archive:
        arrays = {**archive, "bias": named}
    file = io.BytesIO()
    np.savez(file, **arrays)
    (refusal,) = said(opened(own(), file.getvalue()))
    assert "a\\.example" in refusal
    assert "![" not in refusal


def test_taught_classes_are_written_and_can_be_opened_again():
    at = own()
    made = at.session_state["training:learned"][1]
    data = own_files.taught(made)
    again = Taught.load(io.BytesIO(data))
    np.testing.assert_array_equal(again.features, as_file(made).features)
    at = opened(press(at, "Start over"), data)
    assert things(at).classes == ("cup", "cat")
    assert things(at).counts() == [6, 6]
    at = opened(at, data[:200])
    assert said(at)[0].startswith("This file cannot be opened.")
    assert things(at).counts() == [6, 6]


def test_a_file_of_taught_classes_that_the_server_has_lost_changes_nothing(lose_uploads):
    at = press(own(), "Start over")
    lose_uploads()
    at = opened(at, own_files.taught(own().session_state["training:learned"][1]))
    assert said(at) == []
    assert things(at).classes == ("thing 1", "thing 2")


def test_half_a_character_in_the_name_of_a_class_is_replaced():
    made = as_file(own().session_state["training:learned"][1])
    file = io.BytesIO()
    made._replace(classes=("cup\ud800", "cat")).save(file)
    assert things(opened(own(), file.getvalue())).classes == ("cup?", "cat")
    with pytest.raises(ValueError, match="have the same name"):
        from_file(made._replace(classes=("\ud800", "\ud801")))
