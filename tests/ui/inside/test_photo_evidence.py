"""What speaks for a class of a photo, and what a unit looks for."""

import io
import json
import re
import zipfile
from html import escape
from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest

from cnnviz import nn
from cnnviz.images.samples import SAMPLES
from cnnviz.nn.inspection.photos import photo_input, photo_pixels
from cnnviz.ui.export import dialogs
from cnnviz.ui.inside.photos import files as photo_files
from cnnviz.ui.inside.photos import fooling
from cnnviz.ui.inside.photos.ascent import place_of, sample_places
from cnnviz.ui.inside.photos.settings import UNIT, UNIT_LAYER
from cnnviz.ui.server.scheduling import SCHEDULER
from cnnviz.ui.widgets.formatting import number
from cnnviz.ui.widgets.session_values import reading
from tests.message import exact_maps, unpacked
from tests.ui.apptest import components
from tests.ui.inside.digits import words
from tests.ui.inside.photos import inside, rows
from tests.ui.overviews import unit
from tests.ui.pages import boards, headers, html, run_again


def evidence(at):
    """Return the exact values of the small evidence maps, and all headers, by title."""
    (proto,) = components(at, "maps")
    header, _ = unpacked(proto.bytes)
    return exact_maps(proto.bytes), {pane["title"]: pane for pane in header["panes"]}


def test_the_mean_of_the_class_map_is_the_score_of_any_class(cat):
    at = inside({"inside.view": "evidence", "inside.class": "281"})
    found, panes = evidence(at)
    np.testing.assert_allclose(found["Class map"], cat["relu10"][281], rtol=1e-4, atol=1e-4)
    assert f"their mean is its score, {cat['scores'][281]:.3f}." in words(at)
    assert "class activation mapping (Zhou et al., 2016)" in words(at)
    assert unit(at)["total"] == pytest.approx(cat["scores"][281], rel=1e-4)
    # a cell of 16 pixels is in the middle of its field of 207, the first of which starts at −88
    assert panes["Class map"]["place"] == [7.5, 7.5, 16, 16]
    assert panes["Class map"]["over"]


def test_the_other_maps_are_those_of_the_chosen_class_and_layer():
    at = inside({"inside.view": "evidence", "inside.class": "281", "inside.layer": "fire5"})
    photos, image = nn.pretrained("photos"), photo_input(SAMPLES["cat"].load())
    _, panes = evidence(at)
    wanted = nn.grad_cam(photos, image, 281, layer=photos.names.index("fire5"))
    slopes = nn.saliency(photos, image, 281)
    for title, low, high in (
        ("Grad-CAM", wanted.min(), wanted.max()),
        ("Saliency", slopes.min(), slopes.max()),
    ):
        figures = panes[title]["figures"]
        assert f"{number(low)} … {number(high)}" in figures


def test_covering_goes_from_coarse_to_fine_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(SCHEDULER, "patience", 60.0)
    at = inside({"inside.view": "evidence"})
    for _ in range(5):
        at = run_again(at)
    bar = json.loads(components(at, "transport")[0].json)
    assert not bar["running"]  # it stops by itself after the coarse patches
    assert bar["status"].startswith("16 of 336 patches")
    found, _ = evidence(at)
    photos, image = nn.pretrained("photos").without_softmax(), photo_input(SAMPLES["cat"].load())
    covered = image.copy()
    covered[:, 56:112, 112:168] = 0
    whole, less = photos.forward(np.stack([image, covered]))
    label = whole.argmax()
    assert found["Occlusion"].shape == (4, 4)
    assert found["Occlusion"][1, 2] == pytest.approx(whole[label] - less[label], abs=1e-3)
    at.session_state["inside:occlusion"].do("start")
    run_again(at)
    assert evidence(run_again(at))[0]["Occlusion"].shape == (8, 8)


def offered(at, monkeypatch):
    """Press Download; return what is offered."""
    given = []
    monkeypatch.setattr(dialogs, "_downloads", given.append)
    (button,) = [button for button in at.button if button.label == "Download"]
    button.click().run()
    return given[0]


def zipped(at, monkeypatch):
    """Press Download; return the files of the ZIP, and the sentence about its contents."""
    given = offered(at, monkeypatch)
    with zipfile.ZipFile(io.BytesIO(given.files[0].make())) as folder:
        return {name: folder.read(name) for name in folder.namelist()}, given.note


