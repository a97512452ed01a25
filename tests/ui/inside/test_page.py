"""The Inside page without a browser: every number against plain arithmetic."""

import numpy as np
import pytest

from cnnviz.nn import digits, pretrained
from cnnviz.nn.inspection.inputs import held_out
from cnnviz.ui.inside import settings
from tests.ui.apptest import components, errors, link, said
from tests.ui.inside.digits import PAGE, RNG, UPRIGHT, by_hand, evidence, layers, opened, words
from tests.ui.overviews import layer_rows, unit
from tests.ui.pages import boards, html, open_page, run_again


@pytest.mark.parametrize("name", ["digits", "shapes"])
def test_every_map_of_every_layer_is_what_plain_loops_give(name):
    at = opened({"inside.network": name, "inside.example": 7})
    image = held_out(name).images[7]
    found, wanted = layers(at), by_hand(image, pretrained(name))
    np.testing.assert_allclose(found.pop("input"), image, atol=1e-6)
    assert found.keys() == wanted.keys()
    for layer, values in wanted.items():
        np.testing.assert_allclose(found[layer].reshape(values.shape), values, atol=1e-4)


def test_the_first_screen_shows_a_held_out_example_and_its_answer():
    at = opened()
    shares = by_hand(held_out("digits").images[0], pretrained("digits"))["softmax1"]
    answer = int(shares.argmax())
    assert f"It says **{answer}**, {round(100 * shares[answer])} %" in words(at)
    assert not errors(at)
    assert f"{round(100 * shares[answer])} %" in html(at)


def test_the_page_opens_on_a_digit_that_is_drawn_and_known():
    at = open_page(PAGE)
    assert "It says **3**" in words(at)
    assert link(at) == ""


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("example=2", "example"),
        ("open=conv1,0,0,0", "example"),
        ("show=drawing", "drawing"),
    ],
)
def test_a_link_of_before_shows_what_it_showed(query, source):
    at = open_page(PAGE, link=query)
    assert at.session_state["inside.show"] == source
    assert at.session_state["inside.drawing"] == ""


@pytest.mark.parametrize("source", ["example", "drawing"])
@pytest.mark.parametrize("drawing", ["", settings.THREE, UPRIGHT])
@pytest.mark.parametrize("patch", [3, 5])
def test_a_link_shows_what_was_shown(source, drawing, patch):
    values = {"inside.show": source, "inside.drawing": drawing, "inside.patch": patch}
    at = open_page(PAGE, link=link(open_page(PAGE, values)))
    assert {key: at.session_state[key] for key in values} == values


def test_only_the_mistakes_are_the_wrongly_answered_ones():
    at = opened({"inside.mistakes": True})
    shown = {item["number"] for item in layer_rows(components(at, "examples")[0], None)["items"]}
    data = held_out("digits")
    wrong = set(np.flatnonzero(pretrained("digits").forward(data.images).argmax(1) != data.labels))
    assert shown == wrong
    assert len(wrong) == 5
    assert not any(
        item["right"] for item in layer_rows(components(at, "examples")[0], None)["items"]
    )


def test_shapes_without_a_mistake_say_so():
    at = opened({"inside.network": "shapes", "inside.mistakes": True})
    assert "no mistake" in words(at)
    assert not components(at, "examples")


@pytest.mark.parametrize(("drawing", "answer"), [(UPRIGHT, "1")])
def test_a_drawing_is_answered(drawing, answer):
    at = opened({"inside.show": "drawing", "inside.drawing": drawing})
    assert f"It says **{answer}**" in words(at)
    assert "That is right" not in words(at)  # the right answer is unknown


def test_an_empty_sheet_is_called_empty():
    at = opened({"inside.show": "drawing", "inside.drawing": ""})
    assert "Nothing is drawn" in words(at)
    assert "has no answer for “nothing”" in words(at)


def test_a_photo_is_no_digit_and_the_page_says_so():
    at = opened({"inside.show": "picture"})
    assert "A photo is not one of the handwritten digits" in words(at)


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (1024, 1024)])
@pytest.mark.parametrize("network", ["digits", "shapes"])
def test_pictures_of_any_size_are_looked_at(size, network):
    photo = RNG.integers(0, 256, (*size, 3), np.uint8)
    at = opened({"inside.show": "picture", "inside.network": network}, photo=photo)
    assert not errors(at)
    assert "It says" in words(at)
    assert all(np.isfinite(values).all() for values in layers(at).values())


