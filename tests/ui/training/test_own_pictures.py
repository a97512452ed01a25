"""The pictures that are taught, from files and from the camera."""

from base64 import b64encode

import numpy as np
from streamlit.testing.v1 import AppTest

from cnnviz.images.loading import encode_png
from cnnviz.images.samples import sample_picture
from cnnviz.ui.training import own_pictures
from cnnviz.ui.training.own_things import (
    MOST_PICTURES,
    Things,
    example,
    shot_of,
)
from tests.ui.apptest import said
from tests.ui.pages import run_again
from tests.ui.training.own import THINGS, own, things, words


def test_many_files_are_read_at_once_and_bad_ones_are_named():
    at = own()
    photos = [encode_png(sample_picture(name).pixels) for name in ("coins", "brick")]
    uploader = next(field for field in at.file_uploader if field.label == "Pictures of “cup”")
    for name, data in zip(("a.png", "b.png", "c.png"), (*photos, b"no picture"), strict=True):
        uploader.upload(name, data, "image/png")
    at = run_again(at)
    assert things(at).counts() == [8, 6]
    wanted = shot_of(sample_picture("coins"), 0)
    np.testing.assert_allclose(things(at).shots[12].features, wanted.features, rtol=1e-5)
    assert said(at)[0].startswith("c\\.png: ")


def test_there_is_room_for_so_many_pictures_and_no_more():
    full = Things(("cup", "cat"), (example().shots * 20)[:MOST_PICTURES])
    at = own(things=full)
    (button,) = [button for button in at.button if button.label == "Add the current picture"]
    assert button.disabled
    assert full.with_shots(example().shots).shots == full.shots
    memory = sum(shot.features.nbytes + shot.thumbnail.nbytes for shot in full.shots)
    assert memory < 30 * 2**20


def pictures_of(at, name):
    """Return the field for a class's files."""
    return next(field for field in at.file_uploader if field.label == f"Pictures of “{name}”")


def test_of_a_thousand_pictures_as_many_are_taken_as_announced(monkeypatch):
    nearly = Things(("cup", "cat"), (example().shots * 20)[: MOST_PICTURES - 3])
    at = own(things=nearly)
    assert f"{MOST_PICTURES} pictures in all: 3 more" in words(at)
    data = encode_png(np.full((4, 4, 3), 90, np.uint8))
    uploader = pictures_of(at, "cup")
    for number in range(1000):
        uploader.upload(f"{number}.png", data, "image/png")
    dropped = []
    drop = own_pictures.drop
    monkeypatch.setattr(own_pictures, "drop", lambda file: dropped.append(file) or drop(file))
    at = run_again(at)
    assert [file.name for file in dropped[:3]] == ["3.png", "4.png", "5.png"]  # before any is read
    assert len(dropped) == 1000
    assert all(file.closed for file in dropped)
    assert len(things(at).shots) == MOST_PICTURES
    assert things(at).shots[: len(nearly.shots)] == nearly.shots
    assert said(at) == ["There was room for 3 pictures; 997 were left out."]
    assert f"{MOST_PICTURES} pictures in all: 0 more" in words(at)
    assert pictures_of(at, "cup").disabled


def test_frames_of_the_camera_become_pictures_and_nonsense_is_refused():
    frame = b64encode(encode_png(sample_picture("coins").pixels)).decode()
    before = len(example().shots)
    script = AppTest.from_function(_add_frames, default_timeout=30)
    script.session_state["frames"] = [frame, frame, 7, frame]
    script.run()
    found = script.session_state[THINGS]
    assert not script.exception
    assert len(found.shots) == before + 2  # those before the file that is no picture
    assert found.shots[-1].label == 1


def _add_frames():
    import streamlit as st

    from cnnviz.ui.training.own_pictures import add_frames

    add_frames(st.session_state["frames"], 1)
