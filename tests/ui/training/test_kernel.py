"""Teach one kernel, without a browser: each run of the page stands for a request of the browser."""

from functools import partial

import numpy as np
import pytest

from cnnviz.images.samples import SAMPLES, sample_picture
from cnnviz.kernels import KERNELS
from cnnviz.nn import METHODS, KernelFitting
from cnnviz.ui.training.kernel import LONGEST, MOST_STEPS
from cnnviz.ui.training.kernel_programs import fitting_programs
from cnnviz.ui.training.kernel_views import SLOW, fitting_run, map_panes, verdict
from cnnviz.ui.training.settings import SETTINGS, method
from cnnviz.ui.widgets.matrix_setting import Cells
from tests.ui.apptest import components, errors, link, spaced
from tests.ui.pages import boards, headers, open_page, run_again
from tests.ui.training.steps import go_on, training_of

PAGE = "pages/9_Training.py"
RNG = np.random.default_rng(0)
SOBEL = KERNELS["sobel_x"].matrix


pytestmark = pytest.mark.usefixtures("time_for_every_step")


go = partial(go_on, training_of)


def test_the_page_opens_with_noise_and_nothing_learned():
    at = open_page(PAGE)
    assert training_of(at).steps == 0
    assert not training_of(at).running
    assert sorted(boards(at)) == ["training", "training:weights"]
    assert [pane.header["title"] for pane in boards(at)["training"]] == [
        "Picture",
        "Target map",
        "Learned map",
        "Difference",
    ]
    assert not errors(at)


def test_noise_becomes_the_sobel_kernel_with_the_settings_that_are_there():
    at = go(open_page(PAGE), 40)
    fitting = training_of(at).fitting
    np.testing.assert_allclose(fitting.kernel, SOBEL, atol=1e-2)
    assert [said.value for said in at.success] == [
        f"Reached: after {training_of(at).steps} steps every weight is within 0.01 of its target."
    ]
    assert not training_of(at).running
    before = training_of(at).steps
    assert training_of(run_again(at)).steps == before  # a finished training takes no more steps


@pytest.mark.parametrize("name", METHODS)
def test_each_method_reaches_the_target_with_its_own_rate_before_it_is_stopped(name):
    at = go(open_page(PAGE, {"training.method": name}), 1)
    while not training_of(at).over:  # without drawing each step
        training_of(at).fitting.step()
    assert training_of(at).fitting.reached
    assert training_of(at).steps <= MOST_STEPS


def test_the_page_opens_on_a_gradient_descent_and_calls_the_methods_by_their_names():
    assert method.default == "momentum"
    assert list(method.options.values()) == [
        "Gradient descent with momentum",
        "Gradient descent",
        "Adam",
        "Gauss–Newton",
    ]


@pytest.mark.parametrize("pace", ["1", "5", "25"])
def test_a_run_takes_as_many_steps_as_are_set(pace):
    at = go(open_page(PAGE, {"training.pace": pace}), 1)
    assert training_of(at).steps == int(pace)


def test_the_buttons_start_pause_step_and_reset():
    at = open_page(PAGE)
    training_of(at).do("step")
    at = run_again(run_again(at))
    assert training_of(at).steps == 1
    at = go(at, 1)
    assert training_of(at).steps == 6
    training_of(at).do("pause")
    at = run_again(at)
    assert training_of(at).steps == 6
    noise = training_of(at).start.copy()
    training_of(at).do("reset")
    at = run_again(at)
    assert training_of(at).steps == 0
    np.testing.assert_array_equal(training_of(at).fitting.kernel, noise)
    for nonsense in (None, 3, "sell", {"what": "start"}):
        training_of(at).do(nonsense)
        assert training_of(run_again(at)).steps == 0


def test_the_maps_are_those_of_the_weights_on_the_picture_as_it_is_learned_from():
    from scipy.signal import correlate2d

    at = go(open_page(PAGE), 2)
    fitting, picture = training_of(at).fitting, training_of(at).picture
    assert max(picture.shape) == LONGEST
    _, target, learned, apart = map_panes(fitting_run(fitting, KERNELS["sobel_x"], picture))
    pixels = (picture - picture.mean()) / picture.std()
    wanted = correlate2d(pixels, SOBEL, mode="valid")
    mine = correlate2d(pixels, fitting.kernel, mode="valid")
    np.testing.assert_allclose(target.values, wanted, atol=1e-8)
    np.testing.assert_allclose(learned.values, mine, atol=1e-8)
    np.testing.assert_allclose(apart.values, mine - wanted, atol=1e-8)
    shown = boards(at)["training"][2].header["figures"].split(" · ")
    assert spaced(shown[0]) == "×".join(map(str, mine.shape)).replace("×", " × ")


