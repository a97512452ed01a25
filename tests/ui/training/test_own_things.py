"""Teach it your own things, without a browser: what is learned, said and undone."""

import gc
import re
import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest

from cnnviz import nn
from cnnviz.images.samples import SAMPLES, sample_picture
from cnnviz.nn.inspection.photos import photo_input, square
from cnnviz.nn.training.transfer import Concern
from cnnviz.ui.training import own_things
from cnnviz.ui.training.own_things import (
    MOST_PICTURES,
    Learned,
    Things,
    example,
    shot_of,
)
from cnnviz.ui.training.own_views import concern_sentences, held_out_sentence
from cnnviz.ui.widgets.formatting import literal
from tests.ui.apptest import components, errors, said, spaced, without
from tests.ui.overviews import layer_rows
from tests.ui.pages import run_again
from tests.ui.training.own import own, press, things, words


def rows(at):
    return {row["name"]: row for row in layer_rows(components(at, "overview")[-1])}


def test_the_page_opens_with_an_example_that_has_been_learned():
    at = own()
    assert "With each picture left out once, **12 of 12** are classified correctly." in words(at)
    found = rows(at)
    made = at.session_state["training:learned"][1]
    shares = made.network.forward(photo_input(SAMPLES["astronaut"].load())[None])[0]
    np.testing.assert_allclose(found["shares"]["exact"].ravel(), shares, atol=1e-4)
    name = ("cup", "cat")[int(shares.argmax())]
    assert f"The current picture: **{name}**" in words(at)
    assert len(components(at, "labelled-pictures")) == 3  # the nearest, and one for each class
    count = len(made.things.shots[0].features)
    assert f"it gives {count} numbers: the means of the maps of fire9, the last ones" in words(at)


@pytest.mark.parametrize(
    ("labels", "wrong", "said"),
    [
        ([0, 0, 1, 1], [], "**4 of 4** are classified correctly."),
        ([0, 0], [1], "**1 of 2** is classified correctly. The one it gets wrong:"),
        ([0, 0], [0, 1], "**0 of 2** are classified correctly. The ones it gets wrong:"),
        ([0, 0, 0, 1], [0, 3], "**2 of 3** are classified correctly. A class with one picture is "
         "not counted. The one it gets wrong:"),
    ],
)  # fmt: skip
def test_the_pictures_that_were_left_out_are_counted_in_words(labels, wrong, said):
    made = left_out(labels, wrong)
    assert held_out_sentence(made) == f"With each picture left out once, {said}"


def test_with_one_picture_per_class_none_is_called_wrong():
    made = left_out([0, 1], [0, 1])
    assert made.wrong == []
    assert held_out_sentence(made).startswith("Each class has one picture: take more")


def left_out(labels, wrong):
    """Return what was learned of pictures with these labels; some are wrong when left out."""
    shares = np.eye(2)[[label ^ (number in wrong) for number, label in enumerate(labels)]]
    shots = [SimpleNamespace(label=label) for label in labels]
    return Learned(SimpleNamespace(shots=shots), None, shares, [], None)


@pytest.mark.parametrize("label", [0, 1])
def test_the_mean_of_the_evidence_and_the_bias_are_the_score_as_they_stand(label):
    at = own({"training.speaks": label})
    row = rows(at)["evidence"]
    assert row["title"] == f"Evidence for {('cup', 'cat')[label]}"
    texts = re.search(r"mean (\S+) \+ bias (\S+) = (\S+),", row["figures"]).groups()
    mean, bias, score = (float(text.replace("−", "-")) for text in texts)
    assert mean == pytest.approx(row["exact"].mean(), abs=6e-4)
    assert mean + bias == pytest.approx(score, abs=1e-9)
    scorer = at.session_state["training:learned"][1].network.without_softmax()
    scores = scorer.forward(photo_input(SAMPLES["astronaut"].load())[None])[0]
    assert score == pytest.approx(scores[label], abs=2e-3)


def test_the_picture_at_hand_becomes_one_of_a_class_and_every_act_is_undone():
    at = own()
    assert without(at) == ""
    at = press(at, "Add the current picture")
    assert things(at).counts() == [7, 6]
    assert "without your classes" in without(at)
    newest = things(at).shots[-1]
    photos = nn.pretrained("photos")
    fire9 = photos[: photos.names.index("fire9") + 1]
    maps = fire9.forward(photo_input(SAMPLES["astronaut"].load())[None])[0]
    np.testing.assert_allclose(newest.features, maps.mean(axis=(1, 2)), rtol=1e-4, atol=1e-5)
    at = press(press(at, "Add a class"), "Start over")
    assert things(at) == Things(("thing 1", "thing 2"), ())
    assert "Two classes need a picture each" in words(at)
    for _ in range(3):
        at = press(at, "Undo")
    assert things(at) is example()


