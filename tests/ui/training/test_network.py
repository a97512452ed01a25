"""Train a small network, without a browser: a run of the page is what the browser asks for."""

import io
import json
import struct
import zipfile

import numpy as np
import pytest
from safetensors.numpy import load as load_safetensors

from cnnviz.nn import Sequential, evaluate, read_model, small_cnn
from cnnviz.nn.training.loss import cross_entropy
from cnnviz.ui.network.examples import examples_message
from cnnviz.ui.network.own_network import KEY
from cnnviz.ui.server.scheduling import SCHEDULER
from cnnviz.ui.training.network import MOST_STEPS, SETUPS, parts
from cnnviz.ui.training.network_files import Files
from cnnviz.ui.training.network_views import (
    example_rows,
    filter_rows,
    in_cell,
    mistakes_sentence,
)
from tests.ui.apptest import components, errors, link, said, sentences, spaced
from tests.ui.overviews import layer_rows
from tests.ui.pages import open_page, run_again

PAGE = "pages/9_Training.py"
NETWORK = {"training.part": "network"}
TEST = parts("digits")[1]


def network_page(settings=None):
    return open_page(PAGE, {**NETWORK, **(settings or {})})


@pytest.fixture(autouse=True)
def _time_for_every_step(monkeypatch):
    monkeypatch.setattr(SCHEDULER, "budget", 60.0)  # seconds: a busy machine changes no count


def session(at):
    return at.session_state["training:network"]


def go(at, runs):
    """Let the training run, and run the page that often or until it is over."""
    session(at).do("start")
    for _ in range(runs):
        at = run_again(at)
        if session(at).over:
            break
    return at


def told(at, name):
    """Return what a component is told as JSON."""
    return [json.loads(proto.json) for proto in components(at, name)]


def unpacked(data):
    (length,) = struct.unpack_from("<I", data)
    return json.loads(data[4 : 4 + length]), np.frombuffer(data, np.uint8, offset=4 + length)


def press(at, label):
    next(button for button in at.button if button.label == label).click()
    return run_again(at)


def test_the_page_opens_with_a_network_of_noise():
    at = network_page()
    (bar,) = told(at, "transport")
    assert bar["fresh"]
    assert not bar["running"]
    assert bar["status"].startswith("Step 0 · epoch 0.0 · loss ")
    assert session(at).evaluation.accuracy < 0.3
    assert not errors(at)


def test_the_change_since_the_start_is_shown_and_said():
    at = network_page({"training.pace": "25"})
    assert any("random numbers they started as" in one for one in sentences(at))
    start = session(at).start["conv1"].copy()
    at = go(at, 2)
    weight = session(at).trainer.network[0].weight.value
    (proto,) = [one for one in components(at, "overview") if b"Filters of conv1" in one.bytes]
    rows = {row["name"]: row for row in layer_rows(proto)}
    np.testing.assert_allclose(rows["conv1-change"]["exact"], (weight - start)[:, 0], atol=1e-6)
    share = 100 * np.linalg.norm(weight - start) / np.linalg.norm(start)
    said = next(one for one in sentences(at) if "Change of the filters" in one)
    assert f"in conv1 {share:.0f} %" in said
    assert not any("edges and corners" in one for one in sentences(at))


def test_reset_starts_the_change_from_nothing_again():
    at = go(network_page(), 2)
    session(at).do("reset")
    at = run_again(at)
    assert any("random numbers they started as" in one for one in sentences(at))


def test_a_run_trains_and_the_digits_are_learned():
    at = go(network_page({"training.pace": "25"}), 8)
    while session(at).steps < 135:
        at = run_again(at)
    trained = session(at).trainer.network
    accuracy = evaluate(trained, TEST).accuracy
    assert accuracy > 0.9
    session(at).do("pause")
    session(at).do("step")
    at = run_again(at)
    shown = told(at, "transport")[0]["status"]
    share = f"{100 * session(at).evaluation.accuracy:.1f} %"
    assert f"{share} of 360 held-out pictures right" in spaced(shown)
    assert session(at).evaluation.accuracy == evaluate(trained, TEST).accuracy
    assert at.success[0].value.startswith("Learned: ")


def test_shapes_are_learned_as_well():
    at = go(network_page({"training.data": "shapes", "training.pace": "25"}), 8)
    while session(at).steps < 150:
        at = run_again(at)
    assert session(at).evaluation.accuracy > 0.85


