"""The Kernels page: the gallery, one kernel taken apart, two in sequence."""

import re

import numpy as np
import pytest

from cnnviz import KERNELS, conv2d, conv2d_definition
from cnnviz.images.colour_maps import KERNEL, KERNEL_DARK
from cnnviz.images.loading import fit, grey
from cnnviz.images.samples import sample_picture
from cnnviz.kernels import MAKERS, Kernel, compose, frequency_response, gaussian, rank
from cnnviz.ui.kernels.views import rank_sentence, surface
from cnnviz.ui.maps.gallery import drawn
from cnnviz.ui.widgets.kernel_picker import FAMILY, TITLES
from cnnviz.ui.widgets.matrix_setting import Cells
from tests.message import unpacked
from tests.ui.apptest import components, figures, lab, sentences, value
from tests.ui.pages import boards, html, open_page, run_again

PAGE = "pages/4_Kernels.py"
EXTREMES = [
    {parameter.name: getattr(parameter, end) for parameter in maker.parameters} | {"": name}
    for name, maker in MAKERS.items()
    for end in ("low", "high")
]


def opened(settings=None, photo=None, part="one"):
    named = {"kernels.part": part}
    named |= {f"kernels.{name}": value for name, value in (settings or {}).items()}
    return open_page(PAGE, named, photo=photo)


def gallery(at):
    """Return the cards of the gallery, each with its plane."""
    (proto,) = components(at, "gallery")
    header, data = unpacked(proto.bytes)
    planes = np.frombuffer(data, np.uint8)
    for card in header["cards"]:
        size = card["height"] * card["width"]
        plane = planes[card["offset"] :][:size].reshape(card["height"], card["width"])
        yield card, plane


@pytest.fixture(scope="module")
def first():
    return open_page(PAGE)


def test_the_gallery_holds_every_kernel_once_by_family(first):
    cards = [card for card, _ in gallery(first)]
    assert {card["name"] for card in cards} == set(KERNELS) | set(MAKERS)
    assert len({card["title"] for card in cards}) == len(cards)
    groups = [card["group"] for card in cards]
    assert groups == sorted(groups, key=list(dict.fromkeys(groups)).index)
    assert all(FAMILY[card["name"]] == card["group"] for card in cards)


def test_each_card_shows_the_map_its_matrix_makes_of_the_picture(first):
    picture = grey(fit(sample_picture("astronaut").pixels, 256)).astype(float)
    for card, plane in gallery(first):
        if card["name"] not in ("sobel_x", "laplacian_8", "gaussian_5"):
            continue
        kernel = KERNELS[card["name"]]
        assert card["matrices"] == [kernel.matrix.tolist()]
        values = drawn(conv2d(picture, kernel.weights, padding="same"))[:30]
        if card["picture"]:
            np.testing.assert_allclose(plane[:30], values, atol=0.51)
        else:
            seen = abs(values) > 40
            np.testing.assert_array_equal(np.sign(plane[:30] - 127.0)[seen], np.sign(values[seen]))


@pytest.mark.parametrize("name", ["sobel_x", "gaussian_5", "emboss"])
def test_a_card_gives_the_same_figures_as_the_kernel_taken_apart(first, name):
    (card,) = (card for card, _ in gallery(first) if card["name"] == name)
    low, high = re.search(r"(\S+) … (\S+)$", card["figures"]).groups()
    assert figures(boards(opened({"kernel": name}))["kernels"][1])[1:3] == (value(low), value(high))


def test_each_card_says_the_sum_of_its_weights_and_one_sentence(first):
    for card, _ in gallery(first):
        said = float(re.search(r"sum (\S+) ", card["figures"])[1].replace("−", "-"))
        assert said == (0 if card["group"] == "edge" else 1)
        assert card["text"].endswith(".")
        assert ". " not in card["text"]


def test_answers_of_kernels_that_sum_to_1_are_drawn_as_brightness(first):
    assert all(card["picture"] == (card["group"] != "edge") for card, _ in gallery(first))


def test_the_chosen_kernel_stands_large_with_its_own_numbers():
    at = run_again(opened({"kernel": "outline"}), {"shared.size": 64})
    picture = grey(fit(sample_picture("astronaut").pixels, 64))
    values = conv2d_definition(picture, KERNELS["outline"].weights, padding=1)
    assert figures(boards(at)["kernels"][1])[:3] == ((64, 64), values.min(), values.max())


def test_a_separable_kernel_gives_the_same_map_in_two_passes():
    at = opened(part="passes")
    panes = boards(at)["kernels:passes"]
    assert [pane.header["title"] for pane in panes][-1] == "Difference"
    np.testing.assert_array_equal(panes[1].plane, panes[2].plane)
    assert (panes[3].plane == 127).all()
    assert "Largest difference: **0** away from the border, **0** at it." in sentences(at)


