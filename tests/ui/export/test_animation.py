"""The sliding window as a GIF: what it shows and when, that its sums add up, and its limits."""

import io
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from cnnviz.experiments.chain import Recipe
from cnnviz.experiments.chain_input import Input
from cnnviz.kernels import KERNELS, Kernel
from cnnviz.ui.chain.panes import panes
from cnnviz.ui.chain.run import run
from cnnviz.ui.export import dialogs
from cnnviz.ui.export.animation import encoding, tab
from cnnviz.ui.export.animation.captions import arithmetic, caption, written
from cnnviz.ui.export.animation.encoding import MOST_BYTES, WIDTHS, gif
from cnnviz.ui.export.animation.film import FLASHES, MOST_FRAMES, films
from cnnviz.ui.export.animation.lettering import DRAWN, width_of, write
from cnnviz.ui.export.animation.scene import AMBER, FULL, PAINTS, Scene
from cnnviz.ui.export.animation.tab import limits
from cnnviz.ui.maps.panes import Colouring
from cnnviz.ui.widgets import formatting
from tests.ui.apptest import value
from tests.ui.pages import open_page

RNG = np.random.default_rng(3)
NUMBERS = RNG.integers(0, 9, (6, 6)).astype(float)
OWN = Kernel("own", "own", [[1, 0, -1], [2, 0, -2], [1, 0, -1]])


def filmed(given, *recipes):
    made = run(given, recipes)
    return next(iter(films(made, panes(made), Colouring())), None)


def frames(data):
    """Return every frame of a GIF (H, W, 3), and how long each is shown, in seconds."""
    with Image.open(io.BytesIO(data)) as image:
        found, shown = [], []
        for number in range(image.n_frames):
            image.seek(number)
            found.append(np.asarray(image.convert("RGB")))
            shown.append(image.info["duration"] / 1000)
    return found, shown


def middle(one, stage, row, column):
    """Return a cell's position on a frame, as (y, x), near its upper left corner."""
    scene = Scene(one, FULL, PAINTS["light"])
    left, top, right, bottom = scene.box(stage, range(row, row + 1), range(column, column + 1))
    return round(top + 0.2 * (bottom - top)), round(left + 0.2 * (right - left))


def test_a_small_map_appears_cell_by_cell_in_the_order_of_reading():
    one = filmed(Input.numbers(NUMBERS), Recipe(OWN, padding="valid", pooling="none"))
    found, shown = frames(gif(one))
    assert len(found) == 16 + 1
    whole = found[-1]
    paper = PAINTS["light"].paper
    for number, frame in enumerate(found[:-1]):
        for cell in range(16):
            if cell == number:
                continue  # the window covers this cell
            y, x = middle(one, 1, *divmod(cell, 4))
            expected = whole[y, x] if cell < number else paper
            np.testing.assert_allclose(frame[y, x], expected, atol=2)
    assert shown[:-1] == pytest.approx([1 / FLASHES] * 16, abs=0.01)


def test_a_pooled_row_comes_with_the_last_row_that_it_reads():
    one = filmed(Input.numbers(NUMBERS), Recipe(OWN, padding="valid", window=(2, 2)))
    found, _ = frames(gif(one))
    paper, (y, x) = PAINTS["light"].paper, middle(one, 3, 0, 1)
    there = [not np.allclose(frame[y, x], paper, atol=2) for frame in found]
    assert there == [number >= 7 for number in range(17)]  # the last cell of the second row


@pytest.mark.parametrize("theme", list(PAINTS))
def test_the_paper_and_the_amber_of_the_mark_are_exact(theme):
    one = filmed(Input.numbers(NUMBERS), Recipe(OWN))
    first = frames(gif(one, theme))[0][0]
    colours = {tuple(map(int, colour)) for colour in first.reshape(-1, 3)}
    assert {PAINTS[theme].paper, AMBER, PAINTS[theme].accent} <= colours


def test_a_photo_is_swept_in_eight_seconds_and_a_large_window_never_flashes():
    photo = Input.picture(RNG.integers(0, 256, (64, 80), np.uint8))
    small = filmed(photo, Recipe(KERNELS["sobel_x"]))
    assert len(small.positions) == 80
    assert small.delay * len(small.positions) == pytest.approx(8)
    assert small.positions[-1] == 64 * 80 - 1
    large = filmed(photo, Recipe(Kernel("own", "own", np.ones((31, 31))), padding="valid"))
    assert 1 / large.delay <= FLASHES + 1e-9
    assert len(large.positions) <= MOST_FRAMES