def test_the_confusion_table_is_that_of_the_held_out_pictures():
    at = go(network_page(), 6)
    session(at).do("pause")
    (table,) = told(run_again(at), "confusion")
    answers = session(at).trainer.network.forward(TEST.images).argmax(axis=1)
    counts = np.zeros((10, 10), int)
    for truth, answer in zip(TEST.labels, answers, strict=True):
        counts[truth, answer] += 1
    assert table["counts"] == counts.tolist()
    assert table["classes"] == list("0123456789")


def test_a_cell_of_the_table_shows_its_pictures():
    at = go(network_page(), 8)
    session(at).do("pause")
    at = run_again(at, {"training.cell": "3,3"})
    (table,) = told(at, "confusion")
    assert table["chosen"] == [3, 3]
    header, _ = unpacked(components(at, "examples")[0].bytes)
    assert 0 < len(header["items"]) <= 12
    assert {item["truth"] for item in header["items"]} == {"is 3"}
    assert all(item["right"] and item["said"].startswith("3, ") for item in header["items"])


def test_the_worst_mistakes_are_pictures_of_what_was_said_wrongly():
    at = go(network_page(), 6)
    evaluation = session(at).evaluation
    header, planes = unpacked(components(at, "examples")[0].bytes)
    assert len(header["items"]) == 12
    sure_of_truth = []
    for item in header["items"]:
        number = item["number"]
        truth, answer = TEST.labels[number], evaluation.shares[number].argmax()
        assert (item["truth"], item["said"].split(",")[0]) == (f"is {truth}", str(answer))
        assert truth != answer
        drawn = planes[item["offset"] :][:64].reshape(8, 8)
        np.testing.assert_array_equal(drawn, np.rint(255 * TEST.images[number, 0]))
        sure_of_truth.append(evaluation.shares[number, truth])
    assert sure_of_truth == sorted(sure_of_truth)


def test_in_a_cell_stand_all_pictures_that_it_counts():
    network = small_cnn((1, 8, 8), TEST.classes)
    evaluation = evaluate(network, TEST)
    counted = 0
    for truth, answer in np.ndindex(10, 10):
        found = in_cell(TEST, evaluation, f"{truth},{answer}")
        assert len(found) == evaluation.confusion[truth, answer]
        counted += len(found)
    assert counted == len(TEST)
    assert (
        unpacked(bytes(examples_message(TEST, evaluation, np.empty(0, int), 0)))[0]["items"] == []
    )


def test_the_maps_are_those_of_the_network_as_it_is():
    network = small_cnn((1, 8, 8), TEST.classes, batch_norm=True)
    image = TEST.images[3]
    shown = example_rows(network, image)
    assert [layer_row.name for layer_row in shown][:3] == ["input", "conv1", "norm1"]
    for layer_row, stage in zip(shown[1:], network.stages(image[None]), strict=True):
        np.testing.assert_array_equal(layer_row.values, stage[0])
    layers = dict(zip(network.names, network, strict=True))
    start = {name: layers[name].weight.value.copy() for name in ("conv1", "conv2")}
    first, change, second, _ = filter_rows(network, start)
    assert not change.values.any()
    np.testing.assert_array_equal(first.values, network[0].weight.value[:, 0])
    assert second.values.shape == (32, 3, 3)


@pytest.mark.parametrize(
    ("title", "words", "accuracy"),
    [
        ("Dead", "Dead: in relu", 0.3),
        ("Vanished", "Vanished: the gradient is", 0.3),
        ("Diverged", "Diverged: the loss is", 0.4),
    ],
)
def test_a_bad_choice_fails_and_the_page_says_how(title, words, accuracy):
    at = press(network_page({"training.pace": "25"}), title)
    at = go(at, 8)
    assert session(at).evaluation.accuracy < accuracy
    assert errors(at)[0].startswith(words)
    assert len(errors(at)) == 1
    assert len(at.success) == (title == "Dead")  # that was the question


def test_batch_normalisation_rescues_what_would_have_vanished():
    at = go(press(network_page({"training.pace": "25"}), "Rescued"), 12)
    assert session(at).evaluation.accuracy > 0.9
    assert not errors(at)


def test_the_good_choice_is_the_default():
    at = press(press(network_page(), "Diverged"), SETUPS[0].title)
    assert link(at) == "part=network"


def test_weights_that_are_too_large_are_called_loud():
    at = go(network_page({"training.init": "large"}), 2)
    assert at.info[0].value.startswith("Too loud a start: the first loss was")


