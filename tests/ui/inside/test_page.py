"""The Inside page without a browser: every number against plain arithmetic."""

import re
from urllib.parse import parse_qs

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.functional.convolution import conv2d_definition
from cnnviz.nn import digits, pretrained
from cnnviz.nn.inspection.inputs import held_out
from cnnviz.ui.inside import settings
from tests.ui.apptest import APP, components, errors, link, said, spaced
from tests.ui.overviews import layer_rows, unit
from tests.ui.pages import boards, headers, html, open_page, run_again

PAGE = "pages/10_Inside.py"
RNG = np.random.default_rng(0)
UPRIGHT = "d80208080808080e0"
SOFTMAX = "inside:softmax"


def opened(settings=None, **kwargs):
    """Open the page on a held-out example, unless the settings say what is shown."""
    return open_page(PAGE, {"inside.show": "example", **(settings or {})}, **kwargs)


def words(at):
    """Return all sentences of the page."""
    found = [*at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success]
    return spaced("\n".join(element.value for element in found))


def layers(at):
    """Return what the overview shows of each layer, exactly, by name."""
    found = layer_rows(components(at, "overview")[-1])
    return {layer_row["name"]: layer_row["exact"] for layer_row in found}


def evidence(at):
    """Return the exact values of the maps of evidence by their titles."""
    (board,) = components(at, "maps")
    header = headers(at)["inside"]
    data = board.bytes[-sum_of_planes(board, header) :]
    found = {}
    for pane in header["panes"]:
        if pane["numbers"] is not None:
            size = pane["height"] * pane["width"]
            values = np.frombuffer(data, "<f8", count=size, offset=pane["numbers"])
            found[pane["title"]] = values.reshape(pane["height"], pane["width"])
    return found


def sum_of_planes(board, header):
    """Return how many bytes follow the header."""
    return len(board.bytes) - 4 - int.from_bytes(board.bytes[:4], "little")


def by_hand(image, network):
    """Return what every layer makes of an image (1, H, W), in plain loops and double precision."""
    first, second = (
        (network[i].weight.value.astype(float), network[i].bias.value.astype(float)) for i in (0, 3)
    )
    found, x = {}, image.astype(float)
    for number, (weight, bias) in enumerate((first, second), 1):
        x = found[f"conv{number}"] = conv2d_definition(x, weight, bias, padding=1)
        x = found[f"relu{number}"] = np.maximum(x, 0)
        channels, height, width = x.shape
        pooled = np.empty((channels, height // 2, width // 2))
        for c, i, j in np.ndindex(pooled.shape):
            pooled[c, i, j] = max(x[c, 2 * i + a, 2 * j + b] for a in (0, 1) for b in (0, 1))
        x = found[f"pool{number}"] = pooled
    row = found["flatten1"] = np.array([x[c, i, j] for c, i, j in np.ndindex(x.shape)])
    weight, bias = network[7].weight.value.astype(float), network[7].bias.value.astype(float)
    scores = found["linear1"] = np.array(
        [sum(w * v for w, v in zip(line, row, strict=True)) + b
         for line, b in zip(weight, bias, strict=True)]
    )  # fmt: skip
    powers = [np.exp(score - scores.max()) for score in scores]
    found["softmax1"] = np.array([power / sum(powers) for power in powers])
    return found


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
        ({"example": "2"}, "example"),
        ({"open": "conv1,0,0,0"}, "example"),
        ({"show": "drawing"}, "drawing"),
    ],
)
def test_a_link_of_before_shows_what_it_showed(query, source):
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.switch_page(PAGE)
    for name, text in query.items():
        at.query_params[name] = text
    at.run()
    assert at.session_state["inside.show"] == source
    assert at.session_state["inside.drawing"] == ""


@pytest.mark.parametrize("source", ["example", "drawing"])
@pytest.mark.parametrize("drawing", ["", settings.THREE, UPRIGHT])
@pytest.mark.parametrize("patch", [3, 5])
def test_a_link_shows_what_was_shown(source, drawing, patch):
    values = {"inside.show": source, "inside.drawing": drawing, "inside.patch": patch}
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.switch_page(PAGE)
    query = link(open_page(PAGE, values))
    for name, texts in parse_qs(query, keep_blank_values=True).items():
        at.query_params[name] = texts
    at.run()
    assert {key: at.session_state[key] for key in values} == values


def test_softmax_is_written_with_its_exponentials_and_their_sum():
    told = softmax(opened({"inside.example": 3}))
    scores = by_hand(held_out("digits").images[3], pretrained("digits"))["linear1"] - told["shift"]
    powers = np.exp(scores)
    for (name, _, power, share, _), i in zip(told["rows"], range(10), strict=True):
        assert name == str(i)
        assert power == pytest.approx(powers[i], rel=1e-3)
        assert share == pytest.approx(powers[i] / powers.sum(), rel=1e-3)
    assert told["total"] == pytest.approx(powers.sum(), rel=1e-3)


