"""What a file does not say about its network, and two networks side by side."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace
from weakref import WeakKeyDictionary

import numpy as np
import pytest

from cnnviz.nn import (
    Activation,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    ModelError,
    Sequential,
    saliency,
    small_cnn,
)
from cnnviz.nn.formats import onnx_writer
from cnnviz.nn.formats.model import Model, Wanted
from cnnviz.nn.formats.sample import NetworkSample
from cnnviz.ui.inside import own_sample, settings
from cnnviz.ui.network import opened
from cnnviz.ui.network.opened import OpenedModel
from cnnviz.ui.widgets.formatting import percent
from tests.nn.formats.npz_files import npz, saved
from tests.nn.formats.test_fixtures import FOLDER
from tests.nn.formats.test_state_dicts import WITHOUT, convolutions, weights_of
from tests.ui.apptest import errors, spaced
from tests.ui.inside.digits import evidence, layers, words
from tests.ui.inside.uploads import fixture, names, press, said, shape_of, told, upload, upload_all
from tests.ui.pages import run_again


@pytest.mark.parametrize("count", [1, 3])
def test_classes_behind_a_sigmoid_have_shares_of_their_own(count):
    network = Sequential(
        [Conv2d(1, 4, 3, seed=1), Activation("relu"), GlobalAvgPool2d(), Flatten(),
         Linear(4, count, seed=2), Activation("sigmoid")],
        input_shape=(1, 16, 16), classes=["ash", "elm", "oak"][:count],
    )  # fmt: skip
    network[4].bias.value = np.array([2, -3, 1], np.float32)[:count]
    at = run_again(upload(saved(network)), {"inside.show": "picture"})
    assert not errors(at)
    share = 1 / (1 + np.exp(-layers(at)["linear1"][:, 0, 0].astype(float)))
    assert f"It says **ash**, {spaced(percent(share[0]))}" in words(at)
    assert "**elm**, " not in words(at)
    if count == 3:
        assert f"; **oak**, {spaced(percent(share[2]))}" in words(at)
    assert "no two classes compete" in words(at)
    # nothing is known about its training
    assert not [button for button in at.button if button.label == "Follow the chain rule"]
    assert "Sigmoid shares are not probabilities" in words(at)
    found = evidence(at)
    score = saliency(network, layers(at)["input"], 0)
    np.testing.assert_allclose(found["Saliency"], score[0], atol=1e-6)
    mean = found["Class map"].mean() + float(network[4].bias.value[0])
    assert mean == pytest.approx(float(layers(at)["linear1"][0, 0, 0]), abs=1e-5)
    assert len(found) == 3
    network[4].bias.value = network[4].bias.value - 9
    at = run_again(upload(saved(network)), {"inside.show": "picture"})
    share = spaced(percent(1 / (1 + np.exp(-float(layers(at)["linear1"][0, 0, 0])))))
    alone = f"It says that it is not **ash**, whose share is {share}."
    assert (alone if count == 1 else "It finds none of its classes.") in words(at)


def test_evidence_of_a_large_network_waits_until_it_is_requested(monkeypatch):
    monkeypatch.setattr(settings, "MOST_AT_ONCE", 1000)
    at = run_again(upload(saved(small_cnn((1, 64, 64), "abc"))), {"inside.show": "picture"})
    assert not errors(at)
    assert not evidence(at)
    assert "million operations each: up to a minute" in said(at)
    at = press(at, "Look for it")
    found = evidence(at)
    assert len(found) == 4
    assert "6 × 6 pixels" in said(at)  # twice the patch of 3, as 64 is twice 32
    at = run_again(at, {"inside.open": "conv1,1,4,4"})
    assert evidence(at).keys() == found.keys()
    assert not evidence(run_again(at, {"inside.class": "2"}))


def test_two_networks_are_open_at_most_and_answer_to_the_same_picture():
    first, second = small_cnn((1, 16, 16), "abc", seed=1), small_cnn((1, 12, 12), "xyz", seed=2)
    at = upload_all({"first.onnx": onnx_writer.written(first)})
    at = upload_all({"second.onnx": onnx_writer.written(second)}, at)
    at = run_again(at, {"inside.show": "picture"})
    assert layers(at)["input"].shape == (1, 12, 12)
    other = next(each.value for each in at.markdown if "on the same" in each.value)
    at = press(at, "Show first")
    assert layers(at)["input"].shape == (1, 16, 16)
    sentence = next(each.value for each in at.markdown if each.value.startswith("It says"))
    assert other.endswith(sentence)
    at = upload_all({"third.onnx": onnx_writer.written(first)}, at)
    assert errors(at) == ["Two networks are open; close one of them first."]
    at = press(at, "Close first")
    assert layers(at)["input"].shape == (1, 12, 12)
    at = press(at, "Close second")
    assert "No file is open yet" in said(at)


def test_guesses_about_bare_weights_are_shown_and_can_be_changed():
    network = convolutions()
    at = upload_all({"net.safetensors": weights_of(network, ["conv1", "conv2", "fc"])})
    assert not errors(at)
    assert "Part of this was guessed" in said(at)
    assert names(at)[1:4] == ["conv1", "relu1", "pool1"]
    at = told(at, "Between the layers", WITHOUT)
    assert names(at)[1:4] == ["conv1", "relu1", "conv2"]
    at = told(at, "Size of its pictures", "40 x 50")
    assert not errors(at)
    assert shape_of(at, "conv2") == [8, 40, 50]
    at = press(at, "It is my network")
    assert "Part of this was guessed" not in said(at)
    at = told(at, "Size of its pictures", "a lot")
    assert errors(at) == ["Write the size as 224, or as 160 × 120: height, then width."]
    assert shape_of(at, "conv2") == [8, 40, 50]


def test_a_size_that_a_network_cannot_take_is_refused_with_the_numbers():
    at = upload_all(fixture("branches.old.onnx"))
    before = layers(at)["input"].shape
    at = told(at, "Size of its pictures", "30")
    assert "takes 1960 numbers, and 2250 come in" in errors(at)[0]
    assert layers(at)["input"].shape == before


def with_sample(at, data):
    uploader = next(each for each in at.file_uploader if each.label.startswith("A sample"))
    uploader.upload("s.npz", data, "application/octet-stream")
    return run_again(at)


def test_a_sample_says_whether_it_is_the_same_network():
    sample = (FOLDER / "residual.npz").read_bytes()
    at = with_sample(upload_all(fixture("residual.old.onnx")), sample)
    assert "this is your network" in said(at)


def test_pasted_numbers_say_how_many_are_missing_and_an_empty_field_says_nothing():
    at = upload(saved(MEGABYTE))
    at = told(at, "Or its numbers", "1 2 3")
    assert spaced(errors(at)[0]) == (
        "These are 3 numbers; 1144 are needed: the 1024 that go in, then the 120 that come out."
    )
    at = told(at, "Or its numbers", "7")
    assert errors(at)[0].startswith("This is one number; ")
    at = told(at, "Or its numbers", "")
    assert not errors(at)


def test_a_sample_of_infinite_numbers_is_said_to_be_one():
    at = upload(saved(MEGABYTE))
    at = told(at, "Or its numbers", "1e999 " + "0 " * 1143)
    assert "nan" not in said(at)
    assert "A number of the sample is infinite, or becomes infinite in this network" in said(at)


def test_a_network_that_is_too_large_to_compute_is_not_compared():
    network = Sequential([Conv2d(1, 64, 31, padding=15)], input_shape=(1, 256, 256))
    made = OpenedModel(Model(network, "ONNX"), "a.onnx", {}, Wanted())
    sample = NetworkSample(np.ones((1, 256, 256)), np.ones(1))
    assert "operations for one picture" in own_sample._comparison(made, sample)


def test_a_text_that_is_too_long_for_its_numbers_is_not_read(monkeypatch):
    monkeypatch.setattr(own_sample, "pasted", pytest.fail)
    with pytest.raises(ModelError, match="too many for the 74 numbers"):
        own_sample._pasted("1 " * 3000, 64, 10)


def test_the_words_of_a_sample_are_shown_verbatim():
    sample = npz(**{"![a](https://a.example/b)": np.zeros(2), "y": np.zeros(2)})
    (error,) = with_sample(upload_all(fixture("residual.old.onnx")), sample).error
    assert "a\\.example" in error.value
    assert "![" not in error.value


@pytest.mark.parametrize("data", [(FOLDER / "residual.npz").read_bytes(), b"no sample"])
def test_streamlit_does_not_keep_a_sample_or_a_refused_one(data, kept_uploads):
    at = upload_all(fixture("residual.old.onnx"))
    assert kept_uploads() == []
    at = run_again(with_sample(at, data))
    assert kept_uploads() == []
    assert bool(errors(at)) == (data == b"no sample")


def test_colours_can_go_in_blue_first():
    at = upload_all(fixture("residual.old.onnx"))
    at = run_again(at, {"inside.show": "picture", "inside.order": "bgr"})
    found = layers(at)
    np.testing.assert_allclose(found["scale"], found["input"][::-1], atol=1e-6)


def test_a_file_and_a_sample_that_the_server_does_not_have_change_nothing(lose_uploads):
    at = upload_all(fixture("residual.old.onnx"))
    before = names(at)
    lose_uploads()
    sample = (FOLDER / "residual.npz").read_bytes()
    at = with_sample(upload_all(fixture("branches.old.onnx"), at), sample)
    assert not errors(at)
    assert names(at) == before
    assert "this is your network" not in said(at)


@pytest.fixture
def room(monkeypatch):
    """Return a function that sets the megabytes for all open networks; none is open yet."""
    monkeypatch.setattr(opened, "_open", WeakKeyDictionary())
    return lambda megabytes: monkeypatch.setattr(opened, "MAX_OPEN", round(megabytes * 2**20))


MEGABYTE = Sequential([Flatten(), Linear(32 * 32, 120)], input_shape=(1, 32, 32))  # and its file


def test_a_network_larger_than_the_room_for_all_is_refused_with_its_size(room):
    room(0.5)
    assert errors(upload(saved(MEGABYTE))) == [
        "This file cannot be opened. The network takes 1 MB with its file, but there is only room "
        "for 0 MB: open a smaller one."
    ]


def test_a_process_holds_no_more_networks_than_it_has_room_for(room):
    room(1.5)
    theirs = opened.opened({"theirs.npz": saved(MEGABYTE)})
    assert (
        "The 1 MB for open networks, yours and other people's, are full"
        in errors(upload(saved(MEGABYTE)))[0]
    )
    assert theirs.file == "theirs.npz"  # and so it is still open


def test_two_people_who_open_a_file_at_once_get_no_more_room_than_one_after_the_other(
    room, monkeypatch
):
    class Slow(WeakKeyDictionary):
        """Lets the other one look, too, before one of them takes what both have seen."""

        looking = Barrier(2, timeout=0.2)

        def values(self):
            found = [*super().values()]
            with suppress(BrokenBarrierError):
                self.looking.wait()
            return found

    room(1.5)
    monkeypatch.setattr(opened, "_open", Slow())
    with ThreadPoolExecutor(2) as people:
        both = [people.submit(opened.opened, {"own.npz": saved(MEGABYTE)}) for _ in range(2)]
    refusals = [one.exception() for one in both if one.exception()]
    assert [type(refusal) for refusal in refusals] == [ModelError]


def test_a_network_that_only_the_garbage_collector_would_find_takes_no_room(room):
    room(1.5)
    left = SimpleNamespace(file=opened.opened({"theirs.npz": saved(MEGABYTE)}))
    left.itself = left  # as in a session that has ended
    del left
    assert not errors(upload(saved(MEGABYTE)))


def test_a_new_version_of_an_open_file_takes_the_place_of_the_old_one(room):
    room(1.5)
    at = upload(saved(MEGABYTE))
    at = upload(saved(MEGABYTE), at)
    assert not errors(at)