def test_numbers_that_cannot_be_held_end_the_training():
    settings = {"training.activation": "none", "training.optimiser": "sgd"}
    settings |= {"training.sgd_rate": "10", "training.pace": "25"}
    at = go(network_page(settings), 20)
    assert session(at).over
    assert not session(at).running
    assert "too large to be held" in errors(at)[0]
    at = run_again(at, {"training.cell": "0,0", "training.example": 5})
    session(at).do("reset")
    assert session(run_again(at)).steps == 0


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("training.activation", "tanh", "Changed: activation."),
        ("training.filters", "4", "Changed: filters, layer 1."),
        ("training.data", "shapes", "Changed: pictures."),
        ("training.norm", True, "Changed: batch normalisation."),
        ("training.batch", "8", "Changed: batch size."),
        ("training.optimiser", "sgd", "Changed: optimiser."),
        ("training.seed", 4, "Changed: random seed."),
    ],
)
def test_another_network_begins_anew_with_one_sentence(setting, value, words):
    at = run_again(go(network_page(), 2), {setting: value})
    assert (session(at).steps, session(at).running) == (0, False)
    assert [each.value for each in at.info] == [
        f"{words} A new network starts from random weights."
    ]
    at = go(at, 1)
    assert session(at).steps == 5
    assert not at.info


def test_rate_and_momentum_may_be_changed_on_the_way():
    at = go(network_page({"training.optimiser": "sgd"}), 2)
    at = run_again(at, {"training.sgd_rate": "0.001", "training.momentum": 0.5})
    assert session(at).steps == 15
    chosen = session(at).trainer.optimiser
    assert (chosen.learning_rate, chosen.momentum) == (0.001, 0.5)


def test_the_same_settings_give_the_same_network():
    first, second = (go(network_page(), 4) for _ in range(2))
    one, two = (session(at).trainer.network.parameters() for at in (first, second))
    for mine, yours in zip(one.values(), two.values(), strict=True):
        np.testing.assert_array_equal(mine.value, yours.value)


def test_the_network_is_handed_to_the_other_pages_and_stays_when_it_is_reset():
    at = go(network_page(), 4)
    session(at).do("pause")
    session(at).do("step")
    at = run_again(at)
    own = at.session_state[KEY]
    assert (own.data, own.steps) == ("digits", 21)
    assert own.accuracy == evaluate(own.network, TEST).accuracy
    before = own.network.forward(TEST.images[:9])
    session(at).do("reset")
    at = run_again(at)
    np.testing.assert_array_equal(at.session_state[KEY].network.forward(TEST.images[:9]), before)


def test_the_download_is_the_network_as_it_was():
    at = go(network_page({"training.norm": True}), 3)
    network = session(at).trainer.network
    files, before = Files.of(session(at), {"seed": 0}), network.forward(TEST.images)
    session(at).step()
    again = Sequential.load(io.BytesIO(files.npz()))
    np.testing.assert_array_equal(again.forward(TEST.images), before)
    assert again.classes == network.classes
    with zipfile.ZipFile(io.BytesIO(files.archive())) as folder:
        names = ["keras_program.py", "network.npz", "network.py", "settings.json", "training.py"]
        assert sorted(folder.namelist()) == ["data.npz", *names]
        assert "layers.BatchNormalization(" in folder.read("keras_program.py").decode()
        assert "nn.BatchNorm2d(16)" in folder.read("network.py").decode()
        with np.load(io.BytesIO(folder.read("data.npz"))) as data:
            np.testing.assert_array_equal(data["held_out"], TEST.images)
            assert len(data["labels"]) == len(data["images"]) == 1437


def test_other_programs_get_the_network_too():
    made = session(go(network_page(), 3))
    files = {file.name: file.make for file in Files.of(made, {}).downloads().files}
    before = made.trainer.network.forward(TEST.images)
    again = read_model(files["network.onnx"]()).network
    np.testing.assert_allclose(again.forward(TEST.images), before, atol=1e-6)
    assert again.classes == TEST.classes
    weights = load_safetensors(files["network.safetensors"]())
    for name, parameter in made.trainer.network.parameters().items():
        np.testing.assert_array_equal(weights[name], parameter.value)


@pytest.mark.parametrize("label", ["Download", "Code"])
def test_download_and_code_open(label):
    at = press(go(network_page(), 1), label)
    if label == "Code":
        assert any("nn.Conv2d(1, 16, 3, padding=1)" in each.value for each in at.code)


