"""Own classes as a file: what was taught comes back to the last bit; nothing else gets in."""

import io
import json

import numpy as np
import pytest

from cnnviz.nn import fit_head
from cnnviz.nn.formats.taught import Taught
from tests.nn.formats.npz_files import Trap

RNG = np.random.default_rng(0)
LABELS = np.array([0, 1, 0, 1, 2])


@pytest.fixture
def taught():
    features = RNG.random((5, 512)).astype(np.float32)
    thumbnails = RNG.integers(0, 256, (5, 6, 8, 3), np.uint8)
    return Taught(
        ("cup", "pen", "ключ"), LABELS, features, fit_head(features, LABELS, 3), thumbnails
    )


def saved(taught):
    file = io.BytesIO()
    taught.save(file)
    return file.getvalue()


def again(data):
    return Taught.load(io.BytesIO(data))


def changed(taught, /, **arrays):
    with np.load(io.BytesIO(saved(taught))) as archive:
        kept = dict(archive) | arrays
    file = io.BytesIO()
    np.savez(file, **{name: each for name, each in kept.items() if each is not None})
    return file.getvalue()


def described(**changes):
    whole = {"classes": ["a", "b", "c"], "labels": LABELS.tolist(), "features": 512,
             "thumbnail": [6, 8], "steps": 9}  # fmt: skip
    return np.frombuffer(json.dumps(whole | changes).encode(), np.uint8)


def test_taught_classes_are_read_back_to_the_last_bit(taught):
    found = again(saved(taught))
    assert found.classes == taught.classes
    assert found.head.steps == taught.head.steps
    for name in "labels", "features", "thumbnails":
        np.testing.assert_array_equal(getattr(found, name), getattr(taught, name))
        assert getattr(found, name).dtype == getattr(taught, name).dtype
    np.testing.assert_array_equal(found.head.weight, taught.head.weight)
    np.testing.assert_array_equal(found.head.bias, taught.head.bias)


def test_thumbnails_can_be_left_out(taught):
    found = again(saved(taught._replace(thumbnails=np.empty((5, 0, 0, 3), np.uint8))))
    assert found.thumbnails.shape == (5, 0, 0, 3)


@pytest.mark.slow
def test_two_hundred_pictures_are_a_small_file():
    labels = np.arange(200) % 5
    features = RNG.random((200, 512)).astype(np.float32)
    head, none = fit_head(features, labels, 5), np.empty((200, 0, 0, 3), np.uint8)
    assert len(saved(Taught(tuple("abcde"), labels, features, head, none))) < 500_000


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04" + bytes(60)])
def test_files_that_are_not_archives_are_refused(data):
    with pytest.raises(ValueError, match="not a readable npz archive"):
        again(data)


def test_a_file_cut_short_is_refused(taught):
    with pytest.raises(ValueError, match="not a readable npz archive"):
        again(saved(taught)[:-200])


def test_an_archive_of_something_else_is_refused():
    file = io.BytesIO()
    np.savez(file, network=np.ones(3))
    with pytest.raises(ValueError, match='no array "taught"'):
        again(file.getvalue())


@pytest.mark.parametrize(
    "changes",
    [
        {"classes": ["a"], "labels": [0] * 5},
        {"classes": ["a", "b", "a"]},
        {"classes": ["a", "b", ""]},
        {"classes": ["a", "b", "c" * 41]},
        {"classes": None},
        {"labels": [0, 1, 0, 1, 1]},
        {"labels": [0, 1, 0, 1, 3]},
        {"labels": [0, 1, 0, 1, 2.0]},
        {"labels": [0, 1, 0, True, 2]},
        {"labels": list(range(3)) * 334},
        {"features": 0},
        {"features": 10**9},
        {"features": "512"},
        {"thumbnail": [6, 10**6]},
        {"thumbnail": [-1, 8]},
        {"thumbnail": 6},
        {"steps": None},
    ],
)
def test_descriptions_that_make_no_sense_are_refused(taught, changes):
    again(changed(taught, taught=described()))
    with pytest.raises(ValueError, match='array "taught" does not describe'):
        again(changed(taught, taught=described(**changes)))


@pytest.mark.parametrize("text", [b"{", b"[1]", b"[" * 9000, b"3"])
def test_invalid_descriptions_are_refused(taught, text):
    with pytest.raises(ValueError, match='array "taught" does not describe'):
        again(changed(taught, taught=np.frombuffer(text, np.uint8)))


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        ("features", np.ones((5, 511), "f4"), r"shape \(5, 512\), got \(5, 511\)"),
        ("features", np.full((5, 512), np.nan, "f4"), "not finite"),
        ("weight", np.ones((3, 512), int), "floats of 16 to 64 bits, got int64"),
        ("bias", np.array([Trap()] * 3, object), "floats of 16 to 64 bits, got object"),
        ("thumbnails", np.ones((5, 6, 8, 3), "f4"), "whole numbers from 0 to 255, got float32"),
        ("taught", np.ones(3, "f4"), "must be text, got float32"),
        ("bias", None, "not a readable npz archive"),
    ],
)
def test_arrays_that_do_not_go_with_it_are_refused(taught, name, array, words):
    with pytest.raises(ValueError, match=words):
        again(changed(taught, **{name: array}))
