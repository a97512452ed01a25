"""Networks as npz files: what is saved is loaded, and what could not be loaded is not saved."""

import io

import numpy as np
import pytest

from cnnviz.nn import (
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Gated,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    Linear,
    MaxPool2d,
    Pad2d,
    Parallel,
    Residual,
    Sequential,
    Trainer,
    digits,
    small_cnn,
)
from tests.nn.formats.npz_files import described, is_one_short_sentence, loaded, saved

SIZE = (1, 8, 8)


def test_a_saved_network_is_loaded_to_the_last_bit():
    network = Sequential(
        [
            Conv2d(1, 4, (2, 3), (1, 2), ((1, 0), (2, 1)), padding_mode="reflect", bias=False),
            BatchNorm2d(4, momentum=0.3),
            Activation("prelu"),
            Conv2d(4, 4, 3, padding="same", groups=2),
            Activation("elu", alpha=0.7),
            AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False),
            Flatten(),
            Linear(60, 2),
        ],
        input_shape=SIZE,
        classes=["yes", "no"],
    )
    x = np.random.default_rng(0).standard_normal((2, *SIZE))
    network.train().forward(x)
    again = Sequential.load(io.BytesIO(saved(network)))
    assert repr(again) == repr(network)
    assert (again.input_shape, again.classes) == (SIZE, ("yes", "no"))
    np.testing.assert_array_equal(again.forward(x), network.eval().forward(x))


def test_a_loaded_network_can_be_trained():
    data = digits().take(range(8))
    network = small_cnn(SIZE, data.classes, batch_norm=True)
    again = Sequential.load(io.BytesIO(saved(network)))
    Trainer(again, data).step()
    assert not np.array_equal(again[0].weight.value, network[0].weight.value)


def test_branches_are_loaded_as_they_were_saved():
    inside = Residual([Conv2d(2, 2, 3, padding=((1, 1), (2, 0))), BatchNorm2d(2)])
    network = Sequential(
        [
            Parallel([Conv2d(1, 2, 1), [], [Conv2d(1, 2, 1), inside, Activation("relu6")]]),
            Residual(Conv2d(5, 3, 1), Conv2d(5, 3, 1, seed=7)),
            Gated([GlobalAvgPool2d(), Conv2d(3, 3, 1), Activation("sigmoid")]),
            Dropout(0.25),
            Parallel([GlobalAvgPool2d(), GlobalMaxPool2d()]),
            Flatten(),
        ],
        input_shape=SIZE,
        names=["together", "sum", "gate", "drop", "means", "row"],
    )
    x = np.random.default_rng(0).standard_normal((2, *SIZE))
    network.train().forward(x)
    again = Sequential.load(io.BytesIO(saved(network)))
    assert repr(again) == repr(network)
    assert again.names == network.names
    np.testing.assert_array_equal(again.forward(x), network.eval().forward(x))


def test_half_of_the_digits_are_less_than_half_of_the_bytes(network):
    file = io.BytesIO()
    network.save(file, half=True)
    assert len(file.getvalue()) < len(saved(network)) / 2
    file.seek(0)
    again = Sequential.load(file)
    for name, parameter in network.parameters().items():
        found = again.parameters()[name].value
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, parameter.value, rtol=2**-11, atol=2**-24)


def test_the_same_network_is_the_same_file(network, tmp_path):
    network.save(tmp_path / "one.npz")
    assert (tmp_path / "one.npz").read_bytes() == saved(small_cnn(SIZE, "abc"))
    assert Sequential.load(tmp_path / "one.npz").classes == ("a", "b", "c")


def test_the_arrays_are_named_as_in_pytorch(arrays):
    assert sorted(arrays) == ["0.bias", "0.weight", "3.bias", "3.weight", "7.bias", "7.weight",
                              "network"]  # fmt: skip