def softmax(at):
    """Return what the table of the shares is told."""
    return next(
        header
        for header in (layer_rows(proto, part=None) for proto in components(at, "unit"))
        if header["kind"] == "softmax"
    )


def score(image, label):
    return by_hand(image, pretrained("digits"))["linear1"][label]


def test_saliency_is_the_central_difference_of_the_score():
    at = opened({"inside.example": 5, "inside.class": "4"})
    image, found = held_out("digits").images[5].astype(float), evidence(at)["Saliency"]
    close = 0
    for row, column in [(1, 3), (2, 4), (4, 4), (5, 2), (6, 5)]:
        slopes = []
        for step in (-1e-6, 1e-6):
            moved = image.copy()
            moved[0, row, column] += step
            slopes.append((score(moved, 4) - score(image, 4)) / step)
        # where two slopes differ the network has a corner, and the gradient is one of them
        close += any(found[row, column] == pytest.approx(slope, rel=1e-3) for slope in slopes)
    assert close >= 4


@pytest.mark.parametrize("patch", [1, 3, 4])
def test_occlusion_is_what_the_score_loses_when_the_patch_is_covered(patch):
    at = opened({"inside.example": 5, "inside.class": "9", "inside.patch": patch})
    image, found = held_out("digits").images[5], evidence(at)["Occlusion"]
    for row, column in [(0, 0), (2, 3), (4, 4), (7, 7)]:
        covered = image.copy()
        top, left = row - (patch - 1) // 2, column - (patch - 1) // 2
        covered[:, max(top, 0) : top + patch, max(left, 0) : left + patch] = 0
        fall = score(image, 9) - score(covered, 9)
        assert found[row, column] == pytest.approx(fall, abs=1e-4)


def test_the_rivals_are_the_two_strongest_and_a_patch_that_is_said_to_change_it_does():
    at = opened()
    image = held_out("digits").images[0]
    scores = by_hand(image, pretrained("digits"))["linear1"]
    second, first = np.argsort(scores)[-2:]
    found = evidence(at)[f"{first} or {second}"]
    lead, fall, behind = (
        float(figure)
        for figure in re.search(
            r"ahead by (\S+) in score\. .* lead falls by (\S+): then .* ahead by (\S+)\. It would "
            "change its mind",
            words(at),
        ).groups()
    )
    assert fall - lead == pytest.approx(behind, abs=1e-9)
    assert lead == pytest.approx(scores[first] - scores[second], abs=1e-3)
    row, column = np.unravel_index(found.argmax(), found.shape)
    marked = [pane["outline"] for pane in headers(at)["inside"]["panes"] if pane["outline"]]
    top, left, bottom, right = marked[0]
    assert marked == [marked[0]] * len(marked)
    assert (top, left) == (max(row - 1, 0), max(column - 1, 0))
    covered = image.copy()
    covered[:, top:bottom, left:right] = 0
    assert by_hand(covered, pretrained("digits"))["linear1"].argmax() != first


def test_a_patch_that_is_too_small_to_change_it_is_said_to_be():
    worst = digits_that_stay()
    at = opened({"inside.example": worst, "inside.patch": 1})
    assert "not enough to change the answer" in words(at)


def digits_that_stay():
    """Return a held-out digit whose answer no covered pixel changes, tried one by one."""
    network = pretrained("digits")
    for number, image in enumerate(held_out("digits").images):
        answers = set()
        for row, column in np.ndindex(8, 8):
            covered = image.copy()
            covered[:, row, column] = 0
            answers.add(int(network.forward(covered[None]).argmax()))
        if len(answers) == 1:
            return number
    raise AssertionError("every digit can be changed by one pixel")


def test_no_two_maps_of_evidence_share_a_legend_by_accident():
    at = opened()
    panes = {pane["title"]: pane for pane in headers(at)["inside"]["panes"]}
    for title, values in evidence(at).items():
        limit = np.sort(np.abs(values), axis=None)[int(np.ceil(0.995 * values.size)) - 1]
        assert panes[title]["legend"][2].lstrip("≥ ").startswith(f"{limit:.4g}"[:4])


def test_a_cell_that_is_opened_adds_up():
    at = opened({"inside.example": 2, "inside.open": "conv2,9,0,3"})
    told = next(each for each in (layer_rows(p, part=None) for p in components(at, "unit"))
                if each["kind"] == "conv")  # fmt: skip
    wanted = by_hand(held_out("digits").images[2], pretrained("digits"))
    assert len(told["parts"]) == 16
    total = sum(part["total"] for part in told["parts"]) + told["bias"]
    assert total == pytest.approx(told["total"])
    assert told["total"] == pytest.approx(wanted["conv2"][9, 0, 3], abs=1e-4)
    assert told["then"][0][1] == pytest.approx(wanted["relu2"][9, 0, 3], abs=1e-4)