def test_a_kernel_of_rank_2_does_not():
    at = opened({"kernel": "laplacian_4"}, part="passes")
    said = [one for one in sentences(at) if one.startswith("Largest difference")]
    assert float(re.search(r"\*\*(\S+)\*\* away", said[0])[1]) > 1
    assert any(one.startswith("Rank **2**") for one in sentences(at))
    run_again(at, {"kernels.kernel": "emboss", "shared.picture": "ramp"})
    assert any(  # no padding is the reason: the one kernel reads it just there, too
        one.endswith("**780.352** away from the border, **848.533** at it.")
        for one in sentences(at)
    )


def test_two_kernels_in_a_row_equal_their_composition_away_from_the_border():
    at = opened(part="row")
    said = [one for one in sentences(at) if one.startswith("Largest difference")]
    inside, border = re.search(
        r"\*\*(\S+)\*\* away from the border, \*\*(\S+)\*\*", said[0]
    ).groups()
    assert inside == "0"
    assert float(border) > 0
    assert said[0].endswith("between the two, which ends at the border.")
    both = compose(KERNELS["sobel_x"], KERNELS["gaussian_3"])
    assert any(
        f"single kernel of {both.shape[0]} × {both.shape[1]}" in one for one in sentences(at)
    )


def test_the_middle_of_the_frequency_map_is_the_sum_of_the_weights():
    (pane,) = boards(opened({"kernel": "gaussian_5"}))["kernels:waves"]
    assert pane.plane.shape == (64, 64)
    assert pane.plane[32, 32] == 254 == pane.plane.max()


def test_the_kernel_is_shown_in_its_own_numbers():
    (pane,) = boards(opened({"kernel": "gaussian_3"}))["kernels:weights"]
    assert pane.header["title"] == "all ÷ 16"
    assert figures(pane)[1:3] == (1, 4)


@pytest.mark.parametrize("ends", EXTREMES, ids=lambda ends: ends[""])
def test_every_slider_works_at_both_ends(ends):
    maker = ends[""]
    settings = {f"{maker}.{name}": value for name, value in ends.items() if name}
    at = opened({"kernel": maker, **settings})
    assert len(boards(at)["kernels"]) == 2
    run_again(at, {"kernels.part": "passes"})
    assert any(
        one.startswith(
            f"Rank **{rank(MAKERS[maker].make(**{k: v for k, v in ends.items() if k}))}**"
        )
        for one in sentences(at)
    )


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (1024, 1024)])
def test_any_picture_works(shape):
    photo = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    at = opened({"kernel": "gabor"}, photo=photo, part="row")
    assert len(boards(at)["kernels:composed"]) == 4
    run_again(at, {"kernels.part": "all"})
    assert len(list(gallery(at))) == len(TITLES) - 1


def test_colour_adds_the_channels_in_all_maps():
    at = run_again(opened(), {"shared.colour": "colour", "shared.size": 64})
    large = boards(at)["kernels"]
    assert large[0].plane.shape == (3, 64, 64)
    run_again(at, {"kernels.part": "passes"})
    assert boards(at)["kernels:passes"][2].header["figures"] == large[1].header["figures"]


def test_a_kernel_of_zeros_is_no_trouble():
    at = opened({"kernel": "own", "own": Cells.of([[0, 0, 0]])})
    assert any(one.endswith("This kernel lets nothing through.") for one in sentences(at))
    run_again(at, {"kernels.part": "passes"})
    assert any(one.startswith("Rank **0**") for one in sentences(at))


def test_a_kernel_of_one_column_is_its_own_pass():
    at = opened({"kernel": "own", "own": Cells.of([[1], [2], [1]], 4)}, part="passes")
    said = [one for one in sentences(at) if one.startswith("Largest difference")]
    assert said[0].startswith("Largest difference: **0**")


@pytest.mark.parametrize(
    ("matrix", "divisor"), [([[1, 2], [2, 4]], 16), ([[0.5, 1], [1, 2]], 8), ([[1, 2]], 16.5)]
)
def test_the_column_times_the_row_is_the_kernel_as_they_are_written(matrix, divisor):
    column, row, over = re.search(
        r"column \((.+)\) times the row \((.+?)\)(?:, ÷ (\d+))?, so",
        rank_sentence(Kernel("own", "own", matrix, divisor)),
    ).groups()
    product = np.outer(*([*map(float, numbers.split(", "))] for numbers in (column, row)))
    weights = np.divide(matrix, divisor)
    np.testing.assert_allclose(product / float(over or 1), weights, atol=1e-3)