@pytest.mark.parametrize("view", ["evidence", "layers"])
def test_the_zip_holds_the_evidence_that_is_on_the_screen(cat, monkeypatch, view):
    at = inside({"inside.view": view, "inside.class": "281", "inside.layer": "fire5"})
    files, note = zipped(at, monkeypatch)
    names = ["class_map", "grad-cam", "saliency"] + ["occlusion"] * (view == "evidence")
    wanted = [f"evidence/{name}.{end}" for name in names for end in ("png", "svg", "npy")]
    assert [name for name in files if name.startswith("evidence/")] == wanted
    assert "the evidence for a class" in note
    values = {name: np.load(io.BytesIO(files[f"evidence/{name}.npy"])) for name in names}
    np.testing.assert_allclose(values["class_map"], cat["relu10"][281], rtol=1e-4, atol=1e-4)
    photos, image = nn.pretrained("photos"), photo_input(SAMPLES["cat"].load())
    weighed = nn.grad_cam(photos, image, 281, layer=photos.names.index("fire5"))
    np.testing.assert_allclose(values["grad-cam"], weighed, rtol=1e-4, atol=1e-5)
    slopes = nn.saliency(photos, image, 281)
    np.testing.assert_allclose(abs(values["saliency"]), abs(slopes).max(axis=0), atol=1e-5)
    if view == "evidence":
        shown, panes = evidence(at)
        np.testing.assert_array_equal(values["occlusion"], shown["Occlusion"])
        for name in names:
            title = panes[name.replace("_", " ").capitalize().replace("cam", "CAM")]
            assert escape(title["figures"]).encode() in files[f"evidence/{name}.svg"]


def test_a_photo_whose_maps_are_changed_has_no_evidence_in_the_zip(monkeypatch):
    silenced = {"inside.view": "what_if", "inside.channels": "3", "inside.what_layer": "fire9"}
    files, note = zipped(inside(silenced), monkeypatch)
    assert not [name for name in files if name.startswith("evidence/")]
    assert "evidence" not in note


def test_the_photo_and_its_noise_are_in_the_zip_as_they_are_on_the_screen(monkeypatch):
    at = inside({"inside.view": "fool", "inside.epsilon": 2.0})
    shown = pictures(at, "inside:fooling")
    given = offered(at, monkeypatch)
    assert "a folder with the noise" in given.note
    names = ["photo", "noise", "photo_with_noise"]
    wanted = [f"noise/{name}.{end}" for name in names for end in ("png", "svg", "npy")]
    monkeypatch.setattr(photo_files, "zipped", lambda files: dict(islice(files, 2 + len(wanted))))
    files = given.files[0].make()  # not the maps of all layers, which would take seconds
    assert list(files)[2:] == wanted
    before, noise, after = (np.load(io.BytesIO(files[f"noise/{name}.npy"])) for name in names)
    np.testing.assert_array_equal(before, shown["Photo"])
    np.testing.assert_array_equal(after, shown["Photo with noise"])
    assert set(np.unique(noise)) <= {-2, 0, 2}
    moved = after - before.astype(float)
    np.testing.assert_array_equal(moved, np.clip(before + noise, 0, 255) - before)


def pictures(at, board):
    """Return the planes of a board, by title."""
    return {one.header["title"]: one.plane for one in boards(at)[board]}


def test_noise_of_two_levels_makes_it_another_answer():
    at = inside({"inside.view": "fool", "inside.epsilon": 2.0})
    shown = pictures(at, "inside:fooling")
    before, after = (shown[name].astype(int) for name in ("Photo", "Photo with noise"))
    moved = after - before
    assert abs(moved).max() == 2
    (drawn,) = (one for one in boards(at)["inside:fooling"] if one.header["title"] == "Noise")
    assert drawn.header["alt"].startswith("The noise, from −2 to 2 of 255")  # as in the sentence
    # the noise is drawn in black and white: down and up, except where a pixel is at its limit
    room = (before > 1) & (before < 254)
    assert np.array_equal(moved[room] > 0, shown["Noise"][room] == 255)
    image = photo_input(after.transpose(1, 2, 0).astype(np.uint8))
    shares = nn.pretrained("photos").forward(image[None])[0]
    name = nn.pretrained("photos").classes[shares.argmax()]
    assert name != "Egyptian cat"
    assert (
        "Before, it said **Egyptian cat**, 64 %; with the noise it says "
        f"**{name}**, {100 * shares.max():.0f} %." in words(at)
    )
    assert "Answer without noise" in html(at)  # the bench shows the other answer
    told = rows(at)
    assert [told[one]["title"] for one in ("before", "after")] == ["Before", "After"]
    assert told["before"]["labels"] == told["after"]["labels"]
    place = told["after"]["labels"].index(name)
    assert told["after"]["exact"].ravel()[place] == pytest.approx(shares.max(), abs=1e-3)