def test_the_colours_are_those_of_the_target_however_wild_the_kernel():
    calm = boards(open_page(PAGE))["training"]
    wild = boards(
        go(open_page(PAGE, {"training.method": "whitened", "training.rate.whitened": 3.0}), 3)
    )["training"]
    assert calm[1].header["legend"] == wild[1].header["legend"] == wild[2].header["legend"]


def test_both_maps_share_a_cursor():
    header = headers(open_page(PAGE))["training"]
    assert header["linked"]
    assert [chain["title"] for chain in header["chains"]] == ["Target", "Learned"]


@pytest.mark.parametrize("method", ["whitened", "gradient"])
def test_too_large_a_learning_rate_diverges_and_the_page_says_so(method):
    settings = {"training.method": method, f"training.rate.{method}": 3.0}
    at = go(open_page(PAGE, settings), 40)
    (sentence,) = errors(at)
    assert sentence.startswith("Diverged: after")
    assert "smaller learning rate" in sentence
    assert not training_of(at).running
    assert training_of(at).fitting.loss > 1e6
    assert boards(at)  # the last state is still drawn


def test_a_loss_that_grows_is_called_so_before_it_is_lost():
    at = go(open_page(PAGE, {"training.method": "whitened", "training.rate.whitened": 2.1}), 2)
    (sentence,) = errors(at)
    assert sentence.startswith("Diverging")


def test_plain_descent_is_called_slow():
    at = open_page(PAGE, {"training.method": "gradient", "training.pace": "25"})
    for _ in range(SLOW):
        training_of(at).fitting.step()
    at = go(at, 1)
    assert any(said.value.startswith("Slow: after") for said in at.info)


@pytest.mark.parametrize(
    ("rate", "said"), [(0.01, "|1 − 0.01| = 0.99 of the gap"), (2, "|1 − 2| = 1 of the gap")]
)
def test_a_slow_gauss_newton_lesson_suggests_another_rate_not_another_method(rate, said):
    fitting = KernelFitting(np.eye(9), np.eye(2), method="whitened", learning_rate=rate)
    for _ in range(SLOW):
        before = fitting.loss
        fitting.step()
    assert fitting.loss == pytest.approx((1 - rate) ** 2 * before)
    assert said in verdict(fitting, MOST_STEPS)[1]
    assert "Gauss–Newton for all" not in verdict(fitting, MOST_STEPS)[1]


def test_a_ramp_tells_only_two_directions_apart_and_the_page_says_so():
    at = go(open_page(PAGE, {"shared.picture": "ramp", "training.pace": "25"}), 20)
    assert any("2 independent ways only, and there are 9 weights" in each.value for each in at.info)
    assert training_of(at).over


def test_a_single_window_tells_one_direction_and_has_one_error():
    photo = np.arange(27, dtype=np.uint8).reshape(3, 3, 3)
    settings = {"training.method": "whitened", "training.rate.whitened": 1.0}
    at = go(open_page(PAGE, settings, photo=photo), 1)
    assert any("1 independent way only, and there are 9 weights" in each.value for each in at.info)
    assert any("reduces the mean of 1 squared error, " in each.value for each in at.markdown)


def test_a_lesson_that_takes_too_long_is_stopped():
    fitting = KernelFitting(sample_picture("cat").pixels[..., 0], SOBEL, method="gradient")
    for _ in range(3):
        fitting.step()
    assert verdict(fitting, 3)[1].startswith("Stopped after 3 steps")
    assert verdict(fitting, MOST_STEPS) == ("so", "")


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("training.kernel", "emboss", "The target was changed"),
        ("training.method", "adam", "The method was changed"),
        ("training.noise", 2, "The random seed was changed"),
        ("shared.picture", "cat", "The picture was changed"),
        ("shared.size", 64, "The picture was changed"),
    ],
)
def test_a_change_of_its_settings_restarts_a_lesson_with_one_sentence(setting, value, words):
    at = run_again(go(open_page(PAGE), 2), {setting: value})
    assert training_of(at).steps == 0
    assert not training_of(at).running
    assert [said.value for said in at.info] == [f"{words}, so it starts again from noise."]
    at = go(at, 1)
    assert not at.info


def test_the_learning_rate_may_be_changed_on_the_way():
    at = run_again(go(open_page(PAGE), 2), {"training.rate.momentum": 0.5})
    assert training_of(at).running
    assert training_of(at).steps == 15
    assert training_of(at).fitting.learning_rate == 0.5


def test_one_step_of_rate_1_answers_the_question():
    newton = {"training.method": "whitened", "training.rate.whitened": 1.0}
    at = open_page(PAGE, {**newton, "training.pace": "1"})
    assert not at.success
    at = go(at, 1)
    assert training_of(at).steps == 1
    assert len(at.success) == 2


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1)])
def test_a_picture_without_a_window_gets_a_sentence_and_another_picture(size):
    at = open_page(PAGE, photo=RNG.integers(0, 256, (*size, 3), np.uint8))
    (sentence,) = errors(at)
    pixels = " × ".join(str(min(side, LONGEST)) for side in size)
    assert sentence.startswith(f"A picture of {pixels} pixels has no room for a kernel of 3 × 3. ")
    assert f"So it learns from “{SAMPLES['astronaut'].title}” instead." in sentence
    at = go(at, 1)
    assert training_of(at).fitting.loss < 1
    assert len(boards(at)["training"]) == 4


