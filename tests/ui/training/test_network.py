"""Train a small network, without a browser: each run of the page stands for a browser's request."""

import numpy as np
import pytest

from cnnviz.nn import evaluate, small_cnn
from cnnviz.nn.training.datasets import digits
from cnnviz.nn.training.loss import cross_entropy
from cnnviz.ui.network.examples import examples_message
from cnnviz.ui.server.scheduling import SCHEDULER
from cnnviz.ui.training.network import MOST_STEPS, parts
from cnnviz.ui.training.network_views import (
    change_sentence,
    example_rows,
    filter_rows,
    in_cell,
    mistakes_sentence,
)
from cnnviz.ui.training.settings import data
from tests.message import unpacked
from tests.ui.apptest import components, errors, sentences, spaced
from tests.ui.overviews import layer_rows
from tests.ui.pages import run_again
from tests.ui.training.digits import TEST, go, network_page, session, told

pytestmark = pytest.mark.usefixtures("time_for_every_step")


def test_the_page_opens_with_a_network_of_noise():
    at = network_page()
    (bar,) = told(at, "transport")
    assert bar["fresh"]
    assert not bar["running"]
    assert bar["status"].startswith("Step 0 · epoch 0.0 · loss ")
    assert session(at).evaluation.accuracy < 0.3
    assert not errors(at)


def test_the_line_of_the_loss_ends_at_the_loss_that_is_told_and_is_that_all_along():
    at = go(network_page({"training.pace": "25"}), 1)
    (sent,) = [each for each in told(at, "curves") if each["name"].endswith("losses")]
    losses = [moment.loss for moment in session(at).trainer.history]
    (line,) = sent["lines"]
    assert line["at"] == list(range(1, 26))
    means = [np.mean(losses[max(end - 20, 0) : end]) for end in line["at"]]
    np.testing.assert_allclose(line["values"], np.log10(means), atol=6e-4)
    assert line["values"][-1] < line["values"][-2]  # it falls, and so does its end
    assert f"loss {line['name']} ·" in told(at, "transport")[0]["status"]
    assert any("The loss is the mean of the last 20 batches." in one.value for one in at.caption)


def test_the_digits_are_named_with_their_number_size_and_licence():
    count, _, *sides = digits().images.shape
    assert f"{count} of {sides[0]} × {sides[1]} pixels" in data.help
    assert "UCI optical digits" in data.help
    assert "CC BY 4.0" in data.help


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


@pytest.mark.parametrize(
    ("factor", "said"), [(1.5, "50 %"), (15.0, "14 times"), (1e6, "1.0·10⁶ times")]
)
def test_a_change_beyond_all_shares_is_written_in_times(factor, said):
    network = small_cnn((1, 8, 8), "01")
    weight = network[0].parameters()["weight"]
    start = {"conv1": weight.value.copy()}
    weight.value = factor * weight.value
    assert f"in conv1 {said}. " in spaced(change_sentence(network, start))


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


def test_while_it_runs_the_page_says_once_when_the_digits_were_learned():
    at = go(network_page({"training.pace": "5"}), 8)
    said = []
    while len(said) < 4:
        at = run_again(at)
        said += [one.value for one in at.success]
    steps, accuracy = next(one for one in session(at).tested if one[1] >= 0.9)
    assert steps < session(at).steps
    sentence = (
        f"{100 * accuracy:.1f} % of 360 pictures that it has never seen, after {steps} steps."
    )
    assert {spaced(one) for one in said} == {f"Learned: {sentence}"}
    session(at).do("pause")
    session(at).do("step")
    at = run_again(at)
    assert at.success[0].value.endswith(f"after {session(at).steps} steps.")


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
    header, data = unpacked(components(at, "examples")[0].bytes)
    planes = np.frombuffer(data, np.uint8)
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


def test_a_cell_shows_all_pictures_that_it_counts():
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


def test_the_parts_are_made_once_and_do_not_overlap():
    learn, test = parts("digits")
    assert parts("digits")[0] is learn
    seen = {image.tobytes() for image in learn.images}
    assert sum(image.tobytes() in seen for image in test.images) == 0


def test_a_paused_network_is_measured_in_its_current_state():
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
    session(at).do("step")  # a step by hand is always taken
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
        (12, "All 12 mistakes, beginning with the smallest share of the right class."),
        (312, "Of 312 mistakes, those in which the right class got the smallest share."),
    ],
)
def test_the_mistakes_are_counted_in_words(wrong, said):
    assert mistakes_sentence(wrong) == said
