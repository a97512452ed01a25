"""The Activations page: eight lessons, each on any picture and with extreme settings."""

import json
import re

import numpy as np
import pytest

from cnnviz import ACTIVATIONS, KERNELS, conv2d, relu
from cnnviz.images.loading import fit, grey
from cnnviz.images.samples import SAMPLES, sample_picture
from cnnviz.ui.activations import (
    dying_units,
    linear_layers,
    maps,
    normalisation,
    signal_propagation,
    vector,
)
from cnnviz.ui.activations import settings as shared
from cnnviz.ui.lab.settings import chain
from cnnviz.ui.widgets.setting_kinds import Choice, Number
from tests.ui.apptest import components, figures, sentences, spaced, value
from tests.ui.pages import boards, headers, html, open_page, run_again

PAGE = "pages/6_Activations.py"
LESSONS = {
    **maps.LESSONS,
    **dying_units.LESSONS,
    **linear_layers.LESSONS,
    **normalisation.LESSONS,
    **signal_propagation.LESSONS,
    **vector.LESSONS,
}
NO_PICTURE = ("depth", "vector")
PICTURES = {"1 × 1": (1, 1), "1 × 500": (1, 500), "1024 × 1024": (1024, 1024)}
ASTRONAUT = grey(fit(sample_picture("astronaut").pixels, 256)).astype(float)


def opened(lesson="family", settings=None, photo=None):
    named = {f"activations.{name}": value for name, value in (settings or {}).items()}
    return open_page(PAGE, {"activations.lesson": lesson, **named}, photo=photo)


