"""The Convolution page: worked numbers, lessons, hidden answers."""

import ast
import re
from dataclasses import replace

import numpy as np
import pytest

from cnnviz import conv2d_definition
from cnnviz.experiments.chain_input import Input
from cnnviz.images.samples import letter_o, letter_x
from cnnviz.kernels import KERNELS
from cnnviz.ui.chain.run import run
from cnnviz.ui.convolution.exercise import ExerciseSettings
from cnnviz.ui.convolution.presets import EXERCISES, O, X
from cnnviz.ui.export.programs.filter_code import filter_programs
from cnnviz.ui.widgets.matrix_setting import Cells, Matrix
from tests.message import unpacked
from tests.ui.apptest import components, lab, maps, sentences, spaced, value
from tests.ui.pages import headers, open_page

PAGE = "pages/3_Convolution.py"


def opened(**settings):
    """Run the app on this page, with settings by the part of their keys after the page's name."""
    return open_page(PAGE, {f"convolution.{name}": word for name, word in settings.items()})


def header(at):
    (proto,) = components(at, "maps")
    return unpacked(proto.bytes)[0]


def numbers(text):
    return Matrix("page.name", "Name", None, highest=16).parse(text).array


def lesson_maps(name, preset=0):
    """Return a preset's results by the definition, one map for each kernel."""
    exercise = EXERCISES[name]
    given = exercise.presets[preset]
    x = np.stack([numbers(text) for text in given.inputs])
    kernels = np.stack([numbers(text) for text in given.kernels])
    weight = kernels[np.newaxis] if exercise.filter else kernels[:, np.newaxis]
    return conv2d_definition(x, weight, stride=given.stride, padding=given.padding) + given.bias


def test_unread_rows_are_called_rows_of_the_input_not_of_the_picture():
    at = opened(**{"sliding.stride": 3})  # 5 × 5, and one window: two lines at the end are left
    assert (
        "The kernel never reads 2 rows and 2 columns of the input: with stride 3 the next window "
        "would run over the edge." in sentences(at)
    )


def test_the_presets_of_the_sliding_window_give_the_worked_numbers():
    assert lesson_maps("sliding").tolist() == [[[4, 3, 4], [2, 4, 3], [2, 3, 4]]]
    assert lesson_maps("sliding", 1).tolist() == [[[12, 12, 17], [10, 17, 19], [9, 6, 14]]]
    assert lesson_maps("sliding", 2).tolist() == [[[6, 17, 3], [8, 17, 13], [6, 4, 4]]]


def test_the_falling_line_matches_the_x_as_in_the_lesson():
    first = lesson_maps("features")[0][0]
    assert first.round(2).tolist() == [0.78, -0.11, 0.11, 0.33, 0.56, -0.11, 0.33]


def test_the_letters_of_the_lesson_are_those_of_the_samples():
    assert (numbers(X) == letter_x() / 127.5 - 1).all()
    assert (numbers(O) == letter_o() / 127.5 - 1).all()


def test_an_average_keeps_a_flat_area_and_a_kernel_of_sum_0_answers_0_there():
    for preset, corner in enumerate((2, 2, 0)):
        assert lesson_maps("average", preset)[0][0, 0] == pytest.approx(corner)


@pytest.mark.parametrize(
    ("bias", "flat", "said"),
    [
        (0, "2", "= 1: flat areas keep their value"),
        (2, "4", "= 1: before the bias, flat areas keep"),
    ],
)
def test_the_effect_of_the_weights_on_flat_areas_is_stated_before_the_bias(bias, flat, said):
    at = opened(lesson="average", **{"average.bias": bias})
    assert f" · {flat} … " in spaced(maps(at)[1].header["figures"])
    assert said in " ".join(sentences(at))


def test_weights_that_cancel_out_but_for_rounding_add_up_to_0():
    at = opened(lesson="average", **{"average.kernel": Cells.of([[0.1, 0.2, -0.3]])})
    assert "The weights add up to 0: flat areas give 0." in sentences(at)