def test_the_announced_size_and_length_are_those_of_the_film():
    one = filmed(Input.numbers(NUMBERS), Recipe(OWN))
    said = limits(one)
    data = gif(one)
    found, shown = frames(data)
    height, width, _ = found[0].shape
    assert f"{len(found)} frames, a frame for each cell, {sum(shown):.0f} seconds" in said
    assert f"{width} × {height} pixels" in said
    assert len(data) <= MOST_BYTES


def test_the_heaviest_picture_stays_within_the_limit():
    noise = Input.picture(RNG.integers(0, 256, (3, 256, 256), np.uint8))
    data = gif(filmed(noise, Recipe(OWN, activation="relu", pooling="max")))
    assert len(data) <= MOST_BYTES


def test_a_film_that_is_too_heavy_is_made_smaller_and_then_refused(monkeypatch):
    one = filmed(Input.numbers(NUMBERS), Recipe(OWN))
    first = len(gif(one))
    monkeypatch.setattr(encoding, "MOST_BYTES", first - 1)
    smaller = gif(one)
    assert len(smaller) < first
    assert frames(smaller)[0][0].shape[1] == WIDTHS[1]
    monkeypatch.setattr(encoding, "MOST_BYTES", 100)
    with pytest.raises(ValueError, match="would be larger than"):
        gif(one)


def test_the_progress_callback_can_end_it():
    shares = []

    class Enough(Exception):
        pass

    def told(share):
        shares.append(share)
        if share > 0.5:
            raise Enough

    with pytest.raises(Enough):
        gif(filmed(Input.numbers(NUMBERS), Recipe(OWN)), told=told)
    assert shares == sorted(shares)
    assert shares[-1] < 0.6


@pytest.mark.parametrize("seed", range(20))
def test_the_sum_that_is_written_adds_up_to_the_cell_of_the_map(seed):
    rng = np.random.default_rng(seed)
    kernel = Kernel("own", "own", rng.integers(-3, 4, (3, 3)), int(rng.choice([1, 4])))
    recipe = Recipe(
        kernel,
        flip=bool(rng.random() < 0.3),
        bias=float(rng.choice([0, 2, -3])),
        padding=str(rng.choice(["valid", "same", "full"])),
        padding_mode=str(rng.choice(["zeros", "reflect", "replicate", "circular"])),
        stride=(int(rng.integers(1, 3)), 1),
        dilation=(1, int(rng.integers(1, 3))),
    )
    made = run(Input.numbers(rng.integers(-5, 9, (7, 8)).astype(float)), [recipe])
    for row, column in np.ndindex(made.maps[0].features.shape):
        text = arithmetic(made, 0, row, column)
        total, result = text.partition(" → ")[0].split(" = ")
        computed = eval(total.translate(str.maketrans("×−", "*-")))
        assert computed == pytest.approx(made.maps[0].features[row, column])
        assert value(result) == pytest.approx(computed, abs=1e-3)
        after = re.search(r"ReLU (\S+)$", text)
        assert value(after[1]) == pytest.approx(made.maps[0].activated[row, column], abs=1e-3)


def test_a_lone_pooling_is_filmed_by_its_own_window():
    lone = Recipe(
        Kernel("same", "own", [[1]]), padding="valid", activation="none", window=(2, 2)
    )  # fmt: skip
    one = filmed(Input.numbers(NUMBERS), lone)
    assert [pane.role for pane, _ in one.stages] == ["picture", "pooling"]
    assert one.count == 9
    assert caption(one) == "Max pooling 2 × 2, stride 2"
    assert [axis.kernel_size for axis in one.axes] == [2, 2]
    for row, column in np.ndindex(3, 3):
        values, _, result = written(one, row, column).partition(" → max ")
        window = NUMBERS[2 * row : 2 * row + 2, 2 * column : 2 * column + 2].ravel()
        assert [value(text) for text in values.split(", ")] == window.tolist()
        assert value(result) == window.max()


