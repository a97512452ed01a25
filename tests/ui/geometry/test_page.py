"""The Geometry page: worked figures, limits and sizes."""

import json

import numpy as np
import pytest

from cnnviz.experiments.axis_limits import AxisSettings
from cnnviz.ui.geometry.window_settings import LARGEST_GRID, WORKED, WindowSettings
from cnnviz.ui.widgets.setting_kinds import Choice, Number
from tests.ui.apptest import components, sentences
from tests.ui.geometry.parts import opened, shapes
from tests.ui.pages import boards, headers, run_again

ENDS = [
    (setting.name, end)
    for setting in WindowSettings("geometry").settings
    if isinstance(setting, Number)
    for end in (setting.low, setting.high)
]
CHOICES = [
    (setting.name, option)
    for setting in WindowSettings("geometry").settings
    if isinstance(setting, Choice)
    for option in setting.options
]


def stepper(at, label):
    return next(one for one in at.number_input if one.label == label)


@pytest.fixture(scope="module")
def first():
    return opened()


@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.title)
def test_a_preset_gives_the_worked_figure(worked):
    at = opened()
    next(button for button in at.button if button.label == worked.title).click()
    run_again(at)
    expected = int(worked.title.split()[-1])
    assert shapes(at, "geometry") == [(worked.size,) * 2, (expected,) * 2]
    formula = next(one for one in sentences(at) if one.startswith("Rows and columns"))
    assert formula.endswith(f"= **{expected}**")


def test_the_presets_are_the_figures_of_the_guide():
    assert [worked.title for worked in WORKED] == [
        "i = 4, k = 3, s = 1, p = 0 → 2",
        "i = 5, k = 4, s = 1, p = 2 → 6",
        "i = 5, k = 3, s = 1, p = 1 → 5",
        "i = 5, k = 3, s = 1, p = 2 → 7",
        "i = 5, k = 3, s = 2, p = 0 → 2",
        "i = 5, k = 3, s = 2, p = 1 → 3",
        "i = 6, k = 3, s = 2, p = 1 → 3",
        "i = 7, k = 3, s = 1, p = 0, d = 2 → 3",
    ]


def test_the_first_screen_names_the_line_that_the_floor_drops(first):
    said = " ".join(sentences(first))
    assert "⌊5 ÷ 2⌋ + 1 = ⌊2.5⌋ + 1 = **3**" in said
    assert "the floor drops the last row and column of the padding (shaded)" in said
    assert headers(first)["geometry"]["chains"][0]["unread"][0] == [[6], [6]]


def test_grid_and_photo_go_through_the_same_numbers(first):
    assert shapes(first, "geometry:photo") == [(256, 256), (128, 128)]
    grid, photo = (headers(first)[name]["chains"][0] for name in ("geometry", "geometry:photo"))
    assert [grid[name] for name in ("stride", "pads", "matrices")] == [
        photo[name] for name in ("stride", "pads", "matrices")
    ]


def test_only_the_grid_has_its_arithmetic_written_out(first):
    assert headers(first)["geometry"]["panel"]
    assert not headers(first)["geometry:photo"]["panel"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"padding": "valid"}, "0 + 0 cells of padding: that is **valid**."),
        ({"stride": 1}, "1 + 1 cells of padding: that is **same**."),
        ({"stride": 1, "pad": 2}, "2 + 2 cells of padding: that is **full**."),
        ({"padding": "same"}, "0 + 1 cells of padding: that is **same**."),
        ({"kernel": 1, "pad": 0, "stride": 1}, "that is **valid**, **same** and **full**."),
    ],
)
def test_amounts_that_coincide_are_named(settings, said):
    assert any(said in one for one in sentences(opened(settings)))


def test_a_stepper_ends_where_the_next_number_would_not_fit():
    at = opened({"grid": 4, "kernel": 4, "pad": 0, "stride": 1})
    assert stepper(at, "Kernel").max == 4
    assert stepper(at, "Grid: cells per side").min == 4
    captions = [one.value for one in at.caption]
    assert "Not above 4: a kernel of 5 spans 5 cells, and there are 4 + 0 + 0 = 4." in captions


def test_reflect_limits_the_padding_and_says_why():
    at = opened({"grid": 4, "pad": 3, "mode": "reflect"})
    assert stepper(at, "Cells on every side").max == 3
    assert any("reflect padding of 4 needs 5 cells" in one.value for one in at.caption)