def test_a_class_without_pictures_waits_and_two_of_one_name_are_refused():
    at = press(own(), "Add a class")
    assert things(at).classes == ("cup", "cat", "thing 1")
    assert "thing 1" not in rows(at)["shares"]["labels"]
    at.text_input[2].set_value("cat")
    at = run_again(at)
    assert said(at) == ["Two classes cannot both be called “cat”."]
    at.text_input[2].set_value("  my   pen ")
    assert things(run_again(at)).classes[2] == "my pen"


@pytest.mark.parametrize("name", ["**cat** $y^2$", "![x](http://a.example/b.png)"])
def test_a_name_that_is_refused_is_shown_verbatim(name):
    mine = example()._replace(classes=("cup", name))
    at = own(things=mine)
    at.text_input[0].set_value(name)
    at = run_again(at)
    (refusal,) = said(at)
    assert literal(name) in refusal
    (into,) = (field for field in at.get("button_group") if field.label == "Into")
    assert literal(name) in [option.content for option in into.proto.options]
    labels = [field.label for field in run_again(at, {"training.into": 1}).file_uploader]
    assert f"Pictures of “{literal(name)}”" in labels


def test_a_class_that_is_taken_for_another_when_left_out_is_named():
    made = SimpleNamespace(
        things=SimpleNamespace(classes=("cup", "cat")),
        concerns=[Concern("confused", (1, 0), (0.5,))],
    )
    (sentence,) = concern_sentences(made)
    assert spaced(sentence).startswith("When left out, 50 % of “cat” are taken for “cup”")


def test_problems_that_limit_the_answers_are_named():
    cup, cat = example().shots[0], example().shots[6]
    at = own(things=Things(("cup", "cat"), (*[cup] * 12, cat)))
    text = words(at)
    assert "“cat” has only 1 picture; at least 5 are needed." in text
    assert (
        "“cup” has 12 pictures, “cat” 1: what looks like neither is more likely to be taken for "
        "“cup”." in text
    )
    assert (
        "The pictures of “cup” are almost identical (similarity 1.00, where 1 is identical)" in text
    )
    assert "When left out" not in text  # without its only picture there is no “cat”
    assert "**12 of 12** are classified correctly. A class with one picture is not counted." in text
    assert "It leans towards the class" in "\n".join(praise.value for praise in at.success)


def test_with_no_picture_at_all_it_says_what_is_needed():
    at = own(things=Things(("pen", "key"), ()))
    assert "Two classes need a picture each" in words(at)
    assert "0 pictures" in words(at)
    one_class = own(things=Things(("pen", "key"), example().shots[:1]))
    assert "Two classes need a picture each" in words(one_class)
    assert things(press(at, "Example")).classes == ("cup", "cat")


def test_without_the_weights_for_photos_it_says_so_and_the_other_parts_work(
    without_photos, monkeypatch
):
    monkeypatch.setattr(own_things, "example", example.__wrapped__)  # as in a new process
    at = own()
    (sentence,) = errors(at)
    assert sentence.startswith(without_photos)
    assert sentence.endswith("The other parts of this page work without them.")
    at = run_again(at, {"training.part": "kernel"})
    assert not errors(at)
    assert components(at, "maps")


@pytest.mark.slow
def test_all_the_pictures_of_one_person_take_less_than_30_mb():
    own()  # load what all sessions share
    few = MOST_PICTURES // 5  # every picture takes the same memory
    pictures = [sample_picture(name) for name in ("coins", "brick", "coffee", "cat")]
    gc.collect()
    tracemalloc.start()
    try:
        mine, before = Things(("cup", "cat"), ()), []
        for number in range(few):
            picture, across = pictures[number % 4], number / few
            crop = square(picture.pixels.shape[:2], across=across, part=0.6)
            before.append(mine)
            mine = mine.with_shots([shot_of(picture, number % 2, crop)])
        gc.collect()
        each = tracemalloc.get_traced_memory()[0] / 2**20 / few
        at = own({"training:things_before": tuple(before[-20:])}, mine)
        del mine, before
        gc.collect()
        megabytes = tracemalloc.get_traced_memory()[0] / 2**20 + each * (MOST_PICTURES - few)
    finally:
        tracemalloc.stop()
    assert things(at).counts() == [few // 2] * 2
    numbers = 512 * 4 + 48 * 48 * 3  # bytes: features and thumbnail
    assert MOST_PICTURES * numbers / 2**20 < megabytes < 30