@pytest.mark.parametrize("setting", [
    {"inside.example": 359, "inside.network": "shapes"},
    {"inside.patch": 9},
    {"inside.patch": 1, "inside.class": "0"},
    {"inside.class": "9", "inside.network": "shapes"},
    {"inside.class": "999"},
    {"inside.network": "own"},
    {"inside.network": "file"},
    {"inside.open": "conv9,0,0,0"},
    {"inside.open": "softmax1,3,0,0"},
    {"inside.open": "input,0,7,7"},
    {"inside.from": 348, "inside.network": "shapes"},
    {"inside.show": "drawing", "inside.drawing": "d" + "00ff" * 1200},
])  # fmt: skip
def test_the_extremes_of_every_setting_give_an_answer(setting):
    at = opened(setting)
    assert not errors(at)
    assert "It says" in words(at)
    assert boards(at)["inside"]


def test_the_link_holds_what_is_shown_and_restores_it():
    at = opened({
        "inside.network": "shapes", "inside.show": "drawing", "inside.drawing": UPRIGHT,
        "inside.class": "2", "inside.patch": 5, "inside.open": "relu1,0,3,3",
    })  # fmt: skip
    query = link(at)
    for word in ("network=shapes", "show=drawing", f"drawing={UPRIGHT}", "class=2", "patch=5",
                 "open=relu1,0,3,3"):  # fmt: skip
        assert word in query
    again = open_page(PAGE, link=query)
    assert link(again) == query
    assert words(again) == words(at)
    assert not said(again)


@pytest.mark.parametrize("query", [
    "network=evil", "example=360", "example=-1", "drawing=x", "drawing=" + "d0000" * 2000,
    "class=a", "class=999", "class=12345", "patch=0", "patch=10", "open=<b>",
    "show=nothing", "mistakes=maybe",
])  # fmt: skip
def test_a_hostile_link_is_said_and_falls_back(query):
    at = open_page(PAGE, link=query)
    assert len(said(at)) == 1
    assert "is not possible" in said(at)[0]
    assert "It says" in words(at)


def test_held_out_means_not_learned_from():
    learned = {image.tobytes() for image in digits().split()[0].images}
    for number in (0, 100, 359):
        assert held_out("digits").images[number].tobytes() not in learned


def test_the_class_that_is_asked_about_is_the_answer_unless_another_is_chosen():
    at = opened()
    answer = evidence(at)["Saliency"]
    scores = by_hand(held_out("digits").images[0], pretrained("digits"))["linear1"]
    again = run_again(at, {settings.CLASS.key: str(int(scores.argmax()))})
    np.testing.assert_array_equal(evidence(again)["Saliency"], answer)
    other = run_again(at, {settings.CLASS.key: "7"})
    assert not np.array_equal(evidence(other)["Saliency"], answer)
    assert "Evidence for 7" in html(other)


def test_an_opened_cell_that_is_not_there_opens_nothing():
    at = opened({"inside.open": "conv1,99,0,0"})
    assert [
        each["kind"] for each in (layer_rows(p, part=None) for p in components(at, "unit"))
    ] == ["softmax"]
    assert unit(at)["kind"] == "softmax"


def test_sixteenths_of_a_digit_travel_as_they_are():
    at = opened({"inside.example": 7})
    assert np.array_equal(evidence(at)["What goes in"], held_out("digits").images[7][0])


def test_the_digit_that_is_there_already_solves_no_task():
    at = open_page(PAGE)
    assert "It says **3**" in words(at)
    assert not at.success


@pytest.mark.parametrize("before", [{}, {"training.part": "own", "training.batch": "64"}])
def test_the_chain_rule_is_followed_on_the_page_that_writes_it_out(before):
    at = opened()
    for key, value in before.items():
        at.session_state["cnnviz.kept"][key] = value
    (button,) = [button for button in at.button if button.label == "Follow the chain rule"]
    button.click()
    at = run_again(at)
    assert at.session_state["cnnviz.page"] == "training"
    kept = at.session_state["cnnviz.kept"]
    assert (kept["training.part"], kept["training.links"]) == ("network", True)
    assert kept["training.batch"] == before.get("training.batch", "32")
    assert any("**Scores → conv2.**" in each.value for each in at.markdown)
