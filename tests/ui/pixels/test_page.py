import numpy as np
import pytest

from cnnviz.experiments.shift import changed, shift_maps
from cnnviz.images.loading import fit, grey, planes
from cnnviz.images.samples import sample_picture
from cnnviz.kernels import KERNELS
from cnnviz.ui.pixels.programs import programs
from cnnviz.ui.pixels.views import LUMA, grey_run, only
from tests.ui.apptest import errors, sentences, spaced
from tests.ui.pages import boards, headers, html, open_page, run_again

PAGE = "pages/2_Pixels.py"
RNG = np.random.default_rng(0)
PHOTO = RNG.integers(0, 256, (12, 9, 3), np.uint8)
NAMES = ("red", "green", "blue")


def shift(at):
    return boards(at)["pixels-shift"]


def shifted(settings=None, photo=None):
    return open_page(PAGE, {"pixels.part": "shift", **(settings or {})}, photo=photo)


def dense(settings=None, photo=None):
    return open_page(PAGE, {"pixels.part": "dense", **(settings or {})}, photo=photo)


def test_the_page_opens_with_the_picture_its_planes_and_their_grey():
    at = open_page(PAGE)
    picture, *others, last = boards(at)["pixels"]
    assert picture.plane.shape == (3, 256, 256)
    assert np.array_equal(np.stack([pane.plane for pane in others]), picture.plane)
    assert np.array_equal(last.plane, grey(picture.plane.transpose(1, 2, 0)))
    assert [pane.header["slot"] for pane in boards(at)["pixels"]] == [0, 2, 3, 4, 1]
    assert not errors(at)
    assert len(shift(shifted())) == 6


def test_what_is_said_of_the_planes_has_the_shape_and_the_weights_that_they_have():
    at = open_page(PAGE)
    (said,) = [one for one in sentences(at) if one.startswith("**What to look for.**")]
    assert "of shape (3, H, W)" in said
    assert boards(at)["pixels"][0].plane.shape == (3, 256, 256)
    weights = " + ".join(
        f"{kernel.weights.item():.3f} {name[0].upper()}"
        for kernel, name in zip(LUMA, NAMES, strict=True)
    )
    assert f"{weights}, the weights of Rec. 601" in said


def test_grey_is_luma_by_the_weights_of_the_filter():
    values = grey_run(planes(PHOTO), 255.0).maps[0].features
    assert sum(kernel.weights.item() for kernel in LUMA) == pytest.approx(1)
    assert values == pytest.approx(PHOTO @ [0.299, 0.587, 0.114])
    assert np.array_equal(np.floor(values + 0.5), grey(PHOTO))


@pytest.mark.parametrize("name", NAMES)
def test_a_channel_that_is_off_is_black_everywhere(name):
    at = open_page(PAGE, {f"pixels.{name}": False}, photo=PHOTO)
    shown = boards(at)["pixels"]
    for channel, each in enumerate(NAMES):
        expected = 0 if each == name else PHOTO[..., channel]
        assert (shown[0].plane[channel] == expected).all()
        assert (shown[1 + channel].plane == expected).all()


def test_without_any_channel_the_picture_is_black():
    assert not only(planes(PHOTO), []).any()


def test_the_closeup_reaches_the_browser():
    assert headers(open_page(PAGE, {"pixels.closeup": "8"}))["pixels"]["closeup"] == 8


@pytest.mark.parametrize(
    ("side", "weights", "factors"),
    [(150, "67 500", "150 × 150 × 3 ="), (160, "76 800", "160 × 160 × 3 =")],
)
def test_a_dense_neuron_needs_a_weight_for_every_number(side, weights, factors):
    text = html(dense({"pixels.side": side}))
    assert f"<td>{factors}</td><td><b>{weights}</b></td><td>+ 1</td>" in text