def ends(setting):
    if isinstance(setting, Number):
        return setting.low, setting.high
    first, *_, last = options = tuple(setting.options)
    return (first, options[len(options) // 2], last)


def numeric(lesson):
    """Return the settings of a lesson that have limits: its own, and the shared ones."""
    found = [*LESSONS[lesson].settings, shared.numbers, *shared.parameters.values()]
    return [setting for setting in found if isinstance(setting, Number | Choice)]


def spread_features():
    """Return Sobel x on the astronaut, divided as the page says."""
    features = conv2d(ASTRONAUT, KERNELS["sobel_x"].matrix, padding="same")
    return features / float(f"{features.std():.3g}")


@pytest.fixture(scope="module")
def family():
    return opened()


def test_the_first_screen_shows_the_whole_family_on_one_map(family):
    (shown,) = boards(family).values()
    titles = [pane.header["title"] for pane in shown if pane.header["stage"] == 2]
    assert titles == [ACTIVATIONS[name].title for name in ACTIVATIONS if name != "none"]


def test_each_map_of_the_family_is_its_function_of_the_feature_map(family):
    features = spread_features()
    (shown,) = boards(family).values()
    for pane in shown:
        if pane.header["stage"] != 2:
            continue
        chain = headers(family)["activations.family"]["chains"][pane.header["chain"]]
        values = ACTIVATIONS[chain["activation"]].function(features, **chain["parameters"])
        shape, low, high, mean, zeros = figures(pane)
        assert shape == (256, 256)
        assert (low, high) == pytest.approx((values.min(), values.max()), rel=1e-3, abs=5e-4)
        assert mean == pytest.approx(values.mean(), rel=1e-2, abs=1e-3)
        assert zeros == pytest.approx(100 * np.mean(values == 0), abs=0.5)


@pytest.mark.parametrize("lesson", ["family", "dying"])
def test_maps_that_share_their_few_numbers_are_the_maps_sent_whole(lesson, monkeypatch):
    (short,) = boards(opened(lesson)).values()
    monkeypatch.setattr("cnnviz.ui.activations.lesson.unique_values", lambda values, grain: None)
    (whole,) = boards(opened(lesson)).values()
    assert sum("which" in pane.header for pane in short) == len(short) - 1  # but not on the picture
    assert not any("which" in pane.header for pane in whole)
    for one, other in zip(short, whole, strict=True):
        np.testing.assert_array_equal(one.plane, other.plane)
        assert one.header["figures"] == other.header["figures"]


def test_maps_of_many_numbers_are_sent_whole():
    (shown,) = boards(opened(settings={"kernel": "gaussian_5"})).values()
    assert not any("which" in pane.header for pane in shown)


def test_the_charts_hold_the_histogram_of_the_feature_map_and_the_share_of_dead_cells(family):
    features = spread_features()
    (shown,) = boards(family).values()
    charts = {pane.header["title"]: pane.header["chart"] for pane in shown if pane.header["chart"]}
    assert all(sum(chart["counts"]) == features.size for chart in charts.values())
    dead = 100 * np.mean(features <= 0)
    assert spaced(charts["ReLU"]["note"]) == f"slope 0 in {dead:.0f} % of the cells"
    assert spaced(charts["ELU"]["note"]) == "slope 0 in 0 % of the cells"


def test_zeros_are_told_before_and_after_relu(family):
    features = spread_features()
    before, after = (f"{100 * np.mean(x == 0):.0f} %" for x in (features, relu(features)))
    assert any(f"zeros from {before} to {after}" in said for said in sentences(family))


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("lesson", [name for name in LESSONS if name not in NO_PICTURE])
def test_every_lesson_works_on_any_picture(lesson, picture):
    photo = np.random.default_rng(0).integers(0, 256, (*PICTURES[picture], 3), np.uint8)
    at = run_again(opened(lesson, photo=photo), {"shared.colour": "colour"})
    assert not at.error


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_works_at_the_ends_of_its_settings(lesson):
    at = opened(lesson, photo=np.zeros((9, 9, 3), np.uint8))
    for setting in numeric(lesson):
        for end in ends(setting):
            run_again(at, {setting.key: end})
        run_again(at, {setting.key: setting.default})
    assert not at.error


# Words that occur only in the question of each lesson.
QUESTIONS = {
    "family": "change nothing at all",
    "edge": "a hundred times smaller",
    "channels": "whichever side is brighter",
    "linear": "Choose a first kernel",
    "dying": "Make every cell of ReLU inactive",
    "norm": "at least 95 %",
    "depth": "Take 20 layers",
    "vector": "Leave the vector as it is",
}


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_asks_its_own_question(lesson):
    text = "\n".join(sentences(opened(lesson)))
    assert [words for words in QUESTIONS.values() if words in text] == [QUESTIONS[lesson]]


@pytest.mark.parametrize("lesson", LESSONS)
def test_code_and_download_open_in_every_lesson(lesson):
    at = opened(lesson, photo=np.full((5, 5, 3), 9, np.uint8))
    for label in ("Code", "Download"):
        (button,) = [button for button in at.button if button.label == label]
        button.click().run()
        assert not at.exception


def test_the_row_of_the_cut_is_the_setting_and_stays_on_the_picture():
    at = opened("edge", {"row": 1023})
    sent = json.loads(components(at, "profile")[0].json)
    assert sent["row"] == 255
    assert headers(at)["activations.edge"]["start"]["row"] == 255


def test_slopes_of_a_channel_reach_its_map_and_no_other():
    at = opened("channels", {"slope_0": -1.0, "slope_1": 0.0, "slope_2": 1.0})
    chains = headers(at)["activations.channels"]["chains"]
    assert [chain["parameters"]["weight"] for chain in chains] == [-1, 0, 1]
    lows = [
        figures(pane)[1] for pane in boards(at)["activations.channels"] if pane.header["stage"] == 2
    ]
    assert lows[:2] == [0, 0]
    assert lows[2] < 0


def test_a_bias_pushed_down_kills_relu_and_no_other():
    at = opened("dying", {"push": -1.1})
    titles = [
        pane.header["title"]
        for pane in boards(at)["activations.dying"]
        if pane.header["stage"] == 2 and pane.header["chain"] is not None
    ]
    names = ("Leaky ReLU", "PReLU", "ELU")
    assert [spaced(title) for title in titles] == [
        "ReLU: 100 % inactive",
        *(f"{name}: 0 % inactive" for name in names),
    ]
    assert "as far as these go it is dead" in at.success[0].value
    label = json.loads(components(at, "curves")[0].json)["label"]
    assert spaced(label).endswith("100 % of this picture at −1.1.")


def test_a_unit_that_is_inactive_here_is_not_dead_while_another_picture_excites_it():
    dim = np.full((9, 9, 3), 100, np.uint8)
    dim[:, 4:] = 120
    at = opened("dying", {"push": -1.1}, photo=dim)
    said = " ".join(one.value for one in at.success)
    assert "dead as far" not in said
    # Sobel x, the unit of the bias, is largest at the right border: 4 · 120 = 480.
    alive = [
        name
        for name in SAMPLES
        if conv2d(
            grey(fit(sample_picture(name).pixels, 256)).astype(float),
            KERNELS["sobel_x"].matrix,
            padding="same",
        ).max()
        > 1.1 * 480
    ]
    assert 0 < len(alive) < len(SAMPLES)
    assert f"it still responds in {len(alive)} of the {len(SAMPLES)} sample pictures" in said


@pytest.mark.parametrize("scale", ["255", "1"])
@pytest.mark.parametrize("colour", ["grey", "colour"])
def test_the_sample_at_hand_responds_as_the_picture_does_on_every_scale(scale, colour):
    shown = {"shared.values": scale, "shared.colour": colour}
    at = open_page(PAGE, {**shown, "activations.lesson": "dying", "activations.push": -0.6})
    assert any("It is not dead now: it still responds in" in one for one in sentences(at))
    at = run_again(at, {"activations.push": -1.1})
    assert "as far as these go it is dead" in at.success[0].value


def test_an_activation_keeps_a_slope_only_if_it_has_one():
    flat = {
        f"{name}.{each}": 0.0
        for name, each in (("leaky_relu", "negative_slope"), ("prelu", "weight"))
    }
    at = opened("dying", {**flat, "push": -1.1})
    assert "becomes 0 everywhere. ELU keeps a slope" in " ".join(sentences(at))
    praise = at.success[0].value
    assert re.search(r"still comes back here: (< )?\d+\s% with ELU\.$", praise)


def test_a_healthy_map_is_not_called_dead():
    said = " ".join(sentences(opened("dying")))
    assert "becomes 0 everywhere. Leaky ReLU, PReLU and ELU keep a slope" in said
    assert "It is not dead now: it still responds in 13 of the 13 sample pictures." in said


def test_the_curve_of_dead_cells_rises_to_all_as_the_bias_falls():
    sent = json.loads(components(opened("dying"), "curves")[0].json)
    for line in sent["lines"]:
        values = line["values"]
        assert values == sorted(values, reverse=True)
        assert values[0] == 1
    assert sent["marker"]["y"] == pytest.approx(np.mean(spread_features() <= 0))


def test_two_kernels_in_a_row_are_one_and_a_relu_between_makes_them_two():
    at = opened("linear")
    *_, difference, _, changed = (figures(pane)[1:3] for pane in boards(at)["activations.linear"])
    assert difference == (0, 0)
    low, high = changed
    assert max(-low, high) > 1000
    assert not at.success


def test_a_first_kernel_without_negative_weights_answers_the_question():
    at = opened("linear", {"first": "box_3"})
    assert "Box 3" in at.success[0].value
    assert any("breaks this where it cuts something off" in one for one in sentences(at))


def test_no_activation_is_not_called_none_above_its_map():
    at = opened("edge", {"function": "none"})
    assert "After: No activation" in html(at)
    assert "After: None" not in html(at)


def test_the_edge_lesson_opens_on_a_kernel_with_both_signs_and_shows_one_with_a_single_one():
    at = opened("edge")
    features = conv2d(ASTRONAUT, KERNELS["laplacian_4"].matrix, padding="same")
    (before,) = (pane for pane in boards(at)["activations.edge"] if pane.header["stage"] == 1)
    size = float(f"{features.std():.3g}")
    assert figures(before)[2] == pytest.approx(features.max() / size, rel=1e-3)
    said = next(one for one in sentences(at) if "sharp edge" in one)
    assert "Laplacian 4 responds to it with 0, 255, −255, 0: both signs" in said
    assert "Sobel x responds to it with 0, 1020, 1020, 0: one sign" in said


def test_the_sentence_about_the_row_matches_the_row():
    said = next(one for one in sentences(opened("edge", {"row": 128})) if "sharp edge" in one)
    peak, column, other, beside = re.search(
        r"strongest response is (\S+), in column (\d+); "
        r"on the other side of that edge, in column (\d+), it is (\S+)\.",
        said,
    ).groups()
    features = conv2d(ASTRONAUT, KERNELS["laplacian_4"].matrix, padding="same")
    line = features[128] / float(f"{features.std():.3g}")
    assert value(peak) == pytest.approx(line[int(column)], rel=5e-3)
    assert abs(line[1:-1]).max() == abs(line[int(column)])
    assert value(beside) == pytest.approx(line[int(other)], rel=5e-3)
    assert 0 < abs(int(other) - int(column)) < 4
    assert value(peak) * value(beside) < 0


def test_a_link_opens_a_lesson_with_its_settings():
    at = opened("norm", {"gamma": -2.0, "beta": 3.0})
    assert at.success[0].value.startswith("Right: with γ = −2 and β = 3 ")
    query = json.loads(components(at, "link")[0].json)["query"]
    assert "lesson=norm" in query
    assert "gamma=-2" in query


@pytest.mark.parametrize(
    ("page", "popover", "name"),
    [
        (PAGE, f"{shared.kernel.key}:more", "Other kernels"),
        ("pages/1_Lab.py", f"{chain.activation.chosen.key}:more", "Other activations"),
    ],
)
def test_the_choices_in_a_popover_are_named_by_what_they_hold(page, popover, name):
    at = open_page(page, {popover: True})
    assert name in [one.proto.label for one in at.get("button_group")]


@pytest.mark.parametrize(
    ("second", "why"),
    [("sobel_y", "whole numbers, so no rounding"), ("gaussian_3", "no rounding here")],
)
def test_only_whole_numbers_are_said_to_be_the_reason_why_nothing_is_rounded(second, why):
    said = " ".join(sentences(opened("linear", {"second": second})))
    assert f"one kernel and two: **0** ({why}), beside" in said
