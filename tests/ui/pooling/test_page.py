import re

import numpy as np
import pytest

from cnnviz.experiments.chain_input import Input
from cnnviz.images.loading import grey
from cnnviz.kernels import KERNELS
from cnnviz.ui.pooling.views import arithmetic, losses, programs, table
from cnnviz.ui.widgets.formatting import number
from cnnviz.ui.widgets.matrix_setting import Cells
from tests.ui.apptest import errors, sentences, spaced
from tests.ui.pages import boards, headers, html, open_page, run_again
from tests.ui.pooling.runs import PAGE, pooled

RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (12, 9, 3), np.uint8)


def maps(at):
    return boards(at)["pooling"]


def test_the_worked_example_comes_out_as_in_the_curriculum():
    largest, mean = (maps.pooled for maps in pooled(3, 1).maps)
    assert largest.tolist() == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]
    assert mean.round(1).tolist() == [[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]]


def test_a_button_shows_the_worked_example():
    at = open_page(PAGE, {"pooling.padding": 1})
    next(button for button in at.button if button.label.startswith("Worked example")).click()
    at = run_again(at)
    numbers, largest, _, mean, _ = maps(at)
    assert [
        spaced(pane.header["figures"]).split(" · ")[0] for pane in (numbers, largest, mean)
    ] == [
        "5 × 5",
        "3 × 3",
        "3 × 3",
    ]
    assert largest.plane.tolist() == [[255] * 3, [255] * 3, [255, 170, 255]]
    assert "9 of 25" in html(at)


def test_the_page_opens_with_a_feature_map_pooled_in_both_ways():
    at = open_page(PAGE)
    assert [pane.header["role"] for pane in maps(at)] == [
        "picture",
        "activation",
        *("pooling", "loss") * 2,
    ]
    assert [pane.header["slot"] for pane in maps(at)] == [0, 0, 1, 1, 2, 2]
    assert [pane.plane.shape for pane in maps(at)[2:]] == [(128, 128), (256, 256)] * 2
    assert not errors(at)


def test_both_kinds_share_one_cursor_that_starts_where_they_differ_most():
    header = headers(open_page(PAGE, photo=PHOTO))["pooling"]
    given = Input.picture(grey(PHOTO))
    apart = np.subtract(
        *(maps.pooled for maps in pooled(given=given, kernel=KERNELS["sobel_x"]).maps)
    )
    start = header["start"]
    assert header["linked"]
    assert start["stage"] == 3
    # the pooled cells at the upper and the left edge see the padding of the kernel, and so do the
    # last ones
    assert apart[start["row"], start["column"]] == apart[1:-1, 1:-1].max()


def test_the_cursor_starts_at_an_edge_of_the_picture_not_at_its_border():
    values = np.full((8, 8), 100, np.uint8)
    values[:, 4:] = 110
    made = pooled(given=Input.picture(values), kernel=KERNELS["sobel_x"])
    apart = made.maps[0].pooled - made.maps[1].pooled
    assert apart[1].tolist() == [200, 20, 20, 0]  # 400 of the zeros at the left, 40 of the edge
    assert arithmetic(made, 0).start == (1, 1)


def test_max_loses_nothing_upwards_and_the_mean_of_what_average_loses_is_0():
    largest, mean = losses(pooled(given=Input.picture(grey(PHOTO)[:, :8])))
    assert (largest <= 0).all()
    assert mean.mean() == pytest.approx(0)


def test_global_pooling_is_the_largest_and_the_mean_of_all():
    text = html(open_page(PAGE, {"pooling.source": "picture"}, photo=PHOTO))
    values = grey(PHOTO)
    assert f"<td>{values.max()}</td><td>{number(values.mean())}</td>" in text


def test_the_formula_has_the_numbers_of_the_pooling():
    at = open_page(PAGE, {"pooling.window": 3, "pooling.stride": 2, "pooling.padding": 1})
    assert "⌊(256 + 1 + 1 − 1·(3 − 1) − 1) ÷ 2⌋ + 1 = **128**" in sentences(at)[0]


@pytest.mark.parametrize("source", ["features", "picture", "matrix"])
def test_the_question_is_answered_by_a_window_of_one_cell(source):
    at = open_page(PAGE, {"pooling.source": source}, photo=PHOTO)
    assert not at.success
    little = "of each." if source == "matrix" else "of every cell in it:"  # in each window
    assert any(f"Average keeps a little {little}" in each for each in sentences(at))
    at = run_again(at, {"pooling.window": 1})
    assert len(at.success) == 1
    assert not any("Average keeps a little" in each for each in sentences(at))


def test_maps_that_stand_in_for_what_does_not_fit_answer_no_question():
    at = open_page(PAGE, {"pooling.padding": 6})  # without pooling, both maps are the same
    assert len(errors(at)) == 1
    assert not at.success