@pytest.mark.parametrize("include", [True, False])
def test_the_mean_that_is_written_is_that_of_the_numbers_before_it(include):
    lone = Recipe(
        Kernel("same", "own", [[1]]), padding="valid", activation="none", pooling="average",
        window=(2, 2), pool_stride=(2, 2), pool_padding=(1, 1), count_include_pad=include,
    )  # fmt: skip
    one = filmed(Input.numbers(NUMBERS), lone)
    for row, column in np.ndindex(4, 4):
        values, _, result = written(one, row, column).partition(" → average ")
        mean, _, cells = result.partition(" (/ ")
        numbers = [value(text) for text in values.split(", ")]
        count = int(cells.split(",")[0]) if cells else len(numbers)
        assert value(mean) == pytest.approx(sum(numbers) / count, abs=1e-3)


def lettered(text):
    image = Image.new("L", (80, 40))
    write(ImageDraw.Draw(image), (10, 20), text, 24, 255)
    return np.asarray(image)


SIGNS = {*"".join(map(formatting.number, (-1234567.5, -1.8e-39, 4e27))), *"×→·/╲╱(),"}


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_every_sign_that_is_written_is_in_the_font_or_drawn(sign):
    missing = lettered("\uffff")
    assert not np.array_equal(lettered(sign), missing)
    assert lettered(sign).any() == (not sign.isspace())


def test_without_a_moving_window_nothing_is_filmed():
    made = run(Input.numbers(NUMBERS), [Recipe(OWN)])
    assert films(None, panes(made), Colouring()) == []
    assert films(made, panes(made)[:1], Colouring()) == []


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("pages/3_Convolution.py", ["picture", "convolution"]),
        ("pages/5_Geometry.py", ["picture", "convolution"]),
        ("pages/6_Activations.py", ["picture", "convolution", "activation"]),
        ("pages/7_Pooling.py", ["picture", "activation", "pooling", "pooling"]),
        ("pages/10_Inside.py", []),
    ],
)
def test_a_page_whose_window_goes_over_a_picture_offers_a_film(monkeypatch, path, roles):
    offered = []
    monkeypatch.setattr(dialogs, "_downloads", offered.append)
    at = open_page(path)
    (button,) = [button for button in at.button if button.label == "Download"]
    button.click().run()
    (downloads,) = offered
    assert len(downloads.films) <= 1
    shown = [pane.role for one in downloads.films for pane, _ in one.stages]
    assert shown == roles


def choosing():
    """Draw the animation tab of two kernels, as a separate script."""
    from cnnviz.experiments.chain import Recipe
    from cnnviz.experiments.chain_input import Input
    from cnnviz.kernels import KERNELS
    from cnnviz.ui.chain.panes import panes
    from cnnviz.ui.chain.run import run
    from cnnviz.ui.export.animation import tab
    from cnnviz.ui.export.animation.film import films
    from cnnviz.ui.maps.panes import Colouring
    from tests.ui.export.test_animation import NUMBERS

    kernels = [KERNELS["sobel_x"], KERNELS["sobel_y"]]
    made = run(Input.numbers(NUMBERS), [Recipe(kernel, pooling="none") for kernel in kernels])
    tab.draw(films(made, panes(made), Colouring()))


def test_the_chosen_one_of_several_kernels_is_filmed(monkeypatch):
    filmed_chains = []
    monkeypatch.setattr(tab, "limits", lambda film: filmed_chains.append(film.chain) or "")
    at = AppTest.from_function(choosing).run()
    assert not at.exception
    assert at.selectbox[0].options == [KERNELS[name].title for name in ("sobel_x", "sobel_y")]
    at.selectbox[0].select_index(1).run()
    assert filmed_chains == [0, 1]


def test_a_film_that_is_left_gives_the_next_its_turn(monkeypatch):
    def left(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(tab, "gif", left)
    with pytest.raises(KeyboardInterrupt):
        tab._make(filmed(Input.numbers(NUMBERS), Recipe(OWN)), "light")
    assert tab._one_at_a_time.acquire(blocking=False)
    tab._one_at_a_time.release()


def test_signs_that_the_letters_lack_have_a_width_and_are_drawn():
    assert all(width_of(sign, 20) > 0 for sign in DRAWN)
    assert width_of("−5", 20) == pytest.approx(width_of("05", 20))