def test_a_dense_unit_that_is_opened_adds_up():
    at = opened({"inside.open": "linear1,8,0,0"})
    told = next(each for each in (layer_rows(p, part=None) for p in components(at, "unit"))
                if each["kind"] == "dense")  # fmt: skip
    total = sum(row[3] for row in told["rows"]) + told["rest"]["total"] + told["bias"]
    wanted = by_hand(held_out("digits").images[0], pretrained("digits"))["linear1"][8]
    assert total == pytest.approx(wanted, abs=1e-4)
    assert all(row[1] * row[2] == pytest.approx(row[3]) for row in told["rows"])


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
    assert "That is right" not in words(at)  # what was meant is unknown


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
    again = with_link(query)
    assert link(again) == query
    assert words(again) == words(at)
    assert not said(again)


def with_link(query):
    at = AppTest.from_file(str(APP), default_timeout=120)
    for word in query.split("&"):
        name, _, text = word.partition("=")
        at.query_params[name] = [text]
    at.run()
    at.switch_page(PAGE)
    return run_again(at)


@pytest.mark.parametrize("query", [
    "network=evil", "example=360", "example=-1", "drawing=x", "drawing=" + "d0000" * 2000,
    "class=a", "class=12345", "patch=0", "patch=10", "open=<b>", "show=nothing", "mistakes=maybe",
])  # fmt: skip
def test_a_hostile_link_is_said_and_falls_back(query):
    at = with_link(query)
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


SILENT = {"inside.example": 7, "inside.silent_layer": "1", "inside.silent": "0,5"}


def silenced_by_hand(image, channels):
    """Return what every layer makes of an image when maps of relu1 are 0, in plain loops."""
    digits_network = pretrained("digits")
    maps = by_hand(image, digits_network)["relu1"].astype(np.float32)
    maps[channels] = 0
    return maps, digits_network[2:].stages(maps[None])


def test_silenced_maps_change_what_follows_and_the_answer():
    at = opened(SILENT)
    image = held_out("digits").images[7]
    found, plain = layers(at), layers(opened({"inside.example": 7}))
    maps, after = silenced_by_hand(image, [0, 5])
    np.testing.assert_allclose(found["relu1"], plain["relu1"])
    np.testing.assert_allclose(found["relu1 × 0"], maps, atol=1e-4)
    for name, wanted in zip(pretrained("digits").names[2:], after, strict=True):
        np.testing.assert_allclose(found[name].reshape(wanted[0].shape), wanted[0], atol=1e-4)
    share = after[-1][0].max()
    assert f"**{int(after[-1][0].argmax())}**" in words(at)
    assert f"{round(100 * share)} % now" in words(at) or "and now it says" in words(at)


def test_what_a_silenced_network_knows_is_counted_anew():
    silent = {"inside.silent_layer": "4", "inside.silent": ",".join(map(str, range(31)))}
    assert "It gets 99 % of 360" in words(opened())
    assert "It gets 99 % of 360" not in words(opened(silent))


def test_evidence_is_that_of_the_silenced_network():
    everything = {"inside.silent_layer": "1", "inside.silent": ",".join(map(str, range(16)))}
    found = evidence(opened(everything))
    assert not found["Saliency"].any()


@pytest.mark.parametrize("wrong", [
    {"inside.silent_layer": "999", "inside.silent": "0"},
    {"inside.silent_layer": "7", "inside.silent": "0"},  # scores, which are no maps
    {"inside.silent": "998,999"},
])  # fmt: skip
def test_maps_that_are_not_there_are_left_alone(wrong):
    at = opened(wrong)
    assert not errors(at)
    assert "It says" in words(at) or "It still says" in words(at)


def test_the_strongest_maps_are_silenced_with_a_button_and_stand_in_the_link():
    at = opened({"inside.silent_layer": "1", "inside.example": 7})
    (button,) = [button for button in at.button if button.label == "The 8 strongest"]
    button.click()
    at = run_again(at)
    maps = by_hand(held_out("digits").images[7], pretrained("digits"))["relu1"]
    order = np.argsort(-maps.mean(axis=(1, 2)), kind="stable")[:8].tolist()
    assert f"silent={','.join(map(str, order))}" in link(at)
    (button,) = [button for button in at.button if button.label == "None"]
    button.click()
    assert "silent=" not in link(run_again(at))


def test_sixteenths_of_a_digit_travel_as_they_are():
    at = opened({"inside.example": 7})
    assert np.array_equal(evidence(at)["What goes in"], held_out("digits").images[7][0])


def test_the_digit_that_is_there_already_solves_no_task():
    at = open_page(PAGE)
    assert "It says **3**" in words(at)
    assert not at.success
