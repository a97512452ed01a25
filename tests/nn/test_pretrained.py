"""The networks that ship: their documentation is true, and the command makes them again."""

import copy
import hashlib
import io
import pickle
import re
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cnnviz.nn import SGD, Sequential, Trainer, digits, draw_shapes, evaluate, pretrained
from cnnviz.nn.pretrained import FOLDER, MODELS, photo_groups
from scripts import make_photo_network, train_digits
from tests.nn.formats.npz_files import Trap

CREDITS = (FOLDER / "CREDITS.md").read_text(encoding="utf-8")
HELD_OUT = {
    "digits": lambda: digits().split(seed=train_digits.SEED)[1],
    "shapes": lambda: draw_shapes(500, seed=train_digits.SEED + 1),
}


def told(name):
    """Return a file's row in the table of the credits."""
    (row,) = re.findall(rf"^\| `{name}\.npz` \|(.* `[0-9a-f]{{64}}`) \|$", CREDITS, re.MULTILINE)
    return [cell.strip().replace("\N{NO-BREAK SPACE}", " ") for cell in row.split("|")]


@pytest.mark.parametrize("name", MODELS)
def test_the_file_is_the_one_that_is_described(name):
    digest = hashlib.sha256((FOLDER / f"{name}.npz").read_bytes()).hexdigest()
    assert told(name)[-1] == f"`{digest}`"


@pytest.mark.parametrize("name", MODELS)
def test_saving_a_shipped_network_writes_the_arrays_that_are_in_its_file(name):
    file, again = FOLDER / f"{name}.npz", io.BytesIO()
    Sequential.load(file).save(again, half=name == "photos")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(again) as new:
        different = [each for each in old.namelist() if old.read(each) != new.read(each)]
        assert (new.namelist(), different) == (old.namelist(), [])


@pytest.mark.parametrize("name", HELD_OUT)
def test_it_knows_as_much_of_what_was_held_out_as_is_written(name):
    data = HELD_OUT[name]()
    found = evaluate(pretrained(name), data).accuracy
    assert found >= 0.97
    assert told(name)[1:3] == [str(len(data)), f"{100 * found:.1f} %"]


@pytest.mark.slow
def test_the_command_trains_the_digits_again_from_the_seed():
    # identical to the last byte with the same NumPy and processor, which a test cannot know
    learned, held_out = digits().split(seed=train_digits.SEED)
    network = train_digits.train(learned)
    assert evaluate(network, held_out).accuracy >= 0.97
    assert repr(network) == repr(pretrained("digits"))


def test_the_network_for_photos_has_the_count_of_its_source():
    network = pretrained("photos")
    assert sum(row.parameters for row in network.summary()) == 1_235_496
    assert len(network.parameters()) == 2 * 26
    assert (FOLDER / "photos.npz").stat().st_size < 2.4e6


def test_every_class_has_a_short_name_of_its_own_and_a_group():
    groups = photo_groups()
    assert pretrained("photos").classes == tuple(groups)
    assert len(groups) == 1000
    assert max(map(len, groups)) <= 30
    assert all(name and name == name.strip() for name in groups)
    counts = {group: list(groups.values()).count(group) for group in groups.values()}
    assert min(counts.values()) >= 3
    assert len(counts) <= 30
    places = list(groups)
    some = {1: "goldfish", 281: "tabby cat", 340: "zebra", 504: "coffee mug", 954: "banana"}
    assert {number: places[number] for number in some} == some


def test_a_network_is_loaded_once():
    assert pretrained("photos") is pretrained("photos")


def test_a_shared_network_cannot_be_trained_or_changed_and_a_copy_can():
    network, data = pretrained("digits"), digits().take(range(32))
    before = network.forward(data.images)
    said = r"shared and read-only: train or change copy\.deepcopy\(network\)\.$"
    for try_it in (
        lambda: Trainer(network, data),
        lambda: Trainer(network.with_own_memory(), data),
        lambda: SGD(network.parameters().values()),
        lambda: setattr(network[0].weight, "value", np.zeros((16, 1, 3, 3))),
    ):
        with pytest.raises(ValueError, match=said):
            try_it()
    own = copy.deepcopy(network)
    Trainer(own, data).step()
    own[0].weight.value = np.zeros((16, 1, 3, 3))
    np.testing.assert_array_equal(network.forward(data.images), before)
    assert not np.array_equal(own.forward(data.images), before)


@pytest.mark.parametrize(
    ("data", "words"), [(None, "are missing"), (b"PK", "are damaged: The file is not a readable")]
)
def test_weights_that_are_missing_or_damaged_are_named(data, words, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["cnnviz.nn.pretrained"], "FOLDER", tmp_path)
    if data is not None:
        (tmp_path / "photos.npz").write_bytes(data)
    with pytest.raises(ValueError, match=rf"assets/models/photos\.npz {words}"):
        pretrained.__wrapped__("photos")


def theirs(network):
    """Return the weights with the names and the axis order of the source package."""
    weights = {}
    for name, layer in zip(network.names, network, strict=True):
        fire = name.split()[0]
        if name.endswith("expand"):
            for kernel, branch in zip("13", layer.branches, strict=True):
                weights[f"{fire}/expand{kernel}x{kernel}"] = branch[0]
        elif layer.kind == "conv":
            weights[f"{fire}/squeeze1x1" if name.endswith("squeeze") else name] = layer
    return {
        name: [conv.weight.value.transpose(2, 3, 1, 0), conv.bias.value]
        for name, conv in weights.items()
    }


def test_the_command_puts_each_array_in_its_place():
    weights = theirs(pretrained("photos"))
    packed = io.BytesIO(pickle.dumps(weights))
    made = make_photo_network.network_of(make_photo_network.ArraysOnly(packed).load())
    file = io.BytesIO()
    made.save(file, half=True)
    assert repr(Sequential.load(io.BytesIO(file.getvalue()))) == repr(pretrained("photos"))
    for name, parameter in pretrained("photos").parameters().items():
        np.testing.assert_array_equal(made.parameters()[name].value, parameter.value)
    del weights["conv10"]
    with pytest.raises(ValueError, match="other layers"):
        make_photo_network.network_of(weights)


@pytest.mark.parametrize("thing", [Trap(), Path("/"), np.array([Trap()], object), print])
def test_a_pickle_of_anything_but_arrays_is_refused_before_it_runs(thing):
    packed = io.BytesIO(pickle.dumps({"conv1": thing}))
    with pytest.raises(pickle.UnpicklingError, match="not part of an array"):
        make_photo_network.ArraysOnly(packed).load()