def test_a_row_of_pixels_teaches_a_kernel_of_one_row():
    photo = RNG.integers(0, 256, (1, 500, 3), np.uint8)
    own = {"training.kernel": "own", "training.own": Cells.of([[1, 0, -1]])}
    at = go(open_page(PAGE, own, photo=photo), 40)
    assert not errors(at)
    np.testing.assert_allclose(training_of(at).fitting.kernel, [[1, 0, -1]], atol=1e-2)


def test_a_picture_of_one_colour_teaches_nothing():
    at = open_page(PAGE, photo=np.full((20, 20, 3), 7, np.uint8))
    assert errors(at)[0].startswith("All pixels are 7: there is nothing to learn from.")


def test_a_large_picture_is_learned_from_at_a_bounded_size():
    photo = np.tile(RNG.integers(0, 256, (64, 64, 3), np.uint8), (16, 16, 1))
    at = go(open_page(PAGE, {"shared.size": 1024}, photo=photo), 40)
    assert training_of(at).picture.shape == (LONGEST, LONGEST)
    assert training_of(at).fitting.reached


@pytest.mark.parametrize(
    "settings",
    [
        {"training.kernel": "gabor", "training.gabor.size": 15},
        {"training.kernel": "gaussian", "training.gaussian.size": 1},
        {"training.kernel": "own", "training.own": Cells.of(np.zeros((15, 15), int))},
        {"training.kernel": "own", "training.own": Cells.of([[10**6]])},
        {"training.method": "adam", "training.rate.adam": 1.0},
        {"training.method": "gradient", "training.rate.gradient": 0.05},
        {"shared.colour": "colour", "shared.values": "1", "shared.size": 32},
    ],
)
@pytest.mark.parametrize("size", [(1, 1), (40, 30)])
def test_every_extreme_learns_something_or_says_why_not(settings, size):
    at = open_page(PAGE, settings, photo=RNG.integers(0, 256, (*size, 3), np.uint8))
    at = go(at, 3)
    assert len(boards(at)["training"]) == 4
    assert len(errors(at)) <= 2


def test_the_link_holds_the_lesson():
    settings = {"training.kernel": "emboss", "training.rate.momentum": 0.3, "training.noise": 7}
    assert link(open_page(PAGE, settings)) == "kernel=emboss&rate.momentum=0.3&noise=7"


def test_the_state_of_a_lesson_is_bounded():
    made = training_of(open_page(PAGE, {"shared.size": 1024, "training.kernel": "gabor"}))
    fitting = made.fitting
    arrays = [fitting.picture, fitting.target_map, fitting._inverse, made.picture]
    assert sum(array.nbytes for array in arrays) < 0.5 * 2**20


def test_a_run_while_it_learns_sends_little():
    at = go(open_page(PAGE), 3)
    sizes = {proto.component_name: len(proto.bytes) for proto in components(at, "maps")}
    assert sizes["cnnviz_maps"] < 80_000


def test_the_program_in_numpy_arrives_where_the_lesson_did(tmp_path, monkeypatch):
    picture = RNG.integers(0, 256, (20, 30)).astype(float)
    fitting = KernelFitting(picture, SOBEL, seed=3)
    start = fitting.kernel.copy()
    for _ in range(30):
        fitting.step()
    np.save(tmp_path / "input.npy", picture)
    monkeypatch.chdir(tmp_path)
    left = {}
    exec(fitting_programs(fitting, start)["NumPy and SciPy"], left)
    np.testing.assert_allclose(left["weight"], fitting.kernel, atol=1e-9)


def test_no_two_settings_of_the_page_have_one_name_in_the_link():
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


@pytest.mark.parametrize("kernel", ["sobel_y", "laplacian_8"])
def test_a_target_map_of_zeros_divides_no_loss(kernel, capsys, tmp_path, monkeypatch):
    at = open_page(PAGE, {"training.kernel": kernel, "shared.picture": "ramp"})
    made = training_of(at)
    assert not made.fitting.target_map.any()
    assert float(made.status.split("loss ")[1].split()[0]) < 100  # not divided by rounding
    said = next(text.value for text in at.markdown if "Loss → map" in text.value)
    assert "The loss above is that divided" not in said
    made.step()
    program = fitting_programs(made.fitting, made.start)["NumPy and SciPy"]
    np.save(tmp_path / "input.npy", made.picture.astype(float))
    monkeypatch.chdir(tmp_path)
    exec(program, {})
    assert float(capsys.readouterr().out.split()[0]) == pytest.approx(
        made.fitting.history[0].loss, rel=1e-9
    )