def test_every_float_type_order_and_layout_is_read():
    weight = np.array([[0.5, -0.25, 2.0], [1.0, 0.0, -8.0]], np.float32)
    layers = described([["Linear", {"in_features": 3, "out_features": 2, "bias": False}]])
    for stored in (
        weight.astype(np.float16),
        weight.astype(">f4"),
        weight.astype(np.float64),
        np.asfortranarray(weight),
    ):
        network = loaded(network=layers, **{"0.weight": stored})
        np.testing.assert_array_equal(network[0].weight.value, weight)
        assert network[0].weight.value.flags.c_contiguous


def test_an_array_too_large_for_half_precision_stays_as_it_is(recwarn):
    norm = BatchNorm2d(2)
    norm.running_var[:] = 1e5, 0.5
    file = io.BytesIO()
    Sequential([norm]).save(file, half=True)
    file.seek(0)
    assert Sequential.load(file)[0].running_var.tolist() == [1e5, 0.5]
    assert not recwarn


@pytest.mark.parametrize("make", [Conv2d, Pad2d, MaxPool2d, ConvTranspose2d])
def test_padding_of_numpy_integers_is_saved(make):
    padding = (np.int64(1), (np.int32(1), 0))
    layer = {
        Conv2d: lambda: Conv2d(1, 1, 3, padding=padding),
        Pad2d: lambda: Pad2d(padding),
        MaxPool2d: lambda: MaxPool2d(3, padding=padding),
        ConvTranspose2d: lambda: ConvTranspose2d(1, 1, 3, padding=padding),
    }[make]()
    network = Sequential([layer])
    assert repr(Sequential.load(io.BytesIO(saved(network)))) == repr(network)
    assert "int64" not in repr(network)


class OwnLayer(Flatten):
    """A layer that is not one of the package's."""


def broken(value):
    network = Sequential([Flatten(), Linear(1, 1)])
    network[1].weight.value = [[value]]
    return network


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (lambda: Sequential([AvgPool2d(56)]), "kernel_size of 56; at most 32 is read"),
        (lambda: Sequential([Linear(2**12, 2**12 + 1)]), "takes 64.1 MB; at most 64 MB"),
        (lambda: Sequential(Flatten() for _ in range(501)), "has 501 layers; at most 500"),
        (lambda: broken(np.nan), '"1.weight" holds numbers that are not finite'),
        (lambda: broken(1e300), "float32, which ends at 3.4e"),
        (lambda: small_cnn(SIZE, ["a" * 41, "b"]), "has 41 characters; at most 40 are read"),
        (lambda: Sequential([Flatten()], names=["a" * 41]), "has 41 characters; at most 40"),
        (lambda: Sequential([Flatten()], input_shape=(1, 5000, 5000)), "more than 16,777,216"),
        (lambda: Sequential([OwnLayer()]), "cannot be made from"),
    ],
)
def test_networks_that_could_not_be_loaded_are_not_saved(network, words, tmp_path):
    with pytest.raises(ValueError, match=words) as refused:
        network().save(tmp_path / "one.npz")
    assert is_one_short_sentence(str(refused.value))
    assert not list(tmp_path.iterdir())


def test_as_many_classes_as_other_formats_have_are_saved():
    classes = [f"class {number}" for number in range(21_843)]
    network = Sequential([Flatten()], input_shape=(21_843,), classes=classes)
    assert Sequential.load(io.BytesIO(saved(network))).classes == tuple(classes)


def test_a_file_has_the_name_that_was_given(network, tmp_path):
    network.save(str(tmp_path / "net"))
    assert [path.name for path in tmp_path.iterdir()] == ["net"]
    assert Sequential.load(str(tmp_path / "net")).classes == ("a", "b", "c")


def test_numbers_as_class_names_become_text():
    network = Sequential([Flatten()], input_shape=(2,), classes=np.arange(2))
    assert Sequential.load(io.BytesIO(saved(network))).classes == ("0", "1")