def test_ten_pixels_more_a_side_are_said_to_cost_9300_weights_and_a_filter_28_numbers():
    text = html(dense())
    assert "<b>76 800</b></td><td>+ 1</td><td>+ 9300</td>" in text
    assert "<td>3 × 3 × 3 =</td><td><b>27</b></td><td>+ 1</td><td>+ 0</td>" in text
    # The square has 150 × 150 pixels, and the table 67 500 weights.
    assert "is a pixel with 3 weights, one for each channel" in text
    grey = html(dense({"pixels.depth": "1"}))
    assert "is a pixel with one weight." in grey
    grey = html(dense({"pixels.depth": "1", "pixels.units": 5, "pixels.side": 1}))
    assert "is a pixel with 5 weights, one for each neuron or filter." in grey
    assert "A square of 1 pixel per side" in grey
    text = html(dense({"pixels.units": 5}))
    assert "is a pixel with 15 weights, one for each channel of each neuron or filter." in text


def test_the_grey_of_the_other_pages_is_said_to_be_rounded():
    at = open_page(PAGE)
    pixels = fit(sample_picture("astronaut").pixels, 256)
    here, there = (pixels @ (0.299, 0.587, 0.114)).mean(), grey(pixels).mean()
    assert (f"{here:.3f}", f"{there:.3f}") == ("115.416", "115.417")
    assert any("rounded to whole numbers from 0 to 255" in one for one in sentences(at))


def test_a_button_takes_the_side_of_the_picture():
    at = dense()
    next(button for button in at.button if button.label == "This picture").click()
    assert "<b>196 608</b>" in html(run_again(at))


@pytest.mark.parametrize("side", [150, 160])
def test_the_side_of_the_picture_may_be_that_of_an_example(side):
    at = dense({"shared.size": 160}, photo=np.zeros((side, side, 3), np.uint8))
    next(button for button in at.button if button.label == "This picture").click()
    assert run_again(at).session_state["pixels.side"] == side


def test_a_shift_moves_the_feature_map_along_and_changes_the_input():
    at = shifted({"pixels.right": 2, "pixels.down": -1}, photo=PHOTO)
    picture, first, moved, second, _, lost = shift(at)
    assert np.array_equal(moved.plane, np.roll(picture.plane, (-1, 2), (0, 1)))
    assert np.array_equal(second.plane, np.roll(first.plane, (-1, 2), (0, 1)))
    assert lost.header["title"] == "After − before, moved along"
    assert spaced(lost.header["figures"]).startswith("12 × 9 · 0 … 0")
    assert "0 of 108" in html(at)
    assert any("The feature map only moves along: the last line" in one for one in sentences(at))


def test_black_that_comes_in_disturbs_the_feature_map_at_the_edges_only():
    at = shifted({"pixels.right": 2, "pixels.border": "zeros"}, photo=PHOTO)
    lost = shift(at)[-1].plane.astype(int) - 127
    assert lost[:, [0, 1, 2, -1]].any()
    assert not lost[:, 3:-1].any()
    cut = "The feature map only moves along, except at the edge, where the picture is cut off:"
    assert any(cut in one for one in sentences(at))


def test_a_picture_that_is_pushed_out_is_not_said_to_move_along():
    wide = PHOTO.shape[1]
    said = [
        " ".join(sentences(shifted({"pixels.right": -right, "pixels.border": border}, photo=PHOTO)))
        for right, border in ((wide, "zeros"), (wide - 1, "zeros"), (wide, "circular"))
    ]
    assert ["pushed out of its frame" in each for each in said] == [True, False, False]
    assert ["only moves along" in each for each in said] == [False, True, True]


def test_the_strongest_answer_moves_with_the_picture():
    at = shifted({"pixels.right": 3})
    (said,) = [text for text in sentences(at) if text.startswith("The largest")]
    assert said == (
        "The largest value was 929 at row 223, column 173; now it is 929 at row 223, column 176."
    )


def test_the_question_is_answered_by_a_picture_that_repeats_itself():
    at = shifted({"shared.picture": "checkerboard", "pixels.right": 8})
    assert len(at.success) == 1
    assert not run_again(at, {"pixels.right": 7}).success
    assert not run_again(at, {"pixels.right": 0}).success
    run_again(at, {"pixels.right": -8})
    assert at.success[0].value.startswith("−8 to the right, 0 down")