def test_the_state_of_a_training_is_bounded():
    settings = {"training.data": "shapes", "training.filters": "16", "training.batch": "64"}
    at = go(network_page(settings), 2)
    network = session(at).trainer.network
    assert all(layer._memory is None for layer in network)
    weights = sum(each.value.nbytes for each in network.parameters().values())
    assert weights < 0.1 * 2**20
    assert MOST_STEPS <= 3000


def test_a_run_while_it_trains_sends_little():
    at = go(network_page(), 3)
    sent = {
        proto.component_name: len(proto.bytes) or len(proto.json)
        for name in ("transport", "curves", "overview", "confusion", "examples")
        for proto in components(at, name)
    }
    assert sum(sent.values()) < 40_000


@pytest.mark.parametrize(
    "settings",
    [
        {"data": "shapes", "filters": "16", "filters2": "32", "batch": "64", "activation": "gelu"},
        {"data": "shapes", "example": 359, "cell": "9,9"},
        {"filters": "4", "filters2": "8", "batch": "8", "activation": "none", "norm": True},
        {"activation": "softplus", "init": "large", "optimiser": "sgd", "sgd_rate": "10"},
        {"activation": "prelu", "init": "small", "adam_rate": "10", "pace": "25"},
        {"activation": "selu", "norm": True, "adam_rate": "0.00001", "example": 359},
    ],
)
def test_every_extreme_trains(settings):
    at = go(network_page({f"training.{name}": value for name, value in settings.items()}), 3)
    assert session(at).steps > 0
    assert len(components(at, "overview")) == 2
    assert len(errors(at)) <= 1


def test_a_link_with_nonsense_is_said_and_left_aside():
    from streamlit.testing.v1 import AppTest

    from tests.ui.apptest import APP

    at = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in {"cell": "10,3", "batch": "33", "seed": "-1", "part": "network"}.items():
        at.query_params[name] = value
    at.run()
    at.switch_page(PAGE)
    at = run_again(at)
    assert "cell=10,3" in "".join(said(at)).replace("\\", "")
    assert session(at).made_of["batch"] == "32"


def test_the_parts_are_made_once_and_do_not_overlap():
    learn, test = parts("digits")
    assert parts("digits")[0] is learn
    seen = {image.tobytes() for image in learn.images}
    assert sum(image.tobytes() in seen for image in test.images) == 0


def test_what_is_paused_is_measured_as_it_stands():
    at = go(network_page(), 5)
    assert session(at).tested[-1][0] < session(at).steps
    session(at).do("pause")
    at = run_again(at)
    assert session(at).tested[-1][0] == session(at).steps == 25
    assert session(at).evaluation.accuracy == evaluate(session(at).trainer.network, TEST).accuracy


def test_a_part_ends_with_its_time_however_many_steps_were_due(monkeypatch):
    monkeypatch.setattr(SCHEDULER, "budget", 0.0)
    at = go(network_page(), 1)
    assert session(at).steps == 0
    session(at).do("pause")
    session(at).do("step")  # one step by hand is always taken
    assert session(run_again(at)).steps == 1


def test_the_browser_is_told_to_rest_the_longer_the_more_people_train(monkeypatch):
    monkeypatch.setattr(SCHEDULER, "_seen", {})
    (alone,) = told(go(network_page(), 2), "transport")
    assert alone["rest"] >= 30
    for person in range(20):
        SCHEDULER.rest(person, 0.01)
    (crowded,) = told(go(network_page(), 2), "transport")
    assert crowded["rest"] > 10 * alone["rest"]


def test_the_slope_of_a_weight_of_the_first_layer_adds_up_for_the_picture_at_hand():
    at = network_page({"training.optimiser": "sgd", "training.weight_filter": 3})
    trainer = at.session_state["training:network"].trainer
    (written,) = (layer_rows(proto, None) for proto in components(at, "unit"))
    total = sum(row[3] for row in written["rows"]) + written["rest"]["total"]
    assert written["total"] == pytest.approx(total)
    test = at.session_state["training:network"].test
    scorer = trainer.network.without_softmax().with_own_memory()
    scores = scorer.forward(test.images[:1], remember=True)
    _, slope = cross_entropy(scores, test.labels[:1])
    scorer.backward(slope)
    wanted = scorer[0].parameters()["weight"].grad[3, 0, 0, 0]
    assert written["total"] == pytest.approx(wanted, rel=1e-3, abs=1e-7)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (0, "It makes no mistake on the held-out pictures."),
        (1, "It makes a single mistake."),
        (312, "Of 312 mistakes, those in which the right class got the smallest share."),
    ],
)
def test_the_mistakes_are_counted_in_words(wrong, said):
    assert mistakes_sentence(wrong) == said