def test_a_window_that_does_not_fit_gets_one_sentence_and_the_last_maps_stay():
    at = open_page(PAGE, {"pooling.source": "matrix"})
    before = [pane.plane.tolist() for pane in maps(at)]
    (sentence,) = errors(run_again(at, {"pooling.window": 6}))
    assert "spans 6 rows" in sentence
    assert [pane.plane.tolist() for pane in maps(at)] == before


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (40, 30)])
@pytest.mark.parametrize(
    "settings",
    [
        {"pooling.window": 12, "pooling.stride": 12, "pooling.padding": 6, "pooling.ceil": True},
        {"pooling.window": 1, "pooling.stride": 12},
        {"pooling.window": 1, "pooling.stride": 1, "pooling.padding": 6},
        {"pooling.window": 12, "pooling.stride": 1, "pooling.include": False},
        {"pooling.source": "picture", "shared.values": "1", "pooling.measure": "changed"},
        {"pooling.source": "matrix", "pooling.window": 5, "pooling.closeup": "12"},
        {"shared.colour": "colour", "pooling.kernel": "gaussian_3"},
    ],
)
def test_every_extreme_of_the_controls_shows_maps(settings, size):
    photo = RNG.integers(0, 256, (*size, 3), np.uint8)
    at = open_page(PAGE, settings, photo=photo)
    assert len(maps(at)) in (3, 5, 6)
    assert len(errors(at)) <= 1


def test_a_large_picture_shows_maps():
    photo = np.tile(RNG.integers(0, 256, (64, 64, 3), np.uint8), (16, 16, 1))
    at = open_page(PAGE, {"shared.size": 1024}, photo=photo)
    assert maps(at)[2].plane.shape == (512, 512)


def test_the_program_gives_both_maps(monkeypatch, tmp_path):
    made = pooled(3, 2, Input.picture(grey(PHOTO)), pool_padding=(1, 1))
    np.save(tmp_path / "input.npy", made.input.values.astype(float))
    monkeypatch.chdir(tmp_path)
    source = programs(made)["NumPy and SciPy"]
    for half, maps_ in zip(source.split("\n\n# Average"), made.maps, strict=True):
        names = {}
        exec(half.removeprefix(" pooling"), names)
        assert names["pooled"] == pytest.approx(maps_.pooled)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "with 2, 16 384 of 65 536 numbers are left, 25 %."),
        (
            {"pooling.source": "matrix", "pooling.window": 3, "pooling.stride": 1},
            "with 1, 9 of 25 numbers are left, 36 %.",
        ),
        ({"pooling.window": 1, "pooling.stride": 1}, "with 1, all 65 536 numbers are left."),
    ],
)
def test_the_numbers_that_the_stride_leaves_are_counted(settings, said):
    text = " ".join(sentences(open_page(PAGE, settings))).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert said in text


def test_cells_that_no_window_reads_are_those_of_what_is_pooled():
    said = sentences(open_page(PAGE, {"pooling.source": "matrix"}))
    assert any("never reads 1 row and 1 column of the numbers:" in one for one in said)


def test_cells_that_no_window_reads_are_left_out_of_what_has_changed():
    made = pooled(2, 2)  # of 5 × 5: the last row and column are not read
    loss, _ = losses(made)
    rows = dict(re.findall(r"<th>(Changed, [^<]*)</th><td>([^<]*)</td>", table(made, losses(made))))
    inside = abs(loss[:4, :4])
    assert not loss[4].any()
    assert not loss[:, 4].any()
    assert rows == {
        "Changed, on average": number(float(inside.mean())),
        "Changed, at most": number(float(inside.max())),
    }
    assert inside.mean() != abs(loss).mean()


@pytest.mark.parametrize("source", ["picture", "matrix"])
def test_a_picture_that_is_pooled_directly_is_called_the_input(source):
    at = open_page(PAGE, {"pooling.source": source}, photo=PHOTO)
    alts = [pane.header["alt"] for pane in maps(at)]
    for kind in ("max", "average"):
        assert any(alt.startswith(f"The input, then {kind} pooling") for alt in alts)


SMALL = {
    "pooling.source": "matrix",
    "pooling.window": 2,
    "pooling.stride": 1,
    "pooling.padding": 1,
    "pooling.numbers": Cells.of([[-1, -2], [-3, -4]]),
}


def test_padding_that_makes_more_cells_than_came_in_is_said_to_do_so():
    at = open_page(PAGE, SMALL)  # 2 + 2 of padding, window 2: 3 × 3
    text = " ".join(sentences(at))
    assert "Padding has made more cells than came in: 9 from 4, 225 %." in text
    assert "are left" not in text
    assert "9 from 4" in html(at)
    assert "9 of 4" not in html(at)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"pooling.window": 3, "pooling.stride": 1}, "with 1, 9 of 25 numbers are left, 36 %."),
        ({"pooling.window": 2, "pooling.stride": 12}, "with 12, 1 of 25 numbers is left, 4 %."),
        (
            {"pooling.numbers": Cells.of([[5]]), "pooling.window": 1, "pooling.stride": 1},
            "with 1, the only number is left.",
        ),
    ],
)
def test_the_remaining_numbers_are_counted_in_singular_and_plural(settings, said):
    at = open_page(PAGE, {"pooling.source": "matrix", **settings})
    assert said in " ".join(sentences(at))


def test_a_stride_of_1_is_not_said_to_drop_what_the_window_drops():
    text = " ".join(
        sentences(open_page(PAGE, {"pooling.source": "matrix", "pooling.window": 3,
                                   "pooling.stride": 1}))
    )  # fmt: skip
    assert "The stride sets the size" not in text
    assert "A stride of 1 skips nothing, but the window has to fit: with 1, 9 of 25" in text