@pytest.mark.parametrize(
    "settings",
    [
        {"pixels.right": 16, "pixels.down": 16, "pixels.border": "zeros"},
        {"pixels.right": -16, "pixels.down": -16},
        {"pixels.side": 1, "pixels.kernel_size": 15, "pixels.depth": "1", "pixels.units": 512},
        {"pixels.side": 1024, "pixels.kernel_size": 1},
        {"shared.colour": "colour", "shared.values": "1", "shared.size": 32},
        {"pixels.red": False, "pixels.green": False, "pixels.blue": False, "pixels.closeup": "32"},
    ],
)
@pytest.mark.parametrize("size", [(1, 1), (1, 500), (40, 30)])
def test_every_extreme_of_the_controls_shows_maps(settings, size):
    photo = RNG.integers(0, 256, (*size, 3), np.uint8)
    at = open_page(PAGE, settings, photo=photo)
    assert len(boards(at)["pixels"]) == 5
    assert not errors(at)
    for part in ("dense", "shift"):
        assert not errors(run_again(at, {"pixels.part": part}))
    assert len(shift(at)) == 6


@pytest.mark.parametrize("kernel", ["sobel_x", "box_3", "identity"])
def test_a_large_picture_in_colour_shows_maps(kernel):
    photo = np.tile(RNG.integers(0, 256, (64, 64, 3), np.uint8), (16, 16, 1))
    settings = {"shared.size": 1024, "shared.colour": "colour", "pixels.kernel": kernel}
    at = shifted(settings, photo=photo)
    assert shift(at)[0].plane.shape == (3, 1024, 1024)


def test_the_sample_that_opens_is_orange_in_red_and_dark_in_blue():
    shown = boards(open_page(PAGE))["pixels"]
    red, blue = shown[1].plane, shown[3].plane
    assert sample_picture("astronaut").pixels.shape == (512, 512, 3)
    assert red[151, 80] == 210
    assert blue[151, 80] == 25


def test_settings_of_another_page_stay_when_this_page_reruns():
    at = run_again(open_page("pages/1_Lab.py"), {"shared.values": "1", "shared.colour": "colour"})
    at.switch_page(PAGE)
    at = run_again(run_again(run_again(at, {"pixels.part": "shift"})))
    assert at.session_state["shared.values"] == "1"
    assert shift(at)[0].plane.shape == (3, 256, 256)


def run_program(source, values, monkeypatch, tmp_path, capsys):
    np.save(tmp_path / "input.npy", values.astype(float))
    monkeypatch.chdir(tmp_path)
    exec(source, {})
    return [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("border", ["circular", "zeros"])
@pytest.mark.parametrize("white", [255.0, 1.0])
@pytest.mark.parametrize("colour", [False, True])
def test_the_program_measures_what_the_page_measures(
    border, white, colour, monkeypatch, tmp_path, capsys
):
    kernel, shift = KERNELS["sobel_x"], (-2, 3)
    source = programs(kernel, *shift, border, colour=colour, white=white)["NumPy and SciPy"]
    shares = run_program(source, planes(PHOTO) * white / 255, monkeypatch, tmp_path, capsys)
    given = planes(PHOTO) if colour else grey(PHOTO)
    maps = shift_maps(given, kernel.weights, *shift, border)
    assert shares == [
        changed(given, maps.picture),
        changed(maps.before, maps.after),
        changed(maps.expected, maps.after),
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"pixels.right": 3, "shared.picture": "astronaut"}, "87 % of the numbers of its input"),
        ({"pixels.right": 0, "pixels.down": 0}, "no number of the input has changed"),
    ],
)
def test_the_sentence_about_a_dense_layer_follows_from_the_table(settings, said):
    at = shifted(settings)
    assert any(said in one for one in sentences(at))