def test_each_side_has_an_end_of_its_own():
    at = opened({"grid": 2, "kernel": 4, "padding": "sides", "pad_top": 2, "pad_bottom": 0})
    assert stepper(at, "Top").min == 2
    assert stepper(at, "Left").min == 1


def test_numbers_that_contradict_one_another_are_lowered_and_it_is_said():
    at = opened({"grid": 2, "kernel": 7, "dilation": 6, "pad": 0})
    assert (at.session_state["geometry.kernel"], at.session_state["geometry.dilation"]) == (2, 1)
    assert any("“Kernel” is now 2" in one.value for one in at.toast)
    run_again(
        at,
        {
            f"geometry.{name}": value
            for name, value in {
                "grid": 1,
                "kernel": 1,
                "padding": "same",
                "mode": "reflect",
            }.items()
        },
    )
    assert not at.toast  # of the padding in numbers, which is not in use


@pytest.mark.parametrize("padding", ["number", "valid"])
def test_a_kernel_of_one_cell_keeps_its_dilation_which_changes_nothing(padding):
    at = opened({"grid": 1, "kernel": 3, "dilation": 3, "pad": 0, "padding": padding})
    assert [one.value for one in at.toast] == ["“Kernel” is now 1, the largest that fits."]
    assert stepper(at, "Dilation").value == 3
    assert shapes(at, "geometry") == [(1, 1), (1, 1)]


@pytest.mark.parametrize(("name", "end"), ENDS)
def test_every_number_works_at_both_ends(name, end):
    padding = "sides" if name.startswith("pad_") else "number"
    at = opened({"padding": padding, name: end})
    assert len(boards(at)["geometry"]) == 2
    assert not at.error


@pytest.mark.parametrize(("name", "option"), CHOICES)
def test_every_choice_works(name, option):
    at = opened({name: option})
    assert len(boards(at)["geometry"]) == 2
    assert not at.error


@pytest.mark.parametrize("grid", [1, LARGEST_GRID])
@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", ["valid", "same", "full", "number"])
def test_the_smallest_and_the_largest_grid_work_with_every_padding(grid, mode, padding):
    at = opened({"grid": grid, "mode": mode, "padding": padding, "kernel": 7, "stride": 8})
    vertical = shapes(at, "geometry")[1][0]
    asked = AxisSettings(
        grid,
        at.session_state["geometry.kernel"],
        8,
        padding if padding != "number" else at.session_state["geometry.pad"],
        at.session_state["geometry.dilation"],
        mode,
    )
    assert vertical == asked.axis.output


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (1024, 1024)])
def test_any_picture_works(shape):
    photo = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    settings = {"padding": "valid", "complete": True}
    at = opened({**settings, "part": "border"}, photo=photo)
    assert len(boards(at)["geometry:borders"]) == 8
    assert not at.error
    at = opened({**settings, "part": "back"}, photo=photo)
    assert len(boards(at)["geometry:back-photo"]) == 2
    # A picture of one row is too small for the kernel: an error message, and maps that fit.
    assert len(at.error) == (min(shape) < 3)


def test_an_odd_cell_of_same_goes_to_the_end_as_the_help_says():
    assert AxisSettings(6, 3, 2, "same").axis.padding == (0, 1)
    explained = [one.help for one in opened().selectbox if one.label == "Padding"]
    assert "an odd cell goes to the end (bottom, right)" in explained[0]


def test_the_charts_hold_the_sizes_of_the_axis(first):
    charts = json.loads(components(first, "output-sizes")[0].json)
    assert [chart["name"] for chart in charts] == [
        "input i",
        "kernel k",
        "stride s",
        "padding p",
        "dilation d",
    ]
    for value, size in charts[2]["points"]:
        assert size == AxisSettings(6, 3, value, 1).axis.output
    assert all([chart["present"], 3] in chart["points"] for chart in charts)


@pytest.mark.parametrize(
    ("settings", "right"),
    [({}, False), ({"padding": "same"}, True), ({"padding": "same", "grid": 7}, False)],
)
def test_the_answer_to_the_question_is_checked(settings, right):
    at = opened(settings)
    assert any(box.value.startswith("That is one") for box in at.success) == right


def test_the_right_answer_names_the_padding_of_both_axes():
    sides = {"pad_top": 0, "pad_bottom": 1, "pad_left": 1, "pad_right": 0}
    (box,) = opened({"padding": "sides", **sides}).success
    assert "with 0 + 1 rows and 1 + 0 columns of padding" in box.value
    (box,) = opened({"padding": "same"}).success
    assert "with 0 + 1 cells of padding" in box.value