def test_noise_can_be_made_for_one_class_and_none_changes_nothing():
    at = inside({"inside.view": "fool", "inside.epsilon": 0.0, "inside.towards": "281"})
    shown = pictures(at, "inside:fooling")
    assert np.array_equal(shown["Photo"], shown["Photo with noise"])
    assert headers(at)["inside:fooling"]["panes"][1]["alt"].startswith("No noise, 3")
    after = rows(run_again(at, {"inside.epsilon": 1.0}))["after"]
    assert after["labels"][int(after["exact"].argmax())] == "tabby cat"


METHOD = "This is the fast gradient sign method, FGSM (Goodfellow et al., 2015)."


@pytest.mark.parametrize("epsilon", [0.0, 0.25, 2.0])  # before and after the answer changes
def test_the_noise_is_explained_whatever_the_answer_is_now(epsilon):
    said = words(inside({"inside.view": "fool", "inside.epsilon": epsilon}))
    assert f"changed by at most ε = {epsilon:g} of 255." in said
    assert (
        "The noise is ε times the sign of a slope: each number goes up or down, whichever makes "
        f"the share of **Egyptian cat** fall. {METHOD}" in said
    )


def test_noise_is_made_stronger_only_where_that_is_possible():
    run = SimpleNamespace(classes=("cat",), answer=0, shares=[0.9])
    said = []
    for epsilon in (0.0, 7.75, 8.0):
        with reading({"inside.epsilon": epsilon}):
            said.append(fooling.sentence(run, run, None))
    assert ["a little stronger" in one for one in said] == [True, True, False]


@pytest.mark.parametrize("epsilon", [0.25, 2.0])
def test_noise_for_a_class_is_explained_by_that_class_with_its_share_before_and_after(cat, epsilon):
    photos = nn.pretrained("photos")
    label = photos.classes.index("teapot")
    at = inside({"inside.view": "fool", "inside.epsilon": epsilon, "inside.towards": str(label)})
    said = words(at)
    assert f"whichever makes the share of **teapot** rise. {METHOD}" in said
    assert "fall." not in said
    first, then = re.search(r"The share of \*\*teapot\*\*: (\S+) % → (\S+) %\.", said).groups()
    assert figure(first) == pytest.approx(100 * cat["shares"][label], rel=0.05)
    noisy = pictures(at, "inside:fooling")["Photo with noise"].transpose(1, 2, 0)
    if epsilon == 2:  # whole levels: the network reads exactly what is drawn
        share = photos.forward(photo_input(noisy)[None])[0][label]
        assert figure(then) == pytest.approx(100 * share, rel=0.05)
    assert figure(then) > figure(first)


def figure(text):
    """Return the value of a number as the screen writes it, "2.4·10⁻⁶"."""
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    mantissa, _, power = text.partition("·10")
    return float(mantissa) * 10 ** int(power.translate(raised) or 0)


def test_a_picture_grows_until_the_unit_answers(monkeypatch):
    monkeypatch.setattr(SCHEDULER, "patience", 60.0)
    at = inside({"inside.view": "unit", "inside.unit_layer": "fire3", "inside.unit": 700})
    grown = at.session_state["inside:climb"]
    assert "The picture begins as noise." in words(at)
    assert "gradient ascent" in words(at)
    assert "Nothing in the network changes." in words(at)
    weights = [each.value.copy() for each in nn.pretrained("photos").parameters().values()]
    assert grown.channel == at.session_state["inside.unit"] == 127  # the last channel
    first = grown.made.answer
    for _ in range(4):
        at = run_again(at)
    assert grown.made.answer > first
    now = [each.value for each in nn.pretrained("photos").parameters().values()]
    assert all(map(np.array_equal, weights, now))
    assert json.loads(components(at, "transport")[0].json)["status"].startswith("Step ")
    (levels,) = pictures(at, "inside:climbing").values()
    assert levels.shape == (3, 128, 128)


def test_the_unit_that_is_looked_at_first_is_excited_by_the_cat():
    places = sample_places(UNIT_LAYER.default, int(UNIT.default))
    assert places[0].name == "cat"
    assert sum(place.answer > 0 for place in places) > 3


def test_the_loudest_place_of_a_photo_is_the_field_of_its_loudest_cell(cat):
    place = place_of("cat", photo_input(SAMPLES["cat"].load()), cat["fire3"][5], "fire3")
    row, column = np.unravel_index(cat["fire3"][5].argmax(), cat["fire3"][5].shape)
    assert place.answer == pytest.approx(cat["fire3"][5].max(), rel=1e-5)
    top, left = max(4 * row - 8, 0), max(4 * column - 8, 0)  # a field of 23 pixels, in steps of 4
    pixels = photo_pixels(photo_input(SAMPLES["cat"].load()))
    assert np.array_equal(place.pixels, pixels[top : 4 * row + 15, left : 4 * column + 15])
