"""Worksheets: their numbers follow from the definition, and all of them fit on the paper."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from cnnviz import conv2d_definition, max_pool2d
from cnnviz.kernels import KERNELS, Kernel, gaussian
from cnnviz.ui.export.worksheet import (
    MOST_BENCHES,
    Bench,
    SizeQuestion,
    benches_from_plane,
    benches_from_seed,
)
from cnnviz.ui.export.worksheet_page import html

PLANE = np.random.default_rng(0).integers(0, 256, (64, 48))


class Tables(HTMLParser):
    """Reads the tables of a file: kind, caption, and cells as texts."""

    def __init__(self, text):
        super().__init__()
        self.found, self.place = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.found.append([dict(attributes)["class"], "", []])
        if tag == "tr":
            self.found[-1][2].append([])
        if tag == "td":
            self.found[-1][2][-1].append("")
        self.place = tag

    def handle_data(self, data):
        if self.place == "caption":
            self.found[-1][1] += data
        if self.place == "td":
            self.found[-1][2][-1][-1] += data.strip()

    def of(self, kind, title=""):
        return [cells for name, caption, cells in self.found if name == kind and title in caption]


def numbers(cells):
    return np.array([[float(cell.replace("−", "-").strip("+")) for cell in row] for row in cells])


@pytest.mark.parametrize("bench", benches_from_seed(3, 6), ids=lambda bench: bench.name)
def test_solutions_are_those_of_the_definition(bench):
    features = conv2d_definition(bench.x.astype(float), bench.kernel.weights)
    assert np.allclose(bench.maps.features, features)
    assert np.allclose(bench.maps.pooled, max_pool2d(np.maximum(features, 0), 2))
    blocks = np.maximum(features, 0).reshape(2, 2, 2, 2).mean(axis=(1, 3))
    assert np.allclose(bench.average, blocks)


def test_the_numbers_of_the_bench_are_printed():
    benches = benches_from_plane(PLANE, KERNELS["sobel_x"], 5, 2)
    tables = Tables(html(benches))
    for bench, given, kernel, solved in zip(
        benches, tables.of("input"), tables.of("kernel"),
        tables.of("solved", "Convolution"), strict=True,
    ):  # fmt: skip
        assert np.array_equal(numbers(given), bench.x)
        assert np.array_equal(numbers(kernel), KERNELS["sobel_x"].matrix)
        assert np.allclose(numbers(solved), bench.maps.features)


def test_grids_to_fill_in_are_empty_and_of_the_right_size():
    tables = Tables(html(benches_from_seed(1, 1)))
    shapes = [np.shape(cells) for cells in tables.of("empty")]
    assert shapes == [(4, 4), (4, 4), (2, 2), (2, 2)]
    assert {cell for cells in tables.of("empty") for row in cells for cell in row} == {""}


def test_every_bench_has_numbers_of_its_own_and_gets_them_again():
    first, again = benches_from_seed(1, 9), benches_from_seed(1, 9)
    assert [bench.x.tolist() for bench in first] == [bench.x.tolist() for bench in again]
    assert len({bench.x.tobytes() for bench in first}) == 9
    places = benches_from_plane(PLANE, KERNELS["sobel_x"], 1, 9)
    assert len({bench.x.tobytes() for bench in places}) == 9
    assert benches_from_seed(2, 1)[0].x.tolist() != first[0].x.tolist()


def test_a_place_of_the_picture_is_a_part_of_it():
    (bench,) = benches_from_plane(PLANE, KERNELS["laplacian_4"], 2, 1)
    windows = np.lib.stride_tricks.sliding_window_view(PLANE, bench.x.shape)
    assert (windows == bench.x).all(axis=(-2, -1)).any()


def test_the_smallest_input_and_a_divisor_fit_too():
    plane = np.arange(25).reshape(5, 5)
    (bench,) = benches_from_plane(plane, KERNELS["gaussian_3"], 1, 1)
    assert bench.maps.features.shape == (3, 3)
    assert bench.maps.pooled.shape == bench.average.shape == (2, 2)
    text = html([bench])
    assert "÷ 16" in text
    assert "with stride 1" in text


def test_the_weights_on_paper_are_those_of_its_solutions():
    (bench,) = benches_from_plane(PLANE, gaussian(3, 0.8), 1, 1)
    tables = Tables(html([bench]))
    (weights,) = map(numbers, tables.of("kernel", "Gaussian, rounded"))
    assert weights[0].tolist() == [0.06, 0.12, 0.06]
    (solved,) = map(numbers, tables.of("solved", "Convolution"))
    assert abs(solved - conv2d_definition(bench.x.astype(float), weights)).max() <= 0.05 + 1e-9
    assert f"The weights add up to <b>{weights.sum():.2f}</b>" in html([bench])


def test_a_weight_that_was_typed_is_printed_as_it_is():
    text = html(benches_from_plane(PLANE, Kernel("own", "own", [[0.125, -2]]), 1, 1))
    assert [["+0.125", "−2"]] in Tables(text).of("kernel", "Own")
    assert "rounded" not in text


def test_a_solution_is_rounded_only_where_learners_are_told_to_and_a_half_away_from_0():
    size = SizeQuestion(7, 3, 1, 2)
    whole = html([Bench("a", np.diag([1, 0]), Kernel("own", "own", [[1]]), size)])
    assert "Round to" not in whole
    assert numbers(Tables(whole).of("solved", "Average")[0]) == 0.25
    half = html([Bench("a", np.array([[1, -1], [3, 3]]), Kernel("own", "own", [[1]], 4), size)])
    assert "Round to" in half
    solved = numbers(Tables(half).of("solved", "Convolution")[0])
    assert solved.tolist() == [[0.3, -0.3], [0.8, 0.8]]
    assert "1 ÷ 4 = 0.25" in half


def test_numbers_that_are_typed_on_the_screen_stay_as_they_are():
    (bench,) = benches_from_plane(PLANE[:8, :8] / 4, KERNELS["sobel_x"], 1, 1)
    windows = np.lib.stride_tricks.sliding_window_view(PLANE[:8, :8] / 4, bench.x.shape)
    assert (windows == bench.x).all(axis=(-2, -1)).any()


def test_the_question_about_the_size_has_the_answer_of_the_formula():
    assert SizeQuestion(7, 3, 1, 2).output == 4
    text = html([Bench("a", np.ones((6, 6), int), KERNELS["sobel_x"], SizeQuestion(7, 3, 1, 2))])
    assert "⌊(7 + 2 · 1 − 3) ÷ 2⌋ + 1 = <b>4</b>" in text


def test_a_weight_below_0_is_told_without_colour():
    text = html(benches_from_plane(PLANE, KERNELS["sobel_x"], 1, 1))
    assert re.search(r'<td class="below">−2</td>', text)
    assert "+2</td>" in text


def test_numbers_below_0_stay_readable_in_black():
    text = html(benches_from_plane(PLANE % 3 - 1, KERNELS["sobel_x"], 1, 1))
    assert {int(light) for light in re.findall(r"--light:(-?\d+)%", text)} == {62, 81, 100}
    assert "(−1)·" in text
    assert "+ −" not in text


def test_the_file_loads_nothing_and_shows_names_as_text():
    kernel = Kernel("<b>x</b>", "own", [[1, -1], [1, 2]])
    text = html(benches_from_plane(PLANE, kernel, 1, 1))
    assert "<b>x</b>" not in text.lower().replace("<b>1-1</b>", "")
    assert not re.search(r"https?:|src=|url\(|@import|<script", text)


@pytest.mark.parametrize("count", [0, MOST_BENCHES + 1])
def test_too_many_benches_are_refused(count):
    with pytest.raises(ValueError, match=str(count)):
        benches_from_seed(1, count)


def test_a_kernel_that_is_too_large_for_paper_says_so():
    with pytest.raises(ValueError, match="7 × 7"):
        benches_from_plane(PLANE, Kernel("own", "own", np.ones((7, 7))), 1, 1)
    with pytest.raises(ValueError, match="3 × 3, too few"):
        benches_from_plane(PLANE[:3, :3], KERNELS["sobel_x"], 1, 1)


@pytest.mark.parametrize(
    ("matrix", "divisor", "words", "others"),
    [
        ([[1, 2], [3, 4]], 1, ["add up, move on", "− kernel)"], ["left out", "divide by"]),
        ([[0, 2], [3, 4]], 9, ["left out", "add up, divide by 9, move"], ["rows of the kernel"]),
        ([[1, 2, 1]], 4, ["add up, divide by 4, move", "− rows of the kernel)"], ["left out"]),
        ([[0, 0], [0, 0]], 1, ["<p>1 &nbsp; 0 = <b>0</b> (weights of 0 are left out)"], []),
    ],
)
def test_the_words_of_a_sheet_fit_its_kernel(matrix, divisor, words, others):
    text = html(benches_from_plane(PLANE, Kernel("mine", "own", matrix, divisor), 1, 1))
    assert all(one in text for one in words)
    assert not any(one in text for one in others)