def test_the_panel_says_which_kernel_lies_on_the_picture():
    labels = [chain["kernelLabel"] for chain in header(opened(lesson="flip"))["chains"]]
    assert labels == ["kernel (not flipped)", "kernel (flipped)"]
    own = lab({"kernels": ("own",)})
    (chain,) = headers(own)["lab"]["chains"]
    assert chain["kernelLabel"] == "your kernel"


def test_a_bright_cell_draws_the_kernel_only_after_the_flip():
    x, kernel = (
        numbers(text[0])
        for text in (EXERCISES["flip"].presets[0].inputs, EXERCISES["flip"].presets[0].kernels)
    )
    assert (conv2d_definition(x, kernel[::-1, ::-1]) == kernel).all()
    assert (conv2d_definition(x, kernel) == kernel[::-1, ::-1]).all()


@pytest.mark.parametrize("name", EXERCISES)
def test_each_lesson_shows_the_maps_of_its_first_preset(name):
    shown = [pane.header for pane in maps(opened(lesson=name))]
    shown = [header for header in shown if header["role"] == "convolution"]
    expected = lesson_maps(name)
    if name == "flip":
        x, kernel = numbers(EXERCISES[name].presets[0].inputs[0]), numbers("9 8 7;6 5 4;3 2 1")
        expected = [*expected, conv2d_definition(x, kernel)]
    assert len(shown) == len(expected)
    for pane, values in zip(shown, expected, strict=True):
        assert spaced(pane["figures"]).startswith(f"{values.shape[0]} × {values.shape[1]}")


@pytest.mark.parametrize(("stride", "pad", "bias"), [(1, 0, 1.0), (2, 1, -0.5)])
def test_the_program_of_a_filter_gives_its_numbers(stride, pad, bias, tmp_path, monkeypatch):
    settings = EXERCISES["filter"].presets[0]
    x = np.stack([numbers(text) for text in settings.inputs])
    exercise = ExerciseSettings("test", EXERCISES["filter"])
    for setting in exercise.settings:
        monkeypatch.setattr(type(setting), "value", property(lambda self: self.default))
    recipe = exercise.recipes()[0]
    assert (recipe.stride, recipe.padding, recipe.bias) == ((1, 1), ((0, 0), (0, 0)), 1)
    recipe = replace(recipe, stride=(stride, stride), padding=((pad, pad), (pad, pad)), bias=bias)
    np.save(tmp_path / "input.npy", x)
    monkeypatch.chdir(tmp_path)
    programs = filter_programs(recipe)
    for source in programs.values():
        ast.parse(source)
    names = {"print": lambda *_: None}
    exec(programs["NumPy and SciPy"], names)
    expected = run(Input.numbers(x), [recipe]).maps[0].features
    assert names["features"] == pytest.approx(expected)
    if stride == 1:
        assert expected == pytest.approx(lesson_maps("filter")[0])


def test_channels_of_different_sizes_are_filled_up_with_zeros(monkeypatch):
    exercise = ExerciseSettings("test", EXERCISES["filter"])
    values = {setting.key: setting.default for setting in exercise.settings}
    small = exercise.inputs[0]
    values[small.key] = small.parse("1 2;3 4")
    for kind in {type(setting) for setting in exercise.settings}:
        monkeypatch.setattr(kind, "value", property(lambda self: values[self.key]))
    assert exercise.given().values.shape == (3, 5, 5)
    assert exercise.given().values[0].sum() == 10


def test_the_answers_are_hidden_only_on_request():
    assert header(opened())["predict"] is False
    assert header(opened(predict=True))["predict"] is True


@pytest.mark.parametrize("lesson", EXERCISES)
def test_nothing_beside_a_hidden_answer_tells_it(lesson):
    shown, hidden = (opened(lesson=lesson, predict=on) for on in (False, True))
    for open_pane, pane in zip(maps(shown), maps(hidden), strict=True):
        if pane.header["role"] not in ("convolution", "part"):
            assert pane.header == open_pane.header
            continue
        assert re.fullmatch(r"\d+ × \d+", spaced(pane.header["figures"]))
        assert "…" in open_pane.header["figures"]
        assert pane.header["alt"].endswith("to be predicted.")
        # The scale follows from input and weights, and is wide enough for every result.
        assert not any(end.startswith(("≤", "≥")) for end in pane.header["legend"])