@pytest.mark.parametrize(
    ("matrix", "end"),
    [
        ([[1, 2, 1]], "so the row alone does the work with 3 multiplications per cell, and a"),
        ([[1], [2]], "so the column alone does the work with 2 multiplications per cell, and a"),
        ([[5]], "so the row alone does the work with 1 multiplication per cell, and a"),
        ([[1, 2], [2, 4]], "so two passes with 2 + 2 multiplications per cell do the work of 2 ×"),
    ],
)
def test_a_single_row_or_column_saves_nothing_in_two_passes(matrix, end):
    assert end in rank_sentence(Kernel("own", "own", matrix))


def test_change_its_numbers_begins_with_the_present_kernel():
    at = opened({"kernel": "gaussian", "gaussian.size": 3})
    next(button for button in at.button if button.label == "Change its numbers").click()
    run_again(at)
    assert at.session_state["kernels.kernel"] == "own"
    np.testing.assert_allclose(at.session_state["kernels.own"].array, gaussian(3, 1.0).weights)


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        (Cells.of([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]), "Its weights sum to 1, not 0."),
        (Cells.of([[0, -1.5, 0]]), "Its weights sum to −1.5, not 0."),
        (Cells.of([[-1, 0, 1]]), "Its rank is 1: two passes replace it."),
        (Cells.of([[0, -1, 0], [-1, 4, -1], [0, -1, 0]]), "That is one"),
    ],
)
def test_the_answer_to_the_question_is_checked(cells, answer):
    at = opened({"kernel": "own", "own": cells}, part="passes")
    assert any(answer in box.value for box in (*at.info, *at.success))


@pytest.mark.parametrize(("part", "asked"), [("one", 0), ("passes", 1), ("row", 0)])
def test_the_question_about_two_passes_stands_where_they_are(part, asked):
    at = opened({"kernel": "own", "own": Cells.of([[-1, 0, 1]])}, part=part)
    assert sum("two passes cannot replace" in one for one in sentences(at)) == asked


@pytest.mark.parametrize("part", ["all", "one", "passes", "row"])
def test_the_line_below_the_title_is_about_the_part_that_is_open(part):
    line = re.search(r'class="subtitle">([^<]*)<', html(opened(part=part)))[1]
    assert ("Every kernel" in line) == (part == "all")


@pytest.mark.parametrize(("part", "numbered"), [("one", ["1", "2"]), ("passes", []), ("row", [])])
def test_the_input_and_the_kernel_have_the_numbers_of_their_maps_where_these_are_on_the_page(
    part, numbered
):
    shown = html(opened(part=part))
    assert re.findall(r'<h2 class="stage">(?:<span>(\d+)</span>)?(.*?)</h2>', shown) == [
        *zip(numbered or ["", ""], ["Input", "Sobel x"], strict=True)
    ]


def test_the_strip_of_the_lab_tells_no_range_of_its_small_maps_and_the_gallery_does(first):
    gallery_of_kernels = {card["name"]: card for card, _ in gallery(first)}
    strip = [card for card, _ in gallery(lab())]
    assert [card["name"] for card in strip] == list(gallery_of_kernels)
    for card in strip:
        wide = gallery_of_kernels[card["name"]]
        assert "…" not in card["figures"]
        assert "responses from" not in card["alt"]
        assert wide["figures"].startswith(card["figures"] + " · ")
        assert "responses from" in wide["alt"]


@pytest.mark.parametrize(("dark", "table"), [(False, KERNEL), (True, KERNEL_DARK)])
def test_a_landscape_has_the_colours_of_the_kernels_map(dark, table):
    scale = surface(KERNELS["sobel_x"], dark=dark).data[0].colorscale
    assert [at for at, _ in scale] == [0, 0.5, 1]
    ends_and_zero = [tuple(table[i].tolist()) for i in (0, 127, 254)]
    assert [colour for _, colour in scale] == [f"rgb{colour}" for colour in ends_and_zero]


@pytest.mark.parametrize(("own", "gain"), [([[0, 0], [0, -3]], "3"), ([[5]], "5")])
def test_a_kernel_of_a_single_weight_lets_all_waves_through_alike(own, gain):
    assert np.ptp(frequency_response(Kernel("own", "own", own))) == pytest.approx(0, abs=1e-12)
    at = opened({"kernel": "own", "own": Cells.of(np.array(own), 1)})
    assert f"Gain is {gain} for all waves alike." in " ".join(sentences(at))


def test_a_press_on_a_button_is_asked_for_only_where_the_button_is():
    for settings, is_there in (({"kernel": "box"}, True), ({"kernel": "own"}, False)):
        at = opened(settings, part="passes")
        assert any(each.label == "Change its numbers" for each in at.button) is is_there
        assert ("Change its numbers" in " ".join(sentences(at))) is is_there
