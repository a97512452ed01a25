"""Choosing a picture: whatever replaces it, one undo brings it back."""

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.ui.widgets import picture_picker
from cnnviz.ui.widgets.formatting import literal
from tests.images.pictures import FILES
from tests.ui.apptest import components, errors, lab, said, spaced


def upload(at, data, name="photo.png"):
    return at.file_uploader[0].upload(name, data, "application/octet-stream").run()


def undo_buttons(at):
    return [button for button in at.button if button.label.startswith("Back to")]


def test_there_is_nothing_to_undo_at_first():
    assert undo_buttons(lab()) == []


def test_an_upload_is_undone_and_done_again():
    at = upload(lab(), FILES["PNG"])
    assert at.session_state["shared.photo"]
    (button,) = undo_buttons(at)
    assert button.label == "Back to “Astronaut”"
    at = button.click().run()
    assert not at.session_state["shared.photo"]
    (button,) = undo_buttons(at)
    assert button.label == f"Back to “{literal('photo.png')}”"
    assert button.click().run().session_state["shared.photo"]


def test_an_upload_that_the_server_does_not_have_changes_nothing(lose_uploads):
    at = lab()
    lose_uploads()
    at = upload(at, FILES["PNG"])
    assert not at.exception
    assert not errors(at)
    assert not undo_buttons(at)


def test_a_choice_that_is_no_name_is_no_sample():
    def choose():
        from types import SimpleNamespace

        import streamlit as st

        from cnnviz.ui.widgets import picture_picker

        st.session_state["picker:thumbnails"] = SimpleNamespace(chosen=["coins"])
        picture_picker._choose()

    at = AppTest.from_function(choose).run()
    assert not at.exception
    assert not at.session_state["shared.photo"]


def test_a_photo_that_replaced_a_photo_gives_it_back():
    at = upload(upload(lab(), FILES["PNG"], "first.png"), FILES["JPEG"], "second.jpg")
    (button,) = undo_buttons(at)
    assert button.label == f"Back to “{literal('first.png')}”"
    at = button.click().run()
    assert at.session_state["cnnviz.photo"].name == "first.png"
    assert not errors(at)


@pytest.mark.parametrize("name", ["photo.jfif", "photo", "photo.JPG.download", "photo.heic"])
def test_the_content_of_a_file_decides_not_its_name(name):
    at = upload(lab(), FILES["JPEG"], name)
    assert at.session_state["shared.photo"]
    assert not errors(at)


def test_a_refused_upload_says_why_in_the_picker_and_where_people_look():
    at = upload(lab(), b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "photo.heic")
    (error,) = at.error
    assert "share it as JPEG" in error.value or "JPEG" in error.value
    assert [toast.value for toast in at.toast] == [error.value]
    assert not at.session_state["shared.photo"]
    assert components(at, "maps")
    assert said(at)


def test_a_file_that_is_a_little_too_large_is_not_said_to_have_the_size_that_works(monkeypatch):
    said = []
    monkeypatch.setattr(picture_picker, "_say", said.append)
    for size in (10.3 * 2**20, float("inf")):  # untrusted: of the second nothing is said
        state = {"picker:thumbnails": SimpleNamespace(refused={"size": size})}
        monkeypatch.setattr(picture_picker, "st", SimpleNamespace(session_state=state))
        picture_picker._refuse()
    assert [one.split(", and")[0] for one in said] == [
        "This file is 10.3 MB; at most 10 MB can be sent"
    ]


def test_a_picture_below_the_working_size_is_said_to_be_worked_on_as_it_is():
    small = np.zeros((20, 20, 3), np.uint8)
    words = [spaced(each.value) for each in lab(photo=small).caption]
    assert "This picture is 20 × 20 px; it is never enlarged." in words
    words = [spaced(each.value) for each in lab({"size": 1024}).caption]
    assert "This picture is 512 × 512 px; it is never enlarged." in words


def test_nothing_is_said_about_a_picture_that_is_shrunk():
    assert not any("never enlarged" in each.value for each in lab().caption)