def test_the_scale_of_a_hidden_map_is_the_largest_answer_that_could_be():
    at = opened(predict=True)
    (pane,) = (pane for pane in maps(at) if pane.header["role"] == "convolution")
    (chain,) = header(at)["chains"]
    white = max(abs(header(at)["input"][end]) for end in ("black", "white"))
    most = white * np.abs(chain["matrices"]).sum() / chain["divisor"] + abs(chain["bias"])
    assert value(pane.header["legend"][2]) == most


def test_a_kernel_larger_than_the_input_says_so_and_leaves_the_last_maps():
    at = opened()
    small = ExerciseSettings("convolution", EXERCISES["sliding"]).inputs[0]
    at.session_state[small.key] = small.parse("1 2")
    at.run()
    assert len(at.error) == 1
    assert "3 rows" in at.error[0].value
    assert "the last settings that fitted" in at.error[0].value
    assert maps(at)[0].header["height"] == 5


@pytest.mark.parametrize(("stride", "padding", "bias"), [(1, 0, -9), (4, 4, 9), (1, 4, 0)])
def test_every_lesson_stands_at_both_ends_of_its_settings(stride, padding, bias):
    for name in EXERCISES:
        ends = {"stride": stride, "padding": padding, "bias": bias}
        at = opened(lesson=name, **{f"{name}.{word}": end for word, end in ends.items()})
        assert maps(at)


def test_the_identity_kernel_leaves_the_input_as_it_is():
    x = numbers(EXERCISES["sliding"].presets[1].inputs[0])
    assert (conv2d_definition(x, KERNELS["identity"].weights, padding=1) == x).all()


def jumps(**settings):
    """Return the buttons that jump to a cell, with the values on them."""
    at = opened(
        lesson="features", **{f"features.{name}": value for name, value in settings.items()}
    )
    found = [button.label for button in at.button if button.label.startswith("Show a ")]
    return {name: value(text) for name, text in (label.split(": ") for label in found)}


def test_the_words_about_a_match_are_those_of_a_kernel_divided_by_9_without_a_bias():
    text = " ".join(sentences(opened(lesson="features")))
    assert "Divided by 9 and with bias 0, its sum says how well a place matches: 1 is" in text


def test_a_miss_is_a_place_without_a_match_whatever_the_bias():
    match = lesson_maps("features")[0][0]
    miss = match.flat[abs(match).argmin()]
    assert jumps() == pytest.approx({"Show a hit": 1, "Show a miss": miss}, abs=5e-4)
    expected = {"Show a hit": 3, "Show a miss": miss + 2}
    assert jumps(bias=2) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    "settings", [{"stride": 4}, {"kernel": Matrix("a", "b", None).parse("1 1 1;1 1 1;1 1 1")}]
)
def test_no_miss_is_offered_if_every_place_matches_about_equally(settings):
    assert list(jumps(**settings)) == ["Show a hit"]


@pytest.mark.parametrize(
    ("settings", "places"),
    [
        ({"input": "1 1 1;1 1 1;1 1 1"}, []),
        ({"input": "0 0 0 0;0 0 0 0;0 0 0 0", "bias": 2}, []),
        ({"input": "1 1 1;1 1 1;1 1 1", "kernel": "1 1 1;1 1 1;1 1 1"}, ["Show a hit"]),
    ],
)
def test_no_hit_is_offered_if_nothing_matches(settings, places):
    """The kernel of ones and minus ones gives −3 ÷ 9 on a window of ones."""
    parse = Matrix("a", "b", None).parse
    given = {name: parse(v) if isinstance(v, str) else v for name, v in settings.items()}
    assert list(jumps(**given)) == places
